#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Requests that nobody should send, in raw bytes: one row each. Every one gets
exactly one answer, a whole problem; then the connection is closed, or serves
the next request if the broken one ended where it said it would."""
import socket

import kore_tap
from kore_tap import read_all, read_answer, request

CLOSED, KEPT = "closed", "kept"
LINE = "GET /ping HTTP/1.1\r\n"
HOST = "Host: x\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
POST = "POST /v1/login HTTP/1.1\r\n" + HOST + FORM
USERS = "GET /v1/users/list HTTP/1.1\r\n" + HOST
SMUGGLED = "GET /version HTTP/1.1\r\nHost: x\r\n\r\n"
END = "\r\n"


def get(path, method="GET"):
    return f"{method} {path} HTTP/1.1\r\n{HOST}\r\n"


def head(*lines):
    return LINE + HOST + "".join(line + "\r\n" for line in lines) + END


def post(*lines, body=""):
    return POST + "".join(line + "\r\n" for line in lines) + END + body


# name, status, what is sent (str: latin-1), what becomes of the connection
LENGTHS = [
    ("a length below zero", 400, post("Content-Length: -1"), CLOSED),
    ("a length with a plus", 400, post("Content-Length: +5", body="user="),
     CLOSED),
    ("a length in hex", 400, post("Content-Length: 0x5", body="user="),
     CLOSED),
    ("a length with a fraction", 400, post("Content-Length: 5.0"), CLOSED),
    ("a length with an exponent", 400, post("Content-Length: 1e1"), CLOSED),
    ("a length with words behind it", 400, post("Content-Length: 5 bytes"),
     CLOSED),
    ("an empty length", 400, post("Content-Length:"), CLOSED),
    ("a list of lengths", 400, post("Content-Length: 5, 5", body="user="),
     CLOSED),
    ("a length beyond 64 bits", 400,
     post("Content-Length: 18446744073709551621", body="user="), CLOSED),
    ("a length of 30 digits", 400, post("Content-Length: " + "9" * 30),
     CLOSED),
    ("the same length twice", 400,
     post("Content-Length: 5", "Content-Length: 5", body="user="), CLOSED),
    ("two lengths", 400,
     post("Content-Length: 5", "Content-Length: 6", body="user=a"), CLOSED),
    ("a length that is too large by far", 413,
     post("Content-Length: 999999999999"), CLOSED),
    ("a length that is too large by one", 413,
     post(f"Content-Length: {2 * 1024 * 1024 + 1}"), CLOSED),
    ("a post without a length", 411, post(), CLOSED),
    ("a put without a length", 411,
     get("/v1/users/update/password", "PUT"), CLOSED),
]
SMUGGLING = [
    ("a chunked body", 501,
     post("Transfer-Encoding: chunked", body="0\r\n\r\n"), CLOSED),
    ("a chunked body and a length", 501,
     post("Content-Length: 5", "Transfer-Encoding: chunked",
          body="0\r\n\r\n" + SMUGGLED), CLOSED),
    ("a length and a chunked body", 501,
     post("Transfer-Encoding: chunked", "Content-Length: 5",
          body="0\r\n\r\n" + SMUGGLED), CLOSED),
    ("a coding in strange letters", 501,
     post("tRANSFER-eNCODING: xchunked", "Content-Length: 0"), CLOSED),
    ("the coding of nothing", 501,
     post("Transfer-Encoding: identity", "Content-Length: 0"), CLOSED),
    ("two codings", 501,
     post("Transfer-Encoding: gzip, chunked", body="0\r\n\r\n"), CLOSED),
    ("a blank before the colon of a length", 400,
     post("Content-Length : 5", body="user="), CLOSED),
    ("a blank before the colon of a coding", 400,
     post("Transfer-Encoding : chunked", "Content-Length: 0"), CLOSED),
    ("a tab before the colon of a coding", 400,
     post("Transfer-Encoding\t: chunked", "Content-Length: 0"), CLOSED),
    ("a folded coding", 501,
     post("Transfer-Encoding:", " chunked", "Content-Length: 0"), CLOSED),
    ("a coding behind a bare CR", 400,
     post("X: a\rTransfer-Encoding: chunked", "Content-Length: 0"), CLOSED),
    ("a coding behind a bare LF", 400,
     post("X: a\nTransfer-Encoding: chunked", "Content-Length: 0"), CLOSED),
    ("a body on GET that is a request", 400,
     head(f"Content-Length: {len(SMUGGLED)}") + SMUGGLED, CLOSED),
    ("a request behind a body that nobody may send", 401,
     "DELETE /v1/users/delete HTTP/1.1\r\n" + HOST + FORM +
     "Content-Length: 5\r\n\r\nuser=" + SMUGGLED, CLOSED),
    ("a request behind a delete without a length", 401,
     get("/v1/users/delete", "DELETE") + SMUGGLED, CLOSED),
]
HEADERS = [
    ("no Host", 400, LINE + END, CLOSED),
    ("an empty Host", 400, LINE + "Host:\r\n\r\n", CLOSED),
    ("two Hosts", 400, LINE + HOST + HOST + END, CLOSED),
    ("two Hosts that differ", 400, LINE + HOST + "HOST: y\r\n\r\n", CLOSED),
    ("no Host but one that begins so", 400, LINE + "Hosts: x\r\n\r\n",
     CLOSED),
    ("a Host that is folded", 400, LINE + "Host:\r\n x\r\n\r\n", CLOSED),
    ("a blank before the colon of Host", 400, LINE + "Host : x\r\n\r\n",
     CLOSED),
    ("a folded header", 400, head("X: a", " b"), CLOSED),
    ("a header folded with a tab", 400, head("X: a", "\tb"), CLOSED),
    ("a header without a colon", 400, head("no colon"), CLOSED),
    ("a header without a name", 400, head(": a"), CLOSED),
    ("a blank in a name", 400, head("X Y: a"), CLOSED),
    ("a name in brackets", 400, head("X(Y): a"), CLOSED),
    ("a name beyond ASCII", 400, head("X\xe4: a"), CLOSED),
    ("a NUL in a name", 400, head("X\0: a"), CLOSED),
    ("a NUL in a value", 400, head("X: a\0b"), CLOSED),
    ("a NUL in Authorization", 400,
     USERS + "Authorization: Bearer a\0b\r\n\r\n", CLOSED),
    ("an escape in a value", 400, head("X: a\x1b[31m"), CLOSED),
    ("a DEL in a value", 400, head("X: a\x7f"), CLOSED),
    ("bare LFs", 400, "GET /ping HTTP/1.1\nHost: x\n\n", CLOSED),
    ("one bare LF", 400, LINE + "Host: x\n\r\n", CLOSED),
    ("a bare CR in a value", 400, head("X: a\rb"), CLOSED),
    ("bare CRs", 400, LINE + "Host: x\r\r\n\r\n", CLOSED),
    ("a blank line first", 400, "\r\n" + head(), CLOSED),
    ("too many headers", 431, head(*[f"X-{i}: a" for i in range(101)]),
     CLOSED),
    ("a header that is too long", 431, head("X: " + "a" * 20000), CLOSED),
    ("a name that is too long", 431, head("X" * 20000 + ": a"), CLOSED),
    ("headers that are too long together", 431,
     head(*[f"X-{i}: {'a' * 300}" for i in range(60)]), CLOSED),
]
FIRST_LINES = [
    ("HTTP/0.9", 400, "GET /ping\r\n\r\n", CLOSED),
    ("HTTP/0.9 with headers", 400, "GET /ping\r\n" + HOST + END, CLOSED),
    ("HTTP/2's preface", 400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", CLOSED),
    ("HTTP/2", 505, "GET /ping HTTP/2.0\r\n" + HOST + END, CLOSED),
    ("HTTP/1.2", 505, "GET /ping HTTP/1.2\r\n" + HOST + END, CLOSED),
    ("HTTP/1.10", 505, "GET /ping HTTP/1.10\r\n" + HOST + END, CLOSED),
    ("http in small letters", 505, "GET /ping http/1.1\r\n" + HOST + END,
     CLOSED),
    ("another protocol", 505, "GET /ping ICY/1.1\r\n" + HOST + END, CLOSED),
    ("two blanks behind the method", 400,
     "GET  /ping HTTP/1.1\r\n" + HOST + END, CLOSED),
    ("two blanks behind the path", 400,
     "GET /ping  HTTP/1.1\r\n" + HOST + END, CLOSED),
    ("a tab for a blank", 400, "GET\t/ping\tHTTP/1.1\r\n" + HOST + END,
     CLOSED),
    ("a blank in the path", 400, "GET /pi ng HTTP/1.1\r\n" + HOST + END,
     CLOSED),
    ("a blank first", 400, " GET /ping HTTP/1.1\r\n" + HOST + END, CLOSED),
    ("a blank last", 400, "GET /ping HTTP/1.1 \r\n" + HOST + END, CLOSED),
    ("a NUL in the path", 400, get("/ping\0"), CLOSED),
    ("an escape in the path", 400, get("/\x1b[31m"), CLOSED),
    ("a path beyond ASCII", 400, get("/p\xefng"), CLOSED),
    ("a method that does not exist", 501, get("/ping", "BREW"), CLOSED),
    ("a method in small letters", 501, get("/ping", "get"), CLOSED),
    ("a method that begins as one", 501, get("/ping", "GETS"), CLOSED),
    ("a method of punctuation", 501, get("/ping", "G|T"), CLOSED),
    ("a method of digits", 400, get("/ping", "1GET"), CLOSED),
    ("TRACE", 501, get("/ping", "TRACE"), CLOSED),
    ("CONNECT", 501, get("x:443", "CONNECT"), CLOSED),
    ("a method of 10,000 letters", 501, get("/ping", "A" * 10000), CLOSED),
    ("a path that is too long", 414, get("/" + "a" * 2100), CLOSED),
    ("a path that is too long by far", 431, get("/" + "a" * 20000), CLOSED),
    ("a query that is too long", 414, get("/ping?" + "a" * 2100), CLOSED),
    ("a TLS handshake", 400, "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03" +
     "a" * 64, CLOSED),
    ("no words at all", 400, "\r\n\r\n", CLOSED),
    ("noise", 400, "".join(chr(i * 89 % 256) for i in range(600)), CLOSED),
]
PATHS = [
    ("a path that goes up", 404, get("/v1/../ping"), KEPT),
    ("a path above the root", 404, get("/../ping"), KEPT),
    ("a path that goes up in hex", 404, get("/v1/%2e%2e/ping"), KEPT),
    ("a path with a slash in hex", 404, get("/v1%2fusers%2flist"), KEPT),
    ("a name with a slash in hex", 404,
     get("/v2/components/trino/etl%2Fetl"), KEPT),
    ("a path with a NUL in hex", 404, get("/ping%00"), KEPT),
    ("a path with a newline in hex", 404, get("/ping%0d%0aX:%20a"), KEPT),
    ("a path that is encoded twice", 404, get("/%2570ing"), KEPT),
    ("half an escape in the path", 404, get("/ping%2"), KEPT),
    ("two slashes first", 404, get("//ping"), KEPT),
    ("two slashes", 404, get("/v1//users/list"), KEPT),
    ("a dot in the path", 404, get("/./ping"), KEPT),
    ("a parameter of the path", 404, get("/ping;a=b"), KEPT),
    ("a backslash", 404, get("/v1\\users\\list"), KEPT),
    ("a login behind another path", 404, get("/v1/users/list/login"), KEPT),
    ("a path in capitals", 404, get("/PING"), KEPT),
    ("a fragment", 404, get("/ping#a"), KEPT),
    ("an absolute address", 404, get("http://x/ping"), KEPT),
    ("no slash first", 404, get("ping"), KEPT),
    ("a star", 404, get("*", "OPTIONS"), KEPT),
    ("a method that the path has not", 405, get("/ping", "DELETE"), KEPT),
]
# The server has no database: who sends what looks like a token gets no
# further than to 503.
WHO = [
    ("no Authorization", 401, USERS + END, KEPT),
    ("another scheme", 401, USERS + "Authorization: Basic YTpi\r\n\r\n",
     KEPT),
    ("a scheme without a token", 401, USERS + "Authorization: Bearer\r\n\r\n",
     KEPT),
    ("a token without a scheme", 401, USERS + "Authorization: abc\r\n\r\n",
     KEPT),
    ("a token that never was one", 401,
     USERS + "Authorization: Bearer abc\r\n\r\n", KEPT),
    ("a token of 10,000 letters", 401,
     USERS + f"Authorization: Bearer {'a' * 10000}\r\n\r\n", KEPT),
    ("Authorization twice", 400,
     USERS + 2 * "Authorization: Bearer abc\r\n" + END, KEPT),
    ("Authorization twice in other letters", 400,
     USERS + "Authorization: Bearer a\r\naUTHORIZATION: Bearer b\r\n\r\n",
     KEPT),
]
BODIES = [
    ("a body of no type", 415, "POST /v1/login HTTP/1.1\r\n" + HOST +
     "Content-Length: 5\r\n\r\nuser=", KEPT),
    ("a body of another type", 415, "POST /v1/login HTTP/1.1\r\n" + HOST +
     "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nuser=", KEPT),
    ("an empty body", 400, post("Content-Length: 0"), KEPT),
    ("a field twice", 400,
     post("Content-Length: 13", body="user=a&user=b"), KEPT),
    ("a field in query and body", 400,
     "POST /v1/login?user=a HTTP/1.1\r\n" + HOST + FORM +
     "Content-Length: 6\r\n\r\nuser=b", KEPT),
    ("half an escape in a form", 400,
     post("Content-Length: 7", body="user=%2"), KEPT),
    ("a NUL in a form", 400,
     post("Content-Length: 21", body="user=a%00&password=bb"), KEPT),
    ("JSON that does not end", 400, "POST /v1/login HTTP/1.1\r\n" + HOST +
     "Content-Type: application/json\r\nContent-Length: 8\r\n\r\n{\"user\":",
     KEPT),
    ("JSON that is a list", 400, "POST /v1/login HTTP/1.1\r\n" + HOST +
     "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n[]", KEPT),
    ("an expectation of something else", 400,
     post("Expect: 200-maybe", "Content-Length: 0"), KEPT),
]
TABLE = (LENGTHS + SMUGGLING + HEADERS + FIRST_LINES + PATHS + WHO + BODIES)


def is_closed(c):
    """Nothing more comes, the other side has ended, within the time that a
    connection may linger."""
    return read_all(c) == b""


def serves(c):
    c.sendall(request("GET", "/ping", close=False).encode())
    answer = read_answer(c)
    return answer.status == 200 and answer.after == b""


def judge(server, status, raw, fate):
    """None, or what is wrong."""
    with server.connect() as c:
        c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        c.sendall(raw.encode("latin-1"))
        answer = read_answer(c)
        if not answer.is_problem(status):
            return f"status {answer.status}, not {status}"
        if answer.after:
            return f"a second answer: {answer.after[:80]!r}"
        if (answer.headers["connection"] == "close") != (fate == CLOSED):
            return f"connection: {answer.headers['connection']}"
        if fate == CLOSED and not is_closed(c):
            return "it is not closed"
        if fate == KEPT and not serves(c):
            return "the connection serves no more"
    return None if server.get("/ping").status == 200 else "nobody is served"


def row(name, status, raw, fate):
    def test():
        why = judge(S, status, raw, fate)
        if why is not None:
            print(f"# {why}")
        return why is None
    test.__name__ = f"{name} is {status} and {fate}"
    return test


def no_worker_died():
    return "restarting" not in S.log()


if __name__ == "__main__":
    with kore_tap.server() as S:
        kore_tap.main([row(*r) for r in TABLE] + [no_worker_died])
