#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""SIGHUP: certificate and settings change and nobody notices; broken ones do
not count."""
import os
import pathlib
import signal
import tempfile
import threading
import time

import kore_tap
from kore_tap import read_answer, request, until
from pair import Pair, client

FOLDER = tempfile.TemporaryDirectory()
PAIRS = [Pair(FOLDER.name, name, kind)
         for name, kind in (("one", "ec"), ("two", "rsa"), ("three", "ec"))]
SIGNALS = 1000
CLIENTS = 12
LISTED = "/v1/trino/list"  # a request that is logged


class World:
    """A server whose pair of files is nobody's but its own."""

    def __init__(self, context):
        self.pair = Pair(FOLDER.name, f"served-{time.monotonic_ns()}")
        self.pair.replace(PAIRS[0])
        self.server = kore_tap.Server(tls=context, **self.pair.settings())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop()

    def events(self, name):
        return self.server.log().count(f'"event":"{name}"')

    def hup(self, event="reloaded"):
        """Send SIGHUP, and wait until that came of it."""
        before = self.events(event)
        self.server.process.send_signal(signal.SIGHUP)
        until(lambda: self.events(event) > before, event)

    def served(self):
        """The number of the pair that a new connection is served with."""
        with self.server.connect() as c:
            der = c.getpeercert(binary_form=True)
        return [p.der() for p in PAIRS].index(der)

    def is_served(self, number):
        until(lambda: all(self.served() == number for _ in range(8)),
              f"certificate {number} is served")
        return True

    def keymgr(self):
        return next(pid for pid in self.server.workers() if b"keymgr" in
                    pathlib.Path(f"/proc/{pid}/cmdline").read_bytes())


def world():
    return World(client(*PAIRS))


def a_new_certificate_is_served_to_who_comes_next():
    with world() as w:
        for number in (1, 2, 0):
            w.pair.replace(PAIRS[number])
            w.hup()
            w.is_served(number)


def who_is_there_already_stays():
    with world() as w, w.server.connect() as c:
        for number in (1, 2):
            c.sendall(request("GET", "/ping", close=False).encode())
            assert read_answer(c).status == 200
            w.pair.replace(PAIRS[number])
            w.hup()
            w.is_served(number)
        c.sendall(request("GET", "/ping", close=False).encode())
        return read_answer(c).status == 200


class Visitor(threading.Thread):
    """A handshake and two requests, again and again."""

    def __init__(self, w):
        super().__init__()
        self.w, self.answers, self.error = w, 0, None
        self.is_over = False

    def run(self):
        try:
            while not self.is_over:
                with self.w.server.connect() as c:
                    for _ in range(2):
                        c.sendall(request("GET", "/ping",
                                          close=False).encode())
                        if read_answer(c).status != 200:
                            raise ValueError("no answer")
                        self.answers += 1
        except (OSError, ValueError) as e:
            self.error = repr(e)


def under_load_nobody_is_dropped():
    """A thousand signals, while certificate, key and settings change."""
    with world() as w:
        visitors = [Visitor(w) for _ in range(CLIENTS)]
        for v in visitors:
            v.start()
        for i in range(SIGNALS):
            if i % 100 == 0:
                w.pair.replace(PAIRS[i // 100 % 3])
                w.server.configure(token_ttl=100 + i)
            w.server.process.send_signal(signal.SIGHUP)
            time.sleep(0.01)
        w.hup()
        for v in visitors:
            v.is_over = True
        for v in visitors:
            v.join(20)
        errors = [v.error for v in visitors if v.error]
        print(f"# {sum(v.answers for v in visitors)} answers, "
              f"{w.events('reloaded')} reloads, "
              f"{w.events('reload_refused')} refused, errors {errors[:3]}")
        return (not errors and w.events("reloaded") > 5 and
                "restarting" not in w.server.log() and
                w.is_served((SIGNALS - 1) // 100 % 3))


def spoil(name):
    path = pathlib.Path(name)
    path.chmod(0o600)
    path.write_text("-----BEGIN NOTHING-----\n")
    path.chmod(0o400)


def a_broken_certificate_is_kept_out():
    ways = ((lambda p: os.unlink(p.certificate), "No such file"),
            (lambda p: spoil(p.certificate), "is no certificate"),
            (lambda p: spoil(p.key), "is no key"),
            (lambda p: os.chmod(p.key, 0o444), "can be read by others"),
            (lambda p: p.replace_key(PAIRS[1]), "is not the key of"))
    with world() as w:
        for break_it, words in ways:
            break_it(w.pair)
            w.hup("reload_refused")
            line = w.server.log().rsplit("reload_refused", 1)[1]
            assert words in line.splitlines()[0], line
            w.is_served(0)
            w.pair.replace(PAIRS[0])
        w.pair.replace(PAIRS[2])
        w.hup()
        return w.is_served(2)


def who_has_the_key_looks_for_itself_too():
    """It takes its signal from anybody who may send it one, whatever is in
    the files by then; also when a worker is new and needs the certificate."""
    with world() as w:
        w.pair.replace_key(PAIRS[1])
        os.kill(w.keymgr(), signal.SIGUSR1)
        until(lambda: "going on with the certificate" in w.server.log(),
              "a line in the log")
        w.is_served(0)
        os.unlink(w.pair.certificate)
        old = [pid for pid in w.server.workers() if pid != w.keymgr()]
        for pid in old:
            os.kill(pid, signal.SIGKILL)
        until(lambda: len(w.server.workers()) == 3 and
              not set(old) & set(w.server.workers()), "new workers", 20)
        return w.is_served(0)


def a_handshake_that_began_before_ends_after():
    """The server has said which certificate it has, and the keymgr has
    another one when it is to sign for it."""
    with world() as w:
        keymgr = w.keymgr()
        os.kill(keymgr, signal.SIGSTOP)
        done = []

        def go():
            try:
                with w.server.connect() as c:
                    c.sendall(request("GET", "/ping", close=False).encode())
                    done.append(read_answer(c).status)
            except OSError as e:
                done.append(repr(e))
        # Signals are looked at before messages: reload, then sign.
        visitor = threading.Thread(target=go)
        visitor.start()
        time.sleep(0.2)
        w.pair.replace(PAIRS[2])
        os.kill(keymgr, signal.SIGUSR1)
        os.kill(keymgr, signal.SIGCONT)
        visitor.join(10)
        print(f"# {done}")
        return done == [200] and w.is_served(2)


def keymgr_of(s):
    return next(pid for pid in s.workers() if b"keymgr" in
                pathlib.Path(f"/proc/{pid}/cmdline").read_bytes())


def status_of(s):
    """Of a request over a new connection; or what went wrong."""
    try:
        with s.connect() as c:
            c.sendall(request("GET", "/ping", close=False).encode())
            return read_answer(c).status
    except OSError as e:
        return type(e).__name__


def a_handshake_waits_while_the_keymgr_is_slow():
    with kore_tap.server(tls=client(*PAIRS), **PAIRS[0].settings()) as s:
        keymgr = keymgr_of(s)
        os.kill(keymgr, signal.SIGSTOP)
        timer = threading.Timer(2, os.kill, (keymgr, signal.SIGCONT))
        timer.start()
        status = status_of(s)
        timer.join()
        print(f"# {status}")
        return status == 200


def an_answer_that_comes_too_late_is_nobodys():
    """Two handshakes one after the other: the keymgr answers the first when
    the worker has given it up, and waits for the second."""
    settings = {**PAIRS[0].settings(), "workers": 1}
    with kore_tap.server(tls=client(*PAIRS), **settings) as s:
        keymgr = keymgr_of(s)
        os.kill(keymgr, signal.SIGSTOP)
        results = [None, None]

        def visit(number):
            results[number] = status_of(s)
        visits = [threading.Thread(target=visit, args=(i,)) for i in (0, 1)]
        for v in visits:
            v.start()
            time.sleep(0.3)
        until(lambda: any(results), "one is given up", 20)
        os.kill(keymgr, signal.SIGCONT)
        for v in visits:
            v.join(20)
        print(f"# {results}")
        return 200 in results and s.get("/ping").status == 200


def a_worker_that_is_new_is_told_everything_once():
    with world() as w:
        for _ in range(2):
            old = [pid for pid in w.server.workers() if pid != w.keymgr()]
            for pid in old:
                os.kill(pid, signal.SIGKILL)
            until(lambda o=old: len(w.server.workers()) == 3 and
                  not set(o) & set(w.server.workers()), "new workers", 20)
        w.is_served(0)
        return "that nobody waits for" not in w.server.log()


def settings_change():
    with kore_tap.server() as s:
        def requests():
            return s.log().count('"event":"request"')
        s.configure(log_level="warn", port=s.port + 1, helm="/h")
        s.process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        quiet = requests()
        assert s.get(LISTED).status == 401
        assert requests() == quiet, "a request was logged"
        s.configure(log_level="debug")
        s.process.send_signal(signal.SIGHUP)
        until(lambda: s.log().count("worker_reloaded") == 2,
              "both workers have it")
        assert s.get(LISTED).status == 401
        return (requests() > quiet and
                '"needs_restart":"port, helm"' in s.log())


def a_worker_that_is_new_has_the_settings_too():
    with kore_tap.server() as s:
        s.configure(log_level="error")
        s.process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        old = s.workers()
        for pid in old:
            os.kill(pid, signal.SIGKILL)
        until(lambda: len(s.workers()) == 2 and
              not set(old) & set(s.workers()), "new workers", 20)
        before = s.log().count('"event":"request"')
        return (s.get(LISTED).status == 401 and
                s.log().count('"event":"request"') == before)


def broken_settings_are_kept_out():
    with kore_tap.server() as s:
        for change, words in (({"log_level": "loud"}, "is not debug"),
                              ({"nonsense": 1}, "unknown key"),
                              ({"bind": "0.0.0.0"}, "in clear")):
            kept = dict(s.settings)
            s.configure(**change)
            s.process.send_signal(signal.SIGHUP)
            until(lambda w=words: w in s.log(), words)
            s.settings = kept
        pathlib.Path(s.folder.name, "conf").unlink()
        s.process.send_signal(signal.SIGHUP)
        until(lambda: "cannot open" in s.log(), "the file is missed")
        return (s.log().count("reload_refused") == 4 and
                "worker_reloaded" not in s.log() and
                s.get("/ping").status == 200)


def workers_stay():
    with kore_tap.server() as s, s.connect() as c:
        workers = s.workers()
        for _ in range(100):
            s.process.send_signal(signal.SIGHUP)
        until(lambda: '"event":"reloaded"' in s.log(), "reloaded")
        c.settimeout(kore_tap.TIMEOUT_S)
        c.sendall(request("GET", "/ping", close=False).encode())
        return read_answer(c).status == 200 and s.workers() == workers


HELPERS = {"World", "Visitor", "world", "spoil", "keymgr_of", "status_of"}

if __name__ == "__main__":
    kore_tap.main([f for f in list(globals().values())
                   if getattr(f, "__module__", "") == "__main__" and
                   callable(f) and f.__name__ not in HELPERS])
