#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What stands in the cluster after the example was posted: all that its YAML
says, byte by byte, and nothing else."""
import json

import kube
import trino
from harness import api, equal, main, psql, test, wait_until

NAMESPACE = NAME = trino.SAMPLE_NAME
FOUND = {}  # what the first step saw


def deployment(role):
    return kube.get("deployments", NAMESPACE, f"trino-{role}")


def pod_spec(role):
    return deployment(role)["spec"]["template"]["spec"]


@test
def a_posted_cluster_becomes_running():
    trino.gone(NAMESPACE, NAME)
    ident = trino.accepted(trino.SAMPLE)
    FOUND["operation"] = trino.succeeded(ident)
    FOUND["component"] = trino.reaches("Running", NAMESPACE, NAME)
    found = FOUND["component"]
    equal((found["ready"], found["wanted"], found["generation"],
           found["observed_generation"], found["good_generation"],
           found["failed_generation"]), (3, 3, 1, 1, 1, None))


@test
def the_operation_says_when_and_by_whom():
    found = FOUND["operation"]
    equal((found["action"], found["asked_by"], found["error"]),
          ("create", "admin", ""))
    assert (found["queued_at"] <= found["started_at"] <= found["ended_at"]
            ), found


@test
def endpoints_and_children_are_named():
    found = FOUND["component"]
    equal(found["children"], [{"release": NAME, "chart": "trino"}])
    equal(found["endpoints"], [{
        "name": "http", "host": f"{trino.SERVICE}.{NAMESPACE}.svc",
        "port": 8080,
        "url": f"http://{trino.SERVICE}.{NAMESPACE}.svc:8080"}])


@test
def the_release_is_deployed_once_and_stamped():
    label, = kube.revisions(NAMESPACE, NAME)
    equal((label["status"], label["version"]), ("deployed", "1"))
    equal(label["roaster-op"], FOUND["operation"]["id"])
    out, _ = kube.helm("status", NAME, "-n", NAMESPACE, "-o", "json")
    equal(json.loads(out)["info"]["status"], "deployed")


@test
def every_file_is_byte_equal_at_its_path_in_every_pod():
    wanted = trino.files_of(trino.SAMPLE)
    equal([len(wanted[role]) for role in kube.ROLES], [7, 7])
    for role in kube.ROLES:
        for pod in kube.pods(NAMESPACE, role):
            equal(kube.mounted(pod), wanted[role], role)


@test
def files_with_credentials_are_in_a_secret_the_others_are_not():
    for role in kube.ROLES:
        pod = kube.pods(NAMESPACE, role)[0]
        secret = {volume["name"] for volume in pod["spec"]["volumes"]
                  if "secret" in volume}
        paths = [mount["mountPath"] for mount in
                 pod["spec"]["containers"][0]["volumeMounts"]
                 if mount["name"] in secret]
        equal(paths, ["/etc/trino/catalog/hive.properties"])


@test
def image_and_pull_policy_are_those_of_the_yaml():
    for role in kube.ROLES:
        container, = pod_spec(role)["containers"]
        equal((container["image"], container["imagePullPolicy"]),
              ("trinodb/trino:384", "IfNotPresent"))
        assert not pod_spec(role).get("imagePullSecrets"), role


@test
def security_context_and_account_are_those_of_the_yaml():
    for role in kube.ROLES:
        spec = pod_spec(role)
        context = spec["securityContext"]
        equal((context["runAsUser"], context["runAsGroup"]), (1000, 1000))
        equal(spec["serviceAccountName"], "trino")
        assert "resources" not in spec["containers"][0] or (
            spec["containers"][0]["resources"] == {}), role


@test
def replicas_and_autoscaler_are_those_of_the_yaml():
    equal(deployment("coordinator")["spec"]["replicas"], 1)
    equal(deployment("worker")["spec"]["replicas"], 2)
    equal([len(kube.pods(NAMESPACE, role)) for role in kube.ROLES], [1, 2])
    scaler = kube.get("horizontalpodautoscalers", NAMESPACE, "trino-worker")
    equal((scaler["spec"]["minReplicas"], scaler["spec"]["maxReplicas"]),
          (2, 5))
    equal(scaler["spec"]["scaleTargetRef"],
          {"apiVersion": "apps/v1", "kind": "Deployment",
           "name": "trino-worker"})
    equal(scaler["spec"]["metrics"],
          [{"type": "Resource", "resource": {"name": "cpu", "target": {
              "type": "Utilization", "averageUtilization": 50}}}])


@test
def all_pods_are_ready():
    for role in kube.ROLES:
        assert all(map(kube.is_ready, kube.pods(NAMESPACE, role))), role


@test
def the_service_sends_to_the_coordinator():
    service = kube.get("services", NAMESPACE, trino.SERVICE)
    equal([port["port"] for port in service["spec"]["ports"]], [8080])
    pod, = kube.pods(NAMESPACE, "coordinator")
    wait_until(lambda: kube.ready_addresses(NAMESPACE, trino.SERVICE) ==
               [pod["status"]["podIP"]], 10, "an address of the Service")


@test
def a_strict_dry_run_of_the_manifest_is_clean():
    manifest, _ = kube.helm("get", "manifest", NAME, "-n", NAMESPACE)
    out, err = kube.kubectl(
        "apply", "-n", NAMESPACE, "--server-side", "--dry-run=server",
        "--validate=strict", "--field-manager=helm", "-f", "-",
        stdin=manifest)
    equal(err, "")
    equal(len(out.splitlines()), manifest.count("\nkind: "))
    assert len(out.splitlines()) >= 8, out


@test
def the_namespace_says_whose_it_is():
    labels = kube.get_namespace(NAMESPACE)["metadata"]["labels"]
    equal(labels["app.kubernetes.io/managed-by"], "roaster")


@test
def events_tell_the_way_in_order():
    rows = psql("SELECT from_state, to_state FROM event WHERE component ="
                " :'id' AND from_state <> to_state ORDER BY id",
                id=FOUND["component"]["id"])
    equal(rows, [("Pending", "Starting"), ("Starting", "Running")])


@test
def lists_agree_with_the_component():
    row, = [row for row in api("GET", "/v1/trino/list").json()
            if row["name"] == NAME]
    found = trino.component(NAMESPACE, NAME)
    page = api("GET", f"/v2/components?namespace={NAMESPACE}").json()
    item, = page["items"]
    for key in ("id", "state", "message", "ready", "wanted", "generation"):
        equal((row[key], item[key]), (found[key], found[key]), key)
    equal(page["next"], None)


def end():
    trino.delete(name=NAME, delete_data="true")


if __name__ == "__main__":
    main()
