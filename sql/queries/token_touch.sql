-- SPDX-License-Identifier: Apache-2.0
-- Note that a token was used.
-- $1 bytea: digest.
SELECT token_touch($1)
