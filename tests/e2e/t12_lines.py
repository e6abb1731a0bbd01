#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The curl lines that people have for components, with only the host filled
in: create, list, and delete, which is of all there are."""
import contextlib
import json
import subprocess
import tempfile
import threading

import kinds
from component import Home, example, succeeded
from curl import ACCESS, shell
from harness import (ON_PURPOSE, api, environment, equal, login, main, psql,
                     test, unique, wait_until)

ALONE = True  # it deletes all of a kind

LIST = """curl -XGET -H "Authorization: Bearer $ACCESS_TOKEN" \\
$ROASTER_URL/v1/{kind}/list ;"""
DELETE = """curl -XDELETE -H "Authorization: Bearer $ACCESS_TOKEN" \\
$ROASTER_URL/v1/{kind}/delete ;"""


def helm_runs():
    """How many times helm was started, as /metrics has it."""
    metrics = api("GET", "/metrics").expect(200).body.decode()
    return sum(int(line.rpartition(" ")[2]) for line in metrics.splitlines()
               if line.startswith("roaster_helm_exec_total{"))


@contextlib.contextmanager
def held(home):
    """Nobody else can write the status of that component."""
    pipe = subprocess.PIPE
    with subprocess.Popen(["psql", environment()["ROASTER_PG"], "-XAtq"],
                          stdin=pipe, stdout=pipe, text=True) as psql_process:
        psql_process.stdin.write(
            "BEGIN; SELECT 'held' FROM roaster.component_status WHERE"
            f" component = '{home.component()['id']}' FOR UPDATE;\n")
        psql_process.stdin.flush()
        equal(psql_process.stdout.readline(), "held\n")
        yield
        psql_process.stdin.close()


def end_waiting_statement():
    """Whether a statement of the API waits for a lock; it is ended."""
    return psql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
                " usename = 'roaster_api' AND wait_event_type = 'Lock'")


class Lines:
    def __init__(self, kind):
        self.kind = kind
        self.title = f"lines of {kind.name}"
        self.home = example(kind)
        self.other = Home(kind, "another")

    def line(self, text, status):
        return json.loads(shell(text, status, kind=self.kind.name,
                                file=f"./{self.kind.example}"))

    @test
    def create_creates(self):
        ACCESS["token"] = login()
        for home in (self.home, self.other):
            home.gone()
        wait_until(lambda: self.kind.list() == [], what=self.kind.list)
        self.counted = helm_runs()
        body = self.line(self.kind.create_line, 202)
        equal((body["result"], body["changed"]), ("SUCCESS", True))
        succeeded(body["operation"]["id"])
        equal(self.home.reaches("Running")["ready"], self.kind.wanted)

    @test
    def create_takes_base64_with_a_raw_plus(self):
        """A comment makes one, and no other spec."""
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(self.kind.text() + "#" + "~" * 9 + "\n")
            file.flush()
            out = subprocess.run(["base64", "-w0", file.name], check=True,
                                 capture_output=True).stdout
            assert b"+" in out, out
            body = json.loads(shell(self.kind.create_line, 200,
                                    file=file.name))
        equal((body["result"], body["changed"]), ("SUCCESS", False))

    @test
    def list_has_it_as_upstream_did_and_more(self):
        row, = self.line(LIST, 200)
        equal(list(row)[:4], ["components", "kind", "name", "namespace"])
        equal({key: row[key] for key in ("components", "kind", "name",
                                         "namespace", "target_namespace")},
              {"components": self.kind.component,
               "kind": self.kind.yaml_kind, "name": self.home.name,
               "namespace": self.kind.posted_namespace,
               "target_namespace": self.home.namespace})
        equal((row["state"], row["ready"], row["wanted"], row["generation"]),
              ("Running", self.kind.wanted, self.kind.wanted, 1))

    @test
    def metrics_count_its_helm(self):
        wait_until(lambda: helm_runs() > self.counted, what="a count of helm")

    @test
    def a_delete_that_breaks_off_deletes_none(self):
        """The database ends it while it waits for the second of the two."""
        self.other.runs()
        before = [home.operations() for home in (self.home, self.other)]
        with held(self.other):
            answers = []
            thread = threading.Thread(target=lambda: answers.append(
                api("DELETE", self.kind.path("delete"),
                    headers={"X-Request-Id": unique(ON_PURPOSE)})))
            thread.start()
            wait_until(end_waiting_statement, what="a statement that waits")
            thread.join()
        answers[0].problem(503)
        equal([home.operations() for home in (self.home, self.other)], before)
        for home in (self.home, self.other):
            found = home.component()
            equal((found["state"], found["desired"]), ("Running", "running"))

    @test
    def delete_without_a_name_deletes_all_at_once(self):
        body = self.line(DELETE, 202)
        equal((body["result"], len(body["operations"])), ("SUCCESS", 2))
        for operation in body["operations"]:
            succeeded(operation["id"])
        rows = psql("SELECT count(*), count(DISTINCT xid) FROM event WHERE"
                    " message = 'delete asked' AND operation IN (:'a', :'b')",
                    a=body["operations"][0]["id"],
                    b=body["operations"][1]["id"])
        equal(rows, [("2", "1")], "events, transactions")
        equal(self.line(LIST, 200), [])
        for home in (self.home, self.other):
            equal(home.inhabitants(), sorted(self.kind.kept))

    @test
    def delete_of_nothing_is_an_empty_list(self):
        body = self.line(DELETE, 200)
        equal((body["result"], body["operations"]), ("SUCCESS", []))

    def end(self):
        self.other.end()


STORIES = [Lines(kind) for kind in kinds.ALL]


if __name__ == "__main__":
    main()
