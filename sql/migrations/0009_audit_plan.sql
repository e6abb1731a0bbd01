-- SPDX-License-Identifier: Apache-2.0
-- A function in SQL is parsed and planned at each call, one in PL/pgSQL once for a
-- connection; this one is called by all that write.

CREATE OR REPLACE FUNCTION write_audit(p_actor text, p_address text, p_action text,
  p_target text, p_outcome text, p_request_id text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit (actor, address, action, target, outcome, request_id)
  VALUES (p_actor, p_address, p_action, p_target, p_outcome, p_request_id);
END $$;
