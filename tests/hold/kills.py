# SPDX-License-Identifier: Apache-2.0
"""SIGKILL for each process, alone and together. How long nobody was served is
printed: it depends on the machine."""
import ctypes
import os
import signal
import threading
import time

from tap import equal, test

from posts import create, stored
from server import LIMIT_S, children, family, is_alive, kill, read, until

PAUSE_S = 0.005
RESTARTED = ("api", "apply", "postgres")  # by the supervisor


class Probe(threading.Thread):
    """Asks for /ping on new connections; the longest time between answers."""

    def __init__(self, server):
        super().__init__(daemon=True)
        self.server = server
        self.gap_s = 0
        self.is_over = threading.Event()

    def run(self):
        last = time.monotonic()
        while not self.is_over.is_set():
            if self.server.pings():
                self.gap_s = max(self.gap_s, time.monotonic() - last)
                last = time.monotonic()
            time.sleep(PAUSE_S)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        self.join(LIMIT_S)


def report(name, probe, whole_s):
    print(f"# {name}: /ping answered again within {probe.gap_s:.2f} s, every"
          f" worker has its database after {whole_s:.2f} s")


def still_serves(server):
    """Requests with all they need, and the log shows no way of dying that
    nobody asked for."""
    before = len(stored(server))
    equal(create(server.admin, f"c{before}").status, 202)
    equal(len(stored(server)), before + 1)


@test
def a_worker_that_is_killed_is_replaced(server):
    parent, before = server.part("api"), server.workers()
    for pid in before:
        with Probe(server) as probe:
            kill(pid)
            until(lambda: len(server.workers()) == len(before) and
                  pid not in server.workers(), "another worker")
            whole = server.is_whole()
        report("one worker", probe, whole)
    with Probe(server) as probe:
        kill(*server.workers())
        whole = server.is_whole()
    report("all workers", probe, whole)
    equal(server.part("api"), parent)
    still_serves(server)


def killed_and_restarted(server, name):
    """Kill that part; a new one is started by the same supervisor."""
    pid = until_part(server, name)
    below = family(pid)
    with Probe(server) as probe:
        kill(pid)
        until(lambda: server.part(name) not in (None, pid), f"another {name}")
        whole = server.is_whole()
    report(name, probe, whole)
    until(lambda: not any(map(is_alive, below)), "the old ones are gone")
    assert is_alive(server.process.pid)


def until_part(server, name):
    until(lambda: server.part(name), name)
    return server.part(name)


@test
def each_child_of_the_supervisor_is_started_again(server):
    for name in RESTARTED:
        killed_and_restarted(server, name)
    still_serves(server)


def starts_again(server, name, pids):
    """Nothing of ${pids} lives any more, and a new start serves."""
    gone = until(lambda: not any(map(is_alive, pids)), "all are gone")
    begin = time.monotonic()
    server.start()
    until(server.pings, "an answer", pause_s=PAUSE_S)
    serves = time.monotonic() - begin
    server.is_whole()
    print(f"# {name}: all gone after {gone:.2f} s; the new start answers"
          f" /ping after {serves:.2f} s, and every worker has its database"
          f" after {time.monotonic() - begin:.2f} s")
    still_serves(server)


@test
def a_supervisor_that_is_killed_takes_all_with_it(server):
    still_serves(server)
    pids = family(server.process.pid)
    server.process.kill()
    server.process.wait()
    starts_again(server, "supervisor", pids)


@test
def the_next_supervisor_does_not_wait_for_what_the_last_one_left(server):
    """It cannot end without its checkpointer."""
    postgres = server.part("postgres")
    checkpointer, = [pid for pid in children(postgres)
                     if "checkpointer" in read(pid, "cmdline")]
    pids = [pid for pid in family(server.process.pid)
            if pid not in family(postgres)]
    os.kill(checkpointer, signal.SIGSTOP)
    server.process.kill()
    server.process.wait()
    until(lambda: not any(map(is_alive, pids)), "all but the database")
    server.start()
    try:
        until(server.pings, "an answer", LIMIT_S / 3)
        assert is_alive(postgres)
    finally:
        os.kill(checkpointer, signal.SIGCONT)
    server.is_whole()
    still_serves(server)


@test
def everything_that_is_killed_at_once_starts_again(server):
    still_serves(server)
    pids = family(server.process.pid)
    kill(*pids)
    server.process.wait()
    starts_again(server, "everything", pids)


# --- nobody buries the dead ----------------------------------------------------

ADOPT_ORPHANS = 36  # PR_SET_CHILD_SUBREAPER, <linux/prctl.h>


def adopt(is_wanted):
    """Whether orphans become children of this process, which waits for none."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(ADOPT_ORPHANS, int(is_wanted), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def is_zombie(pid):
    return not is_alive(pid) and read(pid, "stat") != ""


@test
def a_database_that_is_dead_and_not_buried_is_in_nobodys_way(server):
    still_serves(server)
    adopt(True)
    try:
        postgres = server.part("postgres")
        pids = family(server.process.pid)
        kill(*pids)
        server.process.wait()
        starts_again(server, "everything, unburied", pids)
        assert is_zombie(postgres)
    finally:
        adopt(False)
        for pid in filter(is_zombie, pids):
            os.waitpid(pid, 0)
