-- SPDX-License-Identifier: Apache-2.0
-- component_list of one kind in one namespace.
-- $1, $2 text: kind, namespace; $3, $4, $5 text: kind, namespace, name after which to
-- begin (all '' for the start); $6 integer: limit.
-- id uuid, kind, namespace, name, posted_namespace, state, message text,
-- ready integer, wanted integer, generation integer
SELECT c.id, c.kind, c.namespace, c.name, c.posted_namespace, s.state, s.message,
       s.ready, s.wanted, c.generation
  FROM component c JOIN component_status s ON s.component = c.id
 WHERE c.kind = $1 AND c.namespace = $2 AND ($1, $2) >= ($3, $4)
   AND c.name > CASE WHEN ($1, $2) = ($3, $4) THEN $5 ELSE '' END
 ORDER BY c.kind, c.namespace, c.name LIMIT $6
