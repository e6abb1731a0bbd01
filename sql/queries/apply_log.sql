-- SPDX-License-Identifier: Apache-2.0
-- $1 uuid: component; $2 uuid: operation or NULL; $3 text: source; $4 text[]: lines.
SELECT apply_log($1, $2, $3, $4)
