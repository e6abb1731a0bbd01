-- SPDX-License-Identifier: Apache-2.0
-- Take the component that is due longest; no row: nothing is due.
-- $1 text: node; $2 integer: lease in seconds; $3 boolean: only one that nothing
-- was done for yet.
-- component uuid, kind, namespace, name text, desired text, delete_data boolean,
-- generation integer, state text, message text, ready integer, wanted integer,
-- observed_generation integer, good_generation integer or NULL, failed_generation
-- integer or NULL, run_generation integer, is_applied boolean, stage integer,
-- attempts integer, phase_ms bigint, fence bigint, queued uuid or NULL,
-- queued_action text or NULL, running uuid or NULL, failure text (of the failed
-- generation)
SELECT component, kind, namespace, name, desired, delete_data, generation, state,
       message, ready, wanted, observed_generation, good_generation,
       failed_generation, run_generation, is_applied, stage, attempts, phase_ms,
       fence, queued, queued_action, running, failure
  FROM apply_claim($1, $2, $3)
