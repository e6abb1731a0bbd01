#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What somebody else has in the cluster is not touched, and named as what is
in the way; so is what another cluster of ours has."""
import base64
import pathlib
import tempfile

import kube
import trino
from harness import api, equal, main, one, psql, stays, test

HOME = trino.Home("foreign-release")
OBJECT = trino.Home("foreign-service")
KEYS = trino.Home("foreign-secret")
TAKEN = trino.Home("taken")
FOUND = {}


def install_by_hand(namespace):
    """A release "etl" of a small chart, as anybody may have made it."""
    with tempfile.TemporaryDirectory() as folder:
        top = pathlib.Path(folder)
        (top / "templates").mkdir()
        (top / "Chart.yaml").write_text(
            "apiVersion: v2\nname: theirs\nversion: 1.0.0\n")
        (top / "templates/map.yaml").write_text(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: theirs}\n"
            "data: {key: value}\n")
        kube.helm("install", "etl", folder, "-n", namespace)


def theirs():
    """All that helm and they have in the namespace, with versions."""
    found = [kube.get("configmaps", HOME.namespace, "theirs")]
    found += kube.items("secrets", HOME.namespace, {"owner": "helm"})
    return [(item["metadata"]["name"], item["metadata"]["uid"],
             item["metadata"]["resourceVersion"]) for item in found]


def refused_naming(home, *parts):
    """A post is 409 with all these words, and nothing of it is left."""
    problem = trino.post(trino.document(home.namespace)).problem(409)
    for part in parts:
        assert part in problem["detail"], problem
    equal(trino.component(home.namespace), None)
    operation, error, code = psql(
        "SELECT state, error, error_code FROM operation"
        " WHERE namespace = :'name' ORDER BY queued_at DESC LIMIT 1",
        name=home.namespace)[0]
    equal((operation, error, code),
          ("failed", problem["detail"], "conflict"))
    equal(one("SELECT count(*) FROM owned_name WHERE namespace = :'name'",
              name=home.namespace), "0")
    equal(one("SELECT count(*) FROM managed_namespace WHERE name = :'name'",
              name=home.namespace), "0")
    equal(kube.items("rolebindings", home.namespace), [])


@test
def a_release_made_by_hand_is_named_in_a_409():
    kube.create_namespace(HOME.namespace)
    install_by_hand(HOME.namespace)
    FOUND["theirs"] = theirs()
    equal(len(FOUND["theirs"]), 2)
    refused_naming(HOME, "release etl", HOME.namespace,
                   "roaster did not make")


@test
def that_release_is_untouched():
    stays(lambda: theirs() == FOUND["theirs"], 2, "their release")
    equal(kube.inhabitants(HOME.namespace),
          ["configmaps/theirs", "secrets/sh.helm.release.v1.etl.v1"])


@test
def a_service_made_by_hand_is_named_and_untouched():
    kube.create_namespace(OBJECT.namespace)
    kube.create("services", OBJECT.namespace, {
        "apiVersion": "v1", "kind": "Service",
        "metadata": {"name": trino.SERVICE},
        "spec": {"ports": [{"port": 1}], "selector": {"their": "own"}}})
    before = kube.get("services", OBJECT.namespace, trino.SERVICE)
    refused_naming(OBJECT, trino.SERVICE, "Service")
    equal(kube.get("services", OBJECT.namespace, trino.SERVICE), before)


@test
def once_it_is_gone_a_post_runs():
    kube.call("DELETE", kube.path_of("services", OBJECT.namespace,
                                     trino.SERVICE))
    equal(OBJECT.runs()["ready"], 3)


@test
def a_secret_made_by_hand_is_named_and_untouched():
    kube.create_namespace(KEYS.namespace)
    secret, = kube.items("secrets", OBJECT.namespace, {
        "roaster-component": trino.component(OBJECT.namespace)["id"]})
    name = secret["metadata"]["name"]
    kube.create("secrets", KEYS.namespace, {
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": name},
        "data": {"key": base64.b64encode(b"theirs").decode()}})
    before = kube.get("secrets", KEYS.namespace, name)
    refused_naming(KEYS, f"Secret {name}", KEYS.namespace)
    equal(kube.get("secrets", KEYS.namespace, name), before)


@test
def a_second_cluster_in_a_namespace_is_409_naming_the_holder():
    TAKEN.runs()
    before = state_of_database()
    problem = trino.post(trino.document(TAKEN.namespace, "other")).problem(409)
    assert f"belongs to trino {TAKEN.namespace}/etl" in problem["detail"], (
        problem)
    equal(state_of_database(), before)
    equal(trino.component(TAKEN.namespace, "other"), None)
    equal(trino.component(TAKEN.namespace)["state"], "Running")


def state_of_database():
    """Ids of what a post would make."""
    return [psql(f"SELECT * FROM {table} ORDER BY 1, 2") for table in
            ("component", "component_spec", "owned_name", "operation")]


def delete(namespace, name):
    ident, = trino.delete(name=name, namespace=namespace)
    trino.succeeded(ident)


@test
def a_name_is_free_again_once_its_holder_is_gone():
    delete(TAKEN.namespace, "etl")
    found = trino.runs(TAKEN.namespace, "other",
                       trino.document(TAKEN.namespace, "other"))
    equal(found["ready"], 3)
    delete(TAKEN.namespace, "other")
    equal(one("SELECT count(*) FROM owned_name WHERE namespace = :'name'",
              name=TAKEN.namespace), "0")
    rows = api("GET", "/v1/trino/list").json()
    assert TAKEN.namespace not in {row["target_namespace"] for row in rows}


def end():
    for home in (HOME, OBJECT, KEYS, TAKEN):
        home.end()


if __name__ == "__main__":
    main()
