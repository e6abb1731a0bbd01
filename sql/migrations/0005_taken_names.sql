-- SPDX-License-Identifier: Apache-2.0
-- Names that somebody else has in the cluster, and releases that a new
-- generation would leave behind.

-- Why an operation failed, as a word: '' or 'conflict', which the API answers
-- with 409.
ALTER TABLE operation ADD COLUMN error_code text NOT NULL DEFAULT '';

-- Reserve the names a component needs; the first one that somebody else holds
-- refuses the whole call. Sorted, so that two calls cannot lock crosswise. Again
-- if the holder gave a name up between the two looks.
CREATE OR REPLACE FUNCTION reserve_names(p_component component, p_types text[],
  p_names text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_taken record;
  v_dropped text;
BEGIN
  SELECT o.name INTO v_dropped FROM owned_name o
   WHERE o.component = p_component.id AND o.type = 'release'
     AND NOT EXISTS (SELECT 1 FROM unnest(p_types, p_names) AS n(type, name)
                      WHERE n.type = o.type AND n.name = o.name)
   ORDER BY o.name LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION '% %/% has a release %, which this spec does not have; '
      'delete the component (data stay unless delete_data is asked for), '
      'then post it again',
      p_component.kind, p_component.namespace, p_component.name, v_dropped
      USING ERRCODE = 'RO409';
  END IF;
  LOOP
    INSERT INTO owned_name (namespace, type, name, component)
    SELECT p_component.namespace, n.type, n.name, p_component.id
      FROM unnest(p_types, p_names) AS n(type, name) ORDER BY n.type, n.name
    ON CONFLICT DO NOTHING;
    SELECT n.type, n.name, c.kind AS c_kind, c.name AS c_name INTO v_taken
      FROM unnest(p_types, p_names) AS n(type, name)
      LEFT JOIN owned_name o ON o.namespace = p_component.namespace
           AND o.type = n.type AND o.name = n.name
      LEFT JOIN component c ON c.id = o.component
     WHERE o.component IS DISTINCT FROM p_component.id
     ORDER BY c.id IS NULL, n.type, n.name LIMIT 1;
    EXIT WHEN NOT FOUND OR v_taken.c_name IS NOT NULL;
  END LOOP;
  IF FOUND THEN
    RAISE EXCEPTION '% % in namespace % belongs to % %/%; '
      'delete that first or use another namespace',
      v_taken.type, v_taken.name, p_component.namespace, v_taken.c_kind,
      p_component.namespace, v_taken.c_name USING ERRCODE = 'RO409';
  END IF;
END $$;

-- Record one step: compare-and-set on (state, fence), with all that goes with it.
-- p_queued: the queued operation that 'take_up' begins; another one now means
-- that the request changed meanwhile.
-- p_effects: take_up, observed, reset, succeed, fail, good, go_back, remove,
--   applied, taken (a name is somebody else's), release (the claim is given
--   back; looked at again after p_delay_ms, NULL: not before somebody asks; at
--   once if something moved meanwhile).
-- p_stage, p_attempts: NULL keeps them.
CREATE OR REPLACE FUNCTION apply_record(p_component uuid, p_fence bigint, p_from text,
  p_to text, p_message text, p_ready integer, p_wanted integer, p_stage integer,
  p_attempts integer, p_effects text[], p_queued uuid, p_delay_ms integer,
  p_actor text)
RETURNS TABLE (ended uuid, ended_state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
DECLARE
  v_component component;
  v_status component_status;
  v_operation uuid;
  v_ended uuid;
  v_ended_state text := CASE WHEN 'succeed' = ANY (p_effects) THEN 'succeeded'
                             WHEN 'fail' = ANY (p_effects) THEN 'failed' END;
BEGIN
  SELECT c.* INTO v_component FROM component c WHERE c.id = p_component FOR UPDATE;
  SELECT s.* INTO v_status FROM component_status s
   WHERE s.component = p_component AND s.fence = p_fence AND s.state = p_from
     FOR UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF 'take_up' = ANY (p_effects) THEN
    UPDATE operation SET state = 'superseded', ended_at = clock_timestamp()
     WHERE component = p_component AND state = 'running';
    UPDATE operation SET state = 'running', started_at = clock_timestamp()
     WHERE component = p_component AND state = 'queued' AND id = p_queued;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the queued operation changed' USING ERRCODE = 'RO409';
    END IF;
  END IF;
  SELECT o.id INTO v_operation FROM operation o
   WHERE o.component = p_component AND o.state = 'running';
  IF v_ended_state IS NOT NULL THEN
    UPDATE operation SET state = v_ended_state, ended_at = clock_timestamp(),
           error = CASE v_ended_state WHEN 'failed' THEN p_message ELSE '' END,
           error_code = CASE WHEN 'taken' = ANY (p_effects) THEN 'conflict'
                             ELSE '' END
     WHERE id = v_operation RETURNING id INTO v_ended;
  END IF;

  IF 'observed' = ANY (p_effects) THEN
    v_status.observed_generation := v_component.generation;
    v_status.failed_generation := NULL;
    v_status.failure := '';
  END IF;
  IF 'good' = ANY (p_effects) THEN
    v_status.good_generation := run_generation(v_status);
  END IF;
  IF 'go_back' = ANY (p_effects) THEN
    v_status.failed_generation := v_status.observed_generation;
    v_status.failure := p_message;
  END IF;
  UPDATE component_status s
     SET state = p_to, message = p_message, ready = p_ready, wanted = p_wanted,
         observed_generation = v_status.observed_generation,
         failed_generation = v_status.failed_generation,
         good_generation = v_status.good_generation, failure = v_status.failure,
         is_applied = s.is_applied OR 'applied' = ANY (p_effects),
         stage = CASE WHEN 'reset' = ANY (p_effects) THEN 0
                      ELSE coalesce(p_stage, s.stage) END,
         attempts = CASE WHEN 'reset' = ANY (p_effects) THEN 0
                         ELSE coalesce(p_attempts, s.attempts) END,
         phase_at = CASE WHEN 'reset' = ANY (p_effects) THEN now() ELSE s.phase_at END,
         observed_at = now()
   WHERE s.component = p_component;
  IF p_from <> p_to OR p_effects && ARRAY['take_up', 'succeed', 'fail', 'go_back'] THEN
    INSERT INTO event (component, operation, from_state, to_state, actor, message)
    VALUES (p_component, v_operation, p_from, p_to, p_actor, p_message);
  END IF;
  IF 'remove' = ANY (p_effects) THEN
    DELETE FROM component WHERE id = p_component;
  ELSIF 'release' = ANY (p_effects) THEN
    UPDATE component_status s
       SET claimed_by = NULL, fence = NULL, lease_until = NULL,
           next_check_at = CASE
             WHEN s.is_nudged OR EXISTS (SELECT 1 FROM operation o
                   WHERE o.component = p_component AND o.state = 'queued') THEN now()
             ELSE now() + make_interval(secs => p_delay_ms / 1000.0) END
     WHERE s.component = p_component;
  END IF;
  -- Old generations: only the newest, the good one and the running one matter.
  DELETE FROM component_spec cs WHERE cs.component = p_component
     AND cs.generation < v_status.observed_generation
     AND cs.generation IS DISTINCT FROM v_status.good_generation;
  RETURN QUERY SELECT v_ended, v_ended_state;
END $$;
