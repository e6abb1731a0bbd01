# SPDX-License-Identifier: Apache-2.0
"""A second applier beside that of the supervisor, on the same database, and
what both of them do."""
import os
import shutil
import signal
import subprocess
import threading

import crash
import failpoints
import procs
from harness import DEV, POLL_S, TOP, environment, one, wait_until

LOG = DEV / crash.LOGS[1]


class Second:
    """It is started at its first use, and again when it was killed."""
    program = os.environ.get("ROASTERD", TOP / "build/roasterd")
    state = DEV / "state"
    settings = {}  # variables of the environment
    process = None

    def __call__(self):
        """Its pid."""
        if not self.process:
            self.start()
        return self.process.pid

    def start(self):
        ready = log_count()
        with open(LOG, "ab") as log:
            self.process = subprocess.Popen(
                [self.program, "apply"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=log, env={
                    **os.environ,
                    "ROASTER_STATE_DIR": str(self.state),
                    "ROASTER_KUBECONFIG": str(DEV / "roasterd.kubeconfig"),
                    "ROASTER_HELM": environment()["HELM"],
                    **self.settings})
        wait_until(lambda: log_count() > ready, what="a second applier")

    def replaced(self, pid):
        """There is another one for whichever was killed."""
        if pid != self():
            crash.replaced(pid)
            return
        self.process.wait()
        self.start()

    def end(self):
        if self.process:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait()
            self.process = None


def asleep(pid, column):
    """That applier is, at a moment when no component has that in its status;
    or else it goes on."""
    os.kill(pid, signal.SIGSTOP)
    wait_until(lambda: procs.state(pid) == "T", what="a stop")
    if one(f"SELECT count({column}) FROM component_status") == "0":
        return True
    os.kill(pid, signal.SIGCONT)
    return False


def log_count():
    """How often it was ready."""
    return (LOG.read_text().count('"event":"apply_ready"') if LOG.exists()
            else 0)


class Failing(Second):
    """One with failpoints. The folder ${name} is its own, so that it need not
    wait for the lock of another one."""
    program = failpoints.PROGRAM

    def __init__(self, name):
        self.state = DEV / "state" / name
        self.points = failpoints.Failpoints(self.state)

    def begin(self):
        """With one worker: when that stops, nothing else is claimed."""
        self.state.mkdir(exist_ok=True)
        (self.state / "keys").symlink_to(DEV / "state/keys")
        owner = (DEV / "state/conninfo").read_text().strip()
        self.settings = {"ROASTER_DATABASE_URL": f"{owner} user=roaster_apply",
                         "ROASTER_APPLY_THREADS": "1"}
        self.start()

    def stops_at(self, name):
        wait_until(lambda: self.points.was_hit(name) and
                   procs.state(self.process.pid) == "T",
                   what=f"{name}: {failpoints.MOMENTS[name]}")

    def goes_on(self):
        self.process.send_signal(signal.SIGCONT)

    def dies(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        if self.process:
            self.dies()
        shutil.rmtree(self.state, ignore_errors=True)


class Overlap:
    """Sees when two helms work for one release at the same time."""

    def __init__(self):
        self.found = []
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.loop, daemon=True)

    def begin(self):
        self.thread.start()

    def end(self):
        self.is_over.set()
        self.thread.join()

    def loop(self):
        while not self.is_over.wait(POLL_S):
            self.look()

    def look(self):
        works = {}
        for pid in filter(procs.is_alive, procs.helms()):
            argv = procs.argv(pid)
            if "--" not in argv:
                continue  # its end has begun
            release = argv[argv.index("--") + 1]
            space, = [arg for arg in argv if arg.startswith("--namespace=")]
            works.setdefault((space, release), []).append(pid)
        self.found += [pids for pids in works.values() if len(pids) > 1]
