# SPDX-License-Identifier: Apache-2.0
"""A good document of each kind with every part that has fields of its own, to
be spoilt in one place; and the fields that the kinds' documents name."""
import copy
import json
import pathlib
import re

DOCS = pathlib.Path(__file__).parents[2] / "docs" / "kinds"

ROLE = {
    "resources": {"requests": {"cpu": "1"}, "limits": {"memory": "1Gi"}},
    "nodeSelector": {"disk": "ssd"},
    "affinity": {"nodeAffinity": {}},
    "tolerations": [{"key": "a", "operator": "Exists"}],
    "initContainers": [{"name": "i", "image": "busybox:1"}],
}
SPARK_ROLE = {
    "label": {"team": "a"},
    "annotation": {"note": "b"},
    "resources": {"cores": 1, "limitCores": "2", "memory": "1g"},
    "volumeMounts": [{"name": "scratch", "mountPath": "/scratch"}],
    "podTemplate": {"affinity": {}, "tolerations": [], "nodeSelector": {}},
}


class Embedded(dict):
    """A mapping that stands in its document as text."""


def metadata(namespace):
    return {"name": "good", "namespace": namespace, "labels": {"team": "a"},
            "annotations": {"note": "b"}}


def reference(key):
    return {"valueFrom": {"secretKeyRef": {"name": "keys", "key": key}}}


GOOD = {
    "trino": {
        "apiVersion": "trino-operator.cloudchef-labs.com/v1beta1",
        "kind": "TrinoCluster",
        "metadata": metadata("trino-operator"),
        "spec": {
            "namespace": "good",
            "serviceAccountName": "engine",
            "image": {"repository": "trinodb/trino", "tag": "476",
                      "imagePullPolicy": "Always",
                      "imagePullSecrets": [{"name": "registry"}]},
            "securityContext": {"runAsUser": 1000},
            "coordinator": {**ROLE, "configs": [{
                "name": "config.properties", "path": "/etc/trino",
                "value": "coordinator=true\nhttp-server.http.port=8080\n"}]},
            "worker": {"replicas": 1, **ROLE, "autoscaler": {
                "minReplicas": 1, "maxReplicas": 2,
                "targetCPUUtilizationPercentage": 50},
                "configs": [{"name": "log.properties", "path": "/etc/trino",
                             "value": "io.trino=INFO"}]},
        },
    },
    "hive_metastore": {
        "apiVersion": "helm-operator.cloudchef-labs.com/v1beta1",
        "kind": "HelmChart",
        "metadata": metadata("dataroaster-operator"),
        "spec": {
            "chartName": "dataroaster-hivemetastore",
            "name": "good-release",
            "version": "v2.2.0",
            "namespace": "good",
            "values": Embedded({
                "namespace": "good",
                "image": "apache/hive:4.1.0",
                "s3": {"bucket": "b", "accessKey": "a", "secretKey": "s",
                       "endpoint": "http://minio:9000", "region": "eu"},
                "jdbc": {"user": "u", "password": "p", "type": "mysql",
                         "url": "jdbc:mysql://db:3306/metastore_db"},
                "dnsPolicy": "Default",
                "replicas": 1,
                **ROLE,
                "properties": {"metastore.comment": "a"},
            }),
        },
    },
    "spark_thrift_server": {
        "apiVersion": "spark-operator.cloudchef-labs.com/v1alpha1",
        "kind": "SparkApplication",
        "metadata": metadata("spark-operator"),
        "spec": {
            "core": {
                "applicationType": "EndlessRun",
                "container": {"image": "apache/spark:4.0.1"},
                "args": ["--hiveconf", "a=b"],
                "namespace": "good",
                "s3": {"bucket": "b", "endpoint": "http://minio:9000",
                       "region": "eu", "accessKey": reference("a"),
                       "secretKey": reference("b")},
                "hive": {"metastoreUris": ["thrift://metastore:9083"]},
            },
            "driver": {"serviceAccountName": "engine", **SPARK_ROLE},
            "executor": {"instances": 1, **SPARK_ROLE},
            "confs": {"spark.sql.shuffle.partitions": "64"},
            "volumes": [{"name": "scratch", "type": "SparkLocalDir",
                         "persistentVolumeClaim": {"claimName": "scratch"}},
                        {"name": "spare", "emptyDir": {"medium": "Memory"}}],
        },
    },
}


def inline(value):
    """JSON, of which all is YAML."""
    return json.dumps(value, ensure_ascii=False)


def block(value, depth=0):
    """YAML of a mapping, a key on each line."""
    lines = []
    for key, item in value.items():
        indent = "  " * depth + inline(key) + ":"
        if isinstance(item, Embedded):
            text = block(item).replace("\n", "\n  " + "  " * depth)
            lines.append(f"{indent} |\n  {'  ' * depth}{text.rstrip()}")
        elif isinstance(item, dict) and item:
            lines.append(f"{indent}\n{block(item, depth + 1).rstrip()}")
        else:
            lines.append(f"{indent} {inline(item)}")
    return "\n".join(lines) + "\n"


def text_of(kind):
    return block(GOOD[kind])


def own_database():
    """A metastore that has a MySQL of its own."""
    return spoilt("hive_metastore", "spec.values.jdbc", Absent)


def steps(path):
    """The keys that "spec.volumes[].name" goes along; of the places that
    there is the last one for the emptyDir."""
    index = 1 if ".emptyDir" in path else 0
    for part in path.split("."):
        yield part.removesuffix("[]")
        if part.endswith("[]"):
            yield index


def pointer(path):
    return "".join(f"/{step}" for step in steps(path.removesuffix("[]")))


class Absent:
    """What a key has that is taken away."""


def spoilt(kind, path, value):
    """YAML of the good document with ${value} at ${path}."""
    document = copy.deepcopy(GOOD[kind])
    *parents, last = steps(path.removesuffix("[]"))
    place = document
    for step in parents:
        place = place[step]
    if value is Absent:
        place.pop(last, None)
    else:
        place[last] = value
    return block(document)


def fields(kind):
    """(path, type, default or "required") of each row of the kind's table."""
    text = (DOCS / f"{kind}.md").read_text().split("\n## Stages")[0]
    rows = re.findall(r"^\| `([^`]+)` \| ([^|]+) \|([^|]*)\| .*\|$",
                      text.split("\n## Form")[0], re.MULTILINE)
    assert len(rows) >= 40, (kind, rows)
    return [(path, what, default.strip()) for path, what, default in rows]
