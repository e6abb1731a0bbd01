#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What cannot run: it says why, keeps its objects, and heals when a good
document is posted."""
import kube
import trino
from harness import DEV, equal, main, one, stays, test

HOME = trino.Home("failure")
UPDATE = trino.Home("going-back")
BAD = ('tag: "384"', "tag: does-not-exist")
MORE = ("maxReplicas: 5", "maxReplicas: 6")
FOUND = {}


@test
def a_first_create_that_cannot_run_is_an_error():
    found = trino.ended(HOME.accepted(BAD))
    equal(found["state"], "failed")
    FOUND["operation"] = found
    FOUND["component"] = HOME.reaches("Error")
    equal(found["error"], FOUND["component"]["why"])


@test
def the_error_names_pod_and_reason():
    why = FOUND["component"]["why"]
    names = {pod["metadata"]["name"] for role in kube.ROLES
             for pod in kube.pods(HOME.namespace, role)}
    assert any(name in why for name in names), (why, names)
    assert "ImagePullBackOff" in why and "does-not-exist" in why, why


@test
def an_error_keeps_its_objects():
    equal(kube.deployed(HOME.namespace, "etl"), [1])
    stays(lambda: len(kube.pods(HOME.namespace, "coordinator")) == 1 and
          kube.deployed(HOME.namespace, "etl") == [1], 3, "the evidence")
    assert "deployments/trino-worker" in kube.inhabitants(HOME.namespace)


@test
def an_error_does_not_run_helm_again():
    log = (DEV / "roasterd.log").read_text()
    ident = FOUND["component"]["id"]
    equal(sum('"event":"helm_ran"' in line and ident in line
              for line in log.splitlines()), 1)


@test
def the_same_bad_document_again_is_another_try():
    found = trino.ended(HOME.accepted(BAD))
    equal((found["state"], found["generation"]), ("failed", 2))
    equal(HOME.reaches("Error")["generation"], 2)


@test
def a_good_document_heals_it():
    found = HOME.runs()
    equal((found["ready"], found["generation"], found["good_generation"]),
          (3, 3, 3))
    assert "does-not-exist" not in found["why"], found


@test
def an_update_that_cannot_run_fails():
    UPDATE.runs()
    FOUND["good"] = UPDATE.uids()
    found = trino.ended(UPDATE.accepted(BAD, MORE))
    equal((found["action"], found["state"], found["generation"]),
          ("update", "failed", 2))
    assert "ImagePullBackOff" in found["error"], found


@test
def it_goes_back_to_the_last_good_generation_and_runs():
    found = UPDATE.reaches("Running")
    equal((found["ready"], found["wanted"], found["generation"],
           found["good_generation"], found["failed_generation"]),
          (3, 3, 2, 1, 2))
    FOUND["why"] = found["why"]


@test
def the_why_of_going_back_names_the_cause():
    for part in ("generation 1 runs", "generation 2 failed",
                 "ImagePullBackOff", "does-not-exist"):
        assert part in FOUND["why"], FOUND["why"]


@test
def the_good_pods_run_again():
    for role in kube.ROLES:
        for pod in kube.pods(UPDATE.namespace, role):
            equal(pod["spec"]["containers"][0]["image"], "trinodb/trino:384")
            assert kube.is_ready(pod), pod["metadata"]["name"]
    scaler = kube.get("horizontalpodautoscalers", UPDATE.namespace,
                      "trino-worker")
    equal(scaler["spec"]["maxReplicas"], 5)


@test
def going_back_is_a_freshly_stamped_upgrade():
    labels = kube.revisions(UPDATE.namespace, "etl")
    equal([label["status"] for label in labels],
          ["superseded", "superseded", "deployed"])
    equal(len({label["roaster-fence"] for label in labels}), 3)
    equal(labels[0]["roaster-digest"], labels[2]["roaster-digest"])


@test
def it_stays_there():
    stays(lambda: trino.component(UPDATE.namespace)["state"] == "Running" and
          kube.deployed(UPDATE.namespace, "etl") == [3], 3, "going back")
    equal([row[:2] for row in trino.operations(UPDATE.namespace)],
          [("create", "succeeded"), ("update", "failed")])


@test
def the_bad_document_again_is_another_try_and_goes_back_again():
    found = trino.ended(UPDATE.accepted(BAD, MORE))
    equal((found["state"], found["generation"]), ("failed", 3))
    found = UPDATE.reaches("Running")
    equal((found["good_generation"], found["failed_generation"]), (1, 3))


@test
def the_good_document_after_it_clears_the_failure():
    found = UPDATE.runs()
    equal((found["generation"], found["good_generation"],
           found["failed_generation"]), (4, 4, None))
    assert "failed" not in found["why"], found
    equal(one("SELECT failure FROM component_status WHERE component = :'id'",
              id=found["id"]), "")


def end():
    HOME.end()
    UPDATE.end()


if __name__ == "__main__":
    main()
