-- SPDX-License-Identifier: Apache-2.0
-- $1 text: kind; $2 text: namespace (target); $3 text: name.
-- release text, chart text
SELECT h.release, h.chart
  FROM child h JOIN component c ON c.id = h.component
 WHERE c.kind = $1 AND c.namespace = $2 AND c.name = $3 ORDER BY h.position
