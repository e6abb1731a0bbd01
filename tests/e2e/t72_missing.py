#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What goes wrong in the cluster behind roaster's back: what is missing is
made again, and what is not ready is told."""
import kinds
import kube
from component import Home
from harness import equal, main, one, test, wait_until


class Missing:
    def __init__(self, kind):
        self.kind = kind
        self.title = f"missing of {kind.name}"
        self.home = Home(kind, "missing")

    @test
    def a_controller_removed_by_hand_is_made_again(self):
        """And the pods of the others stay."""
        self.home.runs()
        for role, (plural, name) in zip(self.kind.pods,
                                        self.kind.controllers):
            before = self.home.uids()
            old = kube.get(plural, self.home.namespace, name)
            kube.delete(plural, self.home.namespace, name)
            wait_until(lambda: self.home.component()["state"] != "Running")
            found = self.home.reaches("Running")
            equal(found["ready"], self.kind.wanted, name)
            new = kube.get(plural, self.home.namespace, name)
            assert new["metadata"]["uid"] != old["metadata"]["uid"], name
            after = self.home.uids()
            for other in self.kind.pods:
                equal(after[other] == before[other], other != role,
                      f"{other} without {name}")

    @test
    def a_pod_that_is_not_ready_any_more_degrades_it_until_it_is(self):
        for role in self.kind.pods:
            before = self.home.uids()
            pod = self.home.pods(role)[0]
            set_ready(pod, "False")
            found = self.home.reaches("Degraded")
            equal((found["ready"], found["wanted"]),
                  (self.kind.wanted - 1, self.kind.wanted), role)
            owner = pod["metadata"]["name"].rpartition("-")[0]
            assert owner.rpartition("-")[0] in found["why"], found
            equal(self.newest_state(), "Degraded")
            set_ready(pod, "True")
            equal(self.home.reaches("Running")["ready"], self.kind.wanted)
            equal(self.home.uids(), before)

    def newest_state(self):
        return one("SELECT to_state FROM event WHERE component = :'id'"
                   " ORDER BY id DESC LIMIT 1",
                   id=self.home.component()["id"])

    def end(self):
        self.home.end()


def set_ready(pod, status):
    """What a kubelet says of a pod whose probe fails, or does not any more."""
    head = pod["metadata"]
    path = kube.path_of("pods", head["namespace"], head["name"])
    conditions = pod["status"]["conditions"]
    for condition in conditions:
        if condition["type"] in ("Ready", "ContainersReady"):
            condition["status"] = status
    kube.call("PATCH", path + "/status",
              {"status": {"conditions": conditions}})


STORIES = [Missing(kind) for kind in kinds.ALL]


if __name__ == "__main__":
    main()
