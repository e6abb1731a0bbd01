# SPDX-License-Identifier: Apache-2.0
"""A roasterd api of our own, raw sockets to it, and TAP.

The API process answers what is tested here without its database, so it gets
one that is not there. ROASTERD names the program (default: build/roasterd).
"""
import contextlib
import json
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
ROASTERD = os.environ.get("ROASTERD", str(TOP / "build" / "roasterd"))
TIMEOUT_S = 8


class Answer:
    """The first response in raw bytes."""

    def __init__(self, raw):
        self.raw = raw
        head, _, rest = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1]) if raw else 0
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()
        self.body = rest[:int(self.headers.get("content-length", 0))]
        self.after = rest[len(self.body):]

    def json(self):
        return json.loads(self.body)

    def is_problem(self, status):
        """Whether it is the one form that all errors have."""
        if self.status != status:
            print(f"# wanted {status}, got {self.raw[:300]!r}")
            return False
        kind = self.headers.get("content-type")
        body = self.json()
        good = (kind == "application/problem+json" and
                self.headers["x-request-id"] == body["request_id"] and
                body["status"] == status and all(body[name] for name in (
                    "type", "title", "detail", "instance", "code",
                    "request_id")))
        if not good:
            print(f"# not a problem: {self.raw[:600]!r}")
        return bool(good)


class Server:
    """One roasterd api on a free port of 127.0.0.1."""

    def __init__(self, workers=2, tls=None, files=None, **settings):
        """tls: an ssl.SSLContext to connect with; the settings have what the
        server needs for it. files: its limits of descriptors, soft and hard."""
        self.folder = tempfile.TemporaryDirectory()
        self.tls = tls
        with socket.create_server(("127.0.0.1", 0)) as s:
            self.port = s.getsockname()[1]
        self.log_name = pathlib.Path(self.folder.name) / "log"
        self.settings = {
            "state_dir": f"{self.folder.name}/state",
            "database_url": f"host={self.folder.name} dbname=none",
            "port": self.port, "workers": workers, "log_level": "debug",
            **settings}
        self.configure()
        # It makes the keys before it finds no database.
        subprocess.run(self.argv("migrate"), env=environ(), check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with open(self.log_name, "wb") as log:
            self.process = subprocess.Popen(
                self.argv("api"), env=environ(), stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, preexec_fn=files and (
                    lambda: resource.setrlimit(resource.RLIMIT_NOFILE, files)))
        until(lambda: self.get("/ping").status == 200,
              "the server answers", seconds=20)
        until(lambda: self.log().count("worker_started") == workers,
              "all workers are ready")

    def argv(self, command):
        return [ROASTERD, command, f"--config={self.folder.name}/conf"]

    def configure(self, **changes):
        """Write its configuration, which it reads when it is told to."""
        self.settings.update(changes)
        pathlib.Path(self.folder.name, "conf").write_text("".join(
            f"{key} = {value}\n" for key, value in self.settings.items()))

    def log(self):
        return self.log_name.read_text(errors="replace")

    def workers(self):
        pid = self.process.pid
        name = f"/proc/{pid}/task/{pid}/children"
        return [int(p) for p in pathlib.Path(name).read_text().split()]

    def connect(self):
        s = socket.create_connection(("127.0.0.1", self.port), TIMEOUT_S)
        if self.tls is None:
            return s
        try:
            return self.tls.wrap_socket(s)
        except OSError:
            s.close()
            raise

    def send(self, *parts, pause=0.05):
        """Send parts as segments of their own, then read until the end."""
        with self.connect() as s:
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for i, part in enumerate(parts):
                if i > 0:
                    time.sleep(pause)
                s.sendall(part if isinstance(part, bytes) else part.encode())
            return Answer(read_all(s))

    def get(self, path, *headers, method="GET"):
        try:
            return self.send(request(method, path, *headers))
        except OSError:
            return Answer(b"")

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)
        self.folder.cleanup()


def environ():
    """That of the caller, without settings of roasterd."""
    names = {k: v for k, v in os.environ.items()
             if not k.startswith("ROASTER_")}
    # What lives as long as a process is nowhere given back.
    names.setdefault("ASAN_OPTIONS", "detect_leaks=0")
    return names


def request(method, path, *headers, body="", close=True):
    lines = [f"{method} {path} HTTP/1.1", "Host: x", *headers]
    if close:
        lines.append("Connection: close")
    return "\r\n".join(lines) + "\r\n\r\n" + body


def read_all(s):
    raw = b""
    while chunk := s.recv(65536):
        raw += chunk
    return raw


def read_answer(s):
    """One response of a connection that stays open; b"" if it was closed."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        chunk = s.recv(65536)
        if not chunk:
            return Answer(raw)
        raw += chunk
    answer = Answer(raw)
    while len(answer.body) < int(answer.headers.get("content-length", 0)):
        chunk = s.recv(65536)
        if not chunk:
            break
        raw += chunk
        answer = Answer(raw)
    return answer


def until(fact, name, seconds=10):
    end = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {name}")
        time.sleep(0.05)


@contextlib.contextmanager
def server(**settings):
    s = Server(**settings)
    try:
        yield s
        bad = re.search(r"AddressSanitizer|runtime error|ThreadSanitizer",
                        s.log())
        assert bad is None, s.log()[bad.start():][:2000]
        text = [line for line in s.log().splitlines() if line[:1] != "{"]
        assert not text, f"lines that are not JSON: {text[:3]}"
    finally:
        s.stop()


def main(tests):
    """Run functions; the name of one, read as a sentence, is its test's.
    Arguments are the sentences of those to run."""
    failures = 0
    tests = [t for t in tests if len(sys.argv) == 1 or
             t.__name__.replace("_", " ") in sys.argv[1:]]
    for number, test in enumerate(tests, 1):
        why = ""
        try:
            good = test() is not False
        except Exception as e:  # a test may fail in any way
            good, why = False, f"{type(e).__name__}: {e}"
        if why:
            print("# " + why.replace("\n", "\n# "))
        failures += not good
        sentence = test.__name__.replace("_", " ")
        print(f"{'ok' if good else 'not ok'} {number} - {sentence}",
              flush=True)
    print(f"1..{len(tests)}")
    sys.exit(failures > 0)
