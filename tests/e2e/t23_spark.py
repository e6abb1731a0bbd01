#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""All that a SparkApplication says in the objects of its thrift server."""
import json

import kube
import spark
from component import encoded
from curl import ACCESS, shell
from harness import equal, login, main, test

HOME = spark.home("spark")
# Base64 of it has a raw plus, and more than the 76 characters of one line.
KEY = ">>>" + "~" * 72 + "?"
KEYS_LINE = """curl -XPOST -H "Authorization: Bearer $ACCESS_TOKEN" \\
$ROASTER_URL/v1/spark_thrift_server/create \\
-d  "nfs_storage_class=standard" \\
-d  "nfs_storage_size=10" \\
-d  "s3_access_key=$(echo -n '{key}' | base64)" \\
-d  "s3_secret_key=$(echo -n '{key}' | base64)" \\
-d  "pvc_size=1" \\
-d  "yaml={yaml}";"""


def config():
    """The files that are mounted."""
    return kube.get("configmaps", HOME.namespace,
                    "spark-thrift-server")["data"]


def confs():
    return dict(line.split("=", 1) for line in
                config()["spark-defaults.conf"].splitlines())


def executor():
    """What Spark makes executors from."""
    out, _ = kube.kubectl("create", "--dry-run=client", "--validate=false",
                          "-o", "json", "-f", "-",
                          stdin=config()["executor.yaml"])
    return json.loads(out)


def driver():
    """The driver's pod."""
    pod, = HOME.pods("driver")
    return pod


def container():
    found, = driver()["spec"]["containers"]
    return found


@test
def its_settings_are_those_of_the_yaml():
    HOME.runs()
    namespace = HOME.namespace
    wanted = {
        "spark.hadoop.hive.metastore.uris":
            "thrift://metastore.hive-metastore.svc:9083",
        "spark.hadoop.fs.s3a.endpoint": "https://any-endpoint",
        "spark.hadoop.fs.defaultFS": "s3a://mykidong",
        "spark.driver.cores": "1", "spark.driver.memory": "512m",
        "spark.executor.cores": "1", "spark.executor.memory": "1g",
        "spark.executor.instances": "1",
        "spark.kubernetes.executor.limit.cores": "1200m",
        "spark.kubernetes.container.image": "cloudcheflabs/spark:v3.0.3",
        "spark.kubernetes.container.image.pullPolicy": "Always",
        "spark.kubernetes.namespace": namespace,
        "spark.hadoop.hive.server2.thrift.port": "10016",
    }
    found = confs()
    equal({key: found.get(key) for key in wanted}, wanted)


@test
def class_and_jar_are_those_of_the_yaml():
    args = container()["args"]
    equal(args[args.index("--class") + 1],
          "com.cloudcheflabs.dataroaster.hive.SparkThriftServerRunner")
    equal([arg for arg in args if arg.endswith(".jar")],
          ["s3a://mykidong/spark-app/"
           "spark-thrift-server-3.0.3-spark-job.jar"])


@test
def pull_policy_account_and_label_are_those_of_the_yaml():
    equal(container()["imagePullPolicy"], "Always")
    equal(driver()["spec"]["serviceAccountName"], "spark-thrift-server")
    equal(driver()["metadata"]["labels"]["application-name"],
          "spark-thrift-server-driver")
    equal(executor()["metadata"]["labels"]["application-name"],
          "spark-thrift-server-executor")


@test
def the_driver_has_what_it_was_to_have():
    resources = container()["resources"]
    equal((resources["requests"]["cpu"], resources["limits"]["cpu"]),
          ("1", "1200m"))
    # 512m and the overhead of 384m that Spark adds at least
    equal(resources["limits"]["memory"], "896Mi")


@test
def the_driver_may_do_what_spark_needs_in_its_namespace_only():
    binding = kube.get("rolebindings", HOME.namespace, "spark-thrift-server")
    equal(binding["roleRef"]["kind"], "Role")
    role = kube.get("roles", HOME.namespace, binding["roleRef"]["name"])
    for rule in role["rules"]:
        assert "*" not in rule["verbs"] + rule["resources"], rule
        assert "secrets" not in rule["resources"], rule
    rbac = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
    for found in kube.call("GET", rbac)["items"]:
        assert HOME.namespace not in json.dumps(found), found


@test
def the_driver_has_a_volume_of_class_and_size_of_the_form():
    claim = kube.get("persistentvolumeclaims", HOME.namespace,
                     "nfs-pvc-driver")
    equal((claim["spec"]["storageClassName"],
           claim["spec"]["resources"]["requests"]["storage"],
           claim["spec"]["accessModes"], claim["status"]["phase"]),
          ("standard", "1Gi", ["ReadWriteOnce"], "Bound"))
    paths = [mount["mountPath"] for mount in container()["volumeMounts"]]
    assert "/tmp/local-dir" in paths, paths


@test
def an_executor_has_scratch_space_and_no_rights():
    """Of that size; Spark of that version hands on no claim of its own."""
    pod = executor()
    container, = pod["spec"]["containers"]
    mount, = container["volumeMounts"]
    volume, = pod["spec"]["volumes"]
    equal((mount["mountPath"], mount["name"]),
          ("/tmp/local-dir", volume["name"]))
    equal(volume["emptyDir"], {"sizeLimit": "1Gi"})
    equal(pod["spec"]["automountServiceAccountToken"], False)


@test
def kubernetes_takes_an_executor():
    """With name and image, which Spark fills in."""
    pod = executor()
    pod["metadata"].update(name="executor", namespace=HOME.namespace)
    pod["spec"]["containers"][0]["image"] = confs()[
        "spark.kubernetes.container.image"]
    kube.call("POST", kube.path_of("pods", HOME.namespace), pod,
              {"dryRun": "All", "fieldValidation": "Strict"})


@test
def the_keys_are_in_its_secret_and_reach_driver_and_executors():
    has_keys(spark.ACCESS_KEY, spark.SECRET_KEY)
    env = {item["name"]: item.get("valueFrom", {}).get("secretKeyRef")
           for item in container()["env"]}
    equal((env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]),
          ({"name": "etl-s3", "key": "accessKey"},
           {"name": "etl-s3", "key": "secretKey"}))
    prefix = "spark.kubernetes.executor.secretKeyRef."
    found = confs()
    equal((found[prefix + "AWS_ACCESS_KEY_ID"],
           found[prefix + "AWS_SECRET_ACCESS_KEY"]),
          ("etl-s3:accessKey", "etl-s3:secretKey"))


def has_keys(access, secret):
    equal(kube.secret(HOME.namespace, "etl-s3"),
          {"accessKey": access.encode(), "secretKey": secret.encode()})


@test
def keys_are_taken_as_base64_writes_them():
    """With a raw plus, and line ends."""
    assert "+" in encoded(KEY) and len(encoded(KEY)) > 76
    ACCESS["token"] = login()
    body = json.loads(shell(KEYS_LINE, 202, key=KEY,
                            yaml=encoded(HOME.document())))
    equal(body["changed"], True)
    HOME.reaches("Running")
    has_keys(KEY, KEY)


@test
def without_a_size_the_driver_has_scratch_space():
    HOME.runs(pvc_size=None)
    spec = driver()["spec"]
    names = {mount["name"] for mount in container()["volumeMounts"]
             if mount["mountPath"] == "/tmp/local-dir"}
    volume, = [volume for volume in spec["volumes"]
               if volume["name"] in names]
    assert "emptyDir" in volume, volume


def end():
    HOME.end()


if __name__ == "__main__":
    main()
