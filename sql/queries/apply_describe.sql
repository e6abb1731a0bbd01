-- SPDX-License-Identifier: Apache-2.0
-- $1 uuid: component; $2 bigint: fence; $3 text[]: releases; $4 text[]: charts;
-- $5 text[]: endpoint names; $6 text[]: hosts; $7 integer[]: ports; $8 text[]: URLs.
-- is_written boolean
SELECT apply_describe($1, $2, $3, $4, $5, $6, $7, $8) AS is_written
