-- SPDX-License-Identifier: Apache-2.0
-- Store a new component or generation, its secrets, names and operation.
-- $1 bytea: token digest; $2 text[]: roles that may; $3 text: address;
-- $4 text: request id; $5 uuid: id if it is new; $6 uuid: operation; $7 text: kind;
-- $8 text: namespace; $9 text: name; $10 text: posted namespace; $11 text: spec;
-- $12 bytea: digest; $13 text[]: pointers; $14 bytea[]: sealed; $15 bytea[]:
-- digests of the secrets; $16 text[]: types and $17 text[]: names to own;
-- $18 text[]: states that refuse.
-- outcome text (created, updated, unchanged), component uuid, operation uuid,
-- operation_state text, state text, generation integer, is_watched boolean (an
-- applier is there, and will look at it)
-- RO409: being deleted (DETAIL: the state that refuses), or a name is taken.
SELECT outcome, component, operation, operation_state, state, generation,
       EXISTS (SELECT 1 FROM server_node n WHERE n.process = 'apply'
                AND n.seen_at > now() - interval '15 s') AS is_watched
  FROM component_put($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
                     $14, $15, $16, $17, $18)
