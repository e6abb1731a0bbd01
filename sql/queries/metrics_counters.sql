-- SPDX-License-Identifier: Apache-2.0
-- Counters that the appliers keep.
-- name text, labels text, value bigint
SELECT name, labels, value FROM counter ORDER BY name, labels
