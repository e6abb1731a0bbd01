-- SPDX-License-Identifier: Apache-2.0
-- $1 text: name; $2 text: hash.
-- is_done boolean
SELECT account_reset($1, $2) AS is_done
