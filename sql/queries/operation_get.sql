-- SPDX-License-Identifier: Apache-2.0
-- One operation and the state of its component; no row if there is none.
-- $1 uuid: operation.
-- id uuid, component uuid, kind, namespace, name, action text, generation integer,
-- state text, error text, asked_by text, request_id text, queued_ms bigint,
-- started_ms bigint or NULL, ended_ms bigint or NULL, component_state text or
-- NULL (gone), message text or NULL
SELECT o.id, o.component, o.kind, o.namespace, o.name, o.action, o.generation,
       o.state, o.error, o.asked_by, o.request_id,
       (extract(epoch FROM o.queued_at) * 1000)::bigint AS queued_ms,
       (extract(epoch FROM o.started_at) * 1000)::bigint AS started_ms,
       (extract(epoch FROM o.ended_at) * 1000)::bigint AS ended_ms,
       s.state AS component_state, s.message
  FROM operation o LEFT JOIN component_status s ON s.component = o.component
 WHERE o.id = $1
