# SPDX-License-Identifier: Apache-2.0
"""Spark thrift servers as users have them."""
from component import Home, Kind, edit, encoded

SERVICE = "spark-thrift-server-service"
ACCESS_KEY = "any-access-key"
SECRET_KEY = "any-secret-key"
LABEL = "application-name: spark-thrift-server-driver"
CREATE_LINE = """curl -XPOST -H "Authorization: Bearer $ACCESS_TOKEN" \\
$ROASTER_URL/v1/spark_thrift_server/create \\
-d  "nfs_storage_class=standard" \\
-d  "nfs_storage_size=10" \\
-d  "s3_access_key=$(echo -n 'any-access-key' | base64)" \\
-d  "s3_secret_key=$(echo -n 'any-secret-key' | base64)" \\
-d  "pvc_size=1" \\
-d  "yaml=$(base64 -w 0 {file})";"""


def rename(text, namespace, name):
    text = edit(text, "  name: spark-thrift-server\n", f"  name: {name}\n")
    return edit(text, "    namespace: spark-thrift-server\n",
                f"    namespace: {namespace}\n")


KIND = Kind(
    name="spark_thrift_server", yaml_kind="SparkApplication",
    component="spark-thrift-server",
    example="examples/spark-thrift-server.yaml",
    example_name="spark-thrift-server",
    example_namespace="spark-thrift-server",
    posted_namespace="spark-operator", rename=rename,
    releases=(("spark-thrift-server", None),),
    controllers=(("deployments", "spark-thrift-server"),),
    pods={"driver": ({"app.kubernetes.io/component": "driver"}, 1,
                     "cloudcheflabs/spark:v3.0.3")},
    services=((SERVICE, 10016, "driver"),),
    endpoints=(("jdbc", SERVICE, 10016, "jdbc:hive2"),),
    change=lambda word: ((LABEL, f"application-name: {word}"),),
    changed="driver",
    bad=("cloudcheflabs/spark:v3.0.3", "cloudcheflabs/spark:does-not-exist"),
    layout=(("applicationType: EndlessRun", 'applicationType: "EndlessRun"'),
            ("\nspec:\n", "\n\n# of the server\nspec:\n"),
            ('      cores: "1"\n      limitCores: "1200m"\n',
             "      limitCores: 1200m # first\n      cores: 1\n")),
    shows=lambda home: {pod["metadata"]["labels"]["application-name"]
                        for pod in home.pods("driver")},
    credential=lambda word: ((), {"s3_secret_key": encoded(word)}),
    stuck=(((LABEL, LABEL + "\n    podTemplate:\n"
             "      nodeSelector: {disk: none}"),), {}),
    create_line=CREATE_LINE,
    kept=("persistentvolumeclaims/nfs-pvc-driver",),
    fields={"nfs_storage_class": "standard", "nfs_storage_size": "10",
            "s3_access_key": encoded(ACCESS_KEY),
            "s3_secret_key": encoded(SECRET_KEY), "pvc_size": "1"},
)


def home(prefix):
    return Home(KIND, prefix)
