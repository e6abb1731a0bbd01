-- SPDX-License-Identifier: Apache-2.0
-- $1 text[]: names; $2 text[]: labels; $3 bigint[]: increments.
SELECT apply_count($1, $2, $3)
