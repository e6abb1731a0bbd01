# SPDX-License-Identifier: Apache-2.0
"""What the experiments put into databases of roasterd, as their owner."""

# Components that run and are not due, each with what belongs to one.
FILL = """
INSERT INTO component (id, kind, namespace, name, posted_namespace)
SELECT gen_random_uuid(), 'trino', 'ns', 'c' || lpad(i::text, 6, '0'), 'trino-operator'
  FROM generate_series(1, $1::integer) i
"""
BELONGINGS = (
    """INSERT INTO component_status (component, state, ready, wanted,
         observed_generation, good_generation, is_applied, stage, next_check_at)
       SELECT id, 'Running', 2, 2, 1, 1, true, 3, now() + interval '1 d' FROM component""",
    """INSERT INTO operation (id, component, kind, namespace, name, action, generation,
         state, asked_by, request_id, started_at, ended_at)
       SELECT gen_random_uuid(), id, kind, namespace, name, 'create', 1, 'succeeded',
         'admin', 'bench', now(), now() FROM component""",
    """INSERT INTO endpoint (component, name, host, port, url)
       SELECT id, 'http', name || '.ns.svc', 8080, 'http://' || name || '.ns.svc:8080'
         FROM component""",
    """INSERT INTO child (component, release, chart, position)
       SELECT id, name, 'trino', 1 FROM component""")


def owner(postgres, api):
    return postgres.session(database=api.folder.name)


def fill(postgres, api, count):
    with owner(postgres, api) as session:
        session.run("SET statement_timeout = 0")
        session.run(FILL, count)
        for sql in BELONGINGS:
            session.run(sql)
        session.run("VACUUM ANALYZE")


def empty(postgres, api):
    """No components, and no trace of any."""
    with owner(postgres, api) as session:
        session.run("TRUNCATE component, component_status, component_spec,"
                    " component_secret, owned_name, operation, event, audit, endpoint,"
                    " child")
        session.run("CHECKPOINT")


def token_digest(postgres, api):
    """That of the token in use, as PostgreSQL reads a bytea."""
    with owner(postgres, api) as session:
        return session.one("SELECT digest FROM token ORDER BY issued_at DESC LIMIT 1")
