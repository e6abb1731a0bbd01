# SPDX-License-Identifier: Apache-2.0
"""Trino clusters as users have them, and the files in their documents."""
import kube
from component import Home, Kind, edit, example

COORDINATOR, WORKER = 0, 1  # which of two equal lines
SERVICE = "trino-coordinator-service"
SECRET_KEY = "hive.s3.aws-secret-key=any-secret-key"
IMAGE = "trinodb/trino:384"
VALUE_INDENT = 10
ROLES = ("coordinator", "worker")
# No node has it: Kubernetes goes on looking for one.
NOWHERE = ("    nodeSelector: null", "    nodeSelector: {disk: none}")

CREATE_LINE = """curl -XPOST -H "Authorization: Bearer $ACCESS_TOKEN" \\
$ROASTER_URL/v1/trino/create \\
-d  "yaml=$(base64 -w 0 {file})";"""


def rename(text, namespace, name):
    text = edit(text, "  name: trino-cluster-etl\n", f"  name: {name}\n")
    text = edit(text, "  namespace: trino-cluster-etl\n",
                f"  namespace: {namespace}\n")
    return edit(text, ".trino-cluster-etl.svc", f".{namespace}.svc")


def levels(home):
    """Of the log of the coordinator."""
    return {kube.mounted(pod)["/etc/trino/log.properties"].decode()
            .strip().removeprefix("io.trino=")
            for pod in home.pods("coordinator")}


KIND = Kind(
    name="trino", yaml_kind="TrinoCluster", component="trino",
    example="examples/trino-cluster-etl.yaml",
    example_name="trino-cluster-etl", example_namespace="trino-cluster-etl",
    posted_namespace="trino-operator", rename=rename,
    releases=(("trino", None),),
    controllers=(("deployments", "trino-coordinator"),
                 ("deployments", "trino-worker")),
    pods={"coordinator": ({"component": "coordinator"}, 1, IMAGE),
          "worker": ({"component": "worker"}, 2, IMAGE)},
    services=((SERVICE, 8080, "coordinator"),),
    endpoints=(("http", SERVICE, 8080, "http"),),
    change=lambda word: (("io.trino=INFO", f"io.trino={word}", COORDINATOR),),
    changed="coordinator",
    bad=('tag: "384"', "tag: does-not-exist"),
    layout=(('"384"', "'384'"), ("    imagePullSecrets: null\n", ""),
            ("\nspec:\n", "\n\n# of the cluster\nspec:\n"),
            ("    runAsUser: 1000\n    runAsGroup: 1000\n",
             "    runAsGroup: 1000 # first\n    runAsUser: 1000\n")),
    shows=levels,
    credential=lambda word: (((SECRET_KEY, f"hive.s3.aws-secret-key={word}",
                               COORDINATOR),), {}),
    stuck=((NOWHERE,), {}),
    create_line=CREATE_LINE,
)


def home(prefix):
    return Home(KIND, prefix)


SAMPLE = example(KIND)


def files_of(text):
    """Files of a document: {role: {path: bytes}}. It reads what the example is
    written in, literal blocks, and nothing of the product has a part in it."""
    files = {}
    role = name = path = None
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.strip() in ("coordinator:", "worker:"):
            role = files.setdefault(line.strip()[:-1], {})
        elif line.startswith("      - name: "):
            name = line.removeprefix("      - name: ")
        elif line.startswith("        path: "):
            path = line.removeprefix("        path: ")
        elif line == "        value: |":
            role[f"{path}/{name}"] = block(lines[number + 1:])
    return files


def block(lines):
    """A literal block: up to the first line with less indentation, one line
    end at its own end."""
    text = ""
    for line in lines:
        if line.strip() and not line.startswith(" " * VALUE_INDENT):
            break
        text += line[VALUE_INDENT:] + "\n"
    return (text.rstrip("\n") + "\n").encode()
