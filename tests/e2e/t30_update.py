#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A changed document posted again moves what it concerns; an unchanged one
starts nothing."""
import time

import kube
import trino
from harness import DEV, equal, main, one, stays, test, wait_until

HOME = trino.Home("update")
COUNTED_S = 6  # the applier writes its counters every 5 s
# Both roles have each of these lines, the coordinator first.
COORDINATOR, WORKER = 0, 1
TPCH = "tpch.splits-per-node=4"
MORE = ("minReplicas: 2", "minReplicas: 3")
CATALOG = (TPCH, "tpch.splits-per-node=8", WORKER)
CONFIG = ("io.trino=INFO", "io.trino=DEBUG", COORDINATOR)
KEY = (trino.SECRET_KEY, "hive.s3.aws-secret-key=other-key", COORDINATOR)


def steps():
    """How much was done for the component: (operations, generations, log
    lines of helm, revision)."""
    log = (DEV / "roasterd.log").read_text()
    name = f'"namespace":"{HOME.namespace}"'
    helms = [line for line in log.splitlines()
             if '"event":"helm_ran"' in line and name in line]
    return (len(trino.operations(HOME.namespace)),
            trino.component(HOME.namespace)["generation"], len(helms),
            HOME.revision())


def moved(*edits):
    """Post the document with these changes; {role: pods that stayed}."""
    before = HOME.uids()
    found = HOME.runs(*edits)
    equal(found["observed_generation"], found["generation"])
    after = HOME.uids()
    return {role: len(before[role] & after[role]) for role in kube.ROLES}


@test
def a_cluster_runs():
    found = HOME.runs()
    equal((found["ready"], found["wanted"]), (3, 3))


def helm_counted():
    """What /metrics says of helm once it has counted all that ran."""
    wait_until(lambda: one("SELECT count(*) FROM operation WHERE state IN"
                           " ('queued', 'running')") == "0")
    time.sleep(COUNTED_S)
    return trino.helm_runs()


@test
def the_same_again_changes_nothing_and_starts_no_helm():
    counted, before = helm_counted(), steps()
    body = trino.post(HOME.document()).expect(200).json()
    equal((body["result"], body["changed"]), ("SUCCESS", False))
    equal(body["operation"]["component"]["state"], "Running")
    equal(helm_counted(), counted)
    equal(steps(), before)


@test
def comments_quotes_and_layout_are_no_change():
    before, pods = steps(), HOME.uids()
    text = "# a comment\n" + trino.edit(HOME.document(), '"384"', "'384'")
    text = trino.edit(text, "    imagePullSecrets: null\n", "")
    text = trino.edit(text, "\nspec:\n", "\n\n# of the cluster\nspec:\n")
    text = trino.edit(text, "    runAsUser: 1000\n    runAsGroup: 1000\n",
                      "    runAsGroup: 1000 # first\n    runAsUser: 1000\n")
    body = trino.post(text).expect(200).json()
    equal(body["changed"], False)
    stays(lambda: steps() == before, 1, f"{before}")
    equal(HOME.uids(), pods)


@test
def a_larger_minimum_adds_a_worker_and_moves_no_other():
    equal(moved(MORE), {"coordinator": 1, "worker": 2})
    scaler = kube.get("horizontalpodautoscalers", HOME.namespace,
                      "trino-worker")
    equal(scaler["spec"]["minReplicas"], 3)
    wait_until(lambda: len(HOME.uids()["worker"]) == 3, 20)


@test
def a_component_counts_the_workers_of_the_new_minimum():
    found = HOME.reaches("Running")
    equal((found["ready"], found["wanted"]), (4, 4))


@test
def a_catalog_of_the_workers_rolls_only_the_workers():
    equal(moved(MORE, CATALOG), {"coordinator": 1, "worker": 0})
    for pod in kube.pods(HOME.namespace, "worker"):
        files = kube.mounted(pod)
        equal(files["/etc/trino/catalog/tpch.properties"],
              b"connector.name=tpch\ntpch.splits-per-node=8\n")


@test
def a_file_of_the_coordinator_rolls_only_the_coordinator():
    equal(moved(MORE, CATALOG, CONFIG), {"coordinator": 0, "worker": 3})


@test
def a_credential_of_the_coordinator_rolls_only_the_coordinator():
    equal(moved(MORE, CATALOG, CONFIG, KEY), {"coordinator": 0, "worker": 3})
    wanted = trino.files_of(HOME.document(MORE, CATALOG, CONFIG, KEY))
    for role in kube.ROLES:
        for pod in kube.pods(HOME.namespace, role):
            equal(kube.mounted(pod), wanted[role], role)


@test
def a_catalog_more_and_one_less_are_taken_up():
    text = HOME.document(MORE, CATALOG, CONFIG, KEY)
    text = trino.edit(text, "tpcds.properties", "more.properties")
    trino.succeeded(trino.accepted(text))
    wanted = trino.files_of(text)
    assert "/etc/trino/catalog/more.properties" in wanted["worker"]
    for role in kube.ROLES:
        for pod in kube.pods(HOME.namespace, role):
            equal(kube.mounted(pod), wanted[role], role)


@test
def without_autoscaler_the_replicas_count():
    text = HOME.document(("    autoscaler:\n      minReplicas: 2\n"
                          "      maxReplicas: 5\n"
                          "      targetCPUUtilizationPercentage: 50\n", ""),
                         ("replicas: 2", "replicas: 4"))
    trino.succeeded(trino.accepted(text))
    found = HOME.reaches("Running")
    equal((found["ready"], found["wanted"]), (5, 5))
    equal(len(HOME.uids()["worker"]), 4)
    equal(kube.items("horizontalpodautoscalers", HOME.namespace), [])


@test
def each_update_was_one_revision_of_its_own_operation():
    labels = kube.revisions(HOME.namespace, "etl")
    stamps = [label["roaster-op"] for label in labels]
    equal(len(set(stamps)), len(stamps), "stamps")
    equal([row[1] for row in trino.operations(HOME.namespace)],
          ["succeeded"] * len(labels))
    equal([label["status"] for label in labels],
          ["superseded"] * (len(labels) - 1) + ["deployed"])


@test
def old_generations_are_pruned():
    ident = trino.component(HOME.namespace)["id"]
    kept = int(one("SELECT count(*) FROM component_spec WHERE component ="
                   " :'id'", id=ident))
    assert kept <= 2, kept


def end():
    HOME.end()


if __name__ == "__main__":
    main()
