-- SPDX-License-Identifier: Apache-2.0
-- Issue a token after a password was verified.
-- $1 text: account; $2 text: hash it was verified against; $3 text: address;
-- $4 text: request id; $5 bytea: digest of the new token; $6 integer: seconds it
-- lives; $7 integer: failures that lock an account; $8 integer: an address;
-- $9 integer: window in seconds.
-- expires_ms bigint (unix time), role text
-- RO401: the password changed meanwhile; RO429: locked.
SELECT (extract(epoch FROM s.expires_at) * 1000)::bigint AS expires_ms, s.role
  FROM login_succeed($1, $2, $3, $4, $5, $6, $7, $8, $9) s
