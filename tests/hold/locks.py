# SPDX-License-Identifier: Apache-2.0
"""Somebody else's session holds what requests need, or a statement hangs."""
import threading
import time

from tap import equal, test

from posts import at_once, create, is_away, stored
from server import Holder, until

WRITES = 16
READS = 20
HELD_READS = 4
# What waits for no lock, but takes for ever.
HANG = """
CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_sleep(600); RETURN new; END $$;
CREATE TRIGGER hang BEFORE INSERT ON account FOR EACH ROW
  WHEN (new.name = 'hang') EXECUTE FUNCTION hang();
"""


def timed(job):
    """What it returned and when."""
    return job(), time.monotonic()


class Aside(threading.Thread):
    """${jobs} at the same time, while the test does something else."""

    def __init__(self, jobs):
        super().__init__(daemon=True)
        self.jobs, self.found = jobs, []
        self.start()

    def run(self):
        self.found = at_once(self.jobs)

    def answers(self):
        self.join()
        assert len(self.found) == len(self.jobs)
        return self.found


def waiting(server):
    return int(server.sql("SELECT count(*) FROM pg_locks"
                          " WHERE NOT granted")[0][0])


@test
def writes_that_are_held_up_are_given_up_and_reads_pass_them(server):
    server.sql(HANG)
    with Holder(server, "LOCK TABLE component IN SHARE ROW EXCLUSIVE MODE"):
        writes = Aside(
            [lambda n=n: timed(lambda: create(server.admin, f"held{n}"))
             for n in range(WRITES)] +
            [lambda: timed(lambda: server.admin.form(
                "POST", "/v1/users/create",
                {"user": "hang", "password": "correct horse"}))])
        until(lambda: waiting(server) >= 2, "writes wait")
        reads = [timed(lambda: server.admin.get("/v1/trino/list"))
                 for _ in range(READS)]
        answers = writes.answers()
    equal({answer.status for answer, _ in reads}, {200})
    first = min(when for _, when in answers)
    passed = sum(when < first for _, when in reads)
    print(f"# {passed} of {READS} reads were answered before the first write")
    assert passed > 0
    for answer, _ in answers:
        assert is_away(answer), answer.body
        assert "nothing was stored" in answer.json["detail"], answer.body
    equal(stored(server), {})
    equal(server.sql("SELECT name FROM account"), [["admin"]])
    equal(create(server.admin, "held0").status, 202)


@test
def reads_that_are_held_up_are_given_up_and_probes_pass_them(server):
    with Holder(server, "LOCK TABLE account IN ACCESS EXCLUSIVE MODE"):
        reads = Aside([lambda: timed(lambda: server.admin.get(
            "/v1/trino/list")) for _ in range(HELD_READS)])
        until(lambda: waiting(server) >= 1, "reads wait")
        probe = timed(lambda: server.nobody.get("/livez"))
        answers = reads.answers()
    equal(probe[0].status, 200)
    assert probe[1] < min(when for _, when in answers)
    for answer, _ in answers:
        assert is_away(answer), answer.body
    equal(server.admin.get("/v1/trino/list").status, 200)
