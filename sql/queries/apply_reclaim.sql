-- SPDX-License-Identifier: Apache-2.0
-- $1 text: node, whose former self is dead.
-- count bigint
SELECT apply_reclaim($1) AS count
