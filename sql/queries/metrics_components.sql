-- SPDX-License-Identifier: Apache-2.0
-- kind text, namespace text, name text, state text
SELECT c.kind, c.namespace, c.name, s.state
  FROM component c JOIN component_status s ON s.component = c.id
 ORDER BY c.kind, c.namespace, c.name
