-- SPDX-License-Identifier: Apache-2.0
-- Set a password; all tokens of the account end.
-- $1 bytea: token digest; $2 text[]: roles that may; $3 text: address;
-- $4 text: request id; $5 text: name; $6 text: hash the old password was verified
-- against, NULL for an admin; $7 text: new hash.
-- RO404: no such account, or its password changed meanwhile.
SELECT account_password($1, $2, $3, $4, $5, $6, $7)
