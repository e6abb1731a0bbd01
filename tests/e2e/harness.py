# SPDX-License-Identifier: Apache-2.0
"""What all scenarios use: the world that dev/world.sh has up, its HTTP API and
its database, waiting for what can be observed, and TAP.

A scenario is a file tNN_name.py of functions marked with @test. They are the
steps of one story, run in the order of the file; the name, read as a sentence,
is what the step proves. What is to be shown for several kinds is a class of
such functions, and STORIES its instances, each with a title. A file can be run
alone. The stories of all but those with ALONE = True run side by side; those
disturb others, or are disturbed by them, and come after. Files with APART =
True do so as well, and take long: they have a world of their own and its run
beside everything.
"""
import concurrent.futures
import http.client
import json
import os
import pathlib
import re
import secrets
import shlex
import subprocess
import sys
import threading
import time
import traceback
import types
import urllib.parse

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(TOP / "tests/lib"))
DEV = pathlib.Path(os.environ.get("ROASTER_DEV", TOP / ".dev"))
LIMIT_S = 180
POLL_S = 0.05
TRACE_LINES = 14
FORM = "application/x-www-form-urlencoded"
ON_PURPOSE = "on-purpose"  # in ids of requests that are made to go wrong


# --- the world ---------------------------------------------------------------

def environment():
    """.dev/env, read as a shell would."""
    pairs = (line.partition("=") for line in
             (DEV / "env").read_text().splitlines())
    return {name: "".join(shlex.split(value)) for name, _, value in pairs}


def world(command, **variables):
    """dev/world.sh COMMAND with these variables; what it said if it failed."""
    clean = {name: value for name, value in os.environ.items() if name not in
             ("KUBECONFIG", "HELM", "KUBECTL", "ROASTER_DATABASE_URL")}
    done = subprocess.run(["sh", str(TOP / "dev/world.sh"), command],
                          env={**clean, **variables}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


def run(*argv, stdin=None, env=None, status=0):
    """Run a program; what it wrote on standard output and standard error."""
    done = subprocess.run([str(arg) for arg in argv], input=stdin,
                          capture_output=True, text=True,
                          env={**os.environ, **(env or {})})
    assert status is None or done.returncode == status, (
        f"{argv[0]} {argv[1:4]}: {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout, done.stderr


def psql(sql, **variables):
    """Rows of one statement as tuples of text; :'name' is a variable."""
    sets = [f"--set={name}={value}" for name, value in variables.items()]
    out, _ = run("psql", environment()["ROASTER_PG"], "-XAtq", "-F", "\x1f",
                 "-R", "\x1e", "-v", "ON_ERROR_STOP=1", *sets, "-f", "-",
                 stdin="SET search_path = roaster;\n" + sql)
    rows = out.removesuffix("\n").split("\x1e") if out else []
    return [tuple(row.split("\x1f")) for row in rows]


def one(sql, **variables):
    """The only column of the only row."""
    rows = psql(sql, **variables)
    assert len(rows) == 1 and len(rows[0]) == 1, f"{sql}: {rows}"
    return rows[0][0]


# --- HTTP --------------------------------------------------------------------

class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {k.lower(): v for k, v in response.getheaders()}
        self.body = response.read()

    @property
    def type(self):
        return self.headers.get("content-type", "")

    def json(self):
        return json.loads(self.body)

    def expect(self, *statuses):
        assert self.status in statuses, (
            f"wanted {statuses}, got {self.status}: {self.body[:1500]!r}")
        return self

    def problem(self, status):
        """The body of a problem of that status, its form checked."""
        self.expect(status)
        assert self.type == "application/problem+json", self.headers
        body = self.json()
        for key in ("type", "title", "detail", "instance", "code",
                    "request_id"):
            assert body.get(key), f"no {key}: {body}"
        assert body["status"] == status, body
        assert body["request_id"] == self.headers["x-request-id"], body
        return body


def request(method, path, fields=None, *, token=None, headers=None, body=None,
            timeout=LIMIT_S):
    """One request on a connection of its own; ${fields} become a form."""
    url = urllib.parse.urlsplit(environment()["ROASTER_URL"])
    head = dict(headers or {})
    if token is not None:
        head["Authorization"] = f"Bearer {token}"
    if fields is not None:
        body = urllib.parse.urlencode(fields)
        head.setdefault("Content-Type", FORM)
    connection = http.client.HTTPConnection(url.hostname, url.port,
                                            timeout=timeout)
    try:
        connection.request(method, path, body, head)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def login(user="admin", password=None):
    """A new token."""
    password = password or environment()["ROASTER_ADMIN_PASSWORD"]
    answer = request("POST", "/v1/login", {"user": user, "password": password})
    return answer.expect(200).json()["token"]


class Session:
    """Requests with one token; the admin's, made at its first use."""

    def __init__(self, token=None):
        self.token = token
        self.lock = threading.Lock()

    def __call__(self, method, path, fields=None, **more):
        with self.lock:
            self.token = self.token or login()
        return request(method, path, fields, token=self.token, **more)


api = Session()


# --- waiting -----------------------------------------------------------------

def wait_until(condition, limit_s=LIMIT_S, what=None):
    """Ask until ${condition} gives something true, and return that."""
    end = time.monotonic() + limit_s
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() >= end:
            name = what() if callable(what) else what or condition.__name__
            raise AssertionError(f"not within {limit_s} s: {name}")
        time.sleep(POLL_S)


def stays(condition, seconds, what):
    """It is true all the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert condition(), f"it did not stay so: {what}"
        time.sleep(POLL_S)


def unique(prefix):
    """A name that no earlier run used."""
    return f"{prefix}-{secrets.token_hex(3)}"


# --- TAP ---------------------------------------------------------------------

def equal(got, wanted, what=""):
    assert got == wanted, f"{what}\n got    {got!r}\n wanted {wanted!r}"


def are_events(lines):
    """Each line of a log is an event in JSON, and there are some."""
    found = [json.loads(line) for line in lines]
    assert found
    for event in found:
        equal(list(event)[:4], ["at", "level", "process", "event"], event)


def errors(lines):
    """Those lines of a log that nobody provoked."""
    return [line for line in lines
            if '"level":"error"' in line and ON_PURPOSE not in line]


def test(function):
    function.is_test = True
    return function


def stories(module):
    """The stories of a scenario: its STORIES, or itself."""
    return getattr(module, "STORIES", [module])


def title(story):
    """What stands before the sentences of a story."""
    if isinstance(story, types.ModuleType):
        return story.__name__.partition("_")[2].replace("_", " ")
    return story.title


def steps(story):
    """Its functions marked with @test, in the order of the text; what a class
    is made from comes before what it adds."""
    if isinstance(story, types.ModuleType):
        found = [vars(story)]
    else:
        found = [vars(base) for base in reversed(type(story).__mro__)]
    names = dict.fromkeys(name for scope in found for name in scope)
    return [getattr(story, name) for name in names
            if getattr(getattr(story, name), "is_test", False)]


def attempt(function):
    """What went wrong, as lines: whatever it is, the next step runs."""
    try:
        function()
    except Exception:
        return traceback.format_exc().splitlines()[-TRACE_LINES:]
    return []


class Tap:
    """Stories may run side by side: a step is printed when it ends."""

    def __init__(self):
        self.count = 0
        self.failures = 0
        self.lock = threading.Lock()

    def step(self, name, function):
        begin = time.monotonic()
        lines = attempt(function)
        self.report(name, time.monotonic() - begin, lines)

    def report(self, name, took, lines, is_ok=None):
        """One step; it failed if there are lines, unless that is said."""
        is_ok = not lines if is_ok is None else is_ok
        with self.lock:
            self.count += 1
            self.failures += not is_ok
            for line in lines:
                print(f"# {line}")
            verdict = "ok" if is_ok else "not ok"
            print(f"{verdict} {self.count} - {name} # {took:.1f} s",
                  flush=True)

    def relay(self, lines):
        """Report what another run prints, with what it said before."""
        said = []
        for line in map(str.rstrip, lines):
            found = re.match(r"(not )?ok \d+ - (.*) # ([0-9.]+) s$", line)
            if found:
                self.report(found[2], float(found[3]), said, not found[1])
            said = [] if found else said + [line.removeprefix("# ")]

    def run(self, story):
        """All steps of a story."""
        for function in steps(story):
            sentence = function.__name__.replace("_", " ")
            self.step(f"{title(story)}: {sentence}", function)
        lines = attempt(getattr(story, "end", lambda: None))
        if lines:
            self.report(f"{title(story)}: end", 0, lines)

    def run_all(self, found, at_once=1):
        """Stories, some of them ${at_once}."""
        with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
            for future in [pool.submit(self.run, story) for story in found]:
                future.result()

    def finish(self):
        print(f"1..{self.count}")
        return 1 if self.failures else 0


def main():
    """For a scenario that is run alone."""
    module = sys.modules["__main__"]
    module.__name__ = pathlib.Path(sys.argv[0]).stem
    tap = Tap()
    tap.run_all(stories(module))
    sys.exit(tap.finish())
