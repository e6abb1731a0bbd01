# SPDX-License-Identifier: Apache-2.0
"""db_migrate and db_roles."""
import pathlib

from program import Program
from room import Room
from tap import equal, test, together, within

FILES = sorted(p.stem for p in
               (pathlib.Path(__file__).parents[2] / "sql/migrations").glob("*.sql"))
# Blocks a migration at its first function, while somebody holds lock 42.
STOPPER = """
CREATE FUNCTION public.stopper() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  IF tg_tag = 'CREATE FUNCTION' THEN
    PERFORM pg_advisory_xact_lock_shared(42);
  END IF;
END $$"""
# Makes an operation of a component that is gone, in the middle of the step that
# ends such.
ORPHAN = """
CREATE FUNCTION public.orphan() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO roaster.operation (id, component, kind, namespace, name, action,
    generation, asked_by, request_id)
  VALUES (gen_random_uuid(), gen_random_uuid(), '', '', '', 'update', 1, '', '');
END $$"""


def empty(room, name, owner="owner"):
    room.server.create(name, owner=owner)
    return Room(room.server, room.drivers, name)


def versions(room):
    with room.session() as s:
        return [row[0] for row in s.run(
            "SELECT name FROM schema_version ORDER BY number")]


@test
def migrate_runs_every_step_once(room):
    fresh = empty(room, "fresh")
    equal(fresh.driver("migrate", fresh.conninfo()),
          (0, f"done {len(FILES)}\n"))
    equal(versions(fresh), FILES)
    equal(fresh.driver("migrate", fresh.conninfo()), (0, "done 0\n"))
    equal(fresh.driver("version"), (0, f"{int(FILES[-1][:4])}\n"))


@test
def of_four_that_migrate_together_each_step_is_done_by_one(room):
    fresh = empty(room, "crowd")
    answers = together(*[lambda: fresh.driver("migrate", fresh.conninfo())
                         for _ in range(4)])
    equal([status for status, _ in answers], [0] * 4)
    equal(sum(int(text.split()[1]) for _, text in answers), len(FILES))
    equal(versions(fresh), FILES)


@test
def what_was_queued_for_a_component_that_is_gone_is_ended(room):
    fresh = empty(room, "orphans")
    with fresh.session() as owner:
        owner.run(ORPHAN)
        owner.run("CREATE EVENT TRIGGER orphan ON ddl_command_start WHEN TAG"
                  " IN ('CREATE TRIGGER') EXECUTE FUNCTION public.orphan()")
        equal(fresh.driver("migrate", fresh.conninfo())[0], 0)
        equal(owner.run("SELECT state, ended_at IS NULL, error FROM operation"),
              [("cancelled", "f", "the component went before this was done")])


@test
def migrate_completes_after_a_kill_in_the_middle(room):
    fresh = empty(room, "killed")
    with fresh.session() as owner:
        owner.run(STOPPER)
        owner.run("CREATE EVENT TRIGGER stopper ON ddl_command_start"
                  " EXECUTE FUNCTION public.stopper()")
        owner.run("SELECT pg_advisory_lock(42)")
        killed = Program(room, "db_driver", "migrate", fresh.conninfo())
        within(lambda: owner.run(
            "SELECT 1 FROM pg_locks WHERE objid = 42 AND NOT granted"))
        killed.close()
        equal(versions(fresh), FILES[:1])
        owner.run("SELECT pg_advisory_unlock(42)")
        status, text = fresh.driver("migrate", fresh.conninfo())
        equal((status, text), (0, f"done {len(FILES) - 1}\n"))
    equal(versions(fresh), FILES)


@test
def migrate_refuses_a_newer_database_and_names_both(room):
    fresh = empty(room, "newer")
    fresh.driver("migrate", fresh.conninfo())
    with fresh.session() as owner:
        owner.run("INSERT INTO schema_version VALUES (9999, '9999_future')")
    status, text = fresh.driver("migrate", fresh.conninfo())
    equal(status, 1)
    assert text.startswith("done 0\nfailed conflict "), text
    assert "9999_future" in text and FILES[-1] in text, text


@test
def a_step_that_fails_is_named_and_leaves_nothing(room):
    fresh = empty(room, "broken")
    with fresh.session() as owner:
        owner.run("CREATE SCHEMA roaster")
        owner.run("CREATE TABLE roaster.audit ()")
        status, text = fresh.driver("migrate", fresh.conninfo())
        equal((status, text), (1, f"done 0\nfailed internal {FILES[0]}:"
                               ' relation "audit" already exists\n'))
        equal(owner.run("SELECT to_regclass('account')"), [(None,)])
        equal(versions(fresh), [])
        owner.run("DROP TABLE roaster.audit")
    equal(fresh.driver("migrate", fresh.conninfo())[0], 0)


@test
def migrate_needs_no_superuser(room):
    with room.session() as owner:
        owner.run("CREATE ROLE keeper LOGIN")
    fresh = empty(room, "kept", "keeper")
    equal(fresh.driver("migrate", fresh.conninfo("keeper")),
          (0, f"done {len(FILES)}\n"))
    equal(fresh.driver("migrate", fresh.conninfo("keeper")), (0, "done 0\n"))


@test
def roles_are_made_once_by_any_number_together(room):
    with room.session() as owner:
        before = owner.run("SELECT oid FROM pg_roles ORDER BY oid")
        answers = together(*[lambda: room.driver("roles", room.conninfo())
                             for _ in range(3)])
        equal(answers, [(0, "")] * 3)
        equal(owner.run("SELECT oid FROM pg_roles ORDER BY oid"), before)
        equal(owner.one("SELECT count(*) FROM pg_roles WHERE rolname IN"
                        " ('roaster_api', 'roaster_apply') AND rolcanlogin"
                        " AND NOT rolsuper AND NOT rolcreaterole"
                        " AND NOT rolcreatedb"), "2")
