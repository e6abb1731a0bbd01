#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The data of a metastore, and the password that they are locked with, live
and die together."""
import kube
import metastore
from component import Home, failed, succeeded
from harness import equal, main, stays, test

HOME = metastore.home("keep")
OTHER = Home(metastore.KIND, name="other", namespace=HOME.namespace)
LOST = metastore.home("lost")
PASSWORD = "javax.jdo.option.ConnectionPassword"
FOUND = {}


def data_of(home):
    """What a deletion without delete_data keeps: uids, and what the Secret
    has."""
    claim = kube.get("persistentvolumeclaims", home.namespace,
                     metastore.VOLUME)
    secret = kube.get("secrets", home.namespace, metastore.PASSWORDS)
    return {"claim": claim and claim["metadata"]["uid"],
            "volume": claim and claim["spec"]["volumeName"],
            "secret": secret and secret["metadata"]["uid"],
            "data": secret and secret["data"]}


def logs_in(home):
    """Whether the metastore has the password of the database."""
    password = kube.secret(home.namespace,
                           metastore.PASSWORDS)["user-password"]
    equal(metastore.properties(home)[PASSWORD], password.decode())


@test
def deleted_without_delete_data_it_keeps_volume_and_password():
    HOME.runs()
    FOUND["data"] = data_of(HOME)
    FOUND["site"] = kube.get("secrets", HOME.namespace, "etl-config")
    HOME.deleted()
    assert all(FOUND["data"].values()), FOUND["data"]
    equal(data_of(HOME), FOUND["data"])
    equal(kube.get("secrets", HOME.namespace, "etl-config"), None)


@test
def another_name_is_refused_naming_whose_data_there_are():
    before = kube.versions(HOME.namespace)
    detail = OTHER.conflict()
    for part in ("mysql-", HOME.namespace, "hive_metastore etl"):
        assert part in detail, detail
    equal(kube.versions(HOME.namespace), before)
    equal(OTHER.component(), None)


@test
def posted_again_it_has_its_volume_and_password_again():
    HOME.runs()
    equal(data_of(HOME), FOUND["data"])
    logs_in(HOME)
    again = kube.get("secrets", HOME.namespace, "etl-config")
    equal(again["data"], FOUND["site"]["data"])
    assert again["metadata"]["uid"] != FOUND["site"]["metadata"]["uid"]


@test
def an_update_keeps_them_too():
    HOME.runs(*metastore.KIND.change("new"))
    equal(data_of(HOME), FOUND["data"])
    logs_in(HOME)


@test
def deleted_with_delete_data_both_are_gone():
    HOME.deleted(delete_data="true")
    equal(set(data_of(HOME).values()), {None})
    equal(kube.get_namespace(HOME.namespace), None)


@test
def after_that_it_has_others():
    HOME.runs()
    found = data_of(HOME)
    logs_in(HOME)
    for key in ("claim", "secret", "data"):
        assert found[key] != FOUND["data"][key], key


@test
def kept_data_go_with_a_later_delete_data():
    HOME.deleted()
    HOME.runs()
    HOME.deleted(delete_data="true")
    equal(set(data_of(HOME).values()), {None})


@test
def a_volume_without_its_secret_is_an_error_that_names_both():
    LOST.runs()
    LOST.deleted()
    FOUND["lost"] = kube.get("secrets", LOST.namespace, metastore.PASSWORDS)
    kube.delete("secrets", LOST.namespace, metastore.PASSWORDS)
    found = failed(LOST.accepted())
    why = LOST.reaches("Error")["why"]
    for part in (f"Secret {metastore.PASSWORDS}",
                 f"PersistentVolumeClaim {metastore.VOLUME}",
                 LOST.namespace):
        assert part in why, why
    equal(found["error"], why)


@test
def no_other_password_is_made_for_it():
    stays(lambda: kube.get("secrets", LOST.namespace, metastore.PASSWORDS)
          is None, 2, "no Secret")
    equal([name for name in LOST.inhabitants()
           if name.startswith(("secrets/", "statefulsets/", "deployments/"))],
          [])


@test
def once_it_is_put_back_it_runs():
    kube.create("secrets", LOST.namespace, {
        "metadata": {"name": metastore.PASSWORDS,
                     "labels": FOUND["lost"]["metadata"]["labels"]},
        "data": FOUND["lost"]["data"]})
    LOST.runs()
    equal(data_of(LOST)["data"], FOUND["lost"]["data"])
    logs_in(LOST)


@test
def one_with_another_password_is_taken_for_what_it_is():
    """Whoever changes it by hand has changed it in MySQL, too."""
    succeeded(LOST.delete())
    kube.call("PATCH", kube.path_of("secrets", LOST.namespace,
                                    metastore.PASSWORDS),
              {"stringData": {"user-password": "changed<&>by-hand"}})
    LOST.runs()
    logs_in(LOST)
    equal(metastore.properties(LOST)[PASSWORD], "changed<&>by-hand")


def end():
    for home in (HOME, LOST):
        home.end()


if __name__ == "__main__":
    main()
