-- SPDX-License-Identifier: Apache-2.0
-- The hash to verify an old password against; no row: no such account.
-- $1 text: account.
-- password_hash text
SELECT password_hash FROM account WHERE name = $1
