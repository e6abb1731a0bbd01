-- SPDX-License-Identifier: Apache-2.0
-- $1 uuid: component; $2 bigint: fence.
SELECT apply_unseen($1, $2)
