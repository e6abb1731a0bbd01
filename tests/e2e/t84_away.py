#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The API server of the cluster killed for a minute, and another cluster in
its place: states stay, why says so, nobody is asked too often and nothing is
done to somebody else's; with the old one back all goes on by itself."""
import collections
import time

import kinds
import kube
import procs
from component import Home, operation, succeeded
from harness import equal, main, one, psql, stays, test, wait_until
from standin import UNAVAILABLE, StandIn, control

APART = True  # it kills the cluster

OUTAGE_S = 60
WORD = "AWAY"
KUBE_SYSTEM = "/api/v1/namespaces/kube-system"
OTHER_UID = "00000000-0000-4000-8000-000000000000"


class Away:
    """Of all kinds one that runs; one is changed and one more is posted while
    the cluster is away."""
    title = "cluster away"

    def __init__(self):
        self.homes = [Home(kind, "away") for kind in kinds.ALL]
        self.later = Home(kinds.ALL[-1], "away-later")
        self.idents = []
        self.events = None
        self.standin = None
        self.begin = None

    def all(self):
        return [home for home in (*self.homes, self.later)
                if home.component()]

    def moves(self):
        """All changes of state."""
        return psql("SELECT e.id, e.from_state, e.to_state FROM event e JOIN"
                    " component c ON c.id = e.component WHERE e.from_state <>"
                    " e.to_state ORDER BY e.id")

    def all_say(self, word):
        for home in self.all():
            wait_until(lambda: word in home.component()["why"],
                       what=home.component)

    @test
    def all_kinds_run(self):
        for ident in [home.accepted() for home in self.homes]:
            succeeded(ident)

    @test
    def killed_and_busy_it_is_said_in_every_why(self):
        control("kill-api")
        self.begin = time.monotonic()
        self.standin = StandIn(lambda _: UNAVAILABLE)
        changed = self.homes[-1]
        self.idents = [changed.accepted(*changed.kind.change(WORD)),
                       self.later.accepted()]
        self.all_say("state is as last seen")
        equal([home.component()["state"] for home in self.all()],
              ["Running", "Running", "Updating", "Pending"])

    @test
    def no_watch_asks_more_than_once_a_second(self):
        self.standin.end()
        took = time.monotonic() - self.begin
        asked = collections.Counter(request.path for request in
                                    self.standin.requests if request.is_watch)
        print(f"# in {took:.0f} s {len(self.standin.requests)} requests, of"
              f" {len(asked)} watches {sorted(asked.values())}", flush=True)
        assert len(asked) >= 2 * len(self.homes), asked
        assert max(asked.values()) <= took, asked
        assert min(asked.values()) >= 2, asked

    @test
    def another_cluster_in_its_place_is_named_in_every_why(self):
        self.events = self.moves()
        self.standin = StandIn(another)
        first = self.homes[0]
        self.idents.append(first.accepted(*first.kind.change(WORD)))
        self.all_say("this is another cluster")
        for home in self.all():
            assert OTHER_UID in home.component()["why"], home.component()

    @test
    def nothing_is_done_to_it(self):
        equal(procs.helms(), [])
        self.standin.end()
        asked = {(request.method, request.path) for request in
                 self.standin.requests if not request.is_watch}
        equal(asked, {("GET", KUBE_SYSTEM)})
        equal({request.method for request in self.standin.requests}, {"GET"})
        moved = [row[1:] for row in self.moves()[len(self.events):]]
        equal(moved, [("Running", "Updating")])

    @test
    def for_the_rest_of_a_minute_without_a_listener_states_stay(self):
        events = self.moves()
        left = OUTAGE_S - (time.monotonic() - self.begin)
        stays(lambda: self.moves() == events, max(left, 1), "the states")
        self.all_say("state is as last seen")
        for ident in self.idents:
            assert operation(ident)["state"] in ("queued", "running"), ident

    @test
    def none_of_that_counts_as_time_to_start(self):
        counted = one("SELECT max(extract(epoch FROM observed_at - phase_at))"
                      " FROM component_status WHERE state IN ('Pending',"
                      " 'Updating')")
        assert float(counted) < OUTAGE_S / 2, counted

    @test
    def with_the_old_one_back_all_goes_on_by_itself(self):
        control("start-api")
        for ident in self.idents:
            succeeded(ident)
        for home in self.all():
            equal(home.reaches("Running")["ready"], home.kind.wanted)
            wait_until(lambda: "last seen" not in home.component()["why"] and
                       "another" not in home.component()["why"],
                       what=home.component)
        for home in (self.homes[0], self.homes[-1]):
            equal(home.kind.shows(home), {WORD})

    @test
    def what_nobody_changed_was_left_alone(self):
        home = self.homes[1]
        equal(home.component()["generation"], 1)
        equal(kube.deployed(home.namespace, home.release()), [1])
        equal(len(home.helms()), 1)

    def end(self):
        for home in self.all():
            home.end()


def another(request):
    """A cluster that says who it is, and shows that it is empty."""
    if request.is_watch:
        return 200, None
    if request.path == KUBE_SYSTEM:
        return 200, {"apiVersion": "v1", "kind": "Namespace",
                     "metadata": {"name": "kube-system", "uid": OTHER_UID}}
    return 403, {}


STORIES = [Away()]


if __name__ == "__main__":
    main()
