#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""All that a HelmChart of a metastore says in its objects: its configuration
file above all, and the database that comes with it."""
import re

import kube
import metastore
from harness import equal, main, test

HOME = metastore.home("metastore")
OWN = metastore.home("own-database")
# All that XML and shells could stumble over.
ACCESS_KEY = """A<b>&amp;"c'+/="""
SECRET_KEY = "]]>&#38;$(id)%s\\n\u00e9"
KEYS = (("accessKey: any-access-key", "accessKey: '{}'".format(
            ACCESS_KEY.replace("'", "''"))),
        ("secretKey: any-secret-key", f"secretKey: '{SECRET_KEY}'"))
# What version 2.2.0 of the chart knew besides, and a database elsewhere.
NEWER = (("version: v2.0.0", "version: v2.2.0"),
         (f"    image: {metastore.IMAGE}\n", "    dnsPolicy: Default\n"),
         ("endpoint: https://any-endpoint",
          "endpoint: http://any-endpoint:9000\n      region: eu-1\n"
          "    jdbc: {url: 'jdbc:postgresql://db.example.com/hive',\n"
          "           user: hive, password: theirs}"))
NO_MYSQL = {"mysql_storage_class": None, "mysql_storage_size": None}
FOUND = {}


@test
def metastore_site_is_xml_in_the_one_secret_that_the_pod_mounts():
    HOME.runs(*KEYS)
    data = kube.secret(HOME.namespace, "etl-config")
    pod, = HOME.pods("metastore")
    equal({path.rpartition("/")[2]: text
           for path, text in kube.mounted(pod).items()}, data)
    FOUND["site"] = metastore.properties(HOME)
    pod, = HOME.pods("metastore")
    schema, = pod["spec"]["initContainers"]
    assert any(mount["mountPath"].endswith("/metastore-site.xml")
               for mount in schema["volumeMounts"]), schema


@test
def it_names_the_service_of_its_database():
    url = FOUND["site"]["javax.jdo.option.ConnectionURL"]
    found = re.match(r"jdbc:mysql://([^./]+)\.([^./]+)\.svc:(\d+)/(\w+)\?",
                     url)
    service, namespace, port, database = found.groups()
    equal(namespace, HOME.namespace)
    ports = kube.get("services", namespace, service)["spec"]["ports"]
    equal([item["port"] for item in ports], [int(port)])
    equal((service, database), ("mysql-service", "metastore_db"))


@test
def it_has_the_object_store_of_the_yaml():
    wanted = {"fs.s3a.endpoint": "https://any-endpoint",
              "fs.s3a.access.key": ACCESS_KEY,
              "fs.s3a.secret.key": SECRET_KEY,
              "fs.s3a.connection.ssl.enabled": "true",
              "fs.defaultFS": "s3a://any-bucket"}
    equal({key: FOUND["site"].get(key) for key in wanted}, wanted)


@test
def its_password_is_that_of_the_database():
    data = kube.secret(HOME.namespace, metastore.PASSWORDS)
    equal(sorted(data), ["root-password", "user-password"])
    for value in data.values():
        assert re.fullmatch(rb"[0-9a-f]{32}", value), len(value)
    assert data["root-password"] != data["user-password"]
    equal(FOUND["site"]["javax.jdo.option.ConnectionPassword"].encode(),
          data["user-password"])


@test
def the_database_knows_that_user_and_has_that_password():
    pod, = HOME.pods("mysql")
    container, = pod["spec"]["containers"]
    env = {item["name"]: item.get("value") for item in container["env"]}
    equal(env["MYSQL_USER"],
          FOUND["site"]["javax.jdo.option.ConnectionUserName"])
    equal(env["MYSQL_DATABASE"], "metastore_db")
    names = [volume["secret"]["secretName"]
             for volume in pod["spec"]["volumes"] if "secret" in volume]
    equal(names, [metastore.PASSWORDS])
    assert env["MYSQL_PASSWORD_FILE"].endswith("/user-password"), env


@test
def the_volume_has_class_and_size_of_the_form():
    claim = kube.get("persistentvolumeclaims", HOME.namespace,
                     metastore.VOLUME)
    equal((claim["spec"]["storageClassName"],
           claim["spec"]["resources"]["requests"]["storage"],
           claim["spec"]["accessModes"], claim["status"]["phase"]),
          ("standard", "5Gi", ["ReadWriteOnce"], "Bound"))
    pod, = HOME.pods("mysql")
    names = [volume["persistentVolumeClaim"]["claimName"]
             for volume in pod["spec"]["volumes"]
             if "persistentVolumeClaim" in volume]
    equal(names, [metastore.VOLUME])


@test
def no_secret_is_in_what_helm_keeps_or_in_the_configmaps():
    texts = list(kube.release_texts(HOME.namespace).values())
    texts += [str(item["data"]).encode() for item in
              kube.items("configmaps", HOME.namespace)]
    data = kube.secret(HOME.namespace, metastore.PASSWORDS)
    for needle in (*data.values(), SECRET_KEY[:8].encode()):
        assert not any(needle in text for text in texts), needle


@test
def a_metastore_with_a_database_elsewhere_has_none_of_its_own():
    found = OWN.runs(*NEWER, **NO_MYSQL)
    equal((found["ready"], found["wanted"]), (1, 1))
    equal(found["children"], [{"release": "etl", "chart": "hive-metastore"}])
    equal([name for name in OWN.inhabitants() if "mysql" in name], [])


@test
def the_database_elsewhere_is_that_of_the_yaml():
    wanted = {"javax.jdo.option.ConnectionURL":
              "jdbc:postgresql://db.example.com/hive",
              "javax.jdo.option.ConnectionUserName": "hive",
              "javax.jdo.option.ConnectionPassword": "theirs",
              "fs.s3a.endpoint": "http://any-endpoint:9000",
              "fs.s3a.endpoint.region": "eu-1",
              "fs.s3a.connection.ssl.enabled": "false"}
    found = metastore.properties(OWN)
    equal({key: found.get(key) for key in wanted}, wanted)


@test
def values_of_the_newer_chart_are_taken():
    pod, = OWN.pods("metastore")
    equal((pod["spec"]["containers"][0]["image"], pod["spec"]["dnsPolicy"]),
          ("cloudcheflabs/hivemetastore:v3.3.5", "Default"))


def end():
    HOME.end()
    OWN.end()


if __name__ == "__main__":
    main()
