-- SPDX-License-Identifier: Apache-2.0
-- What the API may do, each a function that is one transaction. Refusals are
-- raised with an SQLSTATE of class RO; the number is the HTTP status, the
-- message may be shown to the client. Nothing of a refused call is stored.
--
-- All that locks, here and in 0003_apply.sql, does so in one order, so that no
-- two wait for each other: the table account (changes of accounts are rare: one
-- at a time), tokens, components by id, each followed by its status. Rows that
-- are only swept away are skipped if locked.

-- The account behind a token that may act; checked again with each write, so
-- that a revocation between two trips holds.
CREATE FUNCTION acting_account(p_token bytea, p_roles text[]) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  v_account text;
  v_role text;
BEGIN
  SELECT a.name, a.role INTO v_account, v_role
    FROM token t JOIN account a ON a.name = t.account
   WHERE t.digest = p_token AND t.expires_at > now()
     FOR KEY SHARE OF t;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the token is not valid any more' USING ERRCODE = 'RO401';
  END IF;
  IF v_role <> ALL (p_roles) THEN
    RAISE EXCEPTION 'the role % may not do this', v_role USING ERRCODE = 'RO403';
  END IF;
  RETURN v_account;
END $$;

CREATE FUNCTION write_audit(p_actor text, p_address text, p_action text,
  p_target text, p_outcome text, p_request_id text) RETURNS void
LANGUAGE sql AS $$
  INSERT INTO audit (actor, address, action, target, outcome, request_id)
  VALUES (p_actor, p_address, p_action, p_target, p_outcome, p_request_id)
$$;

-- Put an operation into the queue; a queued one that nobody began is superseded.
CREATE FUNCTION queue_operation(p_component component, p_operation uuid,
  p_action text, p_actor text, p_request_id text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE operation SET state = 'superseded', ended_at = clock_timestamp()
   WHERE component = p_component.id AND state = 'queued';
  INSERT INTO operation (id, component, kind, namespace, name, action,
                         generation, asked_by, request_id)
  VALUES (p_operation, p_component.id, p_component.kind, p_component.namespace,
          p_component.name, p_action, p_component.generation, p_actor, p_request_id);
  INSERT INTO event (component, operation, from_state, to_state, actor, message)
  SELECT p_component.id, p_operation, s.state, s.state, p_actor, p_action || ' asked'
    FROM component_status s WHERE s.component = p_component.id;
  UPDATE component_status SET next_check_at = now(), is_nudged = true
   WHERE component = p_component.id;
END $$;

-- Reserve the names a component needs; the first one that somebody else holds
-- refuses the whole call. Sorted, so that two calls cannot lock crosswise. Again
-- if the holder gave a name up between the two looks.
CREATE FUNCTION reserve_names(p_component component, p_types text[],
  p_names text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_taken record;
BEGIN
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

-- Store a new component or a new generation of one.
-- p_refused: states in which a new spec is refused (src/state).
CREATE FUNCTION component_put(p_token bytea, p_roles text[], p_address text,
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
      USING ERRCODE = 'RO409';
  END IF;
  IF v_is_new THEN
    INSERT INTO component_status (component) VALUES (v_component.id);
  END IF;
  SELECT s.* INTO v_status FROM component_status s
   WHERE s.component = v_component.id;

  IF v_component.desired = 'deleted' OR v_status.state = ANY (p_refused) THEN
    RAISE EXCEPTION '% is being deleted; wait until it is gone, then post it again',
      v_target USING ERRCODE = 'RO409';
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

-- Ask for the deletion of one component (p_name not NULL) or of all of a kind
-- (all or nothing). p_namespace, if not NULL, is the target or the posted one.
CREATE FUNCTION component_delete(p_token bytea, p_roles text[], p_address text,
  p_request_id text, p_kind text, p_namespace text, p_name text,
  p_delete_data boolean)
RETURNS TABLE (outcome text, component uuid, operation uuid,
  operation_state text, state text, generation integer, namespace text,
  name text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_actor text := acting_account(p_token, p_roles);
  v_component component;
  v_state text;
  v_operation operation;
  v_count integer := 0;
BEGIN
  FOR v_component IN
    SELECT c.* FROM component c
     WHERE c.kind = p_kind AND (p_name IS NULL OR c.name = p_name)
       AND (p_namespace IS NULL OR p_namespace IN (c.namespace, c.posted_namespace))
     ORDER BY c.id FOR UPDATE
  LOOP
    v_count := v_count + 1;
    IF v_component.desired <> 'deleted' THEN
      UPDATE component SET desired = 'deleted', delete_data = p_delete_data
       WHERE id = v_component.id;
      PERFORM queue_operation(v_component, gen_random_uuid(), 'delete', v_actor,
        p_request_id);
    ELSIF p_delete_data THEN
      UPDATE component SET delete_data = true WHERE id = v_component.id;
    END IF;
    PERFORM write_audit(v_actor, p_address, 'delete', p_kind || '/' ||
      v_component.namespace || '/' || v_component.name,
      CASE v_component.desired WHEN 'deleted' THEN 'unchanged' ELSE 'accepted' END,
      p_request_id);
    SELECT s.state INTO v_state FROM component_status s
     WHERE s.component = v_component.id;
    SELECT o.* INTO v_operation FROM operation o
     WHERE o.component = v_component.id AND o.action = 'delete'
     ORDER BY o.queued_at DESC LIMIT 1;
    RETURN QUERY SELECT
      CASE v_component.desired WHEN 'deleted' THEN 'unchanged' ELSE 'accepted' END,
      v_component.id, v_operation.id, v_operation.state, v_state,
      v_component.generation, v_component.namespace, v_component.name;
  END LOOP;
  IF v_count = 0 AND p_name IS NOT NULL THEN
    RAISE EXCEPTION 'there is no % called % %', p_kind, p_name,
      coalesce('in namespace ' || p_namespace, 'in any namespace')
      USING ERRCODE = 'RO404';
  END IF;
END $$;

-- --- accounts ------------------------------------------------------------------

-- How many wrong passwords count now, for the account or for the address.
CREATE FUNCTION login_failures(p_account text, p_address text,
  p_window_s integer) RETURNS TABLE (by_account bigint, by_address bigint)
LANGUAGE sql STABLE AS $$
  SELECT (SELECT count(*) FROM login_attempt a WHERE a.account = p_account
             AND a.at > now() - make_interval(secs => p_window_s)),
         (SELECT count(*) FROM login_attempt a WHERE a.address = p_address
             AND a.at > now() - make_interval(secs => p_window_s))
$$;

-- p_hash: the one the password was verified against; another one now means
-- that the password changed meanwhile.
CREATE FUNCTION login_succeed(p_account text, p_hash text, p_address text,
  p_request_id text, p_token bytea, p_ttl_s integer, p_limit integer,
  p_window_s integer) RETURNS TABLE (expires_at timestamptz, role text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_account account;
  v_failures bigint;
  v_expires timestamptz := now() + make_interval(secs => p_ttl_s);
BEGIN
  SELECT a.* INTO v_account FROM account a
   WHERE a.name = p_account AND a.password_hash = p_hash FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'user or password is wrong' USING ERRCODE = 'RO401';
  END IF;
  SELECT f.by_account INTO v_failures
    FROM login_failures(p_account, p_address, p_window_s) f;
  IF v_failures >= p_limit THEN
    RAISE EXCEPTION 'too many wrong passwords' USING ERRCODE = 'RO429';
  END IF;
  DELETE FROM login_attempt WHERE ctid IN (SELECT l.ctid FROM login_attempt l
    WHERE l.account = p_account FOR UPDATE SKIP LOCKED);
  DELETE FROM token WHERE digest IN (SELECT t.digest FROM token t
    WHERE t.account = p_account AND t.expires_at <= now() FOR UPDATE SKIP LOCKED);
  INSERT INTO token (digest, account, expires_at)
  VALUES (p_token, p_account, v_expires);
  PERFORM write_audit(p_account, p_address, 'login', p_account, 'accepted', p_request_id);
  RETURN QUERY SELECT v_expires, v_account.role;
END $$;

CREATE FUNCTION login_fail(p_account text, p_address text, p_request_id text,
  p_window_s integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
BEGIN
  DELETE FROM login_attempt WHERE ctid IN (SELECT l.ctid FROM login_attempt l
    WHERE l.at < now() - make_interval(secs => p_window_s) FOR UPDATE SKIP LOCKED);
  INSERT INTO login_attempt (account, address) VALUES (p_account, p_address);
  PERFORM write_audit(p_account, p_address, 'login', p_account, 'refused', p_request_id);
END $$;

CREATE FUNCTION logout(p_token bytea, p_address text, p_request_id text)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
DECLARE
  v_account text;
BEGIN
  DELETE FROM token WHERE digest = p_token RETURNING account INTO v_account;
  PERFORM write_audit(coalesce(v_account, ''), p_address, 'logout',
    coalesce(v_account, ''), 'accepted', p_request_id);
  RETURN v_account;
END $$;

CREATE FUNCTION token_touch(p_token bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
  UPDATE token SET used_at = now()
   WHERE digest = p_token AND used_at < now() - interval '1 minute'
$$;

CREATE FUNCTION account_create(p_token bytea, p_roles text[], p_address text,
  p_request_id text, p_name text, p_hash text, p_role text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
DECLARE
  v_actor text;
BEGIN
  LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE;
  v_actor := acting_account(p_token, p_roles);
  INSERT INTO account (name, password_hash, role) VALUES (p_name, p_hash, p_role)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'user % exists already; '
      'its password is changed with PUT /v1/users/update/password',
      p_name USING ERRCODE = 'RO409';
  END IF;
  PERFORM write_audit(v_actor, p_address, 'account_create', p_name, 'accepted', p_request_id);
END $$;

-- p_old_hash: NULL when an admin sets it; else the hash the old password was
-- verified against. All tokens of the account end.
CREATE FUNCTION account_password(p_token bytea, p_roles text[], p_address text,
  p_request_id text, p_name text, p_old_hash text, p_hash text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
DECLARE
  v_actor text;
BEGIN
  LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE;
  v_actor := acting_account(p_token, p_roles);
  IF p_old_hash IS NOT NULL AND v_actor <> p_name THEN
    RAISE EXCEPTION 'only an admin may change the password of another user'
      USING ERRCODE = 'RO403';
  END IF;
  UPDATE account SET password_hash = p_hash, changed_at = now()
   WHERE name = p_name AND (p_old_hash IS NULL OR password_hash = p_old_hash);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no user %', p_name USING ERRCODE = 'RO404';
  END IF;
  DELETE FROM token WHERE account = p_name;
  DELETE FROM login_attempt WHERE account = p_name;
  PERFORM write_audit(v_actor, p_address, 'account_password', p_name, 'accepted', p_request_id);
END $$;

-- Accounts are locked before the admins are counted: two that delete each other
-- cannot both succeed.
CREATE FUNCTION account_delete(p_token bytea, p_roles text[], p_address text,
  p_request_id text, p_name text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
DECLARE
  v_actor text;
BEGIN
  LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE;
  v_actor := acting_account(p_token, p_roles);
  IF ARRAY[p_name] = ARRAY(SELECT name FROM account WHERE role = 'admin') THEN
    RAISE EXCEPTION 'user % is the last admin; make another admin first', p_name
      USING ERRCODE = 'RO409';
  END IF;
  DELETE FROM account WHERE name = p_name;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no user %', p_name USING ERRCODE = 'RO404';
  END IF;
  PERFORM write_audit(v_actor, p_address, 'account_delete', p_name, 'accepted', p_request_id);
END $$;

-- First start: the admin account if there is no admin at all. Returns whether
-- it was made; two servers that start together make one.
CREATE FUNCTION admin_ensure(p_hash text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE;
  IF EXISTS (SELECT 1 FROM account WHERE role = 'admin') THEN
    RETURN false;
  END IF;
  INSERT INTO account (name, password_hash, role) VALUES ('admin', p_hash, 'admin')
  ON CONFLICT (name) DO UPDATE SET password_hash = p_hash, role = 'admin';
  DELETE FROM token WHERE account = 'admin'; -- of whoever he was before
  PERFORM write_audit('roasterd', '', 'account_create', 'admin', 'accepted', '');
  RETURN true;
END $$;

-- The documented way back in: `roasterd reset-password USER`.
CREATE FUNCTION account_reset(p_name text, p_hash text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE account SET password_hash = p_hash, changed_at = now() WHERE name = p_name;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  DELETE FROM token WHERE account = p_name;
  DELETE FROM login_attempt WHERE account = p_name;
  PERFORM write_audit('roasterd', '', 'account_password', p_name, 'accepted', '');
  RETURN true;
END $$;
