#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""More connections than a worker has places for and nothing comes on them, or more
bytes than it has memory for: who asks for something is served all the same."""
import contextlib
import pathlib
import re
import resource
import socket

import kore_tap
from kore_tap import Answer, read_all, read_answer, request, until

CROWD = 2000  # a worker has 1,280 places
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


def a_crowd_is_told_of():
    with kore_tap.server(workers=1) as s, crowd(s, BEGUN["silent"]):
        until(lambda: "connections are taken" in s.log(), "a line in the log")
        return s.log().count("connections are taken") == 1


HELPERS = {"crowd", "is_open", "a_crowd_that_is", "resident_bytes"}

if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_NOFILE, (
        FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    kore_tap.main([f for f in list(globals().values())
                   if getattr(f, "__module__", "") == "__main__" and
                   callable(f) and f.__name__ not in HELPERS])
