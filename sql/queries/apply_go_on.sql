-- SPDX-License-Identifier: Apache-2.0
-- Record one step and keep the claim for the next; no row: the claim is lost. See
-- the function.
-- $1 uuid: component; $2 bigint: fence; $3 text: from; $4 text: to; $5 text:
-- message; $6 integer: ready; $7 integer: wanted; $8 integer: stage or NULL;
-- $9 integer: attempts or NULL; $10 text[]: effects; $11 uuid: queued or NULL;
-- $12 integer: lease in seconds; $13 text: actor.
-- component uuid, kind, namespace, name text, desired text, delete_data boolean,
-- generation integer, state text, message text, ready integer, wanted integer,
-- observed_generation integer, good_generation integer or NULL, failed_generation
-- integer or NULL, run_generation integer, is_applied boolean, stage integer,
-- attempts integer, phase_ms bigint, fence bigint, queued uuid or NULL,
-- queued_action text or NULL, running uuid or NULL, failure text (as apply_claim),
-- ended uuid or NULL, ended_state text or NULL
-- RO409: the queued operation changed.
SELECT (claim).*, ended, ended_state
  FROM apply_go_on($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
