# SPDX-License-Identifier: Apache-2.0
"""Each statement as the role that runs it, and what the roles may not."""
import re

import world
from libpq import QUERIES, statement
from tap import equal, refused, test

LANES = ("READ", "WRITE", "BELL", "APPLY", "OWNER")
ROLES = {"READ": "roaster_api", "WRITE": "roaster_api", "BELL": "roaster_api",
         "APPLY": "roaster_apply", "OWNER": "owner"}


def rows(room):
    status, text = room.driver("queries")
    equal(status, 0)
    return [(name, LANES[int(lane)], int(count)) for name, lane, count in
            (line.split() for line in text.splitlines())]


@test
def queries_and_files_have_the_same_names(room):
    equal(sorted(name for name, _, _ in rows(room)),
          sorted(path.stem for path in QUERIES.glob("*.sql")))


@test
def every_statement_prepares_as_its_role_with_its_number_of_values(room):
    for name, lane, count in rows(room):
        with room.session(ROLES[lane]) as s:
            got, _ = s.describe(name, statement(name))
            equal((name, got), (name, count))


@test
def every_header_names_the_values_and_columns_in_order(room):
    for name, lane, count in rows(room):
        text = statement(name)
        head = " ".join(line[2:] for line in text.splitlines()
                        if line.startswith("--"))
        named = {int(n) for n in re.findall(r"\$(\d+)", head)}
        equal((name, named), (name, set(range(1, count + 1))))
        with room.session(ROLES[lane]) as s:
            _, columns = s.describe(name, text)
        if columns and columns != [name] and columns != ["pg_notify"]:
            places = [re.search(rf"\b{c}\b", head) for c in columns]
            assert all(places), (name, columns, head)


# What no decoder would survive: the order of src/db/db_row.h.
LISTED = "id kind namespace name posted_namespace state message ready wanted generation"
COLUMNS = {
    "component_list": LISTED,
    "component_list_kind": LISTED,
    "component_list_namespace": LISTED,
    "component_list_both": LISTED,
    "component_get": "id kind namespace name posted_namespace desired state"
    " message ready wanted generation observed_generation good_generation"
    " failed_generation stage created_ms observed_ms operation"
    " operation_action operation_state",
    "operation_get": "id component kind namespace name action generation state"
    " error asked_by request_id queued_ms started_ms ended_ms component_state"
    " message error_code is_pending",
    "component_put": "outcome component operation operation_state state"
    " generation is_watched",
    "component_delete": "outcome component operation operation_state state"
    " generation namespace name",
    "apply_claim": "component kind namespace name desired delete_data"
    " generation state message ready wanted observed_generation"
    " good_generation failed_generation run_generation is_applied stage"
    " attempts phase_ms fence queued queued_action running failure",
    "apply_secrets": "pointer sealed digest",
}


@test
def columns_come_in_the_order_that_the_decoders_read(room):
    with room.session() as s:
        for name, columns in COLUMNS.items():
            equal(s.describe(name, statement(name))[1], columns.split())


@test
def reads_run_in_transactions_that_cannot_write(room):
    with room.session() as owner:
        world.account(owner, "ann")
    for name, lane, count in rows(room):
        if lane != "READ":
            continue
        with room.session("roaster_api") as s:
            s.run("SET default_transaction_read_only = on")
            is_list = name.startswith("component_list")
            s.query(name, *[None] * (count - is_list), *[1] * is_list)


@test
def lists_walk_an_index_with_one_plan_for_all_values(room):
    names = [name for name, _, _ in rows(room) if name.startswith("component_list")]
    equal(len(names), 4)
    with room.session() as s:
        s.run("SET plan_cache_mode = force_generic_plan")
        s.run("SET enable_seqscan = off")
        s.run("SET enable_sort = off")
        for name in names:
            s.run(f"PREPARE {name} AS {statement(name)}")
            count = s.describe(name + "_", statement(name))[0]
            values = ", ".join(["'x'"] * (count - 1) + ["1"])
            plan = " ".join(row[0] for row in s.run(f"EXPLAIN EXECUTE {name}({values})"))
            walk = plan.partition("Index Scan using component_kind_namespace_name_key")[2]
            # Nothing is read to be thrown away, and nothing is sorted.
            assert "Index Cond" in walk and "Filter" not in walk, (name, plan)
            assert "Sort" not in plan, (name, plan)


FORBIDDEN = {
    "roaster_api": (
        "SELECT 1 FROM component_secret",
        "SELECT 1 FROM audit",
        "SELECT 1 FROM managed_namespace",
        "UPDATE component_status SET state = 'Running'",
        "INSERT INTO component_status (component) SELECT id FROM component",
        "UPDATE component SET desired = 'running'",
        "UPDATE account SET role = 'admin'",
        "DELETE FROM account",
        "INSERT INTO token VALUES ('', 'ann')",
        "DELETE FROM audit",
        "UPDATE operation SET state = 'failed'",
        "SELECT nextval('fence')",
        "SELECT apply_claim('n', 30, false)",
        "SELECT apply_record(NULL, 1, '', '', '', 0, 0, 0, 0, NULL, NULL, 0, '')",
        "SELECT admin_ensure('h')",
        "SELECT account_reset('ann', 'h')",
        "SELECT login_turn('', '', 1, 1, 1, true)",
        "SELECT write_audit('a', 'b', 'c', 'd', 'e', 'f')",
        "INSERT INTO schema_version (number, name) VALUES (0, '')",
        "CREATE TABLE roaster.mine ()",
        "CREATE ROLE mine",
    ),
    "roaster_apply": (
        "SELECT 1 FROM account",
        "SELECT 1 FROM token",
        "SELECT 1 FROM login_attempt",
        "SELECT 1 FROM audit",
        "UPDATE component_status SET state = 'Running'",
        "UPDATE component SET desired = 'running'",
        "DELETE FROM component",
        "DELETE FROM component_secret",
        "INSERT INTO operation SELECT * FROM operation",
        "SELECT component_delete(NULL, NULL, '', '', '', '', '', true)",
        "SELECT account_create(NULL, NULL, '', '', '', '', '')",
        "SELECT login_succeed('', '', '', '', '', 1, 1, 1, 1)",
        "SELECT admin_ensure('h')",
        "CREATE TABLE roaster.mine ()",
    ),
}


@test
def roles_have_no_right_that_they_do_not_need(room):
    for role, statements in FORBIDDEN.items():
        with room.session(role) as s:
            for text in statements:
                message = refused("42501", s.run, text)
                assert "permission denied" in message, (text, message)


@test
def only_owner_functions_lack_a_path_of_their_own(room):
    """A function that runs with its owner's rights must fix search_path."""
    with room.session() as owner:
        equal(owner.run(
            "SELECT proname FROM pg_proc WHERE pronamespace ="
            " 'roaster'::regnamespace AND prosecdef AND NOT coalesce("
            "proconfig @> ARRAY['search_path=roaster, pg_temp'], false)"), [])
        equal(owner.run(
            "SELECT proname FROM pg_proc WHERE pronamespace ="
            " 'roaster'::regnamespace"
            " AND has_function_privilege('public', oid, 'EXECUTE')"), [])
