#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""All that a TrinoCluster says, byte by byte, in its objects."""
import kube
import trino
from harness import equal, main, test

HOME = trino.home("trino")


def deployment(role):
    return kube.get("deployments", HOME.namespace, f"trino-{role}")


def pod_spec(role):
    return deployment(role)["spec"]["template"]["spec"]


@test
def every_file_is_byte_equal_at_its_path_in_every_pod():
    HOME.runs()
    wanted = trino.files_of(HOME.document())
    equal([len(wanted[role]) for role in trino.ROLES], [7, 7])
    for role in trino.ROLES:
        for pod in HOME.pods(role):
            equal(kube.mounted(pod), wanted[role], role)


@test
def files_with_credentials_are_in_a_secret_the_others_are_not():
    for role in trino.ROLES:
        pod = HOME.pods(role)[0]
        secret = {volume["name"] for volume in pod["spec"]["volumes"]
                  if "secret" in volume}
        paths = [mount["mountPath"] for mount in
                 pod["spec"]["containers"][0]["volumeMounts"]
                 if mount["name"] in secret]
        equal(paths, ["/etc/trino/catalog/hive.properties"])


@test
def pull_policy_is_that_of_the_yaml():
    for role in trino.ROLES:
        container, = pod_spec(role)["containers"]
        equal(container["imagePullPolicy"], "IfNotPresent")
        assert not pod_spec(role).get("imagePullSecrets"), role


@test
def security_context_and_account_are_those_of_the_yaml():
    for role in trino.ROLES:
        spec = pod_spec(role)
        context = spec["securityContext"]
        equal((context["runAsUser"], context["runAsGroup"]), (1000, 1000))
        equal(spec["serviceAccountName"], "trino")
        assert not spec["containers"][0].get("resources"), role


@test
def replicas_and_autoscaler_are_those_of_the_yaml():
    equal(deployment("coordinator")["spec"]["replicas"], 1)
    equal(deployment("worker")["spec"]["replicas"], 2)
    scaler = kube.get("horizontalpodautoscalers", HOME.namespace,
                      "trino-worker")
    equal((scaler["spec"]["minReplicas"], scaler["spec"]["maxReplicas"]),
          (2, 5))
    equal(scaler["spec"]["scaleTargetRef"],
          {"apiVersion": "apps/v1", "kind": "Deployment",
           "name": "trino-worker"})
    equal(scaler["spec"]["metrics"],
          [{"type": "Resource", "resource": {"name": "cpu", "target": {
              "type": "Utilization", "averageUtilization": 50}}}])


def end():
    HOME.end()


if __name__ == "__main__":
    main()
