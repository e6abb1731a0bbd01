#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How the API process ends, and how it lives on when a worker dies."""
import contextlib
import ctypes
import os
import pathlib
import signal
import socket
import threading
import time

import kore_tap
from kore_tap import Answer, read_all, read_answer, request, until

CLIENTS = 64
DRAIN_S = 10  # how long it waits for a client that does not end
FORM = "Content-Type: application/x-www-form-urlencoded"


def seconds_to_end(s):
    began = time.monotonic()
    s.process.send_signal(signal.SIGTERM)
    assert s.process.wait(20) == 0, f"exit {s.process.returncode}"
    return time.monotonic() - began


class Client(threading.Thread):
    """Asks without a pause, over connections that are kept, until nobody
    listens any more; whatever else happens is an error."""

    def __init__(self, s):
        super().__init__()
        self.s, self.answers, self.error = s, 0, None

    def run(self):
        try:
            while self.one_connection():
                pass
        except (OSError, ValueError) as e:
            self.error = repr(e)

    def one_connection(self):
        try:
            c = self.s.connect()
        except ConnectionRefusedError:
            return False
        with c:
            while True:
                c.sendall(request("GET", "/ping", close=False).encode())
                answer = read_answer(c)
                if answer.status != 200:
                    raise ValueError(answer.raw)
                self.answers += 1
                if answer.headers["connection"] == "close":
                    return True


def sigterm_under_64_connections_resets_none():
    with kore_tap.server() as s:
        clients = [Client(s) for _ in range(CLIENTS)]
        for c in clients:
            c.start()
        until(lambda: sum(c.answers for c in clients) > 10 * CLIENTS,
              "all are busy")
        took = seconds_to_end(s)
        for c in clients:
            c.join(10)
        errors = [c.error for c in clients if c.error]
        print(f"# {sum(c.answers for c in clients)} answers, "
              f"ended after {took:.1f} s, errors {errors[:3]}")
        return not errors and took < DRAIN_S


def a_request_that_is_half_sent_is_answered():
    body = "user=kim"
    with kore_tap.server() as s, s.connect() as c:
        c.sendall(request("DELETE", "/v1/users/delete", FORM,
                          f"Content-Length: {len(body)}", close=False,
                          body=body[:4]).encode())
        time.sleep(0.3)
        s.process.send_signal(signal.SIGTERM)
        time.sleep(1.5)
        c.sendall(body[4:].encode())
        answer = Answer(read_all(c))
        return (answer.is_problem(401) and s.process.wait(20) == 0 and
                answer.headers["connection"] == "close")


def an_idle_connection_is_closed_and_does_not_hold_it():
    with kore_tap.server() as s, s.connect() as c:
        c.sendall(request("GET", "/ping", close=False).encode())
        return read_answer(c).status == 200 and seconds_to_end(s) < DRAIN_S


def nobody_is_accepted_while_it_ends():
    with kore_tap.server() as s, s.connect() as c:
        c.sendall(b"GET /ping HTTP/1.1\r\n")
        time.sleep(0.3)
        s.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        try:
            s.connect().close()
            return False
        except ConnectionRefusedError:
            c.sendall(b"Host: x\r\n\r\n")
            return Answer(read_all(c)).status == 200


def a_client_that_never_ends_is_waited_for_ten_seconds():
    with kore_tap.server() as s, s.connect() as c:
        c.sendall(b"GET /ping HTTP/1.1\r\n")
        time.sleep(0.3)
        took = seconds_to_end(s)
        print(f"# ended after {took:.1f} s")
        return took > DRAIN_S - 1


def a_killed_worker_is_replaced():
    with kore_tap.server() as s:
        for _ in range(3):
            before = s.workers()
            for pid in before:
                os.kill(pid, signal.SIGKILL)
            until(lambda: s.get("/ping").status == 200, "served again")
            until(lambda: len(s.workers()) == len(before) and
                  not set(s.workers()) & set(before), "new workers")
        return (s.log().count("restarting worker") >= 3 and
                seconds_to_end(s) < DRAIN_S)


def a_worker_that_dies_young_is_tried_again():
    """Killed before it is ready, which needs some luck, so again and again."""
    with kore_tap.server() as s:
        def stillborn():
            return s.log().count("failed to start")
        for _ in range(30):
            before = set(s.workers())
            os.kill(min(before), signal.SIGKILL)
            kill_next_child(s, before)
            until(lambda: len(s.workers()) == 2, "two workers again", 20)
            if stillborn() >= 2:
                break
        print(f"# {stillborn()} did not live to be ready")
        until(lambda: s.get("/ping").status == 200, "served again")
        return stillborn() >= 2 and s.process.poll() is None


def kill_next_child(s, before):
    end = time.monotonic() + 5
    while time.monotonic() < end:
        for pid in s.workers():
            if pid not in before:
                os.kill(pid, signal.SIGKILL)
                return


def the_idle_worker_takes_over_at_once():
    """Before the parent has started another for the one that died."""
    with kore_tap.server() as s:
        holder = accepting_worker(s)
        started = s.log().count("worker_started")
        os.kill(holder, signal.SIGKILL)
        # Who just started is not started again without a pause.
        return (s.get("/ping").status == 200 and
                s.log().count("worker_started") == started)


def a_worker_that_dies_as_it_takes_the_lock_blocks_nobody():
    """The lock is taken, and nothing says yet by whom."""
    with kore_tap.server() as s:
        s.process.send_signal(signal.SIGSTOP)
        dead = s.workers()
        for pid in dead:
            os.kill(pid, signal.SIGKILL)
        until(lambda: all(map(is_zombie, dead)), "they touch nothing any more")
        write_lock(s, dead[0])
        s.process.send_signal(signal.SIGCONT)
        return s.get("/ping").status == 200


def is_zombie(pid):
    stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    return stat.rpartition(")")[2].split()[0] == "Z"


def shared_memory(s):
    """The segments that the parent made."""
    table = pathlib.Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
    return [int(line.split()[1]) for line in table
            if int(line.split()[4]) == s.process.pid]


@contextlib.contextmanager
def lock_words(s):
    """The first two words that Kore shares with its workers: who has the lock to
    take connections (0: nobody), and a second one of the same."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    number, = shared_memory(s)
    address = libc.shmat(number, None, 0)
    assert address != ctypes.c_void_p(-1).value, ctypes.get_errno()
    yield (ctypes.c_int32 * 2).from_address(address)
    libc.shmdt(ctypes.c_void_p(address))


def write_lock(s, pid):
    """${pid} into the first word, 0 into the second."""
    with lock_words(s) as words:
        words[0], words[1] = pid, 0


def lock_owner(s):
    """The worker that takes the next connection."""
    with lock_words(s) as words:
        until(lambda: words[0] in s.workers(), "a worker has the lock")
        return words[0]


def accepting_worker(s):
    """The one that has a connection which nobody has asked anything on."""
    with s.connect() as c:
        port = c.getsockname()[1]
        time.sleep(0.3)
        table = pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
        inode = next(line.split()[9] for line in table
                     if int(line.split()[1].split(":")[1], 16) == s.port and
                     int(line.split()[2].split(":")[1], 16) == port)
        for pid in s.workers():
            for fd in os.listdir(f"/proc/{pid}/fd"):
                if os.readlink(f"/proc/{pid}/fd/{fd}") == f"socket:[{inode}]":
                    return pid
    raise AssertionError("nobody has the connection")


def a_death_does_not_hide_the_wish_to_stop():
    """Both signals are there when the parent looks."""
    with kore_tap.server() as s:
        victim = s.workers()[0]
        s.process.send_signal(signal.SIGSTOP)
        s.process.send_signal(signal.SIGTERM)
        os.kill(victim, signal.SIGKILL)
        time.sleep(0.2)
        s.process.send_signal(signal.SIGCONT)
        return s.process.wait(15) == 0


def who_waits_in_the_backlog_is_served_and_nobody_joins_them():
    """The workers have not heard of the end yet, and hold the port open."""
    with kore_tap.server() as s:
        for pid in s.workers():
            os.kill(pid, signal.SIGSTOP)
        with s.connect() as c:
            c.sendall(request("GET", "/ping").encode())
            s.process.send_signal(signal.SIGTERM)
            refused = until_refused(s)
            for pid in s.workers():
                os.kill(pid, signal.SIGCONT)
            answer = Answer(read_all(c))
        return (refused and answer.status == 200 and s.process.wait(15) == 0)


def until_refused(s):
    """Whether connections stop being made at all."""
    for _ in range(20):
        try:
            socket.create_connection(("127.0.0.1", s.port), 0.2).close()
        except OSError:
            return True
        time.sleep(0.1)
    return False


def a_worker_that_ends_by_itself_is_replaced():
    with kore_tap.server() as s:
        before = s.workers()
        os.kill(before[0], signal.SIGTERM)
        until(lambda: len(s.workers()) == 2 and
              before[0] not in s.workers(), "a new worker")
        return s.get("/ping").status == 200


def pings(s):
    return all(s.get("/ping").status == 200 for _ in range(20))


def a_worker_that_stands_still_keeps_nobody_from_the_other():
    """First the one that has the lock, whose turn it is to take connections,
    then, when it goes on, the other one, whoever has it then."""
    with kore_tap.server() as s:
        first = lock_owner(s)
        second, = {*s.workers()} - {first}
        for stopped, other in ((first, second), (second, first)):
            os.kill(stopped, signal.SIGSTOP)
            if not pings(s):
                return False
            os.kill(stopped, signal.SIGCONT)
            if not pings(s) or lock_owner(s) not in (stopped, other):
                return False
        return "has the accept lock and does nothing" in s.log()


def workers_accept_while_their_parent_stands_still():
    """Nobody tells them whose turn it is."""
    with kore_tap.server() as s:
        s.process.send_signal(signal.SIGSTOP)
        good = [s.get("/ping").status for _ in range(8)]
        s.process.send_signal(signal.SIGCONT)
        return good == [200] * 8 and pings(s)


def one_of_two_workers_is_enough():
    with kore_tap.server() as s:
        victim = lock_owner(s)
        os.kill(victim, signal.SIGSTOP)
        good = pings(s)
        os.kill(victim, signal.SIGKILL)
        until(lambda: victim not in s.workers(), "the victim is gone")
        return good and pings(s)


def workers_do_not_survive_their_parent():
    with kore_tap.server() as s:
        workers = s.workers()
        s.process.kill()
        s.process.wait()
        until(lambda: not any(pathlib.Path(f"/proc/{pid}").exists()
                              for pid in workers), "workers are gone", 4)


def a_parent_that_is_killed_leaves_no_memory_behind():
    with kore_tap.server() as s:
        count = len(shared_memory(s))
        s.process.kill()
        s.process.wait()
        until(lambda: not shared_memory(s), "its memory is gone")
        return count == 1


def sighup_harms_nobody():
    with kore_tap.server() as s:
        workers = s.workers()
        s.process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        return s.get("/ping").status == 200 and s.workers() == workers


def a_port_that_is_taken_ends_it_with_one_line():
    with kore_tap.server() as s:
        pid = os.fork()
        if pid == 0:
            os.environ.update(ROASTER_PORT=str(s.port),
                              ROASTER_STATE_DIR=s.folder.name + "/state",
                              ROASTER_DATABASE_URL="host=/nonexistent")
            log = os.open(s.folder.name + "/second",
                          os.O_CREAT | os.O_WRONLY, 0o600)
            os.dup2(log, 1)
            os.dup2(log, 2)
            os.execv(kore_tap.ROASTERD, [kore_tap.ROASTERD, "api"])
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        text = pathlib.Path(s.folder.name + "/second").read_text()
        return code == 1 and "api_failed" in text and "in use" in text


HELPERS = {"Client", "seconds_to_end", "kill_next_child", "accepting_worker",
           "until_refused", "write_lock", "lock_words", "lock_owner", "pings",
           "is_zombie", "shared_memory"}

if __name__ == "__main__":
    kore_tap.main([f for f in list(globals().values())
                   if getattr(f, "__module__", "") == "__main__" and
                   callable(f) and f.__name__ not in HELPERS])
