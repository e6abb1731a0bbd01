#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Killed at any moment, alone or with everything, it ends where it was to go:
Running, with one deployed revision, and every operation ended once."""
import time

import kube
import procs
import trino
from harness import (DEV, api, equal, login, main, one, psql, test,
                     wait_until, world)

HOME = trino.Home("crash")
TRIES = 8
MOMENTS_MS = (0, 60, 150)
FIRST_S = 5  # from a post to helm's first write
RECOVER_S = 60
LEVEL = "io.trino=INFO"  # a line that each change writes anew
EXPECTED = {}  # the bytes of log.properties that the last post asked for


def change(level):
    """Post the document with another log level; the operation's id."""
    EXPECTED["line"] = f"io.trino={level}\n".encode()
    return HOME.accepted((LEVEL, f"io.trino={level}"))


def is_as_posted():
    """It runs what was posted last, by one deployed revision."""
    found = trino.component(HOME.namespace)
    equal((found["state"], found["ready"], found["observed_generation"]),
          ("Running", 3, found["generation"]))
    HOME.revision()
    for role in kube.ROLES:
        for pod in kube.pods(HOME.namespace, role):
            equal(kube.mounted(pod)["/etc/trino/log.properties"],
                  EXPECTED["line"], role)
    equal(kube.revisions(HOME.namespace, "etl")[-1]["status"], "deployed")
    nothing_is_left()


def nothing_is_left():
    """No helm and no zombie; operations have ended."""
    wait_until(lambda: not procs.helms(), 5, lambda: procs.helms())
    zombies = [pid for pid in procs.descendants(procs.supervisor())
               if procs.state(pid) == "Z"]
    equal(zombies, [], "zombies")
    equal(psql("SELECT id, state FROM operation WHERE namespace = :'name'"
               " AND state IN ('queued', 'running')", name=HOME.namespace), [])


def status():
    """Of the newest revision; None without one."""
    labels = kube.revisions(HOME.namespace, "etl")
    return labels[-1]["status"] if labels else None


def applier():
    return wait_until(lambda: procs.child("apply"), 10, "an applier")


def kill_applier(pid):
    """With SIGKILL; the helm that it ran dies with it, another one comes."""
    procs.kill(pid)
    wait_until(lambda: not procs.helms(), 2, "end of its helm")
    wait_until(lambda: procs.child("apply") not in (None, pid), 10,
               "another applier")


def hit(wanted, prepare):
    """Do ${prepare}, which posts, until the applier was killed while the
    newest revision was ${wanted}; the operation's id."""
    for number in range(TRIES):
        pid = applier()
        ident = prepare(number)
        end = time.monotonic() + FIRST_S
        while status() != wanted and time.monotonic() < end:
            pass  # it is like that for some 100 ms
        kill_applier(pid)
        if status() == wanted:
            return ident
        trino.ended(ident, RECOVER_S)
    raise AssertionError(f"never hit while {wanted} in {TRIES} tries")


@test
def the_applier_killed_while_helm_installs():
    def create(number):
        if number > 0:
            trino.delete(name="etl", namespace=HOME.namespace)
            trino.absent(HOME.namespace)
        return change("WARN")

    trino.succeeded(hit("pending-install", create), RECOVER_S)
    is_as_posted()


@test
def the_applier_killed_while_helm_upgrades():
    ident = hit("pending-upgrade", lambda n: change(f"UP{n}"))
    trino.succeeded(ident, RECOVER_S)
    is_as_posted()


@test
def the_applier_killed_at_other_moments():
    for moment in MOMENTS_MS:
        ident = change(f"MOMENT{moment}")
        time.sleep(moment / 1000)
        kill_applier(applier())
        trino.succeeded(ident, RECOVER_S)
        is_as_posted()


@test
def the_applier_killed_while_helm_uninstalls():
    for number in range(TRIES):
        pid = applier()
        ident, = trino.delete(name="etl", namespace=HOME.namespace)
        wait_until(lambda: procs.helms() or
                   trino.operation(ident)["state"] in trino.ENDED, 20)
        kill_applier(pid)
        was_hit = trino.operation(ident)["state"] not in trino.ENDED
        trino.succeeded(ident, RECOVER_S)
        equal(kube.inhabitants(HOME.namespace), [])
        nothing_is_left()
        trino.succeeded(change("AGAIN"))
        if was_hit:
            return
    raise AssertionError("helm was never seen uninstalling")


@test
def workers_of_the_api_killed_are_replaced():
    parent = procs.child("api")
    before = workers()
    assert len(before) >= 2, before
    ident = change("WORKERS")
    for pid in before:
        procs.kill(pid)
        wait_until(lambda: pid not in workers() and
                   len(workers()) == len(before), 10, "another worker")
        wait_until(answers, 10, "an answer")
    equal(procs.child("api"), parent)
    trino.succeeded(ident, RECOVER_S, patient=True)
    is_as_posted()


def workers():
    return [pid for pid in procs.children(procs.child("api"))
            if "[wrk" in " ".join(procs.argv(pid))]


def answers():
    """Whether all workers answer and have their database: which one takes a
    connection is chance."""
    try:
        return all(api("GET", "/readyz", timeout=2).status == 200
                   for _ in range(8))
    except OSError:
        return False


@test
def the_database_killed_comes_back():
    ident = change("DATABASE")
    pid = procs.child("postgres")
    procs.kill(pid)
    wait_until(lambda: procs.child("postgres") not in (None, pid), 10,
               "another postgres")
    wait_until(answers, 15, "readyz of all workers")
    trino.succeeded(ident, RECOVER_S)
    is_as_posted()


@test
def everything_killed_during_helm_and_started_again():
    env = (DEV / "env").read_text()
    ident = change("ALL")
    wait_until(procs.helms, 20, "a helm")
    pids = procs.descendants(procs.supervisor())
    assert len(pids) > 8, pids
    procs.kill(*pids)
    wait_until(lambda: not procs.helms(), 2, "end of all helms")
    world("up")
    equal((DEV / "env").read_text(), env)
    wait_until(answers, 15, "readyz of all workers")
    trino.succeeded(ident, RECOVER_S)
    is_as_posted()
    assert login()


@test
def the_supervisor_killed_takes_all_with_it():
    ident = change("SUPERVISOR")
    pids = procs.descendants(procs.supervisor())
    procs.kill(procs.supervisor())
    wait_until(lambda: not any(map(procs.is_alive, pids)), 30,
               lambda: [procs.argv(pid) for pid in pids
                        if procs.is_alive(pid)])
    world("up")
    wait_until(answers, 15, "readyz of all workers")
    trino.succeeded(ident, RECOVER_S)
    is_as_posted()


@test
def every_operation_has_ended_exactly_once():
    rows = psql("SELECT id, state FROM operation WHERE namespace = :'name'",
                name=HOME.namespace)
    assert len(rows) >= 10, rows
    equal({state for _, state in rows}, {"succeeded"})
    equal(one("SELECT count(*) FROM operation WHERE state IN ('succeeded',"
              " 'failed', 'superseded') AND ended_at IS NULL"), "0")
    log = (DEV / "roasterd.log").read_text()
    for ident, _ in rows:
        ends = sum('"event":"operation_ended"' in line and ident in line
                   for line in log.splitlines())
        assert ends <= 1, (ident, ends)


@test
def no_operation_was_deployed_twice():
    """A rollback does not count: helm copies the labels of the revision that
    it goes back to."""
    stamps = []
    for label in kube.revisions(HOME.namespace, "etl"):
        release = kube.release(HOME.namespace, "etl", label["version"])
        if (label["status"] in ("deployed", "superseded") and not
                release["info"]["description"].startswith("Rollback")):
            stamps.append(label["roaster-op"])
    equal(len(stamps), len(set(stamps)), stamps)


@test
def events_are_a_chain_that_ends_where_the_state_is():
    found = trino.component(HOME.namespace)
    rows = psql("SELECT from_state, to_state FROM event WHERE component ="
                " :'id' ORDER BY id", id=found["id"])
    for earlier, later in zip(rows, rows[1:]):
        equal(earlier[1], later[0], rows)
    equal(rows[-1][1], found["state"])


@test
def no_temporary_file_is_left():
    helm = DEV / "state/helm"
    left = [path for path in helm.rglob("*") if path.is_file() and
            path != helm / "no-cache"]
    left += list((DEV / "state").glob("*.[0-9]*"))
    equal(left, [])


def end():
    HOME.end()


if __name__ == "__main__":
    main()
