-- SPDX-License-Identifier: Apache-2.0
-- A page of components, ordered by (kind, namespace, name).
-- $1, $2, $3 text: kind, namespace, name after which to begin (all '' for the
-- start); $4 integer: limit.
-- id uuid, kind, namespace, name, posted_namespace, state, message text,
-- ready integer, wanted integer, generation integer
SELECT c.id, c.kind, c.namespace, c.name, c.posted_namespace, s.state, s.message,
       s.ready, s.wanted, c.generation
  FROM component c JOIN component_status s ON s.component = c.id
 WHERE (c.kind, c.namespace, c.name) > ($1, $2, $3)
 ORDER BY c.kind, c.namespace, c.name LIMIT $4
