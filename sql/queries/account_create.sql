-- SPDX-License-Identifier: Apache-2.0
-- $1 bytea: token digest; $2 text[]: roles that may; $3 text: address;
-- $4 text: request id; $5 text: name; $6 text: password hash; $7 text: role.
-- RO409: it exists.
SELECT account_create($1, $2, $3, $4, $5, $6, $7)
