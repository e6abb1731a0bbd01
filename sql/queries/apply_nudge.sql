-- SPDX-License-Identifier: Apache-2.0
-- $1 text: namespace; $2 text: release or ''.
-- count bigint
SELECT apply_nudge($1, $2) AS count
