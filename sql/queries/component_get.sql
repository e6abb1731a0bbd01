-- SPDX-License-Identifier: Apache-2.0
-- One component with its status and last operation; no row if there is none.
-- $1 text: kind; $2 text: namespace (target); $3 text: name.
-- id uuid, kind, namespace, name, posted_namespace text, desired text, state text,
-- message text, ready integer, wanted integer, generation integer,
-- observed_generation integer, good_generation integer or NULL,
-- failed_generation integer or NULL, stage integer, created_ms bigint,
-- observed_ms bigint or NULL, operation uuid, operation_action text,
-- operation_state text
SELECT c.id, c.kind, c.namespace, c.name, c.posted_namespace, c.desired, s.state,
       s.message, s.ready, s.wanted, c.generation, s.observed_generation,
       s.good_generation, s.failed_generation, s.stage,
       (extract(epoch FROM c.created_at) * 1000)::bigint AS created_ms,
       (extract(epoch FROM s.observed_at) * 1000)::bigint AS observed_ms,
       o.id AS operation, o.action AS operation_action, o.state AS operation_state
  FROM component c JOIN component_status s ON s.component = c.id
  LEFT JOIN LATERAL (SELECT id, action, state FROM operation
                      WHERE component = c.id ORDER BY queued_at DESC LIMIT 1) o ON true
 WHERE c.kind = $1 AND c.namespace = $2 AND c.name = $3
