-- SPDX-License-Identifier: Apache-2.0
-- One operation and the state of its component; no row if there is none.
-- $1 uuid: operation.
-- id uuid, component uuid, kind, namespace, name, action text, generation integer,
-- state text, error text, asked_by text, request_id text, queued_ms bigint,
-- started_ms bigint or NULL, ended_ms bigint or NULL, component_state text or
-- NULL (gone), message text or NULL, error_code text, is_pending boolean (an
-- applier is there, and has not looked at the component yet; rights that it has
-- just given itself in a namespace may take a moment, so that a first or second
-- look that failed was none)
SELECT o.id, o.component, o.kind, o.namespace, o.name, o.action, o.generation,
       o.state, o.error, o.asked_by, o.request_id,
       (extract(epoch FROM o.queued_at) * 1000)::bigint AS queued_ms,
       (extract(epoch FROM o.started_at) * 1000)::bigint AS started_ms,
       (extract(epoch FROM o.ended_at) * 1000)::bigint AS ended_ms,
       s.state AS component_state, s.message, o.error_code,
       coalesce(s.state = 'Pending' AND s.stage = 0 AND s.attempts < 3
                AND o.state IN ('queued', 'running'), false)
       AND EXISTS (SELECT 1 FROM server_node n WHERE n.process = 'apply'
                    AND n.seen_at > now() - interval '15 s') AS is_pending
  FROM operation o LEFT JOIN component_status s ON s.component = o.component
 WHERE o.id = $1
