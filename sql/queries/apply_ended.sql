-- SPDX-License-Identifier: Apache-2.0
-- What an operation that ended was, and how long it took since it was asked for.
-- $1 uuid: operation.
-- action text, took_ms bigint
SELECT action, (extract(epoch FROM ended_at - queued_at) * 1000)::bigint AS took_ms
  FROM operation
 WHERE id = $1
