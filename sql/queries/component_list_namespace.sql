-- SPDX-License-Identifier: Apache-2.0
-- component_list of one namespace. No index begins with it: all keys are read.
-- $1 text: namespace; $2, $3, $4 text: kind, namespace, name after which to begin
-- (all '' for the start); $5 integer: limit.
-- id uuid, kind, namespace, name, posted_namespace, state, message text,
-- ready integer, wanted integer, generation integer
SELECT c.id, c.kind, c.namespace, c.name, c.posted_namespace, s.state, s.message,
       s.ready, s.wanted, c.generation
  FROM component c JOIN component_status s ON s.component = c.id
 WHERE c.namespace = $1 AND (c.kind, c.namespace, c.name) > ($2, $3, $4)
 ORDER BY c.kind, c.namespace, c.name LIMIT $5
