# SPDX-License-Identifier: Apache-2.0
"""wait= and Prefer: wait; the test plays the applier."""
import socket
import time

from tap import equal, test
from world import base64_of, yaml_of

LONG_S = 30  # longer than any test takes


def create(world, path, headers=()):
    begin = time.monotonic()
    answer = world.admin.form("POST", path, {"yaml": base64_of(yaml_of())},
                              headers)
    return answer, time.monotonic() - begin


@test
def an_answer_is_held_until_the_operation_succeeded(world):
    applier = world.once_queued(world.end_operations, "succeeded")
    answer, _ = create(world, "/v1/trino/create?wait=30")
    applier.join()
    equal((answer.status, answer.json["result"]), (200, "SUCCESS"))
    equal(answer.json["operation"]["state"], "succeeded")
    assert "retry-after" not in answer.headers


@test
def a_preference_does_the_same(world):
    for prefer in ("wait=30", "respond-async, wait=30", "Wait=30; x=1"):
        world.begin_test()
        applier = world.once_queued(world.end_operations, "succeeded")
        answer, _ = create(world, "/v1/trino/create", {"Prefer": prefer})
        applier.join()
        equal(answer.status, 200, prefer)


@test
def a_failure_says_its_cause(world):
    applier = world.once_queued(world.end_operations, "failed", "no image")
    answer, _ = create(world, "/v1/trino/create?wait=30")
    applier.join()
    equal([answer.json.get(k) for k in ("result", "cause")],
          ["FAILED", "no image"])
    equal((answer.status, answer.json["operation"]["state"]), (200, "failed"))


@test
def a_newer_spec_supersedes_one_that_is_waited_for(world):
    applier = world.once_queued(lambda: (
        world.create(replicas=2),
        world.sql("SELECT pg_notify('roaster_event', id::text)"
                  " FROM component")))
    answer, _ = create(world, "/v1/trino/create?wait=30")
    applier.join()
    equal((answer.status, answer.json["result"]), (200, "SUPERSEDED"))


@test
def when_the_time_is_up_the_answer_is_202(world):
    answer, seconds = create(world, "/v1/trino/create?wait=1")
    equal((answer.status, answer.json["operation"]["state"]), (202, "queued"))
    assert 0.9 <= seconds < LONG_S, seconds
    equal(answer.headers["retry-after"], "2")


@test
def wait_0_is_no_wait_and_overrules_a_preference(world):
    answer, seconds = create(world, "/v1/trino/create?wait=0", {
        "Prefer": "wait=30"})
    equal(answer.status, 202)
    assert seconds < LONG_S, seconds


@test
def wait_is_a_number_of_at_most_300(world):
    before = world.counts()
    for wait in ("301", "-1", "1.5", "x", "", "0x1"):
        answer, _ = create(world, f"/v1/trino/create?wait={wait}")
        equal(answer.status, 400, wait)
        equal(answer.problem()["errors"][0]["pointer"], "/wait")
    equal(world.counts(), before)
    for prefer in ("wait=x", "wait=", "wait", "nowait=5"):
        answer, _ = create(world, "/v1/trino/create", {"Prefer": prefer})
        assert answer.status in (200, 202), prefer


@test
def a_delete_is_held_until_all_ended(world):
    for name in ("one", "two", "three"):
        world.create(name=name, namespace=name)

    def end_one_by_one():
        for name in ("two", "one", "three"):
            time.sleep(0.2)
            world.sql("UPDATE operation SET state = 'succeeded', ended_at ="
                      f" now() WHERE name = '{name}' AND action = 'delete';"
                      f"DELETE FROM component WHERE name = '{name}'")
            world.sql("SELECT pg_notify('roaster_event', component::text)"
                      f" FROM operation WHERE name = '{name}'")

    applier = world.once_queued(end_one_by_one)
    answer = world.admin.form("DELETE", "/v1/trino/delete?wait=30")
    applier.join()
    equal((answer.status, answer.json["result"]), (200, "SUCCESS"))
    equal([o["state"] for o in answer.json["operations"]], ["succeeded"] * 3)
    equal([o["component"]["state"] for o in answer.json["operations"]],
          [None] * 3)


@test
def the_same_spec_again_waits_for_the_operation_under_way(world):
    world.create()
    applier = world.once_queued(world.end_operations, "succeeded")
    answer, _ = create(world, "/v1/trino/create?wait=30")
    applier.join()
    equal((answer.status, answer.json["changed"]), (200, False))
    equal(answer.json["operation"]["state"], "succeeded")


@test
def a_client_that_leaves_while_it_waits_harms_nobody(world):
    body = f"yaml={base64_of(yaml_of())}".encode()
    head = ("POST /v1/trino/create?wait=30 HTTP/1.1\r\nHost: x\r\n"
            f"Authorization: Bearer {world.admin.token}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode()
    with socket.create_connection((world.admin.host, world.admin.port)) as s:
        s.sendall(head + body)
        time.sleep(0.3)
    world.end_operations("succeeded")
    equal(world.admin.get("/v1/trino/list").status, 200)
