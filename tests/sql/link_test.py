# SPDX-License-Identifier: Apache-2.0
"""db_link: one blocking connection that nothing can hang."""
import os
import signal
import uuid

import world
from program import Program
from tap import equal, test, within


def start(room):
    owner = room.session()
    world.wipe(owner)
    world.account(owner, "ann")
    link = Program(room, "db_driver", "link", room.conninfo("roaster_apply"))
    return owner, world.Api(room.session("roaster_api")), link


def backend(owner):
    rows = within(lambda: owner.run(
        "SELECT pid FROM pg_stat_activity"
        " WHERE application_name = 'link_driver'"))
    return int(rows[0][0])


def away(answer):
    assert answer.startswith("failed unavailable the database is away: "), \
        answer
    return answer


@test
def a_link_runs_statements_and_decodes_rows(room):
    owner, api, link = start(room)
    equal(link.ask("claim"), "nothing")
    api.put("etl")
    word, name, fence = link.ask("claim").split()
    equal((word, name), ("claimed", "etl"))
    equal(owner.one("SELECT fence FROM component_status"), fence)
    equal(link.end(), 0)


@test
def what_postgresql_refuses_comes_with_its_message_and_the_link_stays(room):
    owner, api, link = start(room)
    ident = api.put("etl")["component"]
    fence = link.ask("claim").split()[2]
    before = backend(owner)
    equal(link.ask(f"record {ident} {fence}"),
          "failed conflict the queued operation changed")
    equal(link.ask(f"record {uuid.uuid4()} {fence}"), "rows 0")
    equal(link.ask(f"record nonsense {fence}"), "failed internal the database"
          ' refused: invalid input syntax for type uuid: "nonsense"')
    equal(link.ask("claim"), "nothing")
    equal(backend(owner), before)
    equal(link.end(), 0)


@test
def a_statement_that_waits_for_a_lock_too_long_is_refused(room):
    owner, api, link = start(room)
    ident = api.put("etl")["component"]
    fence = link.ask("claim").split()[2]
    owner.run("BEGIN")
    owner.run("SELECT 1 FROM component FOR UPDATE")
    equal(link.ask(f"record {ident} {fence}"), "failed unavailable the"
          " database refused: canceling statement due to lock timeout")
    owner.run("ROLLBACK")
    equal(link.ask("claim"), "nothing")
    equal(link.end(), 0)


@test
def after_its_backend_died_the_next_run_connects_again(room):
    owner, _, link = start(room)
    equal(link.ask("claim"), "nothing")
    for _ in range(3):
        before = backend(owner)
        owner.run("SELECT pg_terminate_backend($1)", before)
        within(lambda: owner.one("SELECT count(*) FROM pg_stat_activity"
                                 " WHERE pid = $1", before) == "0")
        away(link.ask("claim"))
        equal(link.ask("claim"), "nothing")
        assert backend(owner) != before
    equal(link.end(), 0)


@test
def a_server_that_falls_silent_hangs_nobody(room):
    owner, _, link = start(room)
    equal(link.ask("claim"), "nothing")
    before = backend(owner)
    os.kill(before, signal.SIGSTOP)
    try:
        assert "no answer in time" in away(link.ask("claim"))
        equal(link.ask("claim"), "nothing")
    finally:
        os.kill(before, signal.SIGCONT)
    equal(link.end(), 0)


@test
def a_wait_ends_with_a_notify_the_time_or_the_descriptor(room):
    owner, _, link = start(room)
    # Whoever begins to listen may have missed some: he is to look once.
    equal(link.ask("wait 60000"), "notified")
    equal(link.ask("wait 10"), "over")
    equal(link.ask("wait 60000 fd"), "over")
    # Of one commit, so that they arrive together: one wait takes them all.
    owner.run("SELECT pg_notify('roaster_wake', n::text)"
              " FROM generate_series(1, 3) AS n")
    equal(link.ask("wait 60000"), "notified")
    owner.run("NOTIFY roaster_event")
    equal(link.ask("wait 100"), "over")
    owner.run("NOTIFY roaster_wake")
    equal(link.ask("claim"), "nothing")
    equal(link.ask("wait 60000"), "notified")
    link.send("wait 60000")
    within(lambda: not link.lines)
    owner.run("NOTIFY roaster_wake")
    within(lambda: link.lines)
    equal(link.lines, ["notified"])
    equal(link.end(), 0)


@test
def a_wait_says_that_the_server_went_and_wakes_after_it_came_back(room):
    owner, _, link = start(room)
    equal(link.ask("wait 60000"), "notified")
    before = backend(owner)
    link.send("wait 60000")
    owner.run("SELECT pg_terminate_backend($1)", before)
    within(lambda: link.lines)
    away(link.lines.pop())
    equal(link.ask("wait 60000"), "notified")
    equal(link.ask("wait 10"), "over")
    equal(link.end(), 0)
