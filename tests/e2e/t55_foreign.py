#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What somebody else has in the cluster is not touched, and named as what is
in the way."""
import pathlib
import tempfile

import kinds
import kube
from component import Home
from harness import equal, main, one, psql, test

RBAC = "rbac.authorization.k8s.io"
POD = {"selector": {"matchLabels": {"their": "own"}},
       "template": {"metadata": {"labels": {"their": "own"}},
                    "spec": {"containers": [{"name": "a", "image": "a"}]}},
       "replicas": 0}
# What somebody may have made by hand, by plural.
BODIES = {
    "configmaps": {"data": {"key": "value"}},
    "secrets": {"stringData": {"key": "value"}},
    "serviceaccounts": {},
    "services": {"spec": {"ports": [{"port": 1}],
                          "selector": {"their": "own"}}},
    "persistentvolumeclaims": {"spec": {
        "accessModes": ["ReadWriteOnce"], "storageClassName": "",
        "resources": {"requests": {"storage": "1Gi"}}}},
    "deployments": {"spec": POD},
    "statefulsets": {"spec": {**POD, "serviceName": "theirs"}},
    "roles": {"rules": []},
    "rolebindings": {"roleRef": {"apiGroup": RBAC, "kind": "Role",
                                 "name": "theirs"}},
}
SINGULARS = {"configmaps": "ConfigMap", "secrets": "Secret",
             "serviceaccounts": "ServiceAccount", "services": "Service",
             "persistentvolumeclaims": "PersistentVolumeClaim",
             "deployments": "Deployment", "statefulsets": "StatefulSet",
             "roles": "Role", "rolebindings": "RoleBinding"}


def install_by_hand(namespace, release):
    """A release of a small chart, as anybody may have made it."""
    with tempfile.TemporaryDirectory() as folder:
        top = pathlib.Path(folder)
        (top / "templates").mkdir()
        (top / "Chart.yaml").write_text(
            "apiVersion: v2\nname: theirs\nversion: 1.0.0\n")
        (top / "templates/map.yaml").write_text(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: theirs}\n"
            "data: {key: value}\n")
        kube.helm("install", release, folder, "-n", namespace)


def settled(namespace):
    """What is there, once the controllers have said their word of it."""
    for plural in ("deployments", "statefulsets"):
        for thing in kube.items(plural, namespace):
            kube.observed(plural, namespace, thing["metadata"]["name"])
    return kube.versions(namespace)


class Foreign:
    def __init__(self, kind):
        self.kind = kind
        self.title = f"foreign to {kind.name}"
        self.home = Home(kind, "foreign")

    def refused_naming(self, *parts):
        """A post is refused with all these words, nothing was touched and
        nothing of it is left."""
        before = settled(self.home.namespace)
        space = kube.get_namespace(self.home.namespace)
        detail = self.home.conflict()
        for part in (*parts, self.home.namespace):
            assert part in detail, detail
        equal(kube.versions(self.home.namespace), before)
        equal(kube.get_namespace(self.home.namespace), space)
        equal(self.home.component(), None)
        rows = psql("SELECT state, error, error_code FROM operation WHERE"
                    " namespace = :'name' ORDER BY queued_at DESC LIMIT 1",
                    name=self.home.namespace)
        equal(rows, [("failed", detail, "conflict")])
        for table, column in (("component", "namespace"),
                              ("owned_name", "namespace"),
                              ("managed_namespace", "name")):
            equal(one(f"SELECT count(*) FROM {table} WHERE {column} = :'name'",
                      name=self.home.namespace), "0", table)

    @test
    def it_runs_and_goes(self):
        """So all names are known that it has."""
        self.home.runs()
        self.names = [tuple(name.split("/")) for name in
                      self.home.inhabitants() if name.split("/")[0] in BODIES]
        self.home.deleted(delete_data="true")
        self.names = [(plural, name) for plural, name in self.names
                      if "helm.release" not in name and name !=
                      "roaster-managed"]
        assert len(self.names) >= 6, self.names

    @test
    def a_release_made_by_hand_is_named_and_untouched(self):
        kube.create_namespace(self.home.namespace, team="theirs")
        for release in self.home.releases():
            install_by_hand(self.home.namespace, release)
            self.refused_naming(f"release {release}", "roaster did not make")
            kube.helm("uninstall", release, "-n", self.home.namespace)

    @test
    def every_object_made_by_hand_is_named_and_untouched(self):
        for plural, name in self.names:
            kube.create(plural, self.home.namespace,
                        {"metadata": {"name": name}, **BODIES[plural]})
            self.refused_naming(f"{SINGULARS[plural]} {name}",
                                "somebody else")
            kube.gone(plural, self.home.namespace, name)

    @test
    def once_they_are_gone_a_post_runs(self):
        equal(self.home.inhabitants(), [])
        equal(self.home.runs()["ready"], self.kind.wanted)

    def end(self):
        self.home.end()


STORIES = [Foreign(kind) for kind in kinds.ALL]


if __name__ == "__main__":
    main()
