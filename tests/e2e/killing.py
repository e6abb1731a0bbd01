# SPDX-License-Identifier: Apache-2.0
"""An applier that is killed at every moment of a helm: of one, and of two."""
import collections
import os
import signal

import procs
from component import succeeded
from crash import Victim, nothing_is_left, replaced
from harness import equal, psql, test, wait_until
from stepped import BEFORE, catch, phase

TRIES = 8  # helm may end within a step
INSTALL, UPGRADE = "pending-install", "pending-upgrade"
ROLLBACK, UNINSTALL = "pending-rollback", "uninstalling"


class Kills(collections.Counter):
    """How often, by what helm was at."""
    WANTED = (BEFORE, INSTALL, UPGRADE)

    def __init__(self, title):
        super().__init__()
        self.title = title
        self.open = []  # in the supervisor, after each

    def add(self, moment):
        self[moment] += 1
        self.open.append(procs.descriptors(procs.supervisor()))

    @test
    def each_moment_was_hit_three_times_and_more_and_ten_in_all(self):
        print("# appliers killed while helm was at: " + ", ".join(
            f"{moment} {count}" for moment, count in self.items()), flush=True)
        assert all(self[moment] >= 3 for moment in self.WANTED), self
        assert sum(self[moment] for moment in self.WANTED) >= 10, self

    @test
    def the_supervisor_has_no_descriptor_more_than_after_the_first(self):
        equal(self.open[-1], self.open[0])


class Rollout:
    """${replaced} waits until there is another applier in the place of one
    that was killed."""

    def __init__(self, kind, kills, replaced=replaced):
        self.kind = kind
        self.title = f"{kills.title} with {kind.name}"
        self.home = Victim(kind, "crash")
        self.kills = kills
        self.replaced = replaced
        self.count = 0

    def hit(self, wanted, release, ask):
        """Kill the applier while its helm is at ${wanted}, in the operation
        that is under way or that ${ask} begins; the operation."""
        for _ in range(TRIES):
            ident = self.under_way() or ask()
            if self.was_hit(wanted, release, ident):
                return ident
            succeeded(ident)
        raise AssertionError(f"{release} never hit while {wanted}")

    def under_way(self):
        rows = psql("SELECT id FROM operation WHERE namespace = :'name' AND"
                    " state IN ('queued', 'running')",
                    name=self.home.namespace)
        return rows[0][0] if rows else None

    def was_hit(self, wanted, release, ident):
        where = self.home.namespace, release, ident
        helm = catch(*where)
        while helm and not helm.reaches(lambda: phase(*where) == wanted):
            helm = catch(*where)  # a repair is one helm and then another
        if not helm:
            return False
        helm.go()  # the kernel itself ends one that is stopped, and orphaned
        os.kill(helm.applier, signal.SIGKILL)
        wait_until(lambda: not procs.is_alive(helm.pid), what="end of helm")
        self.replaced(helm.applier)
        found = phase(*where)
        self.kills.add(found)
        return found == wanted

    def create(self):
        if self.home.component():
            self.home.deleted()
        return self.change()

    def change(self):
        self.count += 1
        return self.home.change(f"KILL{self.count}")

    @test
    def killed_while_helm_installs_it_runs(self):
        for release in self.home.releases():
            self.hit(BEFORE, release, self.create)
            ident = self.hit(INSTALL, release, self.create)
        succeeded(ident)
        self.home.is_as_posted()

    @test
    def killed_while_helm_upgrades_and_repairs_that_it_runs(self):
        self.hit(BEFORE, self.home.release(), self.change)
        self.begin_upgrade()
        succeeded(self.hit(ROLLBACK, self.home.release(), self.begin_upgrade))
        self.home.is_as_posted()

    def begin_upgrade(self):
        return self.hit(UPGRADE, self.home.release(), self.change)

    @test
    def operations_events_and_revisions_are_whole(self):
        assert self.home.ended_once() >= 2
        self.home.deployed_once()
        self.home.events_are_a_chain()

    def end(self):
        self.home.end()


class Removal(Rollout):
    """The same, and it is deleted after that."""

    def delete(self):
        if not self.home.component():
            succeeded(self.change())
        return self.home.delete()

    @test
    def killed_while_helm_uninstalls_it_is_gone(self):
        for release in self.home.releases()[::-1]:
            ident = self.hit(UNINSTALL, release, self.delete)
        succeeded(ident)
        equal(self.home.inhabitants(), sorted(self.kind.kept))
        nothing_is_left()

    @test
    def after_all_that_it_runs(self):
        succeeded(self.change())
        self.home.is_as_posted()
        self.home.ended_once()
