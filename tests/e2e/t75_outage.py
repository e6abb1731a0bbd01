#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What goes wrong in the cluster, and a cluster that hangs: what is missing is
made again, and what cannot be seen is never taken for gone."""
import os
import signal

import kube
import procs
import trino
from harness import DEV, api, equal, main, one, test, wait_until, world

HOME = trino.Home("outage")
LATER = trino.Home("outage-later")
CHANGE = ("io.trino=INFO", "io.trino=WARN")
FOUND = {}


def drop(kind, name):
    kube.call("DELETE", kube.path_of(kind, HOME.namespace, name))


@test
def a_deployment_removed_by_hand_is_made_again():
    HOME.runs()
    before = kube.uids(HOME.namespace, "coordinator")
    drop("deployments", "trino-worker")
    wait_until(lambda: trino.component(HOME.namespace)["state"] != "Running")
    found = HOME.reaches("Running")
    equal((found["ready"], found["wanted"]), (3, 3))
    assert kube.get("deployments", HOME.namespace, "trino-worker")
    equal(kube.uids(HOME.namespace, "coordinator"), before)


@test
def a_pod_that_is_not_ready_any_more_degrades_it_until_it_is():
    pod = kube.pods(HOME.namespace, "coordinator")[0]
    set_ready(pod, "False")
    found = HOME.reaches("Degraded")
    equal((found["ready"], found["wanted"]), (2, 3))
    assert "trino-coordinator" in found["why"], found
    equal(states()[-1], "Degraded")
    set_ready(pod, "True")
    equal(HOME.reaches("Running")["ready"], 3)
    assert pod["metadata"]["uid"] in kube.uids(HOME.namespace, "coordinator")


def set_ready(pod, status):
    """What a kubelet says of a pod whose probe fails, or does not any more."""
    path = kube.path_of("pods", HOME.namespace, pod["metadata"]["name"])
    conditions = pod["status"]["conditions"]
    for condition in conditions:
        if condition["type"] in ("Ready", "ContainersReady"):
            condition["status"] = status
    kube.call("PATCH", path + "/status",
              {"status": {"conditions": conditions}})


def states():
    """The ways it went."""
    ident = trino.component(HOME.namespace)["id"]
    return one("SELECT string_agg(to_state, ' ' ORDER BY id) FROM event WHERE"
               " component = :'id'", id=ident).split()


@test
def with_a_cluster_that_hangs_the_api_goes_on_answering():
    FOUND["events"] = states()
    os.kill(api_server(), signal.SIGSTOP)
    api("GET", "/readyz").expect(200)
    api("GET", "/v1/trino/list").expect(200)
    FOUND["create"] = LATER.accepted()
    FOUND["update"] = HOME.accepted(CHANGE)


def api_server():
    return int((DEV / "cluster/pid/kube-apiserver").read_text())


@test
def no_state_changes_for_want_of_an_answer():
    for home, state in ((LATER, "Pending"), (HOME, "Updating")):
        wait_until(lambda: "last seen" in trino.component(
            home.namespace)["why"], 20,
            lambda: trino.component(home.namespace))
        equal(trino.component(home.namespace)["state"], state)
    equal(states(), FOUND["events"] + ["Running", "Updating"])
    found = trino.component(HOME.namespace)
    equal((found["ready"], found["wanted"]), (3, 3))
    for name in ("create", "update"):
        equal(trino.operation(FOUND[name])["state"], "running")


@test
def once_the_cluster_answers_all_goes_on():
    os.kill(api_server(), signal.SIGCONT)
    trino.succeeded(FOUND["create"])
    trino.succeeded(FOUND["update"])
    equal(HOME.reaches("Running")["ready"], 3)
    equal(LATER.reaches("Running")["ready"], 3)
    HOME.revision()


@test
def stopped_in_order_during_helm_it_goes_on_after():
    ident = HOME.accepted()
    wait_until(procs.helms, 10, "a helm")
    pid = procs.supervisor()
    pids = procs.descendants(pid)
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not any(map(procs.is_alive, pids)), 25,
               "an end within the time")
    equal(procs.helms(), [])
    world("up")
    trino.succeeded(ident)
    equal(HOME.reaches("Running")["ready"], 3)
    HOME.revision()


def end():
    os.kill(api_server(), signal.SIGCONT)
    HOME.end()
    LATER.end()


if __name__ == "__main__":
    main()
