#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A request may wait for its operation's end."""
import threading
import time

import kube
import trino
from harness import equal, main, test, wait_until
from trino import NOWHERE

HOME = trino.home("wait")


def post(*edits, **more):
    """(answer, seconds it took)."""
    begin = time.monotonic()
    answer = HOME.post(*edits, **more)
    return answer, time.monotonic() - begin


@test
def create_waits_and_answers_200_with_the_final_state():
    answer, _ = post(wait=120)
    body = answer.expect(200).json()
    equal((body["result"], body["changed"]), ("SUCCESS", True))
    equal((body["operation"]["state"],
           body["operation"]["component"]["state"]),
          ("succeeded", "Running"))
    equal(answer.headers["location"],
          f"/v2/operations/{body['operation']['id']}")
    equal(len(HOME.pods("worker")), 2)


@test
def an_unchanged_document_does_not_wait():
    answer, _ = post(wait=120)
    equal(answer.expect(200).json()["changed"], False)


@test
def a_failure_is_200_with_failed_and_its_cause():
    answer, _ = post(trino.KIND.bad, wait=120)
    body = answer.expect(200).json()
    equal((body["result"], body["operation"]["state"]), ("FAILED", "failed"))
    assert "ImagePullBackOff" in body["cause"], body
    HOME.reaches("Running")


@test
def the_deadline_answers_202():
    answer, took = post(NOWHERE, wait=2)
    body = answer.expect(202).json()
    equal(body["result"], "SUCCESS")
    # The appliers may be busy for others until then.
    assert body["operation"]["state"] in ("queued", "running"), body
    equal(answer.headers["retry-after"], "2")
    assert took >= 1.9, took


@test
def why_says_what_it_waits_for():
    wait_until(lambda: "Unschedulable" in HOME.component()["why"],
               what=HOME.component)
    equal(HOME.component()["state"], "Updating")


@test
def prefer_is_the_same_as_wait():
    answer, _ = post(NOWHERE, headers={"Prefer": "wait=2"})
    equal(answer.expect(200).json()["changed"], False)
    answer, took = post(NOWHERE, *trino.KIND.change("WARN"),
                        headers={"Prefer": "wait=1"})
    answer.expect(202)
    assert took >= 0.9, took


@test
def a_newer_document_supersedes_one_that_is_waited_for():
    found = {}
    generation = HOME.component()["generation"]

    def first():
        found["answer"] = post(NOWHERE, ("tpch.splits-per-node=4",
                                         "tpch.splits-per-node=5"), wait=60)

    thread = threading.Thread(target=first)
    thread.start()
    wait_until(lambda: HOME.component()["generation"] > generation,
               what=HOME.component)
    body = post(wait=60)[0].expect(200).json()
    equal((body["result"], body["operation"]["state"]),
          ("SUCCESS", "succeeded"))
    thread.join()
    body = found["answer"][0].expect(200).json()
    equal((body["result"], body["operation"]["state"]),
          ("SUPERSEDED", "superseded"))


@test
def delete_waits_until_it_is_gone():
    answer = HOME.request_delete(delete_data="true", wait="60")
    body = answer.expect(200).json()
    equal((body["result"], [row["state"] for row in body["operations"]]),
          ("SUCCESS", ["succeeded"]))
    equal(HOME.component(), None)
    equal(kube.get_namespace(HOME.namespace), None)


@test
def a_wait_out_of_range_is_refused():
    for bad in ("-1", "301", "1.5", "", "x"):
        post(wait=bad)[0].problem(400)
    equal(HOME.component(), None)


def end():
    HOME.end()


if __name__ == "__main__":
    main()
