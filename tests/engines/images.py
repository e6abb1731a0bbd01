# SPDX-License-Identifier: Apache-2.0
"""What runs in the place of images: folders over this machine's own root.

fetch.sh makes the folders, images/ beside this file holds the programs that the
real images have and the folders lack.
"""
import dataclasses
import re

JAVA_17 = "/usr/lib/jvm/java-17-openjdk-amd64"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclasses.dataclass(frozen=True)
class Image:
    """The root is the machine's, with folders and programs put into it."""
    name: str
    folders: list  # of images/NAME, where fetch.sh put them
    programs: dict  # where in the root -> file in images/
    entrypoint: list
    env: dict
    users: dict  # names that the real image has -> number


METASTORE = Image(
    name="metastore",
    folders=["/opt"],
    programs={"/opt/hadoop/bin/hadoop": "hadoop.sh"},
    entrypoint=[],
    env={"HADOOP_HOME": "/opt/hadoop", "JAVA_HOME": JAVA_17, "PATH": PATH},
    users={"hive": 1000})

# Repository of the image asked for, and what runs for it whatever the tag.
STAND_INS = {
    "mysql": Image(
        name="mysql",
        folders=[],
        programs={"/usr/local/bin/docker-entrypoint.sh": "mysql.sh"},
        entrypoint=["docker-entrypoint.sh", "mysqld"],
        env={"PATH": PATH},
        users={"mysql-image": 999}),
    "apache/hive": METASTORE,
    "cloudcheflabs/hivemetastore": METASTORE,
    "apache/spark": Image(
        name="spark",
        folders=["/opt"],
        programs={"/opt/entrypoint.sh": "spark.sh"},
        entrypoint=["/opt/entrypoint.sh"],
        env={"SPARK_HOME": "/opt/spark", "JAVA_HOME": JAVA_17, "PATH": PATH},
        users={"spark": 185}),
    "trinodb/trino": Image(
        name="trino",
        folders=["/usr/lib/trino", "/opt"],
        programs={"/usr/lib/trino/bin/run-trino": "trino.sh"},
        entrypoint=["/usr/lib/trino/bin/run-trino"],
        env={"JAVA_HOME": "/opt/java", "PATH": "/opt/java/bin:" + PATH},
        users={"trino": 1000}),
}


def stand_in(name):
    """The Image for an image's name; LookupError if there is none."""
    repository = re.sub(r"(@.*|:[^/:]*)$", "", name)
    for known, image in STAND_INS.items():
        if ("/" + repository).endswith("/" + known):
            return image
    raise LookupError(f"nothing stands in for the image {name}")
