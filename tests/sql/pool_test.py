# SPDX-License-Identifier: Apache-2.0
"""db_pool against a real PostgreSQL: what is answered, when, and what is
stored then."""
import collections
import os
import signal

import world
from libpq import statement
from program import Program
from tap import equal, test, within

SLOTS = 5  # 1 read, 3 writes, 1 bell: as in pool_driver.c
RESTARTS = 5

# Refuses at the commit, after the row was returned.
LATE = """
CREATE OR REPLACE FUNCTION public.late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF new.target LIKE 'trino/ns/late%' THEN
    RAISE EXCEPTION 'too late' USING ERRCODE = 'RO409';
  END IF;
  RETURN NULL;
END $$;
"""
TRIGGER = ("CREATE CONSTRAINT TRIGGER late AFTER INSERT ON audit DEFERRABLE"
           " INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.late()")


def start(room):
    owner = room.session()
    world.wipe(owner)
    world.account(owner, "ann", digest=b"\1" * 32)
    pool = Program(room, "pool_driver", room.conninfo("roaster_api"))
    ready(pool)
    return owner, pool


def up(pool):
    """How many connections are ready."""
    state = {}
    for line in pool.answers("log"):
        event, slot = line.split()[:2]
        if event in ("ready", "lost"):
            state[slot] = event
    return list(state.values()).count("ready")


def ready(pool):
    within(lambda: up(pool) == SLOTS)


def stored(owner):
    return {row[0] for row in owner.run("SELECT name FROM component")}


def outcomes(pool, word="put"):
    """name: outcome; each name is answered once."""
    rows = [line.split()[:2] for line in pool.answers(word)]
    names = collections.Counter(name for name, _ in rows)
    equal([name for name, count in names.items() if count > 1], [])
    return dict(rows)


def finish(pool):
    equal(pool.end(), 0)


@test
def a_pool_prepares_listens_reads_and_writes(room):
    owner, pool = start(room)
    equal(pool.answers("notified"), ["(listening)"])
    pool.send("put a", "get a")
    within(lambda: len(outcomes(pool)) == 1 and len(outcomes(pool, "get")) == 1)
    equal(pool.answers("put"), ["a DONE created"])
    pool.send("get a")
    within(lambda: len(pool.answers("get")) == 2)
    ident = owner.one("SELECT id FROM component")
    equal(pool.answers("get")[-1], f"a DONE {ident}")
    # The wake-up that follows a write reaches who listens, himself too.
    within(lambda: len(pool.answers("notified")) > 1)
    finish(pool)


@test
def roles_and_paths_of_the_connections_are_ours(room):
    owner, pool = start(room)
    equal(owner.run("SELECT DISTINCT usename FROM pg_stat_activity WHERE"
                    " application_name = 'pool_driver'"), [("roaster_api",)])
    finish(pool)


@test
def a_commit_that_fails_is_refused_and_its_neighbours_are_not(room):
    owner, pool = start(room)
    owner.run(LATE)
    owner.run(TRIGGER)
    try:
        good, bad = set(), set()
        for n in range(40):
            names = [f"late{n}a", f"good{n}a", f"late{n}b", f"good{n}b",
                     f"good{n}c"]
            pool.send(*[f"put {name}" for name in names])
            good |= {name for name in names if name.startswith("good")}
            bad |= {name for name in names if name.startswith("late")}
            within(lambda: len(outcomes(pool)) == len(good) + len(bad))
    finally:
        owner.run("DROP TRIGGER late ON audit")
    got = outcomes(pool)
    equal({got[name] for name in good}, {"DONE"})
    equal({got[name] for name in bad}, {"REFUSED"})
    equal({line for line in pool.answers("put") if "late" in line},
          {f"{name} REFUSED RO409" for name in bad})
    equal(stored(owner), good)
    finish(pool)


@test
def the_calls_of_a_request_are_one_transaction(room):
    owner, pool = start(room)
    owner.run(LATE)
    owner.run(TRIGGER)
    try:
        pool.send("pair a late1", "pair late2 b", "pair c d")
        within(lambda: len(outcomes(pool, "pair")) == 3)
    finally:
        owner.run("DROP TRIGGER late ON audit")
    equal(outcomes(pool, "pair"),
          {"a": "REFUSED", "late2": "REFUSED", "c": "DONE"})
    equal(stored(owner), {"c", "d"})
    finish(pool)


@test
def what_is_dropped_is_not_answered_and_harms_nobody(room):
    owner, pool = start(room)
    sent = [f"{'drop' if n % 2 else 'put'} n{n}" for n in range(60)]
    pool.send(*sent)
    within(lambda: len(outcomes(pool)) == 30)
    equal(set(outcomes(pool).values()), {"DONE"})
    equal(pool.answers("drop"), [])
    pool.send("put last")
    within(lambda: "last" in outcomes(pool))
    finish(pool)
    # Those that were sent at once still ran; those that waited did not.
    dropped = {name for name in stored(owner)
               if name != "last" and int(name[1:]) % 2}
    assert 0 < len(dropped) < 30, dropped


@test
def a_full_queue_refuses_at_once(room):
    owner, pool = start(room)
    owner.run("BEGIN")
    owner.run("LOCK TABLE component")
    pool.send(*[f"put n{n}" for n in range(100)])
    # 6 in flight (3 connections, 2 deep) and 64 that wait have room.
    within(lambda: len([line for line in pool.answers("put")
                        if "UNSENT too_many_requests" in line]) == 30)
    owner.run("ROLLBACK")
    within(lambda: len(outcomes(pool)) == 100)
    done = {name for name, outcome in outcomes(pool).items()
            if outcome == "DONE"}
    equal(len(done), 70)
    equal(stored(owner), done)
    finish(pool)


@test
def reads_do_not_wait_for_writes_that_do(room):
    owner, pool = start(room)
    pool.send("put a")
    within(lambda: "a" in outcomes(pool))
    owner.run("BEGIN")
    owner.run("SELECT 1 FROM component FOR UPDATE")
    pool.send(*["put a"] * 6)
    for n in range(1, 20):
        pool.send("get a")
        within(lambda: len(pool.answers("get")) == n)
    equal(len(pool.answers("put")), 1)
    owner.run("ROLLBACK")
    within(lambda: len(pool.answers("put")) == 7)
    finish(pool)


@test
def nobody_waits_for_all_before_him_to_be_given_up(room):
    owner, pool = start(room)
    owner.run("BEGIN")
    owner.run("LOCK TABLE component")
    # One after the other, each as long as a lock may take: over a minute.
    pool.send(*["get a"] * 68)
    within(lambda: len(pool.answers("get")) == 68, 20)
    owner.run("ROLLBACK")
    equal({line.split()[1] for line in pool.answers("get")},
          {"REFUSED", "UNAVAILABLE", "UNSENT"})
    ready(pool)
    pool.send("get b")
    within(lambda: len(pool.answers("get")) == 69)
    assert "DONE" in pool.answers("get")[-1]
    finish(pool)


@test
def a_pool_that_ends_with_work_in_flight_answers_all_of_it(room):
    owner, pool = start(room)
    owner.run("BEGIN")
    owner.run("LOCK TABLE component")
    pool.send(*[f"put n{n}" for n in range(20)], *["get x"] * 5)
    within(lambda: owner.one("SELECT count(*) FROM pg_locks WHERE NOT granted")
           == "4")
    finish(pool)
    got = outcomes(pool)
    owner.run("ROLLBACK")
    equal(collections.Counter(got.values()), {"UNKNOWN": 6, "UNSENT": 14})
    equal(pool.answers("get"), ["x UNAVAILABLE "] * 4 + ["x UNSENT "])


def blocked(owner):
    """The one backend that waits for a lock."""
    return within(lambda: owner.run("SELECT pid FROM pg_locks"
                                    " WHERE NOT granted"))[0][0]


def terminate(owner, pid):
    owner.run("SELECT pg_terminate_backend($1)", pid)
    within(lambda: not owner.run(
        "SELECT 1 FROM pg_stat_activity WHERE pid = $1", pid))


@test
def a_write_is_of_unknown_fate_when_its_backend_dies_a_read_is_not(room):
    owner, pool = start(room)
    holder = room.session()
    holder.run("BEGIN")
    holder.run("LOCK TABLE component")
    pool.send("put a")
    terminate(owner, blocked(owner))
    within(lambda: outcomes(pool))
    equal(pool.answers("put"), ["a UNKNOWN "])
    pool.send("get a")
    terminate(owner, blocked(owner))
    within(lambda: outcomes(pool, "get"))
    equal(pool.answers("get"), ["a UNAVAILABLE "])
    holder.run("ROLLBACK")
    equal(stored(owner), set())
    finish(pool)


@test
def an_answer_that_came_before_the_connection_died_counts(room):
    owner, pool = start(room)
    owner.run("BEGIN")
    owner.run("LOCK TABLE component")
    pool.send("put a")
    pid = blocked(owner)
    pool.process.send_signal(signal.SIGSTOP)
    try:
        owner.run("ROLLBACK")
        within(lambda: stored(owner))
        terminate(owner, pid)
    finally:
        pool.process.send_signal(signal.SIGCONT)
    within(lambda: outcomes(pool))
    equal(pool.answers("put"), ["a DONE created"])
    finish(pool)


def load(pool, rounds, disturb):
    """Keep 24 puts in flight; ${disturb} in the middle of each 200."""
    sent = 0
    for n in range(rounds):
        goal = len(outcomes(pool)) + 200
        disturbed = False
        while len(outcomes(pool)) < goal or up(pool) < SLOTS:
            answered = len(outcomes(pool))
            more = [f"put n{sent + i}" for i in range(24 - (sent - answered))]
            sent += len(more)
            if more:
                pool.send(*more)
            if answered >= goal - 100 and not disturbed:
                disturb(n)
                disturbed = True
            within(lambda: len(pool.answers("put")) > answered)
    within(lambda: len(outcomes(pool)) == sent)


def judge(owner, pool):
    got = outcomes(pool)
    done = {name for name, outcome in got.items() if outcome == "DONE"}
    maybe = {name for name, outcome in got.items() if outcome == "UNKNOWN"}
    have = stored(owner)
    equal(done - have, set())
    equal(have - done - maybe, set())
    equal(set(got.values()) - {"DONE", "UNKNOWN", "UNSENT", "UNAVAILABLE"},
          set())
    return len(done), len(maybe)


@test
def each_backend_that_is_terminated_comes_back(room):
    owner, pool = start(room)
    backends = ("SELECT pid FROM pg_stat_activity"
                " WHERE application_name = 'pool_driver' ORDER BY backend_start")

    def each(_):
        for pid, in owner.run(backends):
            terminate(owner, pid)
            within(lambda: len(owner.run(backends)) == SLOTS)

    load(pool, 3, each)
    ready(pool)
    listening = pool.answers("notified").count("(listening)")
    equal(listening, 4)
    heard = len(pool.answers("notified"))
    owner.run("NOTIFY roaster_wake")
    within(lambda: len(pool.answers("notified")) > heard)
    done, _ = judge(owner, pool)
    assert done > 300, done
    finish(pool)


@test
def no_write_that_was_acknowledged_is_lost_by_a_crash_of_the_server(room):
    _, pool = start(room)
    server = room.server

    def crash(_):
        server.stop(signal.SIGQUIT)
        server.start()

    load(pool, RESTARTS, crash)
    with room.session() as owner:
        done, maybe = judge(owner, pool)
    print(f"# {RESTARTS} crashes: {done} acknowledged, all stored;"
          f" {maybe} of unknown fate")
    finish(pool)


@test
def a_backend_that_falls_silent_is_given_up(room):
    owner, pool = start(room)
    pool.send("put a", "get a")
    within(lambda: pool.answers("get"))
    pid = int(owner.one(
        "SELECT pid FROM pg_stat_activity WHERE starts_with($1, query)"
        " AND application_name = 'pool_driver'", statement("component_get")))
    os.kill(pid, signal.SIGSTOP)
    try:
        pool.send("get b")
        within(lambda: len(pool.answers("get")) == 2)
        equal(pool.answers("get")[1], "b UNAVAILABLE ")
        within(lambda: any("no answer in time" in line
                           for line in pool.answers("log")))
        ready(pool)
        pool.send("get a")
        within(lambda: len(pool.answers("get")) == 3)
        assert "DONE" in pool.answers("get")[2]
    finally:
        os.kill(pid, signal.SIGCONT)
    finish(pool)


@test
def without_a_server_requests_are_refused_until_it_is_back(room):
    _, pool = start(room)
    room.server.stop()
    within(lambda: up(pool) == 0)
    try:
        pool.send("put a", "get a")
        within(lambda: pool.answers("put") and pool.answers("get"))
    finally:
        room.server.start()
    equal(pool.answers("put"), ["a UNSENT "])
    equal(pool.answers("get"), ["a UNSENT "])
    ready(pool)
    pool.send("put b")
    within(lambda: "b" in outcomes(pool))
    equal(outcomes(pool)["b"], "DONE")
    finish(pool)


def tries(pool):
    """How often the connection was lost that is tried alone."""
    return sum(line.startswith("lost 0 ") for line in pool.answers("log"))


@test
def who_asks_when_the_server_is_back_is_never_refused(room):
    _, pool = start(room)
    room.server.stop()
    # By now it looks for the server once in 1.5 s.
    try:
        within(lambda: tries(pool) > 5)
    finally:
        room.server.start()
    pool.send("put a", "get a")
    within(lambda: pool.answers("put") and pool.answers("get"))
    equal(pool.answers("put"), ["a DONE created"])
    equal(pool.answers("get")[0].split()[:2], ["a", "DONE"])
    ready(pool)
    finish(pool)


@test
def a_schema_that_does_not_fit_is_said_and_waited_for(room):
    owner, pool = start(room)
    finish(pool)
    owner.run("ALTER TABLE counter RENAME TO counter_away")
    pool = Program(room, "pool_driver", room.conninfo("roaster_api"))
    try:
        within(lambda: any(line.startswith("refused 0 ") and "counter" in line
                           for line in pool.answers("log")))
    finally:
        owner.run("ALTER TABLE counter_away RENAME TO counter")
    ready(pool)
    finish(pool)
