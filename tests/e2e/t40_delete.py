#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A deleted component leaves what must stay and nothing else."""
import kinds
import kube
from component import Home, ended, operation, rows_of
from harness import api, equal, main, one, psql, test, unique, wait_until

BINDING = "rolebindings/roaster-managed"


def label(release):
    return {"app.kubernetes.io/instance": release}


def foreign(namespace, releases):
    """Make what somebody else may have: also labelled as if it were of our
    releases. What there is then, with versions."""
    kube.create("configmaps", namespace, {
        "metadata": {"name": "theirs"}, "data": {"key": "value"}})
    for release in releases:
        kube.create("persistentvolumeclaims", namespace, {
            "metadata": {"name": f"theirs-{release}",
                         "labels": label(release)},
            "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "",
                     "resources": {"requests": {"storage": "1Gi"}}}})
        kube.create("pods", namespace, {
            "metadata": {"name": f"theirs-{release}",
                         "labels": label(release)},
            "spec": {"containers": [{"name": "theirs", "image": "theirs"}]}})
    wait_until(lambda: all(map(kube.is_ready, kube.items("pods", namespace))),
               10, "their pods")
    return {name: version for name, version in kube.versions(namespace).items()
            if "/theirs" in name}


class Delete:
    def __init__(self, kind):
        self.kind = kind
        self.title = f"delete {kind.name}"
        self.home = Home(kind, "delete")
        self.theirs = Home(kind, "theirs")  # a namespace somebody else made
        self.kept = sorted(kind.kept)

    @test
    def delete_removes_every_object_but_data(self):
        self.component = self.home.runs()["id"]
        self.space = kube.get_namespace(self.home.namespace)["metadata"]["uid"]
        assert BINDING in self.home.inhabitants()
        self.version = kube.version("secrets", self.home.namespace)
        self.operation = self.home.deleted()
        equal(self.home.inhabitants(), self.kept)

    @test
    def releases_went_in_reverse_order(self):
        changes = kube.changes("secrets", self.home.namespace, self.version,
                               {"owner": "helm"})
        gone = [thing["metadata"]["labels"]["name"]
                for change, thing in changes if change == "DELETED"]
        equal(gone, self.home.releases()[::-1])

    @test
    def the_namespace_stays_without_delete_data(self):
        found = kube.get_namespace(self.home.namespace)
        equal((found["metadata"]["uid"], found["status"]["phase"]),
              (self.space, "Active"))

    @test
    def nothing_of_it_stays_in_the_database_but_its_history(self):
        rows = rows_of(self.component)
        assert not any(rows.values()), rows
        equal(self.home.operations(),
              [("create", "succeeded", ""), ("delete", "succeeded", "")])
        equal(operation(self.operation)["state"], "succeeded")
        states = psql("SELECT to_state FROM event WHERE component = :'id'"
                      " ORDER BY id DESC LIMIT 1", id=self.component)
        equal(states, [("Deleting",)])

    @test
    def lists_do_not_have_it_any_more(self):
        equal([row for row in self.kind.list()
               if row["target_namespace"] == self.home.namespace], [])
        metrics = api("GET", "/metrics").body.decode()
        assert self.home.namespace not in metrics, metrics

    @test
    def posted_again_it_runs(self):
        found = self.home.runs()
        equal((found["ready"], found["generation"]), (self.kind.wanted, 1))
        assert found["id"] != self.component

    @test
    def a_name_that_does_not_exist_is_404_and_deletes_nothing(self):
        for fields in ({"name": unique("no")},
                       {"name": "etl", "namespace": unique("no")}):
            api("DELETE", self.kind.path("delete"), fields).problem(404)
        equal(self.home.component()["desired"], "running")

    @test
    def delete_data_removes_a_namespace_that_roaster_made(self):
        self.home.deleted(delete_data="true")
        equal(kube.get_namespace(self.home.namespace), None)
        equal(one("SELECT count(*) FROM managed_namespace WHERE name ="
                  " :'name'", name=self.home.namespace), "0")

    @test
    def a_namespace_of_somebody_else_is_never_edited(self):
        self.made = kube.create_namespace(self.theirs.namespace, team="theirs")
        self.foreign = foreign(self.theirs.namespace, self.theirs.releases())
        found = self.theirs.runs()
        equal((found["ready"], found["wanted"]), (self.kind.wanted,) * 2)
        found = kube.get_namespace(self.theirs.namespace)
        equal(found["metadata"], self.made["metadata"])

    @test
    def objects_of_somebody_else_stay_untouched_even_with_delete_data(self):
        """Claims and pods among them that have the label of our releases."""
        equal(len(self.foreign), 1 + 2 * len(self.theirs.releases()))
        self.theirs.deleted(delete_data="true")
        equal(kube.versions(self.theirs.namespace), self.foreign)
        found = kube.get_namespace(self.theirs.namespace)
        equal(found["metadata"], self.made["metadata"])

    @test
    def one_that_never_ran_is_deleted_too(self):
        ended(self.theirs.accepted(self.kind.bad))
        self.theirs.deleted(delete_data="true")
        equal(kube.versions(self.theirs.namespace), self.foreign)

    def end(self):
        self.home.end()
        self.theirs.end()


STORIES = [Delete(kind) for kind in kinds.ALL]


if __name__ == "__main__":
    main()
