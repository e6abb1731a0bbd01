#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Requests that meet each other: each is answered as the table of states
says, every operation ends once, and the newest one is what stays."""
import threading
import time

import kube
import trino
from harness import equal, main, psql, test, wait_until

HOME = trino.Home("race")
NOWHERE = ("    nodeSelector: null", "    nodeSelector: {disk: none}")
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


def post(text):
    return lambda: trino.post(text)


def all_ended():
    wait_until(lambda: all(state in trino.ENDED for _, state, _ in
                           trino.operations(HOME.namespace)))


@test
def one_document_posted_many_times_at_once_is_one_component():
    answers = at_once(*[post(HOME.document())] * POSTS)
    changed = [answer.expect(200, 202).json()["changed"]
               for answer in answers]
    equal(sorted(changed), [False] * (POSTS - 1) + [True])
    ids = {answer.json()["operation"]["id"] for answer in answers}
    equal(len(ids), 1, "operations")
    trino.succeeded(ids.pop())
    equal([label["version"] for label in
           kube.revisions(HOME.namespace, "etl")], ["1"])


@test
def many_documents_at_once_end_with_the_newest():
    texts = [HOME.document(("io.trino=INFO", f"io.trino=L{number}"))
             for number in range(POSTS)]
    for answer in at_once(*map(post, texts)):
        answer.expect(202)
    all_ended()
    found = HOME.reaches("Running")
    equal((found["generation"], found["good_generation"]),
          (POSTS + 1, POSTS + 1))
    rows = psql("SELECT generation, state FROM operation WHERE component ="
                " :'id' ORDER BY generation", id=found["id"])
    equal([row[0] for row in rows], [str(n + 1) for n in range(POSTS + 1)])
    equal({row[1] for row in rows[1:-1]} <= {"superseded", "succeeded"}, True)
    equal(rows[-1][1], "succeeded")
    HOME.revision()


@test
def what_runs_is_the_newest():
    stored, = psql("SELECT spec FROM component_spec cs JOIN component c ON"
                   " c.id = cs.component AND c.generation = cs.generation"
                   " WHERE c.namespace = :'name'", name=HOME.namespace)
    for role in kube.ROLES:
        for pod in kube.pods(HOME.namespace, role):
            line = kube.mounted(pod)["/etc/trino/log.properties"].decode()
            assert line.strip() in stored[0], (line, stored[0][:200])


@test
def a_document_posted_while_it_is_deleted_is_a_conflict():
    ident, = trino.delete(name="etl", namespace=HOME.namespace)
    problem = trino.post(HOME.document()).problem(409)
    assert "deleted" in problem["detail"], problem
    trino.succeeded(ident)
    equal(kube.inhabitants(HOME.namespace), [])


@test
def deleted_while_it_starts_it_is_gone():
    first = HOME.accepted(NOWHERE)
    wait_until(lambda: kube.pods(HOME.namespace, "worker"))
    last, = trino.delete(name="etl", namespace=HOME.namespace)
    trino.succeeded(last)
    equal(trino.operation(first)["state"], "superseded")
    equal(kube.inhabitants(HOME.namespace), [])


@test
def deleted_at_once_it_is_gone():
    for pause_ms in (0, 40, 150):
        first = HOME.accepted()
        time.sleep(pause_ms / 1000)
        last, = trino.delete(name="etl", namespace=HOME.namespace)
        trino.succeeded(last)
        assert trino.operation(first)["state"] == "superseded", pause_ms
        equal(kube.inhabitants(HOME.namespace), [], f"{pause_ms} ms")


@test
def deleted_twice_at_once_it_is_one_operation():
    HOME.runs()
    fields = {"name": "etl", "namespace": HOME.namespace}
    answers = at_once(*[lambda: trino.api("DELETE", "/v1/trino/delete",
                                          fields)] * 3)
    found = [answer.expect(200, 202).json()["operations"][0]["id"]
             for answer in answers]
    equal(len(set(found)), 1, found)
    trino.succeeded(found[0])


def end():
    HOME.end()


if __name__ == "__main__":
    main()
