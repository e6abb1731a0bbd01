-- SPDX-License-Identifier: Apache-2.0
-- Give a claim back, whatever state the component is in.
-- $1 uuid: component; $2 bigint: fence.
-- is_back boolean: it was held
SELECT apply_give_back($1, $2) AS is_back
