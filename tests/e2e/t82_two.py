#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two appliers on one database: whichever is killed, and when, all goes on, and
never do two helms meet; one that stood still and goes on later has no say."""
import json
import os
import signal
import time

import kinds
import procs
import spark
import trino
from component import succeeded
from crash import Victim, applier, lines
from harness import equal, main, one, psql, test, wait_until
from killing import Kills, Rollout, UPGRADE
from second import Overlap, Second
from stepped import catch, phase

APART = True  # it kills what all need

STILL_S = 60

SECOND = Second()
OVERLAP = Overlap()
KILLS = Kills("crash of one of two")


class Both:
    """Around the kills."""
    title = "two appliers"
    begin = None  # number of the last event before them

    @test
    def they_run_beside_each_other(self):
        equal(len({applier(), SECOND()}), 2)
        Both.begin = one("SELECT coalesce(max(id), 0) FROM event")
        OVERLAP.begin()


class Met:
    title = "two appliers"

    @test
    def both_worked_and_never_two_helms_for_one_release(self):
        OVERLAP.end()
        equal(OVERLAP.found, [])
        nodes = dict(psql("SELECT e.actor, count(*) FROM event e JOIN"
                          " server_node n ON n.id = e.actor WHERE e.id >"
                          " :'begin'::bigint GROUP BY 1", begin=Both.begin))
        print(f"# steps recorded by each: {sorted(nodes.values())}",
              flush=True)
        equal(len(nodes), 2, nodes)


class Paused:
    """The supervisor's applier stands still, as on a machine that sleeps: for
    one component with the helm that it runs, for another without."""
    title = "applier that stood still"

    def __init__(self):
        self.pid = None
        self.stopped_s = 0
        self.idents = {}
        self.helms = {}
        self.with_helm = Victim(spark.KIND, "paused-helm")
        self.without = Victim(trino.KIND, "paused")
        self.homes = (self.with_helm, self.without)

    def change_all(self, word):
        self.idents = {home: home.change(word) for home in self.homes}

    def catch_all(self):
        """Their helms, which are all of one applier: the other one is away
        for this moment."""
        SECOND.end()
        for home in self.homes:
            self.idents[home] = home.change("STILL")
            self.helms[home] = catch(*self.where(home))
        SECOND.start()

    def where(self, home):
        return home.namespace, home.release(), self.idents[home]

    def claims(self):
        """(component, node, fence) of both."""
        return psql("SELECT component, claimed_by, fence FROM component_status"
                    " WHERE fence IS NOT NULL AND component IN (SELECT id FROM"
                    " component WHERE namespace IN (:'one', :'other'))"
                    " ORDER BY 1", one=self.homes[0].namespace,
                    other=self.homes[1].namespace)

    def history(self):
        """All that was recorded of their operations."""
        return [psql("SELECT o.id, o.state, o.started_at, o.ended_at, e.id,"
                     " e.to_state, e.actor FROM operation o LEFT JOIN event e"
                     " ON e.operation = o.id WHERE o.namespace = :'name'"
                     " ORDER BY e.id", name=home.namespace)
                for home in self.homes]

    @test
    def it_is_stopped_with_a_helm_in_the_middle_of_an_upgrade(self):
        self.change_all("FIRST")
        for ident in self.idents.values():
            succeeded(ident)
        self.catch_all()
        helm = self.helms[self.with_helm]
        assert helm.reaches(
            lambda: phase(*self.where(self.with_helm)) == UPGRADE)
        self.pid = applier()
        equal({helm.applier for helm in self.helms.values()}, {self.pid})
        self.held = self.claims()
        equal([len(self.held), len({row[1] for row in self.held})], [2, 1])
        os.kill(self.pid, signal.SIGSTOP)
        self.stopped_s = time.monotonic()

    @test
    def a_helm_that_goes_on_without_it_ends_its_work(self):
        helm = self.helms[self.without]
        helm.go()
        wait_until(lambda: not procs.is_alive(helm.pid), what="its end")
        equal(phase(*self.where(self.without)), "deployed")

    @test
    def the_other_applier_takes_over_once_the_leases_are_lost(self):
        begin = time.monotonic()
        for ident in self.idents.values():
            succeeded(ident)
        print(f"# after {time.monotonic() - begin:.0f} s, of which 30 s are"
              " the lease and 10 s its grace", flush=True)
        still, = {row[1] for row in self.held}
        for home, rows in zip(self.homes, self.history()):
            actors = [row[-1] for row in rows
                      if row[0] == self.idents[home]]
            assert still in actors[:-1] and actors[-1] != still, actors
        assert procs.is_alive(self.helms[self.with_helm].pid)

    @test
    def when_it_goes_on_its_helm_ends_and_its_results_are_rejected(self):
        wait_until(lambda: self.stood_s() >= STILL_S, what="a minute")
        print(f"# it stood still for {self.stood_s():.0f} s", flush=True)
        before = self.history()
        os.kill(self.pid, signal.SIGCONT)
        wait_until(lambda: not procs.is_alive(self.helms[self.with_helm].pid),
                   what="end of its helm")
        rejected = {(component, int(fence))
                    for component, _, fence in self.held}
        wait_until(lambda: self.rejections() >= rejected,
                   what=lambda: (self.rejections(), rejected))
        equal(self.history(), before)

    def stood_s(self):
        return time.monotonic() - self.stopped_s

    def rejections(self):
        return {(event["component"], event["fence"])
                for event in map(json.loads, lines())
                if event["event"] == "step_not_recorded"}

    @test
    def both_components_run_deployed_once(self):
        for home in self.homes:
            home.is_as_posted()
            home.deployed_once()
            home.events_are_a_chain()

    @test
    def both_appliers_work_on(self):
        equal(applier(), self.pid)
        self.change_all("AFTER")
        for home, ident in self.idents.items():
            succeeded(ident)
            home.is_as_posted()
            equal(home.ended_once(), 3)

    def end(self):
        for home in self.homes:
            home.end()
        SECOND.end()


STORIES = [Both(), *(Rollout(kind, KILLS, SECOND.replaced) for kind in kinds.ALL),
           KILLS, Met(), Paused()]


if __name__ == "__main__":
    main()
