# SPDX-License-Identifier: Apache-2.0
"""What is measured and what it is measured beside, each in a folder of its own, on
loopback or unix sockets: PostgreSQL, nginx, roasterd."""
import http.client
import json
import os
import pathlib
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.parse

from load import CannotMeasure
from machine import below, die_with_parent

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "sql"))
from server import Server  # noqa: E402 # the folder is known only now

BUILT = TOP / "build" / "rel"
ROASTERD = BUILT / "roasterd"
WORKERS = 2
UP_WITHIN_S = 60
PASSWORD = re.compile(r"password for user 'admin': ([0-9a-f]+)")


class Postgres(Server):
    """As installed: a commit is on the disk when it is answered."""
    FSYNC = "on"


def free_port():
    """One below the range that outgoing connections use."""
    while True:
        port = 20000 + secrets.randbelow(12000)
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass


def wait_until(condition, what, limit_s=UP_WITHIN_S, pause_s=0.02):
    end = time.monotonic() + limit_s
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise CannotMeasure(f"not within {limit_s} s: {what}")
        time.sleep(pause_s)


class Daemon:
    """A program in the background, that ends with us."""

    def __init__(self, argv, log, env=None):
        self.log = log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(
                [str(a) for a in argv], stdin=subprocess.DEVNULL, stdout=out,
                stderr=out, env=env, preexec_fn=die_with_parent)
        self.url = None

    def pids(self):
        return below(self.process.pid)

    def is_listening(self):
        if self.process.poll() is not None:
            text = pathlib.Path(self.log).read_text(errors="replace")
            raise CannotMeasure(f"{self.process.args[0]} ended: {text[-800:]}")
        parts = urllib.parse.urlsplit(self.url)
        with socket.socket() as s:
            return s.connect_ex((parts.hostname, parts.port)) == 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def await_workers(daemon):
    wait_until(daemon.is_listening, f"{daemon.process.args[0]} listens")
    wait_until(lambda: len(daemon.pids()) > WORKERS, "its workers are there")


NGINX = """\
daemon off; worker_processes {workers}; pid {folder}/pid; error_log {folder}/error;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000000; default_type text/plain;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; location / {{ return 200 "pong"; }} }}
}}
"""


def nginx(folder):
    """Answers everything with 200, from as many workers as roasterd has."""
    folder.mkdir()
    port = free_port()
    conf = folder / "nginx.conf"
    conf.write_text(NGINX.format(workers=WORKERS, folder=folder, port=port))
    daemon = Daemon(["nginx", "-p", folder, "-e", folder / "error", "-c", conf],
                    folder / "log", {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"})
    daemon.url = f"http://127.0.0.1:{port}/"
    await_workers(daemon)
    return daemon


def trivial(folder):
    """The smallest server that Kore can be, with two workers."""
    folder.mkdir()
    port = free_port()
    daemon = Daemon([BUILT / "bench" / "trivial", port], folder / "log")
    daemon.url = f"http://127.0.0.1:{port}"
    await_workers(daemon)
    return daemon


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()
        self.at_ns = time.monotonic_ns()

    def json(self):
        return json.loads(self.body)

    def expect(self, *statuses):
        if self.status not in statuses:
            raise CannotMeasure(f"wanted {statuses}, got {self.status}: {self.body[:500]}")
        return self


class Roasterd(Daemon):
    """roasterd COMMAND over a database of its own in ${postgres}; logged in."""

    def __init__(self, folder, postgres, command="api", **settings):
        folder.mkdir()
        self.folder = folder
        self.conninfo = postgres.conninfo(database=folder.name)
        postgres.create(folder.name)
        port = free_port()
        env = {name: value for name, value in os.environ.items()
               if not name.startswith("ROASTER_") and name != "KUBECONFIG"}
        env.update(ROASTER_STATE_DIR=str(folder / "state"), ROASTER_BIND="127.0.0.1",
                   ROASTER_PORT=str(port), ROASTER_WORKERS=str(WORKERS),
                   ROASTER_DATABASE_URL=self.conninfo, **settings)
        done = subprocess.run([ROASTERD, "migrate"], env=env, capture_output=True,
                              text=True)
        if done.returncode != 0:
            raise CannotMeasure(f"roasterd migrate: {done.stderr[-800:]}")
        self.password = PASSWORD.search(done.stdout).group(1)
        super().__init__([ROASTERD, command], folder / "log", env)
        self.url = f"http://127.0.0.1:{port}"
        wait_until(self.is_listening, "roasterd listens")
        wait_until(self.has_database, "roasterd has its database")
        self.token = self.login()

    def send(self, method, path, fields=None):
        """One request on a connection of its own; ${fields} become a form."""
        parts = urllib.parse.urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
        head = {"Authorization": f"Bearer {self.token}"} if hasattr(self, "token") else {}
        body = None
        if fields is not None:
            head["Content-Type"] = "application/x-www-form-urlencoded"
            body = urllib.parse.urlencode(fields)
        try:
            connection.request(method, path, body, head)
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def has_database(self):
        """All workers: who accepts a connection changes with each."""
        return not any(b"/database" in self.send("GET", "/readyz").body
                       for _ in range(10 * WORKERS))

    def login(self):
        answer = self.send("POST", "/v1/login",
                           {"user": "admin", "password": self.password})
        return answer.expect(200).json()["token"]
