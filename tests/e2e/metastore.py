# SPDX-License-Identifier: Apache-2.0
"""Hive metastores with their database as users have them."""
import xml.etree.ElementTree

import kube
from component import Home, Kind, edit
from harness import equal

IMAGE = "cloudcheflabs/hivemetastore:v3.0.0"
PASSWORDS = "mysql-passwords"
VOLUME = "mysql-data-disk"
CREATE_LINE = """curl -XPOST -H "Authorization: Bearer $ACCESS_TOKEN" \\
$ROASTER_URL/v1/hive_metastore/create \\
-d  "mysql_storage_class=standard" \\
-d  "mysql_storage_size=5" \\
-d  "yaml=$(base64 -w 0 {file})";"""


def rename(text, namespace, name):
    """Both names: of the component, and of the metastore's release."""
    text = edit(text, "  name: hive-metastore\n", f"  name: {name}\n")
    return edit(text, "  namespace: hive-metastore\n",
                f"  namespace: {namespace}\n")


KIND = Kind(
    name="hive_metastore", yaml_kind="HelmChart", component="hive-metastore",
    example="examples/hive-metastore.yaml",
    example_name="hive-metastore", example_namespace="hive-metastore",
    posted_namespace="dataroaster-operator", rename=rename,
    releases=(("mysql", "mysql"), ("hive-metastore", None)),
    controllers=(("statefulsets", "mysql-statefulset"),
                 ("deployments", "metastore")),
    pods={"mysql": ({"app": "mysql"}, 1, "mysql:8.4.6"),
          "metastore": ({"app": "metastore"}, 1, IMAGE)},
    services=(("mysql-service", 3306, "mysql"),
              ("metastore", 9083, "metastore")),
    endpoints=(("thrift", "metastore", 9083, "thrift"),),
    change=lambda word: (("bucket: any-bucket", f"bucket: {word.lower()}"),),
    changed="metastore",
    bad=(IMAGE, "cloudcheflabs/hivemetastore:does-not-exist"),
    layout=(("      bucket: any-bucket\n      accessKey: any-access-key\n",
             "      accessKey: any-access-key # first\n"
             "      bucket: 'any-bucket'\n"),
            ("version: v2.0.0", 'version: "v2.0.0"'),
            ("\nspec:\n", "\n\n# of the metastore\nspec:\n")),
    shows=lambda home: {properties(home)["fs.defaultFS"].removeprefix(
        "s3a://").upper()},
    credential=lambda word: ((("any-secret-key", word),), {}),
    stuck=((), {"mysql_storage_class": "none"}),
    create_line=CREATE_LINE,
    kept=(f"persistentvolumeclaims/{VOLUME}", f"secrets/{PASSWORDS}"),
    fields={"mysql_storage_class": "standard", "mysql_storage_size": "5"},
)


def home(prefix):
    return Home(KIND, prefix)


def properties(home):
    """What metastore-site.xml says, as the metastore's pod mounts it."""
    pod, = home.pods("metastore")
    file, = [text for path, text in kube.mounted(pod).items()
             if path.endswith("/metastore-site.xml")]
    root = xml.etree.ElementTree.fromstring(file)
    equal(root.tag, "configuration")
    names = [item.findtext("name") for item in root]
    equal(len(names), len(set(names)), "properties")
    return {item.findtext("name"): item.findtext("value") for item in root}
