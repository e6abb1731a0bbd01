#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A deleted cluster leaves what must stay and nothing else."""
import kube
import trino
from harness import api, equal, main, one, psql, test, unique

HOME = trino.Home("delete")
THEIRS = trino.Home("theirs")  # a namespace that somebody else made
SHARED = trino.Home("shared")  # one of roaster's with a foreign object
BINDING = "rolebindings/roaster-managed"
FOUND = {}


def delete(home, **fields):
    ident, = trino.delete(name="etl", namespace=home.namespace, **fields)
    trino.succeeded(ident)
    equal(trino.component(home.namespace), None)
    return ident


@test
def delete_removes_every_object():
    FOUND["id"] = HOME.runs()["id"]
    FOUND["uid"] = kube.get_namespace(HOME.namespace)["metadata"]["uid"]
    assert BINDING in kube.inhabitants(HOME.namespace)
    FOUND["operation"] = delete(HOME)
    equal(kube.inhabitants(HOME.namespace), [])
    equal(kube.revisions(HOME.namespace, "etl"), [])


@test
def the_namespace_stays_without_delete_data():
    found = kube.get_namespace(HOME.namespace)
    equal((found["metadata"]["uid"], found["status"]["phase"]),
          (FOUND["uid"], "Active"))


@test
def nothing_of_it_stays_in_the_database_but_its_history():
    assert not any(trino.rows_of(FOUND["id"]).values()), trino.rows_of(
        FOUND["id"])
    equal(trino.operations(HOME.namespace),
          [("create", "succeeded", ""), ("delete", "succeeded", "")])
    equal(trino.operation(FOUND["operation"])["state"], "succeeded")
    states = psql("SELECT to_state FROM event WHERE component = :'id'"
                  " ORDER BY id DESC LIMIT 1", id=FOUND["id"])
    equal(states, [("Deleting",)])


@test
def lists_do_not_have_it_any_more():
    rows = api("GET", "/v1/trino/list").json()
    equal([row for row in rows if row["target_namespace"] == HOME.namespace],
          [])
    metrics = api("GET", "/metrics").body.decode()
    assert HOME.namespace not in metrics, metrics


@test
def posted_again_it_runs():
    found = HOME.runs()
    equal((found["ready"], found["generation"]), (3, 1))
    assert found["id"] != FOUND["id"]


@test
def a_name_that_does_not_exist_is_404_and_deletes_nothing():
    before = trino.component(HOME.namespace)
    api("DELETE", "/v1/trino/delete", {"name": unique("no")}).problem(404)
    api("DELETE", "/v1/trino/delete",
        {"name": "etl", "namespace": unique("no")}).problem(404)
    equal(trino.component(HOME.namespace)["desired"], before["desired"])


@test
def delete_data_removes_a_namespace_that_roaster_made():
    delete(HOME, delete_data="true")
    equal(kube.get_namespace(HOME.namespace), None)
    equal(one("SELECT count(*) FROM managed_namespace WHERE name = :'name'",
              name=HOME.namespace), "0")


@test
def a_namespace_of_somebody_else_is_never_edited():
    made = kube.create_namespace(THEIRS.namespace, team="theirs")
    THEIRS.runs()
    found = kube.get_namespace(THEIRS.namespace)
    equal(found["metadata"], made["metadata"])


@test
def a_namespace_of_somebody_else_stays_even_with_delete_data():
    made = kube.get_namespace(THEIRS.namespace)
    delete(THEIRS, delete_data="true")
    found = kube.get_namespace(THEIRS.namespace)
    equal(found["metadata"], made["metadata"])
    equal(kube.inhabitants(THEIRS.namespace), [])


@test
def a_namespace_with_a_foreign_object_stays():
    SHARED.runs()
    kube.create("configmaps", SHARED.namespace, {
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "theirs"}, "data": {"key": "value"}})
    delete(SHARED, delete_data="true")
    equal(kube.inhabitants(SHARED.namespace), ["configmaps/theirs"])


@test
def a_cluster_that_never_ran_is_deleted_too():
    ident = trino.accepted(THEIRS.document(("384", "does-not-exist")))
    trino.ended(ident)
    delete(THEIRS)
    equal(kube.inhabitants(THEIRS.namespace), [])


def end():
    for home in (HOME, THEIRS, SHARED):
        home.end()


if __name__ == "__main__":
    main()
