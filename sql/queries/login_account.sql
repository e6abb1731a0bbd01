-- SPDX-License-Identifier: Apache-2.0
-- What a login needs to know; always one row.
-- $1 text: account; $2 text: address; $3 integer: window in seconds.
-- password_hash text (NULL: no such account), by_account bigint, by_address bigint
SELECT (SELECT a.password_hash FROM account a WHERE a.name = $1) AS password_hash,
       f.by_account, f.by_address
  FROM login_failures($1, $2, $3) f
