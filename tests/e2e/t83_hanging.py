#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A helm that hangs, and does not even end when it is told to: its operation
fails in time and says why, and nobody else waits for it."""
import os
import signal
import time

import kinds
import procs
import trino
from component import Home, failed, operation, succeeded
from crash import nothing_is_left
from harness import api, equal, main, one, test, wait_until, world
from stepped import catch

APART = True  # it needs limits of its own

# 10 s for helm itself, 30 s until it is told to end, 20 s until it is killed:
# by then the time to start is over, and there is no other try.
LIMITS = {"ROASTER_HELM_TIMEOUT": "10", "ROASTER_START_TIMEOUT": "55"}
LISTS = 300


class Hanging:
    title = "hanging helm"

    def __init__(self):
        self.home = Home(trino.KIND, "hanging")
        self.others = [Home(kind, "beside") for kind in kinds.ALL]
        self.helm = self.ident = None

    def is_hanging(self):
        return procs.state(self.helm.pid) == "T"

    @test
    def a_helm_hangs(self):
        restart(LIMITS)
        print(f"# list without it: {lists_ms()}", flush=True)
        self.ident = self.home.accepted()
        self.helm = catch(self.home.namespace, self.home.release(), self.ident)
        assert self.is_hanging()

    @test
    def lists_are_answered_meanwhile(self):
        print(f"# list meanwhile: {lists_ms()}", flush=True)
        assert self.is_hanging()

    @test
    def others_are_made_changed_and_removed_meanwhile(self):
        for ident in [home.accepted() for home in self.others]:
            succeeded(ident)
        changed = self.others[-1]
        changed.runs(*changed.kind.change("MEANWHILE"))
        changed.deleted(delete_data="true")
        assert self.is_hanging()
        equal(operation(self.ident)["state"], "running")

    @test
    def its_operation_fails_and_names_helm_and_release(self):
        found = failed(self.ident)
        for part in (f"helm failed for release {self.home.release()}",
                     "helm did not end within its time limit"):
            assert part in found["error"], found
        print(f"# {found['error']}", flush=True)
        component = self.home.reaches("Error")
        equal(component["why"], found["error"])

    @test
    def it_was_killed_and_there_is_no_other(self):
        assert not procs.is_alive(self.helm.pid)
        line, = self.home.helms()
        equal((line["result"], line["status"]), ("killed", 128 + 9))
        nothing_is_left()

    @test
    def the_others_ended_before_it(self):
        late = one("SELECT count(*) FROM operation WHERE ended_at > (SELECT"
                   " ended_at FROM operation WHERE id = :'id')",
                   id=self.ident)
        equal(late, "0")

    @test
    def posted_again_it_runs(self):
        equal(self.home.runs()["ready"], self.home.kind.wanted)
        equal(self.home.revision(), 1)

    def end(self):
        for home in (self.home, *self.others):
            home.end()
        restart({})


def restart(settings):
    """All of roasterd, with these settings."""
    pid = procs.supervisor()
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not procs.is_alive(pid), what="an end in order")
    world("up", **settings)


def lists_ms():
    """How long lists took."""
    took = []
    for number in range(LISTS):
        kind = kinds.ALL[number % len(kinds.ALL)]
        begin = time.monotonic()
        api("GET", kind.path("list")).expect(200)
        took.append((time.monotonic() - begin) * 1000)
    took.sort()
    return (f"p50 {took[LISTS // 2]:.1f} ms, p99 {took[LISTS * 99 // 100]:.1f}"
            f" ms, longest {took[-1]:.1f} ms")


STORIES = [Hanging()]


if __name__ == "__main__":
    main()
