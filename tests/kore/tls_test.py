#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""HTTPS: what is spoken, what is refused, who has the key."""
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time

import kore_tap
import malformed_test
from kore_tap import read_all, read_answer, request, until
from pair import Pair, client

FOLDER = tempfile.TemporaryDirectory()
PAIR = Pair(FOLDER.name, "first")
RSA = Pair(FOLDER.name, "rsa", kind="rsa")
TLS_12 = ("ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256",
          "ECDHE-ECDSA-CHACHA20-POLY1305")
CLIENTS = 16
S = None      # a server with PAIR, set below
PLAIN = None  # one without
SLOW = {}     # a connection made at the start, looked at in the end


def s_client(*options, port=None):
    """Whether a handshake of openssl's own client succeeds."""
    done = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{port or S.port}",
         *options], input=b"", capture_output=True, timeout=10, check=False)
    text = (done.stdout + done.stderr).decode(errors="replace")
    assert "no protocols available" not in text, text
    return "Cipher is (NONE)" not in text and done.returncode == 0


def start_slow_client():
    """It hands out a byte of its handshake a second; there are hundreds."""
    hello = ssl_hello()
    c = socket.create_connection(("127.0.0.1", S.port))

    def drip():
        for byte in hello:
            try:
                c.sendall(bytes([byte]))
            except OSError:
                return
            time.sleep(1)
        SLOW["said all"] = True
    threading.Thread(target=drip, daemon=True).start()
    SLOW["connection"] = c


def ssl_hello():
    outgoing = ssl.MemoryBIO()
    o = client(PAIR).wrap_bio(ssl.MemoryBIO(), outgoing)
    try:
        o.do_handshake()
    except ssl.SSLWantReadError:
        pass
    return outgoing.read()


def tls_1_3_and_1_2_are_spoken():
    versions = []
    for version in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2):
        context = client(PAIR)
        context.minimum_version = context.maximum_version = version
        with context.wrap_socket(socket.create_connection(
                ("127.0.0.1", S.port))) as c:
            c.sendall(request("GET", "/ping").encode())
            assert kore_tap.Answer(read_all(c)).status == 200
            versions.append(c.version())
    return versions == ["TLSv1.3", "TLSv1.2"]


def a_client_that_trusts_another_certificate_goes_away():
    try:
        client(RSA).wrap_socket(socket.create_connection(
            ("127.0.0.1", S.port)))
    except ssl.SSLCertVerificationError:
        return S.get("/ping").status == 200
    return False


def older_versions_are_refused():
    weakest = ("-cipher", "ALL:@SECLEVEL=0")
    return (s_client("-tls1_2") and
            not any(s_client(version, *weakest)
                    for version in ("-tls1_1", "-tls1")))


def aead_with_a_fresh_key_is_all_there_is():
    wrong = ("ECDHE-ECDSA-AES256-SHA384", "ECDHE-ECDSA-AES128-SHA256",
             "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-CCM")
    good = [s_client("-tls1_2", "-cipher", c) for c in TLS_12]
    bad = [s_client("-tls1_2", "-cipher", c + ":@SECLEVEL=0") for c in wrong]
    print(f"# {good} {bad}")
    return all(good) and not any(bad)


def an_rsa_key_signs_and_is_never_encrypted_to():
    with kore_tap.server(tls=client(RSA), **RSA.settings()) as s:
        for version in ("-tls1_2", "-tls1_3"):
            if not s_client(version, port=s.port):
                return False
        return not any(
            s_client("-tls1_2", "-cipher", c + ":@SECLEVEL=0", port=s.port)
            for c in ("AES256-GCM-SHA384", "AES128-SHA",
                      "ECDHE-RSA-AES256-SHA384", "ECDHE-RSA-AES128-SHA",
                      "DHE-RSA-AES256-GCM-SHA384"))


def plain_http_gets_no_answer():
    with socket.create_connection(("127.0.0.1", S.port)) as c:
        c.settimeout(kore_tap.TIMEOUT_S)
        c.sendall(request("GET", "/ping").encode())
        try:
            answer = read_all(c)
        except ConnectionResetError:
            answer = b""
        return b"HTTP" not in answer and S.get("/ping").status == 200


def a_name_that_is_not_that_of_the_handshake_is_misdirected():
    context = client(PAIR)
    with context.wrap_socket(
            socket.create_connection(("127.0.0.1", S.port)),
            server_hostname="x") as c:
        c.sendall(request("GET", "/ping", close=False).encode())
        good = read_answer(c).status
        c.sendall(b"GET /ping HTTP/1.1\r\nHost: y\r\n\r\n")
        return good == 200 and read_answer(c).is_problem(421)


def a_request_is_answered_as_it_is_without_tls():
    """Also one that nobody should send, and one with a token."""
    wrong = []
    for name, status, raw, fate in malformed_test.TABLE:
        why = malformed_test.judge(S, status, raw, fate)
        if why is not None:
            wrong.append(f"{name}: {why}")
    print("".join(f"# {w}\n" for w in wrong), end="")
    return not wrong and all(
        look(S, *a) == look(PLAIN, *a)
        for a in (("/ping",), ("/version",), ("/nowhere",), ("/metric",),
                  ("/v1/users/list", "Authorization: Bearer abc")))


def look(s, *what):
    """An answer without what is new each time."""
    a = s.get(*what)
    body = a.body.replace(a.headers.pop("x-request-id").encode(), b"-")
    return a.status, a.headers, body


def large_bodies_pass():
    body = "a" * kore_body_max()
    return S.send(request(
        "POST", "/v1/users/create", f"Content-Length: {len(body)}",
        "Content-Type: application/x-www-form-urlencoded"),
        body).is_problem(401)


def kore_body_max():
    return 2 * 1024 * 1024


def clients_that_vanish_in_a_handshake_leave_no_trace():
    hello = ssl_hello()
    for length in range(0, len(hello), 7):
        with socket.create_connection(("127.0.0.1", S.port)) as c:
            c.sendall(hello[:length])
            if length % 2:
                c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             b"\1\0\0\0\0\0\0\0")
    return S.get("/ping").status == 200 and "restarting" not in S.log()


def noise_in_a_handshake_is_the_end_of_it():
    hello = bytearray(ssl_hello())
    for at in range(0, len(hello), 11):
        hello[at] ^= 0xff
        with socket.create_connection(("127.0.0.1", S.port)) as c:
            c.settimeout(kore_tap.TIMEOUT_S)
            try:
                c.sendall(hello)
                c.shutdown(socket.SHUT_WR)
                read_all(c)
            except TimeoutError:
                return False
            except OSError:  # it had no wish to hear it all
                pass
    return S.get("/ping").status == 200 and "restarting" not in S.log()


def memory_of(pid):
    """All that a process has written or may write to."""
    with open(f"/proc/{pid}/maps", errors="replace") as maps, \
            open(f"/proc/{pid}/mem", "rb", buffering=0) as mem:
        for line in maps:
            if " rw" not in line:
                continue
            first, last = (int(x, 16) for x in line.split()[0].split("-"))
            mem.seek(first)
            try:
                yield mem.read(last - first)
            except OSError:  # not all that is mapped can be read
                continue


def has(pid, secrets):
    return any(s in part for part in memory_of(pid) for s in secrets)


def one_process_alone_has_the_key():
    """Looked for as it stands in the file, and as numbers."""
    secrets = PAIR.private_parts()
    S.get("/ping")
    holders = [pid for pid in [S.process.pid, *S.workers()]
               if has(pid, secrets)]
    names = [pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
             for pid in holders]
    print(f"# {names}")
    return len(holders) == 1 and b"keymgr" in names[0]


def who_has_the_key_opens_no_program():
    pid = keymgr_of(S)
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return "Seccomp:\t2" in status


def keymgr_of(s):
    return next(pid for pid in s.workers() if b"keymgr" in
                pathlib.Path(f"/proc/{pid}/cmdline").read_bytes())


class Newcomer(threading.Thread):
    """A new connection, and so a new handshake, for each request."""

    def __init__(self, s):
        super().__init__()
        self.s, self.answers, self.error = s, 0, None

    def run(self):
        try:
            while True:
                try:
                    c = self.s.connect()
                except ConnectionRefusedError:
                    return
                with c:
                    c.sendall(request("GET", "/ping").encode())
                    if read_answer(c).status != 200:
                        raise ValueError("no answer")
                self.answers += 1
        except (OSError, ValueError) as e:
            self.error = repr(e)


def sigterm_fails_no_handshake():
    with kore_tap.server(tls=client(PAIR), **PAIR.settings()) as s:
        clients = [Newcomer(s) for _ in range(CLIENTS)]
        for c in clients:
            c.start()
        until(lambda: sum(c.answers for c in clients) > 4 * CLIENTS,
              "all are busy")
        s.process.send_signal(signal.SIGTERM)
        for c in clients:
            c.join(20)
        errors = [c.error for c in clients if c.error]
        print(f"# {sum(c.answers for c in clients)} answers, {errors[:3]}")
        return not errors and s.process.wait(10) == 0


def a_worker_takes_nobody_before_it_has_the_certificate():
    with kore_tap.server(tls=client(PAIR), **PAIR.settings()) as s:
        keymgr = keymgr_of(s)
        os.kill(keymgr, signal.SIGSTOP)
        old = [pid for pid in s.workers() if pid != keymgr]
        for pid in old:
            os.kill(pid, signal.SIGKILL)
        until(lambda: len(s.workers()) == 3 and
              not set(old) & set(s.workers()), "new workers", 20)
        c = socket.create_connection(("127.0.0.1", s.port))
        time.sleep(1)
        os.kill(keymgr, signal.SIGCONT)
        with client(PAIR).wrap_socket(c) as c:
            c.sendall(request("GET", "/ping").encode())
            return kore_tap.Answer(read_all(c)).status == 200


def what_cannot_be_served_with_is_refused_at_the_start():
    cases = (({"tls_key": PAIR.key + "2"}, "No such file"),
             ({"tls_key": RSA.key}, "is not the key of"),
             ({"tls_certificate": PAIR.key}, "is no certificate"))
    good = True
    for change, words in cases:
        settings = "".join(
            f"{key} = {value}\n" for key, value in
            {**S.settings, **change, "port": 1}.items())
        conf = pathlib.Path(FOLDER.name, "bad.conf")
        conf.write_text(settings)
        done = subprocess.run(
            [kore_tap.ROASTERD, "api", f"--config={conf}"], timeout=10,
            env=kore_tap.environ(), capture_output=True, check=False)
        text = done.stderr.decode()
        print("# " + text.strip().splitlines()[-1])
        good = (good and done.returncode == 1 and "api_failed" in text and
                words in text and next(iter(change.values())) in text)
    return good


def a_handshake_that_does_not_end_is_given_up():
    """Though its client sends on, and before it has said all."""
    c = SLOW["connection"]
    c.settimeout(60)
    try:
        ended = c.recv(1) == b""
    except ConnectionResetError:
        ended = True
    return ended and "said all" not in SLOW


def no_worker_died():
    return "restarting" not in S.log()


HELPERS = {"s_client", "start_slow_client", "ssl_hello", "look", "has",
           "kore_body_max", "memory_of", "keymgr_of", "Newcomer"}

if __name__ == "__main__":
    tests = [f for f in list(globals().values())
             if getattr(f, "__module__", "") == "__main__" and
             callable(f) and f.__name__ not in HELPERS]
    with kore_tap.server() as PLAIN, \
            kore_tap.server(tls=client(PAIR), **PAIR.settings()) as S:
        start_slow_client()
        kore_tap.main(tests)
