# SPDX-License-Identifier: Apache-2.0
"""A `roasterd run` of our own that can be killed in parts and started again,
and its database."""
import contextlib
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import tempfile
import time

from client import Client

PROC = pathlib.Path("/proc")
LIMIT_S = 300  # for what takes a second on an idle machine
TAIL = 10  # lines of a log
ASKED = 20  # answers in a row: which worker takes a connection is chance


def until(fact, name, limit_s=LIMIT_S, pause_s=0.02):
    """Ask until ${fact} gives something true; the seconds that took."""
    begin = time.monotonic()
    while not fact():
        if time.monotonic() - begin > limit_s:
            raise AssertionError(f"not within {limit_s} s: {name}")
        time.sleep(pause_s)
    return time.monotonic() - begin


# --- processes ---------------------------------------------------------------

def read(pid, name):
    """A file of a process; "" once it is gone."""
    try:
        return (PROC / str(pid) / name).read_text(errors="replace")
    except OSError:
        return ""


def is_alive(pid):
    fields = read(pid, "stat").rpartition(")")[2].split()
    return bool(fields) and fields[0] != "Z"


def children(pid):
    return [int(p) for p in read(pid, f"task/{pid}/children").split()]


def family(pid):
    """It and all below it."""
    found = [pid]
    for one in found:
        found += children(one)
    return found


def kill(*pids):
    """SIGKILL, and wait until they are gone."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    until(lambda: not any(map(is_alive, pids)), "end by SIGKILL")


# --- the server --------------------------------------------------------------

class Server:
    """${settings}: names of settings, without the prefix of the environment.
    Without any it has no applier: operations stay as they are."""

    program = os.environ["ROASTERD"]
    TITLES = {"api": r"roasterd (api|\[parent\])", "apply": "roasterd apply",
              "postgres": "(.*/)?postgres .*"}

    def __init__(self, **settings):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hold-"))
        self.folder.chmod(0o755)  # PostgreSQL may run as another account
        self.log_path = self.folder / "log"
        # Below the range that outgoing connections use.
        self.port = random.randrange(20000, 32000)
        self.url = f"http://127.0.0.1:{self.port}"
        self.nobody = Client(self.url)
        self.settings = settings
        self.process = None
        self.password = None
        self.admin = None

    def environment(self):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith("ROASTER_") and name != "KUBECONFIG"}
        own = {"state_dir": self.folder / "state", "bind": "127.0.0.1",
               "port": self.port, "kubeconfig": self.folder / "none",
               "helm": "", **self.settings}
        return {**kept, **{f"ROASTER_{name.upper()}": str(value)
                           for name, value in own.items()}}

    def __enter__(self):
        try:
            self.start()
            until(self.read_password, "the password of the admin")
            self.is_whole()
            self.admin = self.login("admin", self.password)
        except BaseException:
            print("# " + "# ".join(self.log().splitlines(True)[-TAIL:]))
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def begin_test(self):
        """All parts are there, no component, and only the admin."""
        self.is_whole()
        self.sql("DELETE FROM component; DELETE FROM operation; DELETE FROM"
                 " login_attempt; DELETE FROM account WHERE name <> 'admin'")

    def start(self):
        with open(self.folder / "out", "ab") as out, \
                open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [self.program, "run"], env=self.environment(),
                stdin=subprocess.DEVNULL, stdout=out, stderr=log)

    def read_password(self):
        assert self.process.poll() is None, "it ended"
        text = (self.folder / "out").read_text()
        found = re.search(r"user 'admin': (\S+)\n", text)
        self.password = found and found[1]
        return found

    def stop(self):
        """In order; the exit status."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            return self.process.wait(60)
        except subprocess.TimeoutExpired:
            kill(*family(self.process.pid))
            return self.process.wait()

    def log(self):
        return self.log_path.read_text(errors="replace")

    # parts

    def part(self, name):
        """The pid of "api", "apply" or "postgres"; None: not just now."""
        for pid in children(self.process.pid):
            title = read(pid, "cmdline").replace("\0", " ").strip()
            if re.fullmatch(self.TITLES[name], title):
                return pid
        return None

    def workers(self):
        api = self.part("api")
        return [] if api is None else [
            pid for pid in children(api) if "[wrk" in read(pid, "cmdline")]

    @contextlib.contextmanager
    def without_database(self):
        """The supervisor, which would start another one, sleeps."""
        os.kill(self.process.pid, signal.SIGSTOP)
        kill(*family(self.part("postgres")))
        try:
            yield
        finally:
            os.kill(self.process.pid, signal.SIGCONT)

    # answers

    def pings(self):
        try:
            return self.nobody.get("/ping").status == 200
        except OSError:
            return False

    def has_database(self):
        try:
            answer = self.nobody.get("/readyz")
        except OSError:
            return False
        return b'"/database"' not in answer.body

    def is_whole(self):
        """Wait until each worker has its database; the seconds that took."""
        return until(lambda: all(self.has_database() for _ in range(ASKED)),
                     "each worker has its database")

    # accounts

    def login(self, user, password):
        answer = self.nobody.form("POST", "/v1/login", {
            "user": user, "password": password})
        assert answer.status == 200, answer.body
        return self.nobody.as_user(answer.json["token"])

    # database

    def conninfo(self):
        return (self.folder / "state/conninfo").read_text()

    def psql_argv(self):
        return ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-F", "\t",
                self.conninfo()]

    def sql(self, text):
        """The rows of ${text}, as lists of text."""
        done = subprocess.run(
            self.psql_argv(), input=text, capture_output=True, text=True,
            check=False,
            env={**os.environ, "PGOPTIONS": "-c search_path=roaster"})
        assert done.returncode == 0, done.stderr
        return [line.split("\t") for line in done.stdout.splitlines()]


class Holder:
    """A session that did ${text} in a transaction and holds on to it."""

    def __init__(self, server, text):
        self.psql = subprocess.Popen(
            server.psql_argv(), text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PGOPTIONS": "-c search_path=roaster"})
        self.psql.stdin.write(f"BEGIN; {text};\n\\echo held\n")
        self.psql.stdin.flush()
        assert self.psql.stdout.readline() == "held\n"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Nothing of it stays."""
        self.psql.communicate("ROLLBACK;\n")
