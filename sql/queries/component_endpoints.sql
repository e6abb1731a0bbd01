-- SPDX-License-Identifier: Apache-2.0
-- $1 text: kind; $2 text: namespace (target); $3 text: name.
-- name text, host text, port integer, url text
SELECT e.name, e.host, e.port, e.url
  FROM endpoint e JOIN component c ON c.id = e.component
 WHERE c.kind = $1 AND c.namespace = $2 AND c.name = $3 ORDER BY e.name
