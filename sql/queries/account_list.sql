-- SPDX-License-Identifier: Apache-2.0
-- All accounts by name.
-- name text, role text, created_ms bigint
SELECT name, role, (extract(epoch FROM created_at) * 1000)::bigint AS created_ms
  FROM account ORDER BY name
