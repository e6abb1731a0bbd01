#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Changes of a Trino cluster that concern one of its roles only."""
import kube
import trino
from harness import equal, main, test, wait_until

HOME = trino.home("workers")
# Both roles have each of these lines, the coordinator first.
MORE = ("minReplicas: 2", "minReplicas: 3")
CATALOG = ("tpch.splits-per-node=4", "tpch.splits-per-node=8", trino.WORKER)
CONFIG = ("io.trino=INFO", "io.trino=DEBUG", trino.COORDINATOR)
AUTOSCALER = ("    autoscaler:\n      minReplicas: 2\n"
              "      maxReplicas: 5\n"
              "      targetCPUUtilizationPercentage: 50\n")


def moved(*edits):
    """Post the document with these changes; {role: pods that stayed}."""
    before = HOME.uids()
    HOME.runs(*edits)
    after = HOME.uids()
    return {role: len(before[role] & after[role]) for role in trino.ROLES}


@test
def a_larger_minimum_adds_a_worker_and_moves_no_other():
    HOME.runs()
    equal(moved(MORE), {"coordinator": 1, "worker": 2})
    scaler = kube.get("horizontalpodautoscalers", HOME.namespace,
                      "trino-worker")
    equal(scaler["spec"]["minReplicas"], 3)
    wait_until(lambda: len(HOME.uids()["worker"]) == 3)


@test
def a_component_counts_the_workers_of_the_new_minimum():
    found = HOME.reaches("Running")
    equal((found["ready"], found["wanted"]), (4, 4))


@test
def a_catalog_of_the_workers_rolls_only_the_workers():
    equal(moved(MORE, CATALOG), {"coordinator": 1, "worker": 0})
    for pod in HOME.pods("worker"):
        files = kube.mounted(pod)
        equal(files["/etc/trino/catalog/tpch.properties"],
              b"connector.name=tpch\ntpch.splits-per-node=8\n")


@test
def a_file_of_the_coordinator_rolls_only_the_coordinator():
    equal(moved(MORE, CATALOG, CONFIG), {"coordinator": 0, "worker": 3})


def has_files(edits):
    wanted = trino.files_of(HOME.document(*edits))
    for role in trino.ROLES:
        for pod in HOME.pods(role):
            equal(kube.mounted(pod), wanted[role], role)
    return wanted


@test
def a_credential_of_the_coordinator_rolls_only_the_coordinator():
    edits = (MORE, CATALOG, CONFIG, *trino.KIND.credential("other")[0])
    equal(moved(*edits), {"coordinator": 0, "worker": 3})
    has_files(edits)


@test
def a_catalog_more_and_one_less_are_taken_up():
    edits = (MORE, CATALOG, CONFIG, ("tpcds.properties", "more.properties"))
    HOME.runs(*edits)
    assert "/etc/trino/catalog/more.properties" in has_files(edits)["worker"]


@test
def without_autoscaler_the_replicas_count():
    found = HOME.runs((AUTOSCALER, ""), ("replicas: 2", "replicas: 4"))
    equal((found["ready"], found["wanted"]), (5, 5))
    equal(len(HOME.uids()["worker"]), 4)
    equal(kube.items("horizontalpodautoscalers", HOME.namespace), [])


def end():
    HOME.end()


if __name__ == "__main__":
    main()
