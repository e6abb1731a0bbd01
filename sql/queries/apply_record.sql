-- SPDX-License-Identifier: Apache-2.0
-- Record one step; no row: the claim is lost. See the function.
-- $1 uuid: component; $2 bigint: fence; $3 text: from; $4 text: to; $5 text:
-- message; $6 integer: ready; $7 integer: wanted; $8 integer: stage or NULL;
-- $9 integer: attempts or NULL; $10 text[]: effects; $11 uuid: queued or NULL;
-- $12 integer: delay in ms or NULL; $13 text: actor.
-- ended uuid or NULL, ended_state text or NULL
-- RO409: the queued operation changed.
SELECT ended, ended_state
  FROM apply_record($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
