-- SPDX-License-Identifier: Apache-2.0
-- Ask for the deletion of one component or of all of a kind.
-- $1 bytea: token digest; $2 text[]: roles that may; $3 text: address;
-- $4 text: request id; $5 text: kind; $6 text: namespace or NULL; $7 text: name or
-- NULL; $8 boolean: data too.
-- outcome text (accepted, unchanged), component uuid, operation uuid,
-- operation_state text, state text, generation integer, namespace text, name text
-- RO404: none of that name.
SELECT outcome, component, operation, operation_state, state, generation,
       namespace, name
  FROM component_delete($1, $2, $3, $4, $5, $6, $7, $8)
