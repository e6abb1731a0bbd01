#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One of a kind in a namespace; and what a component has, it keeps until it is
deleted."""
import kinds
import kube
import metastore
from component import Home
from harness import equal, main, one, psql, test

NO_DATABASE = {"mysql_storage_class": None, "mysql_storage_size": None}
ELSEWHERE = ("endpoint: https://any-endpoint",
             "endpoint: https://any-endpoint\n"
             "    jdbc: {password: theirs, user: root,\n"
             "           url: 'jdbc:mysql://db.example.com/hive'}")


def in_the_database(home):
    """All rows of a namespace that a post would make or change."""
    return [psql(f"SELECT * FROM {table} WHERE namespace = :'name'"
                 " ORDER BY 1, 2, 3", name=home.namespace)
            for table in ("component", "owned_name", "operation")] + [
        psql("SELECT s.component, s.generation, s.digest FROM component_spec"
             " s JOIN component c ON c.id = s.component WHERE c.namespace ="
             " :'name' ORDER BY 2", name=home.namespace)]


def refused(home, *edits, **fields):
    """The problem of a 409 that changed nothing."""
    before = in_the_database(home), kube.versions(home.namespace)
    problem = home.post(*edits, **fields).problem(409)
    equal((in_the_database(home), kube.versions(home.namespace)), before)
    return problem


class Taken:
    def __init__(self, kind):
        self.kind = kind
        self.title = f"taken by {kind.name}"
        self.home = Home(kind, "taken")
        self.other = Home(kind, name="other", namespace=self.home.namespace)

    @test
    def a_second_one_in_a_namespace_is_409_naming_the_holder(self):
        self.home.runs()
        problem = refused(self.other)
        holder = f"{self.kind.name} {self.home.namespace}/{self.home.name}"
        assert f"belongs to {holder}" in problem["detail"], problem
        equal(self.other.component(), None)
        equal(self.home.component()["state"], "Running")

    @test
    def a_name_is_free_again_once_its_holder_is_gone_with_its_data(self):
        self.home.deleted(delete_data="true")
        found = self.other.runs()
        equal(found["ready"], self.kind.wanted)
        self.other.deleted(delete_data="true")
        equal(one("SELECT count(*) FROM owned_name WHERE namespace = :'name'",
                  name=self.home.namespace), "0")
        assert self.home.namespace not in {
            row["target_namespace"] for row in self.kind.list()}

    def end(self):
        self.home.end()


class Dropped:
    """A metastore is the one kind with a release that a spec may lack."""
    title = "dropped from hive_metastore"
    home = metastore.home("dropped")

    def refused_telling_to_delete(self, release, *edits, **fields):
        problem = refused(self.home, *edits, **fields)
        for part in (f"release {release}", "delete the component",
                     self.home.namespace):
            assert part in problem["detail"], problem
        equal(self.home.component()["state"], "Running")

    @test
    def a_post_without_its_database_is_409(self):
        self.home.runs()
        self.refused_telling_to_delete("mysql", ELSEWHERE, **NO_DATABASE)

    @test
    def a_post_with_another_release_is_409(self):
        """Of the two equal names the second is that of the release."""
        self.refused_telling_to_delete("etl", ("name: etl", "name: new", 1))

    @test
    def the_same_spec_is_still_the_same(self):
        equal(self.home.post().expect(200).json()["changed"], False)

    @test
    def deleted_first_it_may_go_without(self):
        self.home.deleted()
        equal(self.home.runs(ELSEWHERE, **NO_DATABASE)["wanted"], 1)
        equal(sorted(name for name in self.home.inhabitants()
                     if name in self.home.kind.kept),
              sorted(self.home.kind.kept))

    def end(self):
        self.home.end()


STORIES = [*(Taken(kind) for kind in kinds.ALL), Dropped()]


if __name__ == "__main__":
    main()
