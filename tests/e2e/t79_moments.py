#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The applier killed at each moment that has a name: between what it does in the
cluster and what it writes down, where no signal from outside can be aimed."""
import concurrent.futures
import os
import signal

import failpoints
import kube
import metastore
import procs
from component import succeeded
from crash import Victim, applier
from harness import equal, main, one, psql, test, wait_until
from killing import INSTALL
from second import Failing, asleep
from stepped import catch, phase

APART = True  # and the first there: other components would hit the points too

NAMESPACE, SECRETS = 1, 2  # stages that are done
DATABASE, VOLUME = "mysql", metastore.VOLUME


class Mortal(Failing):
    """It is killed, and there is another one."""

    def dies(self):
        """And its helm with it, if there is one."""
        super().dies()
        wait_until(lambda: not procs.helms(), what="end of its helms")

    def passes(self, *moments):
        """The first of ${moments}, (name, look), is armed. It is killed at
        each, one after the other, after a look around."""
        names = [name for name, _ in moments]
        for (name, look), following in zip(moments, [*names[1:], None]):
            self.stops_at(name)
            look()
            if following:
                self.points.arm(following)
            self.dies()
            self.start()


FAILING = Mortal("failing")
HOME = Victim(metastore.KIND, "moments")


@test
def one_applier_with_failpoints_works_alone():
    wait_until(lambda: asleep(applier(), "component"),
               what="end of what other scenarios had")
    FAILING.begin()


# --- a look around -----------------------------------------------------------

def status():
    """(stage, whether it is claimed, of how many operations queued)."""
    (stage, claimed, queued), = psql(
        "SELECT s.stage, s.claimed_by IS NOT NULL, (SELECT count(*) FROM"
        " operation o WHERE o.component = c.id AND o.state = 'queued') FROM"
        " component c JOIN component_status s ON s.component = c.id WHERE"
        " c.namespace = :'name'", name=HOME.namespace)
    return int(stage), claimed == "t", int(queued)


def has_namespace():
    """(in the cluster, noted in the database, our rights in it)."""
    return (kube.get_namespace(HOME.namespace) is not None,
            one("SELECT count(*) FROM managed_namespace WHERE name = :'name'",
                name=HOME.namespace) == "1",
            kube.get("rolebindings", HOME.namespace,
                     "roaster-managed") is not None)


def password():
    return kube.secret(HOME.namespace, metastore.PASSWORDS)


def all_revisions():
    return {name: [label["status"] for label in
                   kube.revisions(HOME.namespace, name)]
            for name in HOME.releases()}


class Seen:
    """What was seen at one moment, to be seen again at the end."""
    password = None


def nothing_done():
    equal(status(), (0, True, 1))
    equal(has_namespace(), (False, False, False))


def claims_are_back():
    equal(status(), (0, False, 1))


def space_made():
    equal(status(), (0, True, 0))
    equal(has_namespace(), (True, False, False))


def rights_taken():
    equal(has_namespace(), (True, True, True))
    equal(one("SELECT count(*) FROM child"), "0")


def secret_written():
    equal(status(), (NAMESPACE, True, 0))
    Seen.password = password()
    equal(all(Seen.password.values()), True)


def helm_due():
    equal(status(), (SECRETS, True, 0))
    equal(all_revisions(), {DATABASE: [], HOME.name: []})
    equal(password(), Seen.password)


def helm_over():
    equal(status(), (SECRETS, True, 0))
    equal(all_revisions(), {DATABASE: ["deployed"], HOME.name: []})


def step_recorded():
    equal(status(), (SECRETS + 1, True, 0))


# --- the story of one component ----------------------------------------------

@test
def killed_at_each_moment_of_a_creation_it_runs():
    FAILING.points.arm("apply_claim_taken")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        asked = pool.submit(HOME.change, "FIRST")
        FAILING.passes(("apply_claim_taken", nothing_done),
                       ("apply_claims_back", claims_are_back),
                       ("apply_space_made", space_made),
                       ("apply_rights_taken", rights_taken),
                       ("apply_secret_written", secret_written),
                       ("apply_helm_due", helm_due),
                       ("apply_helm_over", helm_over),
                       ("apply_step_done", helm_over),
                       ("apply_step_recorded", step_recorded))
        succeeded(asked.result())
    HOME.is_as_posted()
    equal(password(), Seen.password)
    equal(all_revisions(), {DATABASE: ["deployed"], HOME.name: ["deployed"]})
    HOME.ended_once()
    HOME.events_are_a_chain()


def releases_gone():
    equal(all_revisions(), {DATABASE: [], HOME.name: []})
    found = [name for name in HOME.inhabitants()
             if name.startswith("secrets/")]
    assert len(found) > 1, found
    equal(HOME.component()["state"], "Deleting")


def rights_gone():
    equal(has_namespace(), (True, True, False))
    equal(HOME.inhabitants(), sorted(HOME.kind.kept))
    equal(HOME.component()["state"], "Deleting")


@test
def killed_at_each_moment_of_a_deletion_it_is_gone_and_its_data_are_kept():
    FAILING.points.arm("apply_releases_gone")
    ident = HOME.delete()
    FAILING.passes(("apply_releases_gone", releases_gone),
                   ("apply_rights_gone", rights_gone))
    succeeded(ident)
    equal(HOME.component(), None)
    equal(HOME.inhabitants(), sorted(HOME.kind.kept))
    equal(has_namespace(), (True, False, False))
    equal(password(), Seen.password)


def repaired():
    """The record of the install that was cut off is gone."""
    equal(all_revisions(), {DATABASE: [], HOME.name: []})


@test
def killed_between_a_repair_and_what_it_was_for_it_runs_with_its_data():
    ident = HOME.change("AGAIN")
    where = HOME.namespace, DATABASE, ident
    helm = catch(*where)
    assert helm.reaches(lambda: phase(*where) == INSTALL)
    FAILING.points.arm("apply_repair_done")
    helm.go()
    FAILING.dies()
    FAILING.start()
    FAILING.passes(("apply_repair_done", repaired))
    succeeded(ident)
    HOME.is_as_posted()
    equal(password(), Seen.password)
    HOME.ended_once()
    HOME.deployed_once()


def volumes_gone():
    equal(kube.get("persistentvolumeclaims", HOME.namespace, VOLUME), None)
    equal(has_namespace(), (True, True, True))
    equal(HOME.component()["state"], "Deleting")


@test
def killed_before_the_last_of_it_goes_nothing_is_left():
    FAILING.points.arm("apply_volumes_gone")
    ident = HOME.delete(delete_data="true")
    FAILING.passes(("apply_volumes_gone", volumes_gone))
    succeeded(ident)
    equal(HOME.component(), None)
    equal(kube.get_namespace(HOME.namespace), None)
    equal(one("SELECT count(*) FROM managed_namespace WHERE name = :'name'",
              name=HOME.namespace), "0")
    HOME.ended_once()


@test
def every_failpoint_of_the_applier_was_hit():
    equal(FAILING.points.hit, failpoints.of_applier())


def end():
    FAILING.end()
    os.kill(applier(), signal.SIGCONT)
    HOME.end()


if __name__ == "__main__":
    main()
