-- SPDX-License-Identifier: Apache-2.0
-- End one token.
-- $1 bytea: digest; $2 text: address; $3 text: request id.
-- account text (NULL: it was not valid)
SELECT logout($1, $2, $3) AS account
