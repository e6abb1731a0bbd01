-- SPDX-License-Identifier: Apache-2.0
-- The time that a component may take to become ready is that of a cluster that
-- answers: an outage must not take an update back.

-- The cluster did not answer: the time since the last look does not count.
CREATE FUNCTION apply_unseen(p_component uuid, p_fence bigint) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
  UPDATE component_status s
     SET phase_at = s.phase_at + (now() - coalesce(s.observed_at, now())),
         observed_at = now()
   WHERE s.component = p_component AND s.fence = p_fence
$$;

REVOKE ALL ON FUNCTION apply_unseen FROM PUBLIC;
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'roaster_apply') THEN
    GRANT EXECUTE ON FUNCTION apply_unseen TO roaster_apply;
  END IF;
END $$;
