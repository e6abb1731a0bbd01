# SPDX-License-Identifier: Apache-2.0
"""What the server wrote while all other tests ran."""
import json
import time

from tap import equal, test


def lines(world):
    with open(world.log, encoding="utf-8") as file:
        return file.read().splitlines()


@test
def each_request_is_one_line_without_what_the_client_made_up(world):
    world.nobody.get("/a-path%1b[31m-of-mine?q=mine", {
        "X-Request-Id": "the-one", "User-Agent": "mine"})
    world.admin.get("/v2/components/trino/ns/mine", {
        "X-Request-Id": "the-other"})
    time.sleep(0.3)
    found = {}
    for line in lines(world):
        if '"request_id":"the-o' in line:
            found[json.loads(line)["request_id"]] = json.loads(line)
            assert "mine" not in line, line
    equal({key: (row["method"], row["route"], row["status"], row["account"])
           for key, row in found.items()}, {
        "the-one": ("GET", None, 404, None),
        "the-other": ("GET", "/v2/components/{kind}/{namespace}/{name}", 404,
                      "admin")})


@test
def no_secret_stands_in_the_log(world):
    text = "\n".join(lines(world))
    for secret in world.secrets:
        assert secret not in text
    assert "coordinator=true" not in text  # of the posted YAML


@test
def no_worker_died_and_no_statement_failed(world):
    for line in lines(world):
        for trace in ("AddressSanitizer", "runtime error:",
                      "restarting worker", "api_statement_failed"):
            assert trace not in line, line
