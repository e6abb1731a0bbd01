-- SPDX-License-Identifier: Apache-2.0
-- Remember a wrong password.
-- $1 text: account; $2 text: address; $3 text: request id; $4 integer: window.
SELECT login_fail($1, $2, $3, $4)
