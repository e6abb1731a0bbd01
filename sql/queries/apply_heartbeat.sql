-- SPDX-License-Identifier: Apache-2.0
-- Prolong leases; the fences that are still held come back.
-- $1 text: node; $2 text: version; $3 bigint[]: fences; $4 integer: lease in s.
-- fence bigint
SELECT fence FROM apply_heartbeat($1, $2, $3, $4)
