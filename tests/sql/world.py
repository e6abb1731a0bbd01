# SPDX-License-Identifier: Apache-2.0
"""The calls of the API and of the applier, with defaults, over sql/queries."""
import hashlib
import uuid

ROLES = ["operator", "admin"]
ADMINS = ["admin"]
REFUSING = ["Deleting"]
LEASE_S = 30


class Api:
    """What a worker of the API does, as ${account}."""

    def __init__(self, session, token=b"\1" * 32):
        self.session = session
        self.token = token

    def put(self, name, spec="{}", *, namespace="ns", owns=None, kind="trino",
            secrets=()):
        owns = [("release", name)] if owns is None else owns
        rows = self.session.query(
            "component_put", self.token, ROLES, "127.0.0.1", "r1",
            uuid.uuid4(), uuid.uuid4(), kind, namespace, name, "posted", spec,
            hashlib.sha256(spec.encode()).digest(),
            [s[0] for s in secrets], [s[1] for s in secrets],
            [s[2] for s in secrets], [o[0] for o in owns],
            [o[1] for o in owns], REFUSING)
        keys = ("outcome", "component", "operation", "operation_state",
                "state", "generation", "is_watched")
        assert len(rows) == 1, rows
        return dict(zip(keys, rows[0]))

    def delete(self, name=None, *, namespace=None, kind="trino", data=False):
        rows = self.session.query("component_delete", self.token, ROLES,
                                  "127.0.0.1", "r1", kind, namespace, name,
                                  data)
        keys = ("outcome", "component", "operation", "operation_state",
                "state", "generation", "namespace", "name")
        return [dict(zip(keys, row)) for row in rows]

    def operation(self, ident):
        """(action, generation, state, error)"""
        row = self.session.query("operation_get", ident)[0]
        return row[5], int(row[6]), row[7], row[8]

    def get(self, name, *, namespace="ns", kind="trino"):
        keys = ("id", "kind", "namespace", "name", "posted_namespace",
                "desired", "state", "message", "ready", "wanted",
                "generation", "observed", "good", "failed", "stage",
                "created_ms", "observed_ms", "operation", "action",
                "operation_state")
        rows = self.session.query("component_get", kind, namespace, name)
        return dict(zip(keys, rows[0])) if rows else None


CLAIM = ("component", "kind", "namespace", "name", "desired", "delete_data",
         "generation", "state", "message", "ready", "wanted", "observed",
         "good", "failed", "run", "is_applied", "stage", "attempts",
         "phase_ms", "fence", "queued", "queued_action", "running",
         "failure")


class Applier:
    def __init__(self, session, node="n1"):
        self.session = session
        self.node = node

    def claim(self, lease_s=LEASE_S, *, is_first=False):
        rows = self.session.query("apply_claim", self.node, lease_s, is_first)
        return dict(zip(CLAIM, rows[0])) if rows else None

    def record(self, claim, to, effects=(), *, message="", queued=None,
               delay_ms=None, stage=None, attempts=None, frm=None):
        """None if the claim is lost; else (ended operation, its state)."""
        effects = list(effects)
        rows = self.session.query(
            "apply_record", claim["component"], claim["fence"],
            frm or claim["state"], to, message, 1, 2, stage, attempts,
            effects, queued, delay_ms, "applier")
        claim["state"] = to if rows else claim["state"]
        return rows[0] if rows else None

    def go_on(self, claim, to, effects=(), *, queued=None, stage=None):
        """None if the claim is lost; else (ended operation, its state, what the
        claim is now)."""
        rows = self.session.query(
            "apply_go_on", claim["component"], claim["fence"], claim["state"],
            to, "", 1, 2, stage, None, list(effects), queued, LEASE_S,
            self.node)
        if not rows:
            return None
        return *rows[0][-2:], dict(zip(CLAIM, rows[0]))

    def take_up(self, claim, to="Starting"):
        return self.record(claim, to, ["take_up", "observed", "reset"],
                           queued=claim["queued"])

    def release(self, claim, delay_ms=None):
        return self.record(claim, claim["state"], ["release"],
                           delay_ms=delay_ms)

    def give_back(self, claim):
        """Whether it was held."""
        return self.session.query("apply_give_back", claim["component"],
                                  claim["fence"]) == [("t",)]

    def heartbeat(self, *fences, lease_s=LEASE_S):
        rows = self.session.query("apply_heartbeat", self.node, "1.0",
                                  list(fences), lease_s)
        return [row[0] for row in rows]


def account(owner, name, role="admin", *, digest=b"\1" * 32, hash_="hash"):
    """An account with a token whose digest is ${digest}."""
    owner.run("INSERT INTO account (name, password_hash, role)"
              " VALUES ($1, $2, $3)", name, hash_, role)
    owner.run("INSERT INTO token (digest, account, expires_at)"
              " VALUES ($1, $2, now() + interval '1 h')", digest, name)


def wipe(owner):
    owner.run("TRUNCATE account, token, login_attempt, component,"
              " component_status, component_spec, component_secret,"
              " owned_name, operation, event, log_line, endpoint, child,"
              " managed_namespace, cluster_fact, audit, server_node,"
              " counter")
