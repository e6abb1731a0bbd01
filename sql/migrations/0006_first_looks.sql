-- SPDX-License-Identifier: Apache-2.0
-- Who posts a new component waits until its names were looked up in the cluster.
-- One worker does nothing else, so that this never waits for a helm.

-- Take the component that is due longest; with p_is_first only one that nothing
-- was done for yet. A lease that ran out is waited for 10 s more, so that the helm
-- of a lost applier is dead for certain.
DROP FUNCTION apply_claim(text, integer);
CREATE FUNCTION apply_claim(p_node text, p_lease_s integer, p_is_first boolean)
RETURNS TABLE (component uuid, kind text, namespace text, name text, desired text,
  delete_data boolean, generation integer, state text, message text,
  ready integer, wanted integer,
  observed_generation integer, good_generation integer, failed_generation integer,
  run_generation integer, is_applied boolean, stage integer, attempts integer,
  phase_ms bigint, fence bigint, queued uuid, queued_action text, running uuid,
  failure text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_status component_status;
BEGIN
  UPDATE component_status s
     SET claimed_by = p_node, fence = nextval('fence'), is_nudged = false,
         lease_until = now() + make_interval(secs => p_lease_s)
   WHERE s.component = (
           SELECT d.component FROM component_status d
            WHERE d.next_check_at <= now()
              AND (d.lease_until IS NULL OR d.lease_until < now() - interval '10 s')
              AND (NOT p_is_first OR d.state = 'Pending' AND d.stage = 0)
            ORDER BY d.next_check_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING s.* INTO v_status;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT c.id, c.kind, c.namespace, c.name, c.desired, c.delete_data,
    c.generation, v_status.state, v_status.message,
    v_status.ready, v_status.wanted, v_status.observed_generation,
    v_status.good_generation, v_status.failed_generation, run_generation(v_status),
    v_status.is_applied, v_status.stage, v_status.attempts,
    (extract(epoch FROM clock_timestamp() - v_status.phase_at) * 1000)::bigint,
    v_status.fence, q.id, q.action, r.id, v_status.failure
  FROM component c
  LEFT JOIN operation q ON q.component = c.id AND q.state = 'queued'
  LEFT JOIN operation r ON r.component = c.id AND r.state = 'running'
  WHERE c.id = v_status.component;
END $$;

REVOKE ALL ON FUNCTION apply_claim FROM PUBLIC;
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'roaster_apply') THEN
    GRANT EXECUTE ON FUNCTION apply_claim TO roaster_apply;
  END IF;
END $$;
