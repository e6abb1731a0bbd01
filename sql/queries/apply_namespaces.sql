-- SPDX-License-Identifier: Apache-2.0
-- Namespaces to watch.
-- name text
SELECT name FROM managed_namespace ORDER BY name
