-- SPDX-License-Identifier: Apache-2.0
-- Remember a wrong password.
-- $1 text: account; $2 text: address; $3 text: request id; $4 integer: failures
-- that lock an account; $5 integer: an address; $6 integer: window in seconds.
-- RO429: locked already; nothing is remembered.
SELECT login_fail($1, $2, $3, $4, $5, $6)
