#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The applier killed at the worst moments: what it was at ends where it was to
go, with one deployed revision of each release, and every operation ends once.
"""
import kinds
from component import ENDED, operation, succeeded
from crash import RECOVER_S, Victim, applier, kill_applier, nothing_is_left
from harness import equal, main, test

ALONE = True  # it kills what all need

TRIES = 8


class Crash:
    def __init__(self, kind):
        self.kind = kind
        self.title = f"crash with {kind.name}"
        self.home = Victim(kind, "crash")

    def hit(self, wanted, release, ask):
        """Do ${ask}, which asks for something, until the applier was killed
        while the newest revision was ${wanted}; then that something ends."""
        is_hit = False
        for number in range(TRIES):
            pid = applier()
            ident = ask(number)
            if self.sees(wanted, release, ident):
                kill_applier(pid)
                is_hit = self.home.status(release) == wanted
            succeeded(ident, RECOVER_S)
            if is_hit:
                return
        raise AssertionError(f"{release} never hit while {wanted}")

    def sees(self, wanted, release, ident):
        """Whether it is like that before all is over: for some 100 ms."""
        while self.home.status(release) != wanted:
            if operation(ident)["state"] in ENDED:
                return False
        return True

    def create(self, _):
        if self.home.component():
            self.home.deleted()
        return self.home.change("INSTALL")

    def delete(self, _):
        if not self.home.component():
            succeeded(self.home.change("AGAIN"))
        return self.home.delete()

    @test
    def killed_while_helm_installs(self):
        for release in self.home.releases():
            self.hit("pending-install", release, self.create)
            self.home.is_as_posted()

    @test
    def killed_while_helm_upgrades(self):
        self.hit("pending-upgrade", self.home.release(),
                 lambda number: self.home.change(f"UPGRADE{number}"))
        self.home.is_as_posted()

    @test
    def operations_events_and_revisions_are_whole(self):
        assert self.home.ended_once() >= 2
        self.home.deployed_once()
        self.home.events_are_a_chain()

    @test
    def killed_while_helm_uninstalls(self):
        for release in self.home.releases()[::-1]:
            self.hit("uninstalling", release, self.delete)
            equal(self.home.inhabitants(), sorted(self.kind.kept))
            nothing_is_left()

    @test
    def after_all_that_it_runs(self):
        succeeded(self.home.change("AFTER"))
        self.home.is_as_posted()
        self.home.ended_once()

    def end(self):
        self.home.end()


STORIES = [Crash(kind) for kind in kinds.ALL]


if __name__ == "__main__":
    main()
