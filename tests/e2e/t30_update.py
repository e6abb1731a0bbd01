#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A changed document posted again moves what it concerns; an unchanged one
starts nothing."""
import kinds
import kube
from component import Home, edit
from harness import equal, main, one, test


class Update:
    def __init__(self, kind):
        self.kind = kind
        self.title = f"update {kind.name}"
        self.home = Home(kind, "update")

    def steps(self):
        """How much was done for the component: operations, generation, helm
        runs, revision."""
        return (len(self.home.operations()),
                self.home.component()["generation"], len(self.home.helms()),
                self.home.revision())

    def rolls(self, role, *edits, **fields):
        """The post replaces the pods of that role, and no others."""
        before = self.home.uids()
        found = self.home.runs(*edits, **fields)
        equal(found["observed_generation"], found["generation"])
        after = self.home.uids()
        stayed = {name: len(before[name] & after[name]) for name in before}
        equal(stayed, {name: 0 if name == role else count for
                       name, (_, count, _) in self.kind.pods.items()})

    @test
    def it_runs(self):
        equal(self.home.runs()["ready"], self.kind.wanted)

    @test
    def the_same_again_changes_nothing_and_starts_no_helm(self):
        before, pods = self.steps(), self.home.uids()
        body = self.home.post().expect(200).json()
        equal((body["result"], body["changed"]), ("SUCCESS", False))
        equal(body["operation"]["component"]["state"], "Running")
        equal((self.steps(), self.home.uids()), (before, pods))

    @test
    def comments_quotes_and_layout_are_no_change(self):
        before, pods = self.steps(), self.home.uids()
        text = "# a comment\n" + self.home.document()
        for change in self.kind.layout:
            text = edit(text, *change)
        body = self.home.post(text=text).expect(200).json()
        equal(body["changed"], False)
        equal((self.steps(), self.home.uids()), (before, pods))

    @test
    def a_change_replaces_the_pods_that_it_concerns(self):
        self.rolls(self.kind.changed, *self.kind.change("new"))

    @test
    def a_credential_replaces_the_pods_that_have_it(self):
        edits, fields = self.kind.credential("other-key")
        self.rolls(self.kind.changed, *self.kind.change("new"), *edits,
                   **fields)

    @test
    def each_post_was_one_revision_of_its_own_operation(self):
        labels = kube.revisions(self.home.namespace, self.home.release())
        stamps = [label["roaster-op"] for label in labels]
        equal([label["status"] for label in labels],
              ["superseded", "superseded", "deployed"])
        equal(len(set(stamps)), len(stamps), "stamps")
        equal([row[:2] for row in self.home.operations()],
              [("create", "succeeded")] + [("update", "succeeded")] * 2)

    @test
    def a_release_that_nothing_concerned_has_its_first_revision(self):
        for release in self.home.releases()[:-1]:
            label, = kube.revisions(self.home.namespace, release)
            equal((label["version"], label["status"]), ("1", "deployed"))

    @test
    def helm_ran_once_for_each_revision(self):
        count = sum(len(kube.revisions(self.home.namespace, release))
                    for release in self.home.releases())
        equal(len(self.home.helms()), count)

    @test
    def old_generations_are_pruned(self):
        ident = self.home.component()["id"]
        kept = int(one("SELECT count(*) FROM component_spec WHERE component ="
                       " :'id'", id=ident))
        assert kept <= 2, kept

    def end(self):
        self.home.end()


STORIES = [Update(kind) for kind in kinds.ALL]


if __name__ == "__main__":
    main()
