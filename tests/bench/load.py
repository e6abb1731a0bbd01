# SPDX-License-Identifier: Apache-2.0
"""Those who knock: wrk, pgbench, and a client that asks at a leisurely pace."""
import dataclasses
import os
import pathlib
import re
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.parse

from machine import CORES, die_with_parent

HERE = pathlib.Path(__file__).parent
QUERIES = HERE.parents[1] / "sql" / "queries"
PIPELINE = 10  # requests that pgbench sends with one Sync, where it pipelines
PING_EVERY_S = 0.002


class CannotMeasure(Exception):
    pass


def run(argv, **more):
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, **more)
    if done.returncode != 0:
        raise CannotMeasure(f"{argv[0]}: exit {done.returncode}: {done.stderr[-800:]}")
    return done.stdout


# --- wrk ---------------------------------------------------------------------

@dataclasses.dataclass
class Answers:
    count: int
    seconds: float
    p50_us: float
    p99_us: float

    @property
    def rate(self):
        return self.count / self.seconds


def wrk_argv(url, connections, seconds, token=None, job=()):
    argv = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "60s",
            "-s", HERE / "wrk.lua"]
    if token is not None:
        argv += ["-H", f"Authorization: Bearer {token}"]
    return argv + [url, "--", *job]


def read_wrk(text):
    found = re.search(r"^bench (\d+) (\d+) (\d+) (\d+) (\d+)$", text, re.M)
    if found is None:
        raise CannotMeasure(f"wrk said: {text[-800:]}")
    count, us, errors, p50, p99 = map(int, found.groups())
    if count == 0 or errors > 0:
        raise CannotMeasure(f"wrk: {count} answers, {errors} of them errors")
    return Answers(count, us / 1e6, p50, p99)


def whole(seconds):
    """wrk takes whole seconds only."""
    return max(1, round(seconds))


def wrk(url, connections, seconds, token=None, job=()):
    """${job}: words for wrk.lua. Any answer but 2xx is an error."""
    return read_wrk(run(wrk_argv(url, connections, whole(seconds), token, job)))


class Background:
    """with Background(...) as b: wrk runs meanwhile; b.answers afterwards."""

    def __init__(self, *args, **more):
        self.argv = [str(a) for a in wrk_argv(*args, **more)]

    def __enter__(self):
        self.process = subprocess.Popen(
            self.argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            preexec_fn=die_with_parent)
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.process.kill()
        out, _ = self.process.communicate()
        if kind is None:
            self.answers = read_wrk(out)


# --- pgbench -----------------------------------------------------------------

def statement(query, **values):
    """The SQL that the server prepares, ${values} in the place of $1, $2, …"""
    text = (QUERIES / f"{query}.sql").read_text()
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    for name in sorted(values, key=lambda n: -int(n[1:])):
        lines = [line.replace(f"${name[1:]}", values[name]) for line in lines]
    return "\n".join(lines).strip() + ";\n"


def in_pipeline(*statements, times=1):
    return "\\startpipeline\n" + "".join(statements) * times + "\\endpipeline\n"


class Pgbench:
    """${script} again and again, prepared, from ${clients} connections."""

    def __init__(self, conninfo, script, clients, **variables):
        self.folder = tempfile.TemporaryDirectory(prefix="bench-")
        self.conninfo = conninfo
        self.script = pathlib.Path(self.folder.name) / "script.sql"
        self.script.write_text(script)
        self.argv = ["pgbench", "-n", "-M", "prepared", "-c", clients, "-j",
                     min(clients, CORES), "-f", self.script]
        for name, value in variables.items():
            self.argv += ["-D", f"{name}={value}"]
        self.env = {**os.environ, "PGOPTIONS": "-c search_path=roaster,pg_temp"}

    def rate(self, seconds):
        """Scripts done a second."""
        out = run(self.argv + ["-T", whole(seconds), self.conninfo], env=self.env)
        return float(re.search(r"^tps = ([\d.]+)", out, re.M).group(1))

    def p50_us(self, seconds):
        log = pathlib.Path(self.folder.name) / "log"
        run(self.argv + ["-T", whole(seconds), "--log", f"--log-prefix={log}", self.conninfo],
            env=self.env)
        times = []
        for path in log.parent.glob("log.*"):
            times += [int(line.split()[2]) for line in path.read_text().splitlines()]
            path.unlink()
        return statistics.median(times)


# --- a client with time ------------------------------------------------------

def ping_p99_us(url, seconds):
    """The slowest hundredth of GET /ping, one each 2 ms."""
    parts = urllib.parse.urlsplit(url)
    request = b"GET /ping HTTP/1.1\r\nHost: bench\r\n\r\n"
    times = []
    with socket.create_connection((parts.hostname, parts.port), 10) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begin = time.perf_counter_ns()
            s.sendall(request)
            if not s.recv(4096).startswith(b"HTTP/1.1 200 "):
                raise CannotMeasure("no answer to a ping")
            times.append((time.perf_counter_ns() - begin) / 1000)
            time.sleep(PING_EVERY_S)
    return sorted(times)[int(len(times) * 0.99)]
