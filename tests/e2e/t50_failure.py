#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What cannot run: it says why, keeps its objects, and heals when a good
document is posted."""
import kinds
import kube
from component import Home, failed
from harness import equal, main, one, stays, test

SOON_S = 60  # 10 if the machine has nothing else to do


class Failure:
    def __init__(self, kind):
        self.kind = kind
        self.title = f"failure of {kind.name}"
        self.home = Home(kind, "failure")
        self.update = Home(kind, "going-back")

    @test
    def a_first_create_that_cannot_run_is_an_error(self):
        found = failed(self.home.accepted(self.kind.bad))
        self.found = self.home.reaches("Error")
        equal(found["error"], self.found["why"])

    @test
    def the_error_names_pod_and_reason(self):
        why = self.found["why"]
        names = [pod["metadata"]["name"] for pod in self.home.all_pods()]
        assert any(name in why for name in names), (why, names)
        assert "ImagePullBackOff" in why and "does-not-exist" in why, why

    @test
    def the_error_came_soon_after_the_pod_showed_its_cause(self):
        """The cluster's times are in seconds."""
        shown = min(condition["lastTransitionTime"]
                    for pod in self.home.all_pods()
                    for condition in pod["status"]["conditions"]
                    if condition.get("reason") == "ContainersNotReady")
        after = float(one("SELECT extract(epoch FROM at - :'shown') FROM event"
                          " WHERE component = :'id' AND to_state = 'Error'",
                          id=self.found["id"], shown=shown))
        print(f"# {self.kind.name}: error {after:.1f} s after the pod said so",
              flush=True)
        assert after < SOON_S, after

    @test
    def an_error_keeps_its_objects_and_runs_no_helm_again(self):
        before, helms = self.home.uids(), len(self.home.helms())
        stays(lambda: len(self.home.helms()) == helms and all(
            before[role] <= now for role, now in self.home.uids().items()),
              2, "the evidence")
        equal(helms, len(self.kind.releases))
        assert all(before.values()), before

    @test
    def the_same_bad_document_again_is_another_try(self):
        equal(failed(self.home.accepted(self.kind.bad))["generation"], 2)
        equal(self.home.reaches("Error")["generation"], 2)

    @test
    def a_good_document_heals_it(self):
        found = self.home.runs()
        equal((found["ready"], found["generation"], found["good_generation"]),
              (self.kind.wanted, 3, 3))
        assert "does-not-exist" not in found["why"], found

    @test
    def an_update_that_cannot_run_fails(self):
        self.update.runs()
        self.good = self.update.uids()
        found = failed(self.update.accepted(self.kind.bad))
        equal((found["action"], found["generation"]), ("update", 2))
        assert "ImagePullBackOff" in found["error"], found

    @test
    def it_goes_back_to_the_last_good_generation_and_runs(self):
        self.found = found = self.update.reaches("Running")
        wanted = self.kind.wanted
        equal((found["ready"], found["wanted"], found["generation"],
               found["good_generation"], found["failed_generation"]),
              (wanted, wanted, 2, 1, 2))

    @test
    def the_why_of_going_back_names_the_cause(self):
        for part in ("generation 1 runs", "generation 2 failed",
                     "ImagePullBackOff", "does-not-exist"):
            assert part in self.found["why"], self.found["why"]

    @test
    def the_good_images_run_again(self):
        for role, (_, count, image) in self.kind.pods.items():
            pods = self.update.pods(role)
            equal([pod["spec"]["containers"][0]["image"] for pod in pods],
                  [image] * count)
            assert all(map(kube.is_ready, pods)), role

    @test
    def going_back_is_a_freshly_stamped_upgrade(self):
        labels = kube.revisions(self.update.namespace, self.update.release())
        equal([label["status"] for label in labels],
              ["superseded", "superseded", "deployed"])
        equal(len({label["roaster-fence"] for label in labels}), 3)
        equal(labels[0]["roaster-digest"], labels[2]["roaster-digest"])

    @test
    def releases_that_were_good_were_left_alone(self):
        for release in self.update.releases()[:-1]:
            equal(kube.deployed(self.update.namespace, release), [1])

    @test
    def it_stays_there(self):
        stays(lambda: self.update.component()["state"] == "Running" and
              self.update.revision() == 3, 2, "going back")
        equal([row[:2] for row in self.update.operations()],
              [("create", "succeeded"), ("update", "failed")])

    @test
    def the_bad_document_again_is_another_try_and_goes_back_again(self):
        equal(failed(self.update.accepted(self.kind.bad))["generation"], 3)
        found = self.update.reaches("Running")
        equal((found["good_generation"], found["failed_generation"]), (1, 3))

    @test
    def the_good_document_after_it_clears_the_failure(self):
        found = self.update.runs()
        equal((found["generation"], found["good_generation"],
               found["failed_generation"]), (4, 4, None))
        assert "failed" not in found["why"], found
        equal(one("SELECT failure FROM component_status WHERE component ="
                  " :'id'", id=found["id"]), "")

    def end(self):
        self.home.end()
        self.update.end()


STORIES = [Failure(kind) for kind in kinds.ALL]


if __name__ == "__main__":
    main()
