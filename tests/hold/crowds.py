# SPDX-License-Identifier: Apache-2.0
"""Many connections for long, and more logins than there is time for."""
import multiprocessing
import os
import pathlib
import resource
import selectors
import socket
import statistics
import time

from tap import equal, test

from posts import at_once, create
from server import children, until

IDLE, ACTIVE = 2000, 200
SECONDS = float(os.environ.get("HOLD_SECONDS", "2"))
IDLE_ASKS_S = 8  # the server closes who says nothing for 15 s
GROWTH = 0.05
WARM = 3  # answers to each before memory is measured: pools are full by then


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def memory_kb(pid):
    """What is its own: Kore's workers share the pages of their parent."""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    fields = dict(line.split(":", 1) for line in text.splitlines()[1:])
    return sum(int(fields[name].split()[0])
               for name in ("Private_Clean", "Private_Dirty"))


class One:
    """One connection: a request, its answer, and then the next one when it is
    due."""

    def __init__(self, crowd, text, pause_s):
        self.crowd, self.text, self.pause_s = crowd, text, pause_s
        self.socket = socket.create_connection(crowd.address, 60)
        self.socket.setblocking(False)
        self.due = 0
        self.is_asking = False
        self.received = b""

    def ask(self):
        self.socket.send(self.text)
        self.is_asking = True
        self.received = b""

    def on_ready(self, now):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("closed by the server")
        self.received += data
        head, _, body = self.received.partition(b"\r\n\r\n")
        at = head.lower().find(b"content-length: ")
        if at == -1 or len(body) < int(head[at + 16:].split()[0]):
            return
        if not head.startswith(b"HTTP/1.1 200"):
            raise ConnectionError(head[:200].decode())
        self.is_asking = False
        self.crowd.answers += 1
        self.due = now + self.pause_s


class Crowd:
    """All connections in one loop."""

    def __init__(self, server):
        self.address = ("127.0.0.1", server.port)
        self.selector = selectors.DefaultSelector()
        self.all = []
        self.answers = 0

    def add(self, text, count, pause_s):
        for _ in range(count):
            one = One(self, text, pause_s)
            self.all.append(one)
            self.selector.register(one.socket, selectors.EVENT_READ, one)

    def go_on(self, seconds):
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            for one in self.all:
                if not one.is_asking and now >= one.due:
                    one.ask()
            for key, _ in self.selector.select(0.02):
                key.data.on_ready(time.monotonic())

    def settle(self):
        """Every one was answered since."""
        for one in self.all:
            one.due = 0
        before = {one: one.due for one in self.all}
        until(lambda: self.go_on(0.2) or
              all(one.due > due for one, due in before.items()),
              "all are answered", pause_s=0)

    def close(self):
        for one in self.all:
            one.socket.close()
        self.selector.close()


def request(path, token=None):
    lines = [f"GET {path} HTTP/1.1", "Host: x"]
    if token is not None:
        lines.append(f"Authorization: Bearer {token}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def measure(server, what):
    return {pid: what(pid) for pid in (server.part("api"), *server.workers())}


@test
def two_thousand_idle_and_two_hundred_busy_connections_cost_nothing(server):
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    equal(create(server.admin, "etl").status, 202)
    base = measure(server, descriptors)
    empty = measure(server, memory_kb)
    crowd = Crowd(server)
    try:
        crowd.add(request("/ping"), IDLE, IDLE_ASKS_S)
        crowd.add(request("/v1/trino/list", server.admin.token), ACTIVE, 0)
        for _ in range(WARM):
            crowd.settle()
        before = measure(server, memory_kb)
        crowd.go_on(SECONDS)
        crowd.settle()
        after = measure(server, memory_kb)
        full = measure(server, descriptors)
    finally:
        crowd.close()
    print(f"# {crowd.answers} answers; KiB without the crowd"
          f" {sum(empty.values())}, with it {sum(before.values())}, after"
          f" {SECONDS:g} s {sum(after.values())}; descriptors"
          f" {sum(base.values())}, {sum(full.values())}")
    equal(set(after), set(empty), "the same processes")
    assert sum(full.values()) >= IDLE + ACTIVE
    assert sum(after.values()) <= sum(before.values()) * (1 + GROWTH), (
        before, after)
    until(lambda: all(count <= base[pid] for pid, count in
                      measure(server, descriptors).items()),
          "no more descriptors than before")


# --- logins ------------------------------------------------------------------

LOGINS = 200  # at once; 64 may wait in each worker
OTHERS = 40


def latencies(server, count, goes_on=lambda: False):
    """Seconds that /ping took, ${count} times and as long as that goes on."""
    found = []
    while len(found) < count or goes_on():
        begin = time.monotonic()
        equal(server.nobody.get("/ping").status, 200)
        found.append(time.monotonic() - begin)
        time.sleep(0.005)
    return sorted(found)


def p99(values):
    return 1000 * values[len(values) * 99 // 100]


class Flood:
    """All logins at once, from a process of its own."""

    def __init__(self, server):
        self.answers = []
        context = multiprocessing.get_context("fork")
        self.end, other = context.Pipe()
        self.process = context.Process(
            target=self.run, args=(server, other), daemon=True)
        self.process.start()

    def run(self, server, end):
        fields = {"user": "admin", "password": server.password}
        end.send(at_once([
            lambda: server.nobody.form("POST", "/v1/login", fields)
            for _ in range(LOGINS)]))

    def goes_on(self):
        return not self.end.poll()

    def join(self):
        self.answers = self.end.recv()
        self.process.join()


@test
def surplus_logins_are_refused_and_others_are_served_meanwhile(server):
    idle = latencies(server, 5 * OTHERS)
    flood = Flood(server)
    latencies(server, OTHERS)
    lists = [server.admin.get("/v1/trino/list").status for _ in range(5)]
    served_meanwhile = flood.goes_on()
    busy = latencies(server, OTHERS, flood.goes_on)
    flood.join()
    statuses = [answer.status for answer in flood.answers]
    print(f"# {LOGINS} logins: { {s: statuses.count(s) for s in set(statuses)} };"
          f" p99 of /ping {p99(idle):.1f} ms idle, {p99(busy):.1f} ms in the"
          f" flood ({p99(busy) / p99(idle):.1f}x), p50"
          f" {1000 * statistics.median(idle):.1f} and"
          f" {1000 * statistics.median(busy):.1f} ms")
    assert served_meanwhile, "the flood was over before the others were served"
    equal(lists, [200] * 5)
    equal(len(statuses), LOGINS)
    assert set(statuses) <= {200, 429, 503}, set(statuses)
    assert statuses.count(429) > 0 and statuses.count(200) > 0, statuses
    for answer in flood.answers:
        if answer.status != 200:
            assert int(answer.headers["retry-after"]) >= 1
            answer.problem()
    equal(len(children(server.part("api"))), 2)
