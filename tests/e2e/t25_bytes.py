#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files whose every byte must survive the way from the request to the pod,
and a document that uses every key there is."""
import json

import kube
import trino
from component import Home, edit, failed, operation
from harness import TOP, equal, main, test, wait_until

GOLDEN = TOP / "tests/golden/trino"
BYTES = Home(trino.KIND, "bytes", "bytes")
FULL = Home(trino.KIND, "full", "full")
REFUSED = Home(trino.KIND, "refused-object", "full")


def golden(home):
    """The posted text in another namespace."""
    text = (GOLDEN / f"{home.name}.yaml").read_text()
    target = "full-target" if home.name == "full" else home.name
    return edit(text, f"  namespace: {target}\n",
                f"  namespace: {home.namespace}\n")


def full():
    """Without what Kubernetes refuses: a device has to be limited, too."""
    return edit(golden(FULL), ", nvidia.com/gpu: 1", "")


def canonical(name):
    """What its author says that it means, as JSON."""
    return json.loads((GOLDEN / f"{name}.canonical.json").read_text())


def deployment(role):
    return kube.get("deployments", FULL.namespace, f"trino-{role}")


def spec(role):
    return deployment(role)["spec"]["template"]["spec"]


@test
def nasty_files_are_byte_equal_in_the_pod():
    BYTES.runs(text=golden(BYTES))
    files = canonical("bytes")["spec"]["coordinator"]["configs"]
    assert len(files) >= 18, files
    wanted = {f"{file['path']}/{file['name']}": file["value"].encode()
              for file in files}
    assert any(b"\r\n" in value for value in wanted.values())
    pod, = BYTES.pods("coordinator")
    equal(kube.mounted(pod), wanted)


@test
def a_role_without_files_has_none():
    for pod in BYTES.pods("worker"):
        equal(kube.mounted(pod), {})


@test
def every_key_is_taken():
    """No node has disk: ssd, so nothing of it can run; its objects are
    there."""
    ident = FULL.accepted(text=full())
    wait_until(lambda: kube.deployed(FULL.namespace, "full") == [1])
    wait_until(scalers)
    equal(operation(ident)["state"], "running")


def scalers():
    return kube.items("horizontalpodautoscalers", FULL.namespace)


@test
def what_kubernetes_refuses_is_an_error_in_its_words():
    found = failed(REFUSED.accepted(text=golden(REFUSED)))
    for part in ("trino-worker", "Limit must be set"):
        assert part in found["error"], found


@test
def image_and_pull_secrets_are_those_of_the_document():
    for role in trino.ROLES:
        container = spec(role)["containers"][0]
        equal((container["image"], container["imagePullPolicy"]),
              ("registry.example.com:5000/trinodb/trino:476", "Always"))
        equal(spec(role)["imagePullSecrets"],
              [{"name": "registry-1"}, {"name": "registry-2"}])
        equal(spec(role)["serviceAccountName"], "engine")


@test
def security_context_is_that_of_the_document():
    for role in trino.ROLES:
        context = spec(role)["securityContext"]
        equal({key: context.get(key) for key in
               ("runAsUser", "fsGroup", "supplementalGroups")},
              {"runAsUser": 1001, "fsGroup": 1001,
               "supplementalGroups": [1, 2]})


@test
def resources_are_those_of_the_document():
    """Of what is only limited Kubernetes makes a request, too."""
    resources = spec("coordinator")["containers"][0]["resources"]
    equal(resources["limits"], {"memory": "4Gi", "ephemeral-storage": "10G"})
    equal(resources["requests"], {"cpu": "500m", "memory": "1536Mi"})
    equal(spec("worker")["containers"][0]["resources"]["requests"],
          {"cpu": "2", "memory": "8Gi"})


@test
def placement_is_that_of_the_document():
    coordinator = spec("coordinator")
    equal(coordinator["nodeSelector"],
          {"kubernetes.io/arch": "amd64", "disk": "ssd", "spot": "false"})
    equal(coordinator["tolerations"],
          [{"key": "dedicated", "operator": "Equal", "value": "trino",
            "effect": "NoSchedule"}])
    terms = coordinator["affinity"]["nodeAffinity"][
        "requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    equal(terms, [{"matchExpressions": [
        {"key": "disk", "operator": "In", "values": ["ssd", "nvme"]}]}])
    for key in ("nodeSelector", "tolerations"):
        assert not spec("worker").get(key), spec("worker")


@test
def an_init_container_shares_its_volume():
    found = [container for container in spec("coordinator")["initContainers"]
             if container["name"] == "plugins"]
    equal(len(found), 1)
    equal(found[0]["command"], ["sh", "-c", "true"])
    equal(found[0]["env"][0]["valueFrom"]["secretKeyRef"],
          {"name": "s3", "key": "secret"})
    paths = [mount["mountPath"] for mount in
             spec("coordinator")["containers"][0]["volumeMounts"]]
    assert "/plugins" in paths, paths


@test
def ports_and_autoscaler_are_those_of_the_document():
    service = kube.get("services", FULL.namespace, trino.SERVICE)
    equal([port["port"] for port in service["spec"]["ports"]], [9090])
    equal([port["containerPort"] for role in trino.ROLES
           for port in spec(role)["containers"][0]["ports"]], [9090, 9091])
    scaler, = scalers()
    equal([scaler["spec"][key] for key in ("minReplicas", "maxReplicas")],
          [3, 10])
    target = scaler["spec"]["metrics"][0]["resource"]["target"]
    equal(target["averageUtilization"], 75)


@test
def files_of_one_name_in_two_folders_are_two_files():
    pods = wait_until(lambda: FULL.pods("coordinator"))
    files = kube.mounted(pods[0])
    equal(files["/etc/trino/catalog/same.properties"], b"connector.name=tpch")
    equal(files["/etc/trino/other/same.properties"], b"connector.name=tpcds")
    equal(len(files), 5)


def end():
    for home in (BYTES, FULL, REFUSED):
        home.end()


if __name__ == "__main__":
    main()
