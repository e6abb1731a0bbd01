# SPDX-License-Identifier: Apache-2.0
"""SIGKILL at the moments that have a name: a first start, and requests whose
answer is due. One state folder from its first start on; the tests build on each
other."""
import concurrent.futures
import contextlib
import http.client
import os
import pathlib
import signal
import subprocess
import sys

from tap import equal, test

import server as servers
from posts import create, stored
from server import family, is_alive, kill, read, until

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "lib"))

import failpoints  # noqa: E402

RELEASED = pathlib.Path(os.environ["ROASTERD"])
SOURCES = failpoints.TOP / "src"
KEYS = ["seal.key", "seal.pub", "digest.key"]  # in the order of their making
PASSWORD, OTHER = "correct horse", "battery staple"
PRINTED = "password for user 'admin'"
CUT = (http.client.HTTPException, OSError)  # no answer came


def state_of(pid):
    """"R", "S", "T", …; "" once it is gone."""
    return read(pid, "stat").rpartition(")")[2][1:2]


class Server(servers.Server):
    """With failpoints; the first test starts it."""
    program = str(failpoints.PROGRAM)

    def __enter__(self):
        self.points = failpoints.Failpoints(self.folder / "state")
        (self.folder / "state").mkdir()
        return self

    def begin_test(self):
        """Each goes on where the one before it ended."""

    def __exit__(self, *_):
        """A process that stands somewhere does not end in order."""
        if self.process.poll() is None:
            kill(*family(self.process.pid))
        super().__exit__()

    def stopped_at(self, name):
        """Wait until a process stands at that point; its pid."""
        found = []

        def look():
            found[:] = [pid for pid in family(self.process.pid)
                        if state_of(pid) == "T"]
            return self.points.was_hit(name) and found
        until(look, f"{name}: {failpoints.MOMENTS[name]}")
        pid, = found
        return pid

    def begins_up_to(self, name):
        """Start it; the supervisor stands there."""
        self.points.arm(name)
        self.start()
        equal(self.stopped_at(name), self.process.pid)

    def goes_on_up_to(self, name):
        """To where it is there once more."""
        self.points.arm(name)
        os.kill(self.process.pid, signal.SIGCONT)
        equal(self.stopped_at(name), self.process.pid)

    def kill(self):
        """The supervisor; the rest ends by itself."""
        self.process.kill()
        self.process.wait()

    def files(self, folder, pattern):
        return sorted(path.name for path in
                      (self.folder / "state" / folder).glob(pattern))

    def printed(self):
        return (self.folder / "out").read_text()

    def conninfo(self):
        """Also before there is a file of it."""
        return f"host={self.folder / 'state/pg'} user=roaster dbname=roaster"


# --- the released program ----------------------------------------------------

@test
def the_released_program_has_no_failpoint(_):
    released = RELEASED.read_bytes()
    failing = failpoints.PROGRAM.read_bytes()
    assert len(failpoints.MOMENTS) > 10, failpoints.MOMENTS
    for word in [*failpoints.MOMENTS, "failpoint", "fail_here"]:
        equal((word, word.encode() in released, word.encode() in failing),
              (word, False, True))


@test
def each_failpoint_stands_at_one_place(_):
    text = "".join(path.read_text() for path in SOURCES.rglob("*.c"))
    equal({name: text.count(f"FAILPOINT({name});")
           for name in failpoints.MOMENTS},
          dict.fromkeys(failpoints.MOMENTS, 1))


# --- a first start -----------------------------------------------------------

@test
def keys_that_were_not_all_made_are_made_by_the_next_start(server):
    point = "auth_key_drafted"
    for count in range(len(KEYS)):
        server.begins_up_to(point)
        while len(server.files("keys", "[a-z]*")) < count:
            server.goes_on_up_to(point)
        equal(set(server.files("keys", "[a-z]*")), set(KEYS[:count]))
        equal(server.files("keys", ".*"), [f".{KEYS[count]}.new"])
        server.kill()


@test
def a_database_that_was_half_made_is_made_anew(server):
    point = "run_database_drafted"
    server.begins_up_to(point)
    equal(set(server.files("keys", "[a-z]*")), set(KEYS))
    equal(server.files("pg", "data*"), ["data.new"])
    server.kill()
    server.begins_up_to("db_step_migrated")
    equal(server.files("pg", "data*"), ["data"])


def steps(server):
    return [int(number) for number, in server.sql(
        "SELECT number FROM roaster.schema_version ORDER BY 1")]


@test
def a_schema_is_taken_up_after_the_last_whole_step(server):
    point = "db_step_migrated"
    equal(steps(server), [1])
    server.kill()
    server.begins_up_to(point)
    equal(steps(server), [1, 2])
    server.goes_on_up_to(point)
    equal(steps(server), [1, 2, 3])
    server.kill()
    server.begins_up_to("run_admin_made")
    all_steps = steps(server)
    equal(all_steps, list(range(1, len(all_steps) + 1)))
    equal(len(all_steps), len(list(
        (failpoints.TOP / "sql/migrations").glob("*.sql"))))


def reset(server):
    """The new password of the admin that `roasterd` prints."""
    done = subprocess.run([server.program, "reset-password", "admin"],
                          env=server.environment(), stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)
    equal(done.returncode, 0, done.stderr)
    return done.stdout.split()[-1]


@test
def an_admin_whose_password_nobody_saw_gets_another_one(server):
    admins = "SELECT name, role FROM account"
    equal(server.sql(admins), [["admin", "admin"]])
    server.kill()
    server.start()
    server.is_whole()
    equal(server.sql(admins), [["admin", "admin"]])
    assert PRINTED not in server.printed(), server.printed()
    server.password = reset(server)
    server.admin = server.login("admin", server.password)
    equal(create(server.admin, "first").status, 202)


# --- requests ----------------------------------------------------------------

@contextlib.contextmanager
def cut_short(server, request):
    """What is done within is done when the worker is about to answer
    ${request}; then it is killed."""
    point = "handlers_answer_due"
    server.points.arm(point)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        answer = pool.submit(request)
        pid = server.stopped_at(point)
        try:
            yield
        finally:
            kill(pid)
        assert isinstance(answer.exception(), CUT), answer
    until(lambda: len(server.workers()) == 2 and pid not in server.workers(),
          "another worker")
    server.is_whole()


@test
def a_component_that_was_taken_is_unchanged_when_it_is_posted_again(server):
    with cut_short(server, lambda: create(server.admin, "etl")):
        assert "etl" in stored(server)
    ident = stored(server)["etl"]
    again = create(server.admin, "etl")
    equal((again.status, again.json["changed"]), (200, False), again.body)
    equal(stored(server)["etl"], ident)
    equal(server.sql("SELECT action, state FROM operation WHERE component ="
                     f" '{ident}'"), [["create", "queued"]])


def delete(server, name):
    return server.admin.form("DELETE", "/v1/trino/delete", {
        "name": name, "namespace": name})


@test
def a_deletion_that_was_taken_goes_on_when_it_is_asked_for_again(server):
    queued = ("SELECT id FROM operation WHERE action = 'delete' AND state ="
              " 'queued'")
    with cut_short(server, lambda: delete(server, "etl")):
        ident, = server.sql(queued)
    again = delete(server, "etl")
    equal((again.status, again.json["changed"]), (200, False), again.body)
    equal([[operation["id"]] for operation in again.json["operations"]],
          [ident])
    equal(server.sql(queued), [ident])


@test
def a_user_that_was_made_is_there_when_it_is_made_again(server):
    user = {"user": "ann", "password": PASSWORD, "role": "operator"}
    with cut_short(server, lambda: server.admin.form(
            "POST", "/v1/users/create", user)):
        equal(server.sql("SELECT role FROM account WHERE name = 'ann'"),
              [["operator"]])
    equal(server.admin.form("POST", "/v1/users/create", user).status, 409)
    server.login("ann", PASSWORD)


def tokens(server):
    return int(server.sql("SELECT count(*) FROM token WHERE account ="
                          " 'ann'")[0][0])


@test
def a_token_that_nobody_got_is_in_nobodys_way(server):
    before = tokens(server)
    with cut_short(server, lambda: server.login("ann", PASSWORD)):
        equal(tokens(server), before + 1)
    equal(server.login("ann", PASSWORD).get("/v1/trino/list").status, 200)


@test
def a_password_that_was_changed_is_changed(server):
    ann = server.login("ann", PASSWORD)
    with cut_short(server, lambda: ann.form(
            "PUT", "/v1/users/update/password", {
                "user": "ann", "password": OTHER, "old_password": PASSWORD})):
        equal(tokens(server), 0)
    equal(ann.get("/v1/trino/list").status, 401)
    equal(server.nobody.form("POST", "/v1/login", {
        "user": "ann", "password": PASSWORD}).status, 401)
    server.login("ann", OTHER)


# --- after that --------------------------------------------------------------

@test
def every_failpoint_of_these_was_hit_and_nothing_is_left(server):
    equal(server.points.hit, failpoints.of_others())
    pids = family(server.process.pid)
    equal(server.stop(), 0)
    equal([pid for pid in pids if is_alive(pid)], [])
    equal(server.files("keys", "*"), sorted(KEYS))
    equal(server.files("pg", "*"), ["data"])
    equal(server.files(".", "*.[0-9]*"), [], "drafts")
