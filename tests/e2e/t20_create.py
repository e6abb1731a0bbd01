#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What stands in the cluster and in the answers after the example of a kind
was posted."""
import json

import kinds
import kube
from component import example, succeeded
from harness import api, equal, main, psql, test, wait_until


class Create:
    def __init__(self, kind):
        self.kind = kind
        self.title = f"create {kind.name}"
        self.home = example(kind)

    @test
    def a_posted_one_becomes_running(self):
        self.home.gone()
        self.operation = succeeded(self.home.accepted())
        self.found = found = self.home.reaches("Running")
        wanted = self.kind.wanted
        equal((found["ready"], found["wanted"], found["generation"],
               found["observed_generation"], found["good_generation"],
               found["failed_generation"]), (wanted, wanted, 1, 1, 1, None))

    @test
    def the_operation_says_when_and_by_whom(self):
        found = self.operation
        equal((found["action"], found["asked_by"], found["error"]),
              ("create", "admin", ""))
        assert (found["queued_at"] <= found["started_at"] <=
                found["ended_at"]), found

    @test
    def endpoints_and_children_are_named(self):
        equal(self.found["children"],
              [{"release": name or self.home.name, "chart": chart}
               for chart, name in self.kind.releases])
        host = f"{self.home.namespace}.svc"
        equal(self.found["endpoints"],
              [{"name": name, "host": f"{service}.{host}", "port": port,
                "url": f"{scheme}://{service}.{host}:{port}"}
               for name, service, port, scheme in self.kind.endpoints])

    @test
    def its_releases_are_deployed_once_and_stamped(self):
        for release in self.home.releases():
            label, = kube.revisions(self.home.namespace, release)
            equal((label["status"], label["version"]), ("deployed", "1"))
            equal(label["roaster-op"], self.operation["id"])
            out, _ = kube.helm("status", release, "-n", self.home.namespace,
                               "-o", "json")
            equal(json.loads(out)["info"]["status"], "deployed")

    @test
    def controllers_have_all_their_pods(self):
        for plural, name in self.kind.controllers:
            found = kube.get(plural, self.home.namespace, name)
            equal(found["status"]["readyReplicas"],
                  found["spec"]["replicas"], name)

    @test
    def pods_are_as_many_as_wanted_and_ready(self):
        for role, (_, count, _) in self.kind.pods.items():
            pods = self.home.pods(role)
            equal((len(pods), all(map(kube.is_ready, pods))), (count, True),
                  role)

    @test
    def images_are_those_of_the_yaml(self):
        for role, (_, _, image) in self.kind.pods.items():
            for pod in self.home.pods(role):
                equal({container["image"] for container in
                       pod["spec"]["containers"] +
                       pod["spec"].get("initContainers", [])}, {image})

    @test
    def its_services_send_to_its_pods(self):
        for name, port, role in self.kind.services:
            service = kube.get("services", self.home.namespace, name)
            equal([port["port"] for port in service["spec"]["ports"]], [port])
            addresses = {pod["status"]["podIP"]
                         for pod in self.home.pods(role)}
            wait_until(lambda: set(kube.ready_addresses(
                self.home.namespace, name)) == addresses,
                what=f"addresses of {name}")

    @test
    def a_strict_dry_run_of_the_manifests_is_clean(self):
        for release in self.home.releases():
            manifest, _ = kube.helm("get", "manifest", release, "-n",
                                    self.home.namespace)
            out, err = kube.kubectl(
                "apply", "-n", self.home.namespace, "--server-side",
                "--dry-run=server", "--validate=strict",
                "--field-manager=helm", "-f", "-", stdin=manifest)
            equal(err, "")
            equal(len(out.splitlines()), manifest.count("# Source: "))
            assert len(out.splitlines()) >= 3, out

    @test
    def the_namespace_says_whose_it_is(self):
        labels = kube.get_namespace(self.home.namespace)["metadata"]["labels"]
        equal(labels["app.kubernetes.io/managed-by"], "roaster")

    @test
    def events_tell_the_way_in_order(self):
        rows = psql("SELECT from_state, to_state FROM event WHERE component ="
                    " :'id' AND from_state <> to_state ORDER BY id",
                    id=self.found["id"])
        equal(rows, [("Pending", "Starting"), ("Starting", "Running")])

    @test
    def lists_agree_with_the_component(self):
        row, = [row for row in self.kind.list()
                if row["target_namespace"] == self.home.namespace]
        found = self.home.component()
        page = api("GET", f"/v2/components?namespace={self.home.namespace}")
        item, = page.json()["items"]
        for key in ("id", "state", "message", "ready", "wanted",
                    "generation"):
            equal((row[key], item[key]), (found[key], found[key]), key)
        equal(page.json()["next"], None)

    def end(self):
        self.home.end()


STORIES = [Create(kind) for kind in kinds.ALL]


if __name__ == "__main__":
    main()
