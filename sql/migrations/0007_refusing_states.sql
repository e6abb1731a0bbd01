-- SPDX-License-Identifier: Apache-2.0
-- A refusal for the state of a component has that state as its DETAIL: the API
-- looks up in src/state what may be asked for instead.

-- Store a new component or a new generation of one.
-- p_refused: states in which a new spec is refused (src/state).
CREATE OR REPLACE FUNCTION component_put(p_token bytea, p_roles text[], p_address text,
  p_request_id text, p_component uuid, p_operation uuid, p_kind text,
  p_namespace text, p_name text, p_posted_namespace text, p_spec text,
  p_digest bytea, p_pointers text[], p_sealed bytea[], p_digests bytea[],
  p_types text[], p_names text[], p_refused text[])
RETURNS TABLE (outcome text, component uuid, operation uuid,
  operation_state text, state text, generation integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_actor text := acting_account(p_token, p_roles);
  v_target text := p_kind || '/' || p_namespace || '/' || p_name;
  v_component component;
  v_status component_status;
  v_is_new boolean;
  v_last operation;
BEGIN
  INSERT INTO component (id, kind, namespace, name, posted_namespace)
  VALUES (p_component, p_kind, p_namespace, p_name, p_posted_namespace)
  ON CONFLICT DO NOTHING;
  v_is_new := FOUND;
  SELECT c.* INTO v_component FROM component c
   WHERE c.kind = p_kind AND c.namespace = p_namespace AND c.name = p_name
     FOR UPDATE;
  IF NOT FOUND THEN -- it was being deleted just now
    RAISE EXCEPTION '% is just being deleted; try again', v_target
      USING ERRCODE = 'RO409', DETAIL = 'Deleting';
  END IF;
  IF v_is_new THEN
    INSERT INTO component_status (component) VALUES (v_component.id);
  END IF;
  SELECT s.* INTO v_status FROM component_status s
   WHERE s.component = v_component.id;

  IF v_component.desired = 'deleted' THEN -- though nobody began with it yet
    v_status.state := 'Deleting';
  END IF;
  IF v_status.state = ANY (p_refused) THEN
    RAISE EXCEPTION '% is being deleted; wait until it is gone, then post it again',
      v_target USING ERRCODE = 'RO409', DETAIL = v_status.state;
  END IF;
  IF NOT v_is_new AND v_status.state <> 'Error'
     AND v_component.generation IS DISTINCT FROM v_status.failed_generation
     AND EXISTS (SELECT 1 FROM component_spec cs
                  WHERE cs.component = v_component.id
                    AND cs.generation = v_component.generation
                    AND cs.digest = p_digest) THEN
    SELECT o.* INTO v_last FROM operation o WHERE o.component = v_component.id
     ORDER BY o.queued_at DESC LIMIT 1;
    PERFORM write_audit(v_actor, p_address, 'put', v_target, 'unchanged', p_request_id);
    RETURN QUERY SELECT 'unchanged', v_component.id, v_last.id, v_last.state,
      v_status.state, v_component.generation;
    RETURN;
  END IF;

  IF NOT v_is_new THEN
    UPDATE component SET generation = generation + 1,
           posted_namespace = p_posted_namespace
     WHERE id = v_component.id RETURNING * INTO v_component;
  END IF;
  PERFORM reserve_names(v_component, p_types, p_names);
  INSERT INTO component_spec (component, generation, spec, digest, posted_by)
  VALUES (v_component.id, v_component.generation, p_spec, p_digest, v_actor);
  INSERT INTO component_secret (component, generation, pointer, sealed, digest)
  SELECT v_component.id, v_component.generation, x.pointer, x.sealed, x.digest
    FROM unnest(p_pointers, p_sealed, p_digests) AS x(pointer, sealed, digest);
  PERFORM queue_operation(v_component, p_operation,
    CASE WHEN v_is_new THEN 'create' ELSE 'update' END, v_actor, p_request_id);
  PERFORM write_audit(v_actor, p_address, 'put', v_target,
    CASE WHEN v_is_new THEN 'created' ELSE 'updated' END, p_request_id);
  RETURN QUERY SELECT CASE WHEN v_is_new THEN 'created' ELSE 'updated' END,
    v_component.id, p_operation, 'queued', v_status.state, v_component.generation;
END $$;
