# SPDX-License-Identifier: Apache-2.0
"""Components that are changed while something is killed, and what must hold
after that."""
import kube
import procs
from component import Home
from harness import DEV, equal, psql, wait_until

RECOVER_S = 60
LOGS = ("roasterd.log", "second.log")  # of the supervisor; of a second applier


class Victim(Home):
    """It knows the word of its last change."""
    word = None

    def change(self, word):
        """Post the document with another word; the operation's id."""
        self.word = word
        return self.accepted(*self.kind.change(word))

    def is_as_posted(self):
        """It runs what was posted last, by one deployed revision, which the
        last operation made."""
        found = self.component()
        equal((found["state"], found["ready"], found["observed_generation"]),
              ("Running", self.kind.wanted, found["generation"]))
        equal(self.kind.shows(self), {self.word})
        for release in self.releases():
            equal(len(kube.deployed(self.namespace, release)), 1, release)
            equal(self.status(release), "deployed", release)
        newest = kube.revisions(self.namespace, self.release())[-1]
        equal(newest["roaster-op"], found["operation"]["id"])
        nothing_is_left()
        equal([row for row in self.operations()
               if row[1] in ("queued", "running")], [])

    def status(self, release):
        """Of its newest revision; None without one."""
        labels = kube.revisions(self.namespace, release)
        return labels[-1]["status"] if labels else None

    def ended_once(self):
        """Every operation was ended by one word and with success."""
        rows = psql("SELECT id, state, ended_at IS NULL FROM operation WHERE"
                    " namespace = :'name'", name=self.namespace)
        equal({row[1:] for row in rows}, {("succeeded", "f")})
        log = lines()
        for ident, *_ in rows:
            ends = sum('"event":"operation_ended"' in line and ident in line
                       for line in log)
            assert ends <= 1, (ident, ends)
        return len(rows)

    def deployed_once(self):
        """No operation made two revisions. A rollback does not count: helm
        copies the labels of the revision that it goes back to."""
        for name in self.releases():
            stamps = []
            for label in kube.revisions(self.namespace, name):
                told = kube.release(self.namespace, name,
                                    label["version"])["info"]["description"]
                if (label["status"] in ("deployed", "superseded") and
                        not told.startswith("Rollback")):
                    stamps.append(label["roaster-op"])
            equal(len(stamps), len(set(stamps)), stamps)

    def events_are_a_chain(self):
        """And it ends where the state is."""
        found = self.component()
        rows = psql("SELECT from_state, to_state FROM event WHERE component ="
                    " :'id' ORDER BY id", id=found["id"])
        for earlier, later in zip(rows, rows[1:]):
            equal(earlier[1], later[0], rows)
        equal(rows[-1][1], found["state"])


def lines():
    """What all appliers logged."""
    return [line for name in LOGS if (DEV / name).exists()
            for line in (DEV / name).read_text().splitlines()]


def nothing_is_left():
    """No helm, no zombie, no file of a helm."""
    wait_until(lambda: not procs.helms(), what=lambda: procs.helms())
    zombies = [pid for pid in procs.descendants(procs.supervisor())
               if procs.state(pid) == "Z"]
    equal(zombies, [], "zombies")
    helm = DEV / "state/helm"
    left = [path for path in helm.rglob("*") if path.is_file() and
            path != helm / "no-cache"]
    left += list((DEV / "state").glob("*.[0-9]*"))
    equal(left, [], "temporary files")


def applier():
    return wait_until(lambda: procs.child("apply"), what="an applier")


def kill_applier(pid):
    """With SIGKILL; the helm that it ran dies with it, another one comes."""
    helms = [helm for helm in procs.helms() if procs.parent(helm) == pid]
    procs.kill(pid)
    wait_until(lambda: not any(map(procs.is_alive, helms)),
               what="end of its helms")
    replaced(pid)


def replaced(pid):
    """Wait until the supervisor has another one."""
    wait_until(lambda: procs.child("apply") not in (None, pid),
               what="another applier")
