-- SPDX-License-Identifier: Apache-2.0
-- A claim lasts as long as its steps bring the component further at once: what is
-- next is told with the record of what is done. And what is so already is not
-- written again: that would be a commit to wait for.

-- What a worker has to know of a component that it has claimed.
CREATE TYPE claim AS (component uuid, kind text, namespace text, name text,
  desired text, delete_data boolean, generation integer, state text, message text,
  ready integer, wanted integer,
  observed_generation integer, good_generation integer, failed_generation integer,
  run_generation integer, is_applied boolean, stage integer, attempts integer,
  phase_ms bigint, fence bigint, queued uuid, queued_action text, running uuid,
  failure text);

CREATE FUNCTION claimed(p_status component_status) RETURNS SETOF claim
LANGUAGE plpgsql STABLE SET search_path = roaster, pg_temp AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY SELECT c.id, c.kind, c.namespace, c.name, c.desired, c.delete_data,
    c.generation, p_status.state, p_status.message,
    p_status.ready, p_status.wanted, p_status.observed_generation,
    p_status.good_generation, p_status.failed_generation,
    run_generation(p_status), p_status.is_applied, p_status.stage,
    p_status.attempts,
    (extract(epoch FROM clock_timestamp() - p_status.phase_at) * 1000)::bigint,
    p_status.fence, q.id, q.action, r.id, p_status.failure
  FROM component c
  LEFT JOIN operation q ON q.component = c.id AND q.state = 'queued'
  LEFT JOIN operation r ON r.component = c.id AND r.state = 'running'
  WHERE c.id = p_status.component;
END $$;

-- Take the component that is due longest; with p_is_first only one that nothing
-- was done for yet. A lease that ran out is waited for 10 s more, so that the helm
-- of a lost applier is dead for certain.
DROP FUNCTION apply_claim(text, integer, boolean);
CREATE FUNCTION apply_claim(p_node text, p_lease_s integer, p_is_first boolean)
RETURNS SETOF claim
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
  RETURN QUERY SELECT * FROM claimed(v_status);
END $$;

-- apply_record of a step after which the next one is due at once, by the one who
-- did it: the claim is kept, what moved until now will be seen by that step. For
-- effects without release and remove. No row: the claim is lost.
CREATE FUNCTION apply_go_on(p_component uuid, p_fence bigint, p_from text,
  p_to text, p_message text, p_ready integer, p_wanted integer, p_stage integer,
  p_attempts integer, p_effects text[], p_queued uuid, p_lease_s integer,
  p_actor text)
RETURNS TABLE (claim claim, ended uuid, ended_state text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_status component_status;
  v_ended uuid;
  v_ended_state text;
BEGIN
  SELECT r.ended, r.ended_state INTO v_ended, v_ended_state
    FROM apply_record(p_component, p_fence, p_from, p_to, p_message, p_ready,
           p_wanted, p_stage, p_attempts, p_effects, p_queued, NULL, p_actor) r;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  UPDATE component_status s
     SET is_nudged = false,
         lease_until = now() + make_interval(secs => p_lease_s)
   WHERE s.component = p_component AND s.fence = p_fence
  RETURNING s.* INTO v_status;
  RETURN QUERY SELECT c::claim, v_ended, v_ended_state FROM claimed(v_status) c;
END $$;

-- What a component consists of; replaces what was said before, and writes nothing
-- if it says the same.
CREATE OR REPLACE FUNCTION apply_describe(p_component uuid, p_fence bigint,
  p_releases text[], p_charts text[], p_names text[], p_hosts text[],
  p_ports integer[], p_urls text[])
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM component_status s
              WHERE s.component = p_component AND s.fence = p_fence)
     AND ARRAY(SELECT (h.release, h.chart)::text FROM child h
                WHERE h.component = p_component ORDER BY h.position)
       = ARRAY(SELECT (x.release, x.chart)::text
                 FROM unnest(p_releases, p_charts) WITH ORDINALITY
                   AS x(release, chart, position) ORDER BY x.position)
     AND ARRAY(SELECT (e.name, e.host, e.port, e.url)::text FROM endpoint e
                WHERE e.component = p_component ORDER BY 1)
       = ARRAY(SELECT (x.name, x.host, x.port, x.url)::text
                 FROM unnest(p_names, p_hosts, p_ports, p_urls)
                   AS x(name, host, port, url) ORDER BY 1) THEN
    RETURN true;
  END IF;
  PERFORM 1 FROM component c WHERE c.id = p_component FOR NO KEY UPDATE;
  PERFORM 1 FROM component_status s
    WHERE s.component = p_component AND s.fence = p_fence FOR UPDATE;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM child WHERE component = p_component;
  INSERT INTO child (component, release, chart, position)
  SELECT p_component, x.release, x.chart, x.position
    FROM unnest(p_releases, p_charts) WITH ORDINALITY AS x(release, chart, position);
  DELETE FROM endpoint WHERE component = p_component;
  INSERT INTO endpoint (component, name, host, port, url)
  SELECT p_component, x.name, x.host, x.port, x.url
    FROM unnest(p_names, p_hosts, p_ports, p_urls) AS x(name, host, port, url);
  RETURN true;
END $$;

-- Put a namespace to use; one that roaster made stays one.
CREATE OR REPLACE FUNCTION apply_namespace(p_name text, p_is_made boolean)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM managed_namespace m
              WHERE m.name = p_name AND (m.is_made OR NOT p_is_made)) THEN
    RETURN;
  END IF;
  INSERT INTO managed_namespace (name, is_made) VALUES (p_name, p_is_made)
  ON CONFLICT (name) DO UPDATE SET is_made = managed_namespace.is_made OR p_is_made;
END $$;

REVOKE ALL ON FUNCTION claimed, apply_claim, apply_go_on FROM PUBLIC;
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'roaster_apply') THEN
    GRANT EXECUTE ON FUNCTION apply_claim, apply_go_on TO roaster_apply;
  END IF;
END $$;
