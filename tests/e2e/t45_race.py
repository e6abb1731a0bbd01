#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Requests that meet each other: each is answered as the table of states
says, every operation ends once, and the newest one is what stays."""
import threading
import time

import kinds
import kube
from component import ENDED, Home, operation, succeeded
from harness import equal, main, psql, test, wait_until

POSTS = 8


def at_once(*functions):
    """Their answers; all begin at the same moment."""
    barrier = threading.Barrier(len(functions))
    answers = [None] * len(functions)

    def body(number):
        barrier.wait(10)
        answers[number] = functions[number]()

    threads = [threading.Thread(target=body, args=(number,))
               for number in range(len(functions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert None not in answers, answers
    return answers


class Race:
    def __init__(self, kind):
        self.kind = kind
        self.title = f"race of {kind.name}"
        self.home = Home(kind, "race")

    def poster(self, *edits):
        return lambda: self.home.post(*edits)

    def only_data_stay(self, what=""):
        equal(set(self.home.inhabitants()) - set(self.kind.kept), set(), what)

    @test
    def one_document_posted_many_times_at_once_is_one_component(self):
        answers = at_once(*[self.poster()] * POSTS)
        changed = [answer.expect(200, 202).json()["changed"]
                   for answer in answers]
        equal(sorted(changed), [False] * (POSTS - 1) + [True])
        ids = {answer.json()["operation"]["id"] for answer in answers}
        equal(len(ids), 1, "operations")
        succeeded(ids.pop())
        for release in self.home.releases():
            equal([label["version"] for label in
                   kube.revisions(self.home.namespace, release)], ["1"])

    @test
    def many_documents_at_once_end_with_the_newest(self):
        posts = [self.poster(*self.kind.change(f"RACE{number}"))
                 for number in range(POSTS)]
        for answer in at_once(*posts):
            answer.expect(202)
        wait_until(lambda: all(state in ENDED for _, state, _ in
                               self.home.operations()))
        found = self.home.reaches("Running")
        equal((found["generation"], found["good_generation"]),
              (POSTS + 1, POSTS + 1))
        rows = psql("SELECT generation, state FROM operation WHERE component"
                    " = :'id' ORDER BY generation", id=found["id"])
        equal([row[0] for row in rows], [str(n + 1) for n in range(POSTS + 1)])
        assert {row[1] for row in rows[1:-1]} <= {"superseded",
                                                  "succeeded"}, rows
        equal(rows[-1][1], "succeeded")
        self.home.revision()

    @test
    def what_runs_is_the_newest(self):
        (stored,), = psql(
            "SELECT spec FROM component_spec cs JOIN component c ON c.id ="
            " cs.component AND c.generation = cs.generation WHERE"
            " c.namespace = :'name'", name=self.home.namespace)
        word, = self.kind.shows(self.home)
        assert word.startswith("RACE"), word
        assert word.lower() in stored.lower(), (word, stored[:200])

    @test
    def a_document_posted_while_it_is_deleted_is_a_conflict(self):
        ident = self.home.delete(delete_data="true")
        problem = self.home.post().problem(409)
        assert "deleted" in problem["detail"], problem
        succeeded(ident)
        equal(self.home.inhabitants(), [])

    @test
    def deleted_while_it_starts_it_is_gone(self):
        edits, fields = self.kind.stuck
        first = self.home.accepted(*edits, **fields)
        wait_until(self.home.all_pods)
        succeeded(self.home.delete(delete_data="true"))
        equal(operation(first)["state"], "superseded")
        equal(self.home.inhabitants(), [])

    @test
    def deleted_at_once_it_is_gone(self):
        for pause_ms in (0, 40, 150):
            first = self.home.accepted()
            time.sleep(pause_ms / 1000)
            succeeded(self.home.delete())
            equal(operation(first)["state"], "superseded", pause_ms)
            self.only_data_stay(f"{pause_ms} ms")

    @test
    def deleted_twice_at_once_it_is_one_operation(self):
        self.home.runs()
        answers = at_once(*[self.home.request_delete] * 3)
        found = [answer.expect(200, 202).json()["operations"][0]["id"]
                 for answer in answers]
        equal(len(set(found)), 1, found)
        succeeded(found[0])
        self.only_data_stay()

    def end(self):
        self.home.end()


STORIES = [Race(kind) for kind in kinds.ALL]


if __name__ == "__main__":
    main()
