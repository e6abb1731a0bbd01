-- SPDX-License-Identifier: Apache-2.0
-- $1 bytea: token digest; $2 text[]: roles that may; $3 text: address;
-- $4 text: request id; $5 text: name.
-- RO404: no such account; RO409: the last admin.
SELECT account_delete($1, $2, $3, $4, $5)
