-- SPDX-License-Identifier: Apache-2.0
-- Whether roaster made a namespace and how many components are in it; no row:
-- not managed.
-- $1 text: namespace.
-- is_made boolean, components bigint
SELECT m.is_made, (SELECT count(*) FROM component c WHERE c.namespace = m.name) AS components
  FROM managed_namespace m WHERE m.name = $1
