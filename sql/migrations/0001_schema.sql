-- SPDX-License-Identifier: Apache-2.0
-- Tables. Who may write what: 0004_rights.sql. Values of states and actions are
-- those of src/state/state.h and docs/api.md.

CREATE TABLE account (
  name          text PRIMARY KEY,          -- in its one spelling (auth_name)
  password_hash text NOT NULL,             -- Argon2id, as crypto_pwhash_str writes it
  role          text NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
  created_at    timestamptz NOT NULL DEFAULT now(),
  changed_at    timestamptz NOT NULL DEFAULT now()
);

-- The token itself is stored nowhere: only its digest.
CREATE TABLE token (
  digest     bytea PRIMARY KEY,
  account    text NOT NULL REFERENCES account ON DELETE CASCADE,
  issued_at  timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at    timestamptz NOT NULL DEFAULT now() -- written at most once a minute
);
CREATE INDEX token_account ON token (account);

CREATE TABLE login_attempt (
  account text NOT NULL,                   -- also of names that do not exist
  address text NOT NULL,
  at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX login_attempt_account ON login_attempt (account, at);
CREATE INDEX login_attempt_address ON login_attempt (address, at);

-- Written by the API only.
CREATE TABLE component (
  id               uuid PRIMARY KEY,
  kind             text NOT NULL,
  namespace        text NOT NULL,          -- the target
  name             text NOT NULL,
  posted_namespace text NOT NULL,          -- metadata.namespace, '' if none
  desired          text NOT NULL DEFAULT 'running'
                   CHECK (desired IN ('running', 'stopped', 'deleted')),
  delete_data      boolean NOT NULL DEFAULT false,
  generation       integer NOT NULL DEFAULT 1 CHECK (generation > 0),
  created_at       timestamptz NOT NULL DEFAULT now(),
  UNIQUE (kind, namespace, name)
);

-- A generation is never changed once written; the applier goes back to an
-- older one when an update fails.
CREATE TABLE component_spec (
  component  uuid NOT NULL REFERENCES component ON DELETE CASCADE,
  generation integer NOT NULL,
  spec       text COMPRESSION lz4 NOT NULL, -- canonical JSON without secrets
  digest     bytea NOT NULL,                -- over spec and the secrets' digests
  posted_by  text NOT NULL,
  at         timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (component, generation)
);

CREATE TABLE component_secret (
  component  uuid NOT NULL,
  generation integer NOT NULL,
  pointer    text NOT NULL,
  sealed     bytea NOT NULL,               -- only the applier can open it
  digest     bytea NOT NULL,               -- keyed, to see equal values as equal
  PRIMARY KEY (component, generation, pointer),
  FOREIGN KEY (component, generation) REFERENCES component_spec ON DELETE CASCADE
);

-- The claim row. States are changed by the applier only; the API inserts the
-- row and sets next_check_at.
CREATE TABLE component_status (
  component           uuid PRIMARY KEY REFERENCES component ON DELETE CASCADE,
  state               text NOT NULL DEFAULT 'Pending',
  message             text NOT NULL DEFAULT '',
  ready               integer NOT NULL DEFAULT 0,
  wanted              integer NOT NULL DEFAULT 0,
  observed_generation integer NOT NULL DEFAULT 0, -- last one taken up
  good_generation     integer,                    -- last one that was Running
  failed_generation   integer,                    -- not tried again
  failure             text NOT NULL DEFAULT '',   -- why it failed
  is_applied          boolean NOT NULL DEFAULT false, -- a helm ran for it
  stage               integer NOT NULL DEFAULT 0,
  attempts            integer NOT NULL DEFAULT 0,
  phase_at            timestamptz NOT NULL DEFAULT now(), -- the start clock
  observed_at         timestamptz,
  next_check_at       timestamptz DEFAULT now(),
  is_nudged           boolean NOT NULL DEFAULT false, -- since the claim
  claimed_by          text,
  fence               bigint,
  lease_until         timestamptz
) WITH (fillfactor = 70);
CREATE INDEX component_status_due ON component_status (next_check_at)
  WHERE next_check_at IS NOT NULL;
CREATE INDEX component_status_claimed ON component_status (claimed_by)
  WHERE claimed_by IS NOT NULL;
CREATE SEQUENCE fence;

CREATE TABLE owned_name (
  namespace text NOT NULL,
  type      text NOT NULL,                 -- release, Service, Deployment, …
  name      text NOT NULL,
  component uuid NOT NULL REFERENCES component ON DELETE CASCADE,
  PRIMARY KEY (namespace, type, name)
);
CREATE INDEX owned_name_component ON owned_name (component);

-- Survives its component: the answer to "what became of it".
CREATE TABLE operation (
  id         uuid PRIMARY KEY,
  component  uuid NOT NULL,
  kind       text NOT NULL,
  namespace  text NOT NULL,
  name       text NOT NULL,
  action     text NOT NULL
             CHECK (action IN ('create', 'update', 'stop', 'restart', 'delete')),
  generation integer NOT NULL,
  state      text NOT NULL DEFAULT 'queued' CHECK (state IN
             ('queued', 'running', 'succeeded', 'failed', 'cancelled', 'superseded')),
  asked_by   text NOT NULL,
  request_id text NOT NULL,
  -- Not now(): a transaction that waited began before the one it supersedes.
  queued_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  started_at timestamptz,
  ended_at   timestamptz,
  error      text NOT NULL DEFAULT ''
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX operation_one_queued ON operation (component) WHERE state = 'queued';
CREATE UNIQUE INDEX operation_one_running ON operation (component) WHERE state = 'running';
CREATE INDEX operation_component ON operation (component, queued_at);

-- Readers take xid < pg_snapshot_xmin(pg_current_snapshot()) ordered by
-- (xid, id): nothing is skipped and nobody waits.
CREATE TABLE event (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
  component  uuid NOT NULL,
  operation  uuid,
  from_state text NOT NULL,
  to_state   text NOT NULL,
  actor      text NOT NULL,
  message    text NOT NULL,
  at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX event_component ON event (component, id);
CREATE INDEX event_order ON event (xid, id);

CREATE TABLE log_line (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  component uuid NOT NULL,
  operation uuid,
  source    text NOT NULL CHECK (source IN ('helm', 'pod', 'roaster')),
  at        timestamptz NOT NULL DEFAULT now(),
  line      text NOT NULL
);
CREATE INDEX log_line_component ON log_line (component, id);

CREATE TABLE endpoint (
  component uuid NOT NULL REFERENCES component ON DELETE CASCADE,
  name      text NOT NULL,
  host      text NOT NULL,
  port      integer NOT NULL,
  url       text NOT NULL,
  PRIMARY KEY (component, name)
);

CREATE TABLE child (
  component uuid NOT NULL REFERENCES component ON DELETE CASCADE,
  release   text NOT NULL,
  chart     text NOT NULL,
  position  integer NOT NULL,              -- install order
  PRIMARY KEY (component, release)
);

-- Namespaces that the applier put to use; is_made says whether it made them.
CREATE TABLE managed_namespace (
  name    text PRIMARY KEY,
  is_made boolean NOT NULL,
  at      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE cluster_fact (
  name  text PRIMARY KEY,
  value text NOT NULL,
  at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE audit (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL DEFAULT now(),
  actor      text NOT NULL,
  address    text NOT NULL,
  action     text NOT NULL,
  target     text NOT NULL,
  outcome    text NOT NULL,
  request_id text NOT NULL
);

CREATE TABLE server_node (
  id         text PRIMARY KEY,
  process    text NOT NULL,                -- 'apply'
  version    text NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE counter (
  name   text NOT NULL,                    -- a metric of docs/api.md
  labels text NOT NULL,
  value  bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (name, labels)
);
