#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""More connections than a worker has places for and nothing comes on them, or more
bytes than it has memory for: who asks for something is served all the same."""
import contextlib
import os
import pathlib
import random
import re
import resource
import signal
import socket
import time

import kore_tap
from kore_tap import Answer, read_all, read_answer, request, until

CROWD = 2000
PLACES = 1280  # of a worker
IDLE = 1000
PAGE = 4096
FEW = 300
ASKS = 200
FEW_FILES = 1024
LARGE = 200
LARGE_BYTES = 2 * 1024 * 1024  # the most that a body may have
HELD_BYTES = 128 * 1024 * 1024  # that a worker has for bodies
FILES = CROWD + 200
BODY = "Content-Type: application/x-www-form-urlencoded"
# Answered only when the server is tired of waiting for its database.
SLOW = request("POST", "/v1/login", BODY, "Content-Length: 17",
               body="user=a&password=b")
BEGUN = {
    "silent": "",
    "half a head": "GET /ping HTTP/1.1\r\nHost: x\r\n",
    "half a body": request("POST", "/v1/login", BODY, "Content-Length: 17",
                           body="user=a"),
}


@contextlib.contextmanager
def crowd(s, begin, count=CROWD, meanwhile=lambda: None):
    """That many connections, and on each the beginning of a request."""
    with contextlib.ExitStack() as stack:
        found = []
        for i in range(count):
            if i % 100 == 0:
                meanwhile()
            c = stack.enter_context(socket.create_connection(
                ("127.0.0.1", s.port), kore_tap.TIMEOUT_S))
            c.sendall(begin.encode())
            found.append(c)
        yield found


def is_open(c):
    c.setblocking(False)
    try:
        return c.recv(1) != b""
    except BlockingIOError:
        return True
    except ConnectionResetError:
        return False


def a_crowd_that_is(how):
    """Who asks is served, and who came first lost their place to the last."""
    with kore_tap.server(workers=1) as s, crowd(s, BEGUN[how]) as others:
        for _ in range(20):
            if s.get("/ping").status != 200:
                return False
        is_there = [is_open(c) for c in others]
        return not any(is_there[:100]) and all(is_there[-100:])


def a_silent_crowd_is_in_nobodys_way():
    return a_crowd_that_is("silent")


def a_crowd_with_half_a_head_is_in_nobodys_way():
    return a_crowd_that_is("half a head")


def a_crowd_with_half_a_body_is_in_nobodys_way():
    return a_crowd_that_is("half a body")


def who_waits_for_an_answer_gets_it_in_a_crowd():
    with kore_tap.server(workers=1) as s, s.connect() as slow:
        slow.sendall(SLOW.encode())
        with crowd(s, BEGUN["silent"]):
            return Answer(read_all(slow)).is_problem(503)


def who_asks_again_and_again_is_kept_in_a_crowd():
    def ask():
        c.sendall(request("GET", "/ping", close=False).encode())
        assert read_answer(c).status == 200

    with kore_tap.server(workers=1) as s, s.connect() as c:
        with crowd(s, BEGUN["silent"], meanwhile=ask) as others:
            until(lambda: not is_open(others[0]), "room is made")
            ask()


def resident_bytes(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return 1024 * int(re.search(r"VmRSS:\s+(\d+) kB", text)[1])


def large_bodies_that_do_not_end_take_no_more_memory_than_there_is():
    begin = request("POST", "/v1/login", BODY, f"Content-Length: {LARGE_BYTES}",
                    body="a" * (LARGE_BYTES - 1))
    with kore_tap.server(workers=1) as s:
        worker = s.workers()[-1]
        empty = resident_bytes(worker)
        with crowd(s, begin, count=LARGE) as others:
            taken = resident_bytes(worker) - empty
            print(f"# {LARGE * LARGE_BYTES >> 20} MiB sent, {taken >> 20} MiB"
                  " taken")
            assert taken < HELD_BYTES * 3 / 2, taken
            assert not is_open(others[0]) and is_open(others[-1])
            others[-1].setblocking(True)
            others[-1].sendall(b"a")
            return read_answer(others[-1]).status == 400


def a_worker_that_is_full_leaves_it_to_the_other():
    """Nobody loses a place as long as there is one."""
    with kore_tap.server(workers=2) as s:
        first, second = s.workers()[-2:]
        os.kill(second, signal.SIGSTOP)
        with crowd(s, BEGUN["silent"], count=PLACES - 1) as others:
            assert s.get("/ping").status == 200
            os.kill(second, signal.SIGCONT)
            with crowd(s, BEGUN["silent"], count=FEW) as more:
                assert all(s.get("/ping").status == 200 for _ in range(20))
                return all(map(is_open, others + more))


def asks_and_does_not_read(s):
    """A connection whose answers stay in the server, but for what little its
    buffers hold."""
    c = socket.socket()
    c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    c.settimeout(kore_tap.TIMEOUT_S)
    c.connect(("127.0.0.1", s.port))
    c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return c


def asks_on(c):
    with contextlib.suppress(ConnectionError):
        c.sendall(request("GET", "/openapi.json", close=False).encode())
    time.sleep(0.005)  # not one segment: two in one are not answered both


def who_does_not_read_the_answers_is_in_nobodys_way():
    with kore_tap.server(workers=1, files=(FEW_FILES, FEW_FILES)) as s, \
            contextlib.ExitStack() as stack:
        for _ in range(FEW_FILES):
            c = stack.enter_context(asks_and_does_not_read(s))
            for _ in range(2):
                asks_on(c)
        return all(s.get("/ping").status == 200 for _ in range(20))


def who_does_not_read_the_answers_is_not_read_from():
    with kore_tap.server(workers=1) as s, asks_and_does_not_read(s) as c:
        for _ in range(ASKS):
            asks_on(c)
        text = s.get("/metrics").body
        count, = re.findall(rb'roaster_http_requests_total\{[^}]*openapi[^}]*\}'
                            rb" (\d+)", text)
        print(f"# {int(count)} of {ASKS} were answered")
        return int(count) < ASKS / 2


def idle_connections_take_little_memory():
    with kore_tap.server(workers=1) as s:
        worker = s.workers()[-1]
        empty = resident_bytes(worker)
        with crowd(s, "", count=IDLE) as others:
            for _ in range(10):
                random.shuffle(others)
                for c in others:
                    c.sendall(request("GET", "/ping", close=False).encode())
                    assert read_answer(c).status == 200
            taken = resident_bytes(worker) - empty
        print(f"# {taken // IDLE} bytes each")
        return taken < PAGE * IDLE


def fewer_descriptors_than_wanted_are_enough():
    with kore_tap.server(workers=1, files=(256, FEW_FILES)) as s:
        with crowd(s, BEGUN["silent"], count=FEW):
            return all(s.get("/livez").status == 200 for _ in range(20))


def a_crowd_is_told_of():
    with kore_tap.server(workers=1) as s, crowd(s, BEGUN["silent"]):
        until(lambda: "connections are taken" in s.log(), "a line in the log")
        return s.log().count("connections are taken") == 1


HELPERS = {"crowd", "is_open", "a_crowd_that_is", "resident_bytes",
           "asks_and_does_not_read", "asks_on"}

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (
        FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    kore_tap.main([f for f in list(globals().values())
                   if getattr(f, "__module__", "") == "__main__" and
                   callable(f) and f.__name__ not in HELPERS])
