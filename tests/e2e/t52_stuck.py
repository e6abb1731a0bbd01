#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A pod that wants more than any node has: why says so at once, while it is
still waited for, and a document that wants less is enough."""
import time

import kinds
import kube
import metastore
import spark
import trino
from component import Home, operation, succeeded
from harness import equal, main, one, test, wait_until

CORES = '      cores: "{0}"\n      limitCores: "{0}"\n'
HUNDRED_CPUS = {
    metastore.KIND.name: ("    s3:\n",
                          "    resources: {requests: {cpu: 100}}\n    s3:\n"),
    spark.KIND.name: ('      cores: "1"\n      limitCores: "1200m"\n',
                      CORES.format(100), 0),
    trino.KIND.name: ("    resources: null",
                      "    resources: {requests: {cpu: 100}}",
                      trino.WORKER),
}


class Stuck:
    def __init__(self, kind):
        self.kind = kind
        self.title = f"stuck {kind.name}"
        self.home = Home(kind, "stuck")

    def unschedulable(self):
        """Names of pods that are too big for any node; one whose volume is not
        bound yet has none either, for a moment."""
        return [pod["metadata"]["name"]
                for pod in self.home.all_pods()
                for condition in pod.get("status", {}).get("conditions", [])
                if condition.get("reason") == "Unschedulable"
                and "Insufficient cpu" in condition["message"]]

    def is_told(self):
        why = self.home.component()["why"]
        return "Unschedulable" in why and "Insufficient cpu" in why and why

    @test
    def a_pod_that_fits_nowhere_is_named_with_its_cause(self):
        self.ident = self.home.accepted(HUNDRED_CPUS[self.kind.name])
        wait_until(self.unschedulable, what="a pod without a node")
        begin = time.monotonic()
        why = wait_until(self.is_told, what=self.home.component)
        print(f"# {self.kind.name}: {time.monotonic() - begin:.1f} s after the"
              " pod said so", flush=True)
        assert any(name in why for name in self.unschedulable()), why

    @test
    def it_is_waited_for_and_its_objects_stay(self):
        assert self.home.component()["state"] in ("Pending", "Starting")
        equal(operation(self.ident)["state"], "running")
        assert all(self.home.uids().values()), self.home.uids()
        equal(len(self.home.helms()), len(self.kind.releases))

    @test
    def what_is_removed_meanwhile_is_made_again_and_its_clock_goes_on(self):
        wait_until(self.starts, what="Starting")
        begun = self.clock()
        plural, name = self.kind.controllers[-1]
        old = kube.get(plural, self.home.namespace, name)
        kube.delete(plural, self.home.namespace, name)
        wait_until(lambda: self.made_again(plural, name, old), what=name)
        wait_until(self.starts, what="Starting again")
        equal(self.clock(), begun)

    def starts(self):
        return self.home.component()["state"] == "Starting"

    def made_again(self, plural, name, old):
        new = kube.get(plural, self.home.namespace, name)
        return new and new["metadata"]["uid"] != old["metadata"]["uid"]

    def clock(self):
        return one("SELECT phase_at FROM component_status WHERE component ="
                   " :'id'", id=self.home.component()["id"])

    @test
    def with_a_document_that_wants_less_it_runs(self):
        succeeded(self.home.accepted())
        equal(self.home.reaches("Running")["ready"], self.kind.wanted)
        equal(operation(self.ident)["state"], "superseded")

    def end(self):
        self.home.end()


STORIES = [Stuck(kind) for kind in kinds.ALL]


if __name__ == "__main__":
    main()
