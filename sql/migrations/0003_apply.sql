-- SPDX-License-Identifier: Apache-2.0
-- What the applier may do. Every write carries the fence of its claim; one that
-- matches nothing returns no row, and means: stop, somebody else has it.

-- Which generation is to run: the last one taken up, or, after it failed, the
-- last good one.
CREATE FUNCTION run_generation(p_status component_status) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p_status.failed_generation = p_status.observed_generation
    THEN coalesce(p_status.good_generation, p_status.observed_generation)
    ELSE p_status.observed_generation END
$$;

-- Take the component that is due longest. A lease that ran out is waited for
-- 10 s more, so that the helm of a lost applier is dead for certain.
CREATE FUNCTION apply_claim(p_node text, p_lease_s integer)
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

-- Record one step: compare-and-set on (state, fence), with all that goes with it.
-- p_queued: the queued operation that 'take_up' begins; another one now means
-- that the request changed meanwhile.
-- p_effects: take_up, observed, reset, succeed, fail, good, go_back, remove,
--   applied, release (the claim is given back; looked at again after p_delay_ms,
--   NULL: not before somebody asks; at once if something moved meanwhile).
-- p_stage, p_attempts: NULL keeps them.
CREATE FUNCTION apply_record(p_component uuid, p_fence bigint, p_from text,
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
           error = CASE v_ended_state WHEN 'failed' THEN p_message ELSE '' END
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

-- Prolong the leases this node believes to hold; returns those it really does.
CREATE FUNCTION apply_heartbeat(p_node text, p_version text, p_fences bigint[],
  p_lease_s integer) RETURNS TABLE (fence bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO server_node (id, process, version) VALUES (p_node, 'apply', p_version)
  ON CONFLICT (id) DO UPDATE SET seen_at = now(), version = p_version;
  RETURN QUERY UPDATE component_status s
     SET lease_until = now() + make_interval(secs => p_lease_s)
    FROM (SELECT h.component FROM component_status h
           WHERE h.fence = ANY (p_fences) AND h.claimed_by = p_node
           ORDER BY h.component FOR NO KEY UPDATE) held
   WHERE s.component = held.component RETURNING s.fence;
END $$;

-- A node that starts holds nothing: what it held before is due at once. Only for
-- a caller who knows that its former self and all its helms are dead.
CREATE FUNCTION apply_reclaim(p_node text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
DECLARE
  v_count bigint;
BEGIN
  UPDATE component_status s SET claimed_by = NULL, fence = NULL,
         lease_until = NULL, next_check_at = now()
    FROM (SELECT h.component FROM component_status h WHERE h.claimed_by = p_node
           ORDER BY h.component FOR NO KEY UPDATE) held
   WHERE s.component = held.component;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END $$;

-- Something moved in a namespace: look at the component of p_release, or with ''
-- at all there.
CREATE FUNCTION apply_nudge(p_namespace text, p_release text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
DECLARE
  v_count bigint;
BEGIN
  UPDATE component_status s SET next_check_at = now(), is_nudged = true
    FROM (SELECT d.component
            FROM component_status d JOIN component c ON c.id = d.component
           WHERE c.namespace = p_namespace AND d.next_check_at IS NOT NULL
             AND (NOT d.is_nudged OR d.next_check_at > now())
             AND (p_release = '' OR EXISTS (SELECT 1 FROM child h
                    WHERE h.component = c.id AND h.release = p_release))
           ORDER BY d.component FOR NO KEY UPDATE OF d) due
   WHERE s.component = due.component;
  GET DIAGNOSTICS v_count = ROW_COUNT;
  RETURN v_count;
END $$;

-- What a component consists of; replaces what was said before.
CREATE FUNCTION apply_describe(p_component uuid, p_fence bigint, p_releases text[],
  p_charts text[], p_names text[], p_hosts text[], p_ports integer[], p_urls text[])
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
BEGIN
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

-- At most 2,000 lines a component; the oldest go.
CREATE FUNCTION apply_log(p_component uuid, p_operation uuid, p_source text,
  p_lines text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
BEGIN
  INSERT INTO log_line (component, operation, source, line)
  SELECT p_component, p_operation, p_source, x.line FROM unnest(p_lines) AS x(line);
  DELETE FROM log_line WHERE id IN (
    SELECT l.id FROM log_line l WHERE l.component = p_component AND l.id <= (
      SELECT k.id FROM log_line k WHERE k.component = p_component
       ORDER BY k.id DESC OFFSET 2000 LIMIT 1)
    FOR UPDATE SKIP LOCKED);
END $$;

CREATE FUNCTION apply_count(p_names text[], p_labels text[], p_values bigint[])
RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
  INSERT INTO counter (name, labels, value)
  SELECT x.name, x.labels, sum(x.value)
    FROM unnest(p_names, p_labels, p_values) AS x(name, labels, value)
   GROUP BY x.name, x.labels ORDER BY x.name, x.labels
  ON CONFLICT (name, labels) DO UPDATE SET value = counter.value + excluded.value
$$;

CREATE FUNCTION apply_fact(p_name text, p_value text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
  INSERT INTO cluster_fact (name, value) VALUES (p_name, p_value)
  ON CONFLICT (name) DO UPDATE SET value = p_value, at = now()
$$;

-- The cluster's identity: the first one seen stays. Returns the one that counts.
CREATE FUNCTION apply_cluster(p_uid text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
BEGIN
  INSERT INTO cluster_fact (name, value) VALUES ('kube_system_uid', p_uid)
  ON CONFLICT (name) DO NOTHING;
  RETURN (SELECT value FROM cluster_fact WHERE name = 'kube_system_uid');
END $$;

CREATE FUNCTION apply_namespace(p_name text, p_is_made boolean) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
  INSERT INTO managed_namespace (name, is_made) VALUES (p_name, p_is_made)
  ON CONFLICT (name) DO UPDATE SET is_made = managed_namespace.is_made OR p_is_made
$$;

CREATE FUNCTION apply_namespace_forget(p_name text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
  DELETE FROM managed_namespace WHERE name = p_name
$$;
