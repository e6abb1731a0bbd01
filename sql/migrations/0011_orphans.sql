-- SPDX-License-Identifier: Apache-2.0
-- Nothing is left to nobody: a claim whose worker lost the answer that told what
-- it claims, and operations of a component that is gone.

-- Give a claim back whatever has become of the component: its fence is proof
-- enough. Due at once, so that the next step is decided anew.
CREATE FUNCTION apply_give_back(p_component uuid, p_fence bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
BEGIN
  UPDATE component_status s
     SET claimed_by = NULL, fence = NULL, lease_until = NULL,
         next_check_at = now()
   WHERE s.component = p_component AND s.fence = p_fence;
  RETURN FOUND;
END $$;

-- A component goes with what was asked for it meanwhile, which nobody would take
-- up any more.
CREATE FUNCTION end_operations() RETURNS trigger
LANGUAGE plpgsql SET search_path = roaster, pg_temp AS $$
BEGIN
  UPDATE operation o SET state = 'cancelled', ended_at = clock_timestamp(),
         error = 'the component went before this was done'
   WHERE o.component = old.id AND o.state IN ('queued', 'running');
  RETURN NULL;
END $$;

CREATE TRIGGER end_operations AFTER DELETE ON component
  FOR EACH ROW EXECUTE FUNCTION end_operations();

UPDATE operation o SET state = 'cancelled', ended_at = clock_timestamp(),
       error = 'the component went before this was done'
 WHERE o.state IN ('queued', 'running')
   AND NOT EXISTS (SELECT 1 FROM component c WHERE c.id = o.component);

REVOKE ALL ON FUNCTION apply_give_back, end_operations FROM PUBLIC;
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'roaster_apply') THEN
    GRANT EXECUTE ON FUNCTION apply_give_back TO roaster_apply;
  END IF;
END $$;
