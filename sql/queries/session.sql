-- SPDX-License-Identifier: Apache-2.0
-- Who is behind a token.
-- $1 bytea: digest of the token.
-- account text, role text, is_stale boolean (used_at is due to be written)
SELECT t.account, a.role, t.used_at < now() - interval '1 minute' AS is_stale
  FROM token t JOIN account a ON a.name = t.account
 WHERE t.digest = $1 AND t.expires_at > now()
