-- SPDX-License-Identifier: Apache-2.0
-- Two roles with only the rights their process needs: a guard against bugs with
-- the embedded database, a boundary where the two have credentials of their own.
-- Where the roles do not exist (a database somebody else keeps), nothing is
-- granted and the owner's one login does both.

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA roaster FROM PUBLIC;

DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'roaster_api') THEN
    GRANT USAGE ON SCHEMA roaster TO roaster_api;
    GRANT SELECT ON schema_version, account, token, login_attempt, component,
      component_spec, component_status, owned_name, operation, event, log_line,
      endpoint, child, cluster_fact, server_node, counter TO roaster_api;
    GRANT EXECUTE ON FUNCTION component_put, component_delete, login_failures,
      login_succeed, login_fail, logout, token_touch, account_create,
      account_password, account_delete TO roaster_api;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'roaster_apply') THEN
    GRANT USAGE ON SCHEMA roaster TO roaster_apply;
    GRANT SELECT ON schema_version, component, component_spec, component_secret,
      component_status, owned_name, operation, child, endpoint, cluster_fact,
      server_node, managed_namespace TO roaster_apply;
    GRANT EXECUTE ON FUNCTION apply_claim, apply_record, apply_heartbeat,
      apply_reclaim, apply_nudge, apply_describe, apply_log, apply_count,
      apply_fact, apply_cluster, apply_namespace, apply_namespace_forget
      TO roaster_apply;
  END IF;
END $$;
