# SPDX-License-Identifier: Apache-2.0
"""Processes of this world, out of /proc."""
import os
import pathlib
import re
import signal
import threading
import time

from harness import DEV, environment, wait_until

PROC = pathlib.Path("/proc")


def read(pid, name):
    """A file of a process; b"" once it is gone."""
    try:
        return (PROC / str(pid) / name).read_bytes()
    except OSError:
        return b""


def all_pids():
    return [int(name) for name in os.listdir(PROC) if name.isdigit()]


def parent(pid):
    """Its parent's pid; 0 once it is gone. The name in brackets may hold
    anything."""
    fields = read(pid, "stat").rpartition(b")")[2].split()
    return int(fields[1]) if fields else 0


def state(pid):
    """"R", "S", "Z", …; "" once it is gone."""
    fields = read(pid, "stat").rpartition(b")")[2].split()
    return fields[0].decode() if fields else ""


def descriptors(pid):
    """What it has open, sorted."""
    folder = PROC / str(pid) / "fd"
    return sorted(re.sub(r"\d+", "N", os.readlink(folder / name))
                  for name in os.listdir(folder))


def is_alive(pid):
    return state(pid) not in ("", "Z")


def children(pid):
    return [child for child in all_pids() if parent(child) == pid]


def argv(pid):
    return read(pid, "cmdline").decode(errors="replace").split("\0")[:-1]


def supervisor():
    return int((DEV / "roasterd.pid").read_text())


def child(name):
    """The supervisor's child "api", "apply" or "postgres"; None if there is
    none just now. Kore gives its parent process a title of its own."""
    titles = {"api": ["roasterd [parent]", "roasterd api"],
              "apply": ["roasterd apply"]}.get(name)
    for pid in children(supervisor()):
        title = " ".join(argv(pid)).strip()
        if (title in titles if titles else
                title.partition(" ")[0].endswith(f"/{name}")):
            return pid
    return None


def descendants(pid):
    """It and all below it."""
    found = [pid]
    for one in found:
        found += children(one)
    return found


def is_helm(pid):
    """A helm that runs for this world: its home lies in it."""
    try:
        exe = os.readlink(PROC / str(pid) / "exe")
    except OSError:
        return False
    return (exe == os.path.realpath(environment()["HELM"]) and
            f"HOME={DEV}/state/".encode() in read(pid, "environ"))


def helms():
    return [pid for pid in all_pids() if is_helm(pid)]


def kill(*pids):
    """SIGKILL, and wait until they are gone."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    wait_until(lambda: not any(map(is_alive, pids)), what="end by SIGKILL")


class Sampler:
    """Reads command line and environment of every process that there is
    while it runs, new ones again and again for their first moments: between
    fork and exec they are still their parent's."""

    YOUNG_S = 0.2
    PAUSE_S = 0.002

    def __init__(self, canaries):
        self.canaries = canaries
        self.found = set()
        self.helms = set()
        self.samples = 0
        self.born = {}
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.loop, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exception):
        self.is_over.set()
        self.thread.join()
        self.born.clear()
        self.look()

    def loop(self):
        while not self.is_over.is_set():
            self.look()
            time.sleep(self.PAUSE_S)

    def look(self):
        now = time.monotonic()
        for pid in all_pids():
            if now - self.born.setdefault(pid, now) < self.YOUNG_S:
                self.sample(pid)

    def sample(self, pid):
        self.samples += 1
        for name in ("cmdline", "environ"):
            text = read(pid, name)
            for form in self.canaries.find(text):
                self.found.add((pid, name, form, text[:200]))
        if pid not in self.helms and is_helm(pid):
            self.helms.add(pid)
