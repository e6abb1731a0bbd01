#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the server makes of HTTP/1.1 before a route is looked for."""
import select
import socket
import struct
import threading
import time

import kore_tap
from kore_tap import Answer, read_all, read_answer, request

BODY_MAX = 2 * 1024 * 1024
HEADER_MAX = 16384
FORM = "Content-Type: application/x-www-form-urlencoded"
LONG_S = 60  # longer than anything takes
TCP_INFO_DATA_SEGS_IN = 152  # where it stands in the kernel's struct tcp_info
S = None  # the server, set below
SLOW = {}  # connections made at the start, looked at in the end


def refused(status, *parts):
    return S.send(*parts).is_problem(status)


def with_body(method, path, body, *headers, close=True):
    return request(method, path, FORM, f"Content-Length: {len(body)}",
                   *headers, close=close)


def start_slow_clients():
    """One that says nothing more after an answer, and two who hand out their
    request in small pieces, the second a while after the first."""
    idle = S.connect()
    idle.sendall(request("GET", "/ping", close=False).encode())
    read_answer(idle)
    SLOW.update(idle=idle, heads=[S.connect(), S.connect()])
    for i, head in enumerate(SLOW["heads"]):
        threading.Timer(5 * i, drip, [head]).start()


def drip(s):
    """A sign of life buys no time."""
    try:
        s.sendall(b"GET /ping HTTP/1.1\r\n")
        for _ in range(30):
            time.sleep(2)
            s.sendall(b"X")
        SLOW["said all"] = True
    except OSError:
        pass


def ping_answers_pong():
    a = S.get("/ping")
    return a.status == 200 and a.body.strip() == b"pong"


def head_has_the_length_and_no_body():
    a = S.get("/ping", method="HEAD")
    return (a.status == 200 and int(a.headers["content-length"]) > 0 and
            a.body + a.after == b"")


def the_server_does_not_say_what_it_is_made_of():
    a = S.get("/ping")
    return (a.headers["server"] == "roaster" and
            "strict-transport-security" not in a.headers)


def a_body_on_delete_comes_in_a_second_segment():
    return refused(401, with_body("DELETE", "/v1/users/delete", "user=kim"),
                   "user=kim")


def bodies_come_in_many_segments():
    for method, path in (("POST", "/v1/users/create"),
                         ("PUT", "/v1/users/update/password"),
                         ("DELETE", "/v1/users/delete")):
        body = "user=kim&password=" + "a" * 20
        head = with_body(method, path, body)
        if not refused(401, head[:20], head[20:], body[:1], body[1:5],
                       body[5:]):
            return False
    return True


def what_follows_a_body_is_not_taken_for_a_request():
    body = "user=kim"
    a = S.send(with_body("DELETE", "/v1/users/delete", body) + body +
               request("GET", "/ping"))
    return a.is_problem(401) and a.after == b""


def the_largest_body_passes_and_one_byte_more_does_not():
    body = "a" * BODY_MAX
    head = request("POST", "/v1/users/create", FORM,
                   f"Content-Length: {BODY_MAX + 1}")
    return (refused(401, with_body("POST", "/v1/users/create", body), body)
            and refused(413, head))


def a_client_that_sends_on_still_reads_its_413():
    body = b"a" * (BODY_MAX + 4 * 1024 * 1024)
    head = request("POST", "/v1/users/create", FORM,
                   f"Content-Length: {len(body)}")
    return refused(413, head, body)


def a_client_that_sends_on_still_reads_its_431():
    return refused(431, "GET /ping HTTP/1.1\r\nHost: x\r\nX: " +
                   "a" * (8 * HEADER_MAX) + "\r\n\r\n")


def expect_100_continue_is_answered():
    with S.connect() as s:
        s.sendall(with_body("POST", "/v1/users/create", "user=kim",
                            "Expect: 100-continue").encode())
        first = s.recv(65536)
        s.sendall(b"user=kim")
        return (first == b"HTTP/1.1 100 Continue\r\n\r\n" and
                Answer(read_all(s)).is_problem(401))


def a_known_method_on_the_wrong_path_is_not_allowed():
    a = S.send(request("DELETE", "/ping"))
    return a.is_problem(405) and "GET" in a.headers["allow"]


def an_error_that_a_head_gets_has_no_body():
    a = S.send("HEAD /ping HTTP/1.1\r\n\r\n")
    return (a.status == 400 and a.body + a.after == b"" and
            int(a.headers["content-length"]) > 0)


def a_connection_serves_many_requests():
    with S.connect() as s:
        for _ in range(50):
            s.sendall(request("GET", "/ping", close=False).encode())
            if read_answer(s).status != 200:
                return False
    return True


def an_answer_of_many_kilobytes_comes_in_one_segment():
    """TCP counts those that had data in them."""
    with S.connect() as s:
        s.sendall(request("GET", "/openapi.json", close=False).encode())
        a = read_answer(s)
        info = s.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 192)
        segments = struct.unpack_from("I", info, TCP_INFO_DATA_SEGS_IN)[0]
        if segments != 1:
            print(f"# {len(a.raw)} bytes in {segments} segments")
        return a.status == 200 and 16384 < len(a.raw) < 65000 and segments == 1


def http_1_0_gets_an_answer_and_is_closed():
    return S.send("GET /ping HTTP/1.0\r\nHost: x\r\n\r\n").status == 200


def clients_that_vanish_leave_no_trace():
    for _ in range(50):
        with S.connect() as s:
            s.sendall(with_body("POST", "/v1/login", "a" * 9).encode())
        with S.connect() as s:
            s.sendall(request("GET", "/ping").encode())
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                         b"\1\0\0\0\0\0\0\0")
    return S.get("/ping").status == 200 and "restarting" not in S.log()


def requests_sent_ahead_are_answered_in_order():
    with S.connect() as s:
        body = "a" * 3000
        s.sendall(with_body("POST", "/v1/login", body, close=False).encode())
        s.sendall(body[:1500].encode())
        time.sleep(0.1)
        s.sendall((body[1500:] +
                   request("GET", "/ping", close=False)).encode())
        return [read_answer(s).status > 0, read_answer(s).status] == [True,
                                                                     200]


def a_head_of_many_kilobytes_is_taken_whole_and_in_pieces():
    """The longest that fits, and what is just behind the first room."""
    def head(length):
        text = request("GET", "/ping", "X: ")
        return text.replace("X: ", "X: " + "a" * (length - len(text)))

    for length in (HEADER_MAX - 1, 2047, 2048, 2049, 4096):
        text = head(length)
        for at in (0, 1, length // 2, length - 1):
            if S.send(text[:at], text[at:], pause=0.02).status != 200:
                return False
    return refused(431, head(HEADER_MAX + 1))


def what_came_stays_nowhere():
    """However it was cut, a password is in no memory of the server after the
    answer: the workers' own alone can have it."""
    for cut in ("", "user=a&", "user=a&password=not-to-b"):
        body = "user=a&password=not-to-be-found"
        S.send(with_body("POST", "/v1/login", body) + cut, body[len(cut):])
    # A token of a head that has never been whole.
    with S.connect() as c:
        c.sendall(b"GET /ping HTTP/1.1\r\nAuthorization: not-to-be-found")
        time.sleep(0.1)
    kore_tap.until(lambda: not any(copies(pid, b"not-to-be-found")
                                   for pid in S.workers()), "it is wiped")
    return True


def copies(pid, text):
    """How often the memory of a process has that text."""
    count = 0
    with open(f"/proc/{pid}/mem", "rb", 0) as memory, \
            open(f"/proc/{pid}/maps") as maps:
        for line in maps:
            fields = line.split()
            if not fields[1].startswith("rw") or "[v" in line:
                continue
            begin, end = (int(n, 16) for n in fields[0].split("-"))
            memory.seek(begin)
            count += memory.read(end - begin).count(text)
    return count


def an_idle_connection_is_closed_without_a_word():
    with SLOW["idle"] as s:
        s.settimeout(LONG_S)
        return read_all(s) == b""


def a_head_that_does_not_end_is_given_up():
    """In the order they began, though both go on."""
    first, second = SLOW["heads"]
    ready, _, _ = select.select([first, second], [], [], LONG_S)
    with first, second:
        return (ready == [first] and Answer(read_all(first)).is_problem(408)
                and Answer(read_all(second)).is_problem(408) and
                "said all" not in SLOW)


def what_kore_says_is_logged_as_json():
    return '"event":"http_refused","status":431' in S.log()


HELPERS = {"refused", "with_body", "copies", "start_slow_clients", "drip"}

if __name__ == "__main__":
    tests = [f for f in list(globals().values())
             if getattr(f, "__module__", "") == "__main__" and
             callable(f) and f.__name__ not in HELPERS]
    with kore_tap.server() as S:
        try:
            start_slow_clients()
            kore_tap.main(tests)
        finally:
            assert S.process.poll() is None, "the server is gone"
