-- SPDX-License-Identifier: Apache-2.0
-- A page of components, ordered by (kind, namespace, name).
-- $1 text: kind or NULL; $2 text: namespace or NULL; $3, $4, $5 text: kind,
-- namespace, name after which to begin (all '' for the start); $6 integer: limit.
-- id uuid, kind, namespace, name, posted_namespace, state, message text,
-- ready integer, wanted integer, generation integer
SELECT c.id, c.kind, c.namespace, c.name, c.posted_namespace, s.state, s.message,
       s.ready, s.wanted, c.generation
  FROM component c JOIN component_status s ON s.component = c.id
 WHERE ($1::text IS NULL OR c.kind = $1) AND ($2::text IS NULL OR c.namespace = $2)
   AND (c.kind, c.namespace, c.name) > ($3, $4, $5)
 ORDER BY c.kind, c.namespace, c.name LIMIT $6
