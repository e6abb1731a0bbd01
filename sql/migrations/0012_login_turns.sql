-- SPDX-License-Identifier: Apache-2.0
-- Passwords that are verified at the same time are decided one after another:
-- of the wrong ones only as many as the limit allows are told so. From then on
-- the right one is answered as they are.

-- Refuse if too many wrong passwords count. The right ones look side by side, a
-- wrong one alone: it changes the count. Nothing is locked before.
CREATE FUNCTION login_turn(p_account text, p_address text, p_limit integer,
  p_address_limit integer, p_window_s integer, p_is_right boolean) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_failures record;
BEGIN
  IF p_is_right THEN
    PERFORM pg_advisory_xact_lock_shared(1, hashtext(p_account));
    PERFORM pg_advisory_xact_lock_shared(2, hashtext(p_address));
  ELSE
    PERFORM pg_advisory_xact_lock(1, hashtext(p_account));
    PERFORM pg_advisory_xact_lock(2, hashtext(p_address));
  END IF;
  SELECT f.* INTO v_failures
    FROM login_failures(p_account, p_address, p_window_s) f;
  IF v_failures.by_account >= p_limit OR v_failures.by_address >= p_address_limit THEN
    RAISE EXCEPTION 'too many wrong passwords' USING ERRCODE = 'RO429';
  END IF;
END $$;

DROP FUNCTION login_succeed(text, text, text, text, bytea, integer, integer, integer);

-- p_hash: the one the password was verified against; another one now means
-- that the password changed meanwhile.
CREATE FUNCTION login_succeed(p_account text, p_hash text, p_address text,
  p_request_id text, p_token bytea, p_ttl_s integer, p_limit integer,
  p_address_limit integer, p_window_s integer)
RETURNS TABLE (expires_at timestamptz, role text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v_account account;
  v_expires timestamptz := now() + make_interval(secs => p_ttl_s);
BEGIN
  PERFORM login_turn(p_account, p_address, p_limit, p_address_limit, p_window_s, true);
  SELECT a.* INTO v_account FROM account a
   WHERE a.name = p_account AND a.password_hash = p_hash FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'user or password is wrong' USING ERRCODE = 'RO401';
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

DROP FUNCTION login_fail(text, text, text, integer);

CREATE FUNCTION login_fail(p_account text, p_address text, p_request_id text,
  p_limit integer, p_address_limit integer, p_window_s integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = roaster, pg_temp AS $$
BEGIN
  PERFORM login_turn(p_account, p_address, p_limit, p_address_limit, p_window_s, false);
  DELETE FROM login_attempt WHERE ctid IN (SELECT l.ctid FROM login_attempt l
    WHERE l.at < now() - make_interval(secs => p_window_s) FOR UPDATE SKIP LOCKED);
  INSERT INTO login_attempt (account, address) VALUES (p_account, p_address);
  PERFORM write_audit(p_account, p_address, 'login', p_account, 'refused', p_request_id);
END $$;

REVOKE ALL ON FUNCTION login_turn, login_succeed, login_fail FROM PUBLIC;

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'roaster_api') THEN
    GRANT EXECUTE ON FUNCTION login_succeed, login_fail TO roaster_api;
  END IF;
END $$;
