#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A cluster that hangs: what cannot be seen is never taken for gone, and
nobody waits for it but a new component, which does for a moment."""
import os
import signal
import time

import kinds
import procs
from component import Home, operation, succeeded
from harness import DEV, api, equal, main, one, test, wait_until, world

ALONE = True  # it stops the cluster

HOMES = [Home(kind, "outage") for kind in kinds.ALL]
LATER = [Home(kind, "outage-later") for kind in kinds.ALL]
# Many times what it takes, and less than anyone waits for a cluster.
FAST_S = 8
HELD_S = 9  # a first look is waited for, three seconds at most
WORD = "OUTAGE"
FOUND = {}


def states(home):
    """The ways it went."""
    return one("SELECT string_agg(to_state, ' ' ORDER BY id) FROM event WHERE"
               " component = :'id'", id=home.component()["id"]).split()


def seconds(begin):
    return time.monotonic() - begin


def api_server():
    return int((DEV / "cluster/pid/kube-apiserver").read_text())


@test
def all_of_them_run():
    for ident in [home.accepted() for home in HOMES]:
        succeeded(ident)
    FOUND["states"] = [states(home) for home in HOMES]


@test
def with_a_cluster_that_hangs_the_api_is_as_fast_as_ever():
    os.kill(api_server(), signal.SIGSTOP)
    begin = time.monotonic()
    api("GET", "/readyz").expect(200)
    for kind in kinds.ALL:
        kind.list()
    FOUND["ids"] = [home.accepted(*home.kind.change(WORD)) for home in HOMES]
    assert seconds(begin) < FAST_S, seconds(begin)


@test
def a_new_component_is_held_for_a_moment_and_taken():
    for home in LATER:
        begin = time.monotonic()
        FOUND["ids"].append(home.accepted())
        assert seconds(begin) < HELD_S, (home.kind.name, seconds(begin))


@test
def no_state_changes_for_want_of_an_answer():
    for home, state in [(home, "Pending") for home in LATER] + [
            (home, "Updating") for home in HOMES]:
        wait_until(lambda: "last seen" in home.component()["why"],
                   what=home.component)
        equal(home.component()["state"], state)
    for home, before in zip(HOMES, FOUND["states"]):
        equal(states(home), before + ["Running", "Updating"])
        found = home.component()
        equal((found["ready"], found["wanted"]), (home.kind.wanted,) * 2)
    for ident in FOUND["ids"]:
        assert operation(ident)["state"] in ("queued", "running"), ident


@test
def once_the_cluster_answers_all_goes_on():
    os.kill(api_server(), signal.SIGCONT)
    for ident in FOUND["ids"]:
        succeeded(ident)
    for home in HOMES + LATER:
        equal(home.reaches("Running")["ready"], home.kind.wanted)
        home.revision()
    for home in HOMES:
        equal(home.kind.shows(home), {WORD})


@test
def stopped_in_order_during_helm_it_goes_on_after():
    ids = [home.accepted() for home in HOMES]
    wait_until(procs.helms, what="a helm")
    pid = procs.supervisor()
    pids = procs.descendants(pid)
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not any(map(procs.is_alive, pids)),
               what="an end within the time")
    equal(procs.helms(), [])
    world("up")
    for ident in ids:
        succeeded(ident)
    for home in HOMES:
        equal(home.reaches("Running")["ready"], home.kind.wanted)
        home.revision()


def end():
    os.kill(api_server(), signal.SIGCONT)
    for home in HOMES + LATER:
        home.end()


if __name__ == "__main__":
    main()
