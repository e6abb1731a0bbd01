#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Any process killed at any moment, alone or together, while components of all
kinds change: each ends where it was to go."""
import time

import kinds
import procs
from component import succeeded
from crash import RECOVER_S, Victim, applier, kill_applier
from harness import DEV, api, equal, login, main, one, test, wait_until, world

ALONE = True  # it kills what all need

HOMES = [Victim(kind, "killed") for kind in kinds.ALL]
MOMENTS_MS = (0, 60, 150)


def change(word):
    """All of them; the operations."""
    return [home.change(word) for home in HOMES]


def all_as_posted(ids, patient=False):
    for ident in ids:
        succeeded(ident, RECOVER_S, patient)
    for home in HOMES:
        home.is_as_posted()


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
def the_applier_is_started_again():
    all_as_posted(change("FIRST"))
    for moment in MOMENTS_MS:
        ids = change(f"MOMENT{moment}")
        time.sleep(moment / 1000)
        kill_applier(applier())
        all_as_posted(ids)


@test
def workers_of_the_api_are_replaced():
    parent = procs.child("api")
    before = workers()
    assert len(before) >= 2, before
    ids = change("WORKERS")
    for pid in before:
        procs.kill(pid)
        wait_until(lambda: pid not in workers() and
                   len(workers()) == len(before), what="another worker")
        wait_until(answers, what="an answer")
    equal(procs.child("api"), parent)
    all_as_posted(ids, patient=True)


@test
def the_database_comes_back():
    ids = change("DATABASE")
    pid = procs.child("postgres")
    procs.kill(pid)
    wait_until(lambda: procs.child("postgres") not in (None, pid),
               what="another postgres")
    wait_until(answers, what="readyz of all workers")
    all_as_posted(ids)


@test
def everything_killed_during_helm_and_started_again_goes_on():
    env = (DEV / "env").read_text()
    ids = change("ALL")
    wait_until(procs.helms, what="a helm")
    pids = procs.descendants(procs.supervisor())
    assert len(pids) > 8, pids
    procs.kill(*pids)
    wait_until(lambda: not procs.helms(), what="end of all helms")
    world("up")
    equal((DEV / "env").read_text(), env)
    wait_until(answers, what="readyz of all workers")
    all_as_posted(ids)
    assert login()


@test
def the_supervisor_takes_all_with_it():
    ids = change("SUPERVISOR")
    pids = procs.descendants(procs.supervisor())
    procs.kill(procs.supervisor())
    wait_until(lambda: not any(map(procs.is_alive, pids)),
               what=lambda: [procs.argv(pid) for pid in pids
                        if procs.is_alive(pid)])
    world("up")
    wait_until(answers, what="readyz of all workers")
    all_as_posted(ids)


@test
def operations_events_and_revisions_are_whole():
    for home in HOMES:
        equal(home.ended_once(), 5 + len(MOMENTS_MS))
        home.deployed_once()
        home.events_are_a_chain()
    equal(one("SELECT count(*) FROM operation WHERE state IN ('succeeded',"
              " 'failed', 'superseded') AND ended_at IS NULL"), "0")


def end():
    for home in HOMES:
        home.end()


if __name__ == "__main__":
    main()
