# SPDX-License-Identifier: Apache-2.0
"""The real helm, run in small steps: in between it is stopped, so that the
cluster can be asked how far it is, and nothing depends on luck."""
import os
import signal
import time

import kube
import procs
from component import ENDED, operation
from harness import wait_until

LOOK_S = 0.002
STEP_S = 0.01
BEFORE = "before"  # there is a Secret of the revision it makes


class Stepped:
    """A helm that is stopped."""

    def __init__(self, pid):
        self.pid = pid
        self.applier = procs.parent(pid)
        self.stop()

    def stop(self):
        """If it is still there."""
        try:
            os.kill(self.pid, signal.SIGSTOP)
        except ProcessLookupError:
            return
        wait_until(lambda: procs.state(self.pid) in ("T", "Z", ""),
                   what="a stop of helm")

    def go(self):
        try:
            os.kill(self.pid, signal.SIGCONT)
        except ProcessLookupError:
            pass

    def reaches(self, condition):
        """Step until ${condition} is true; False if helm ends before."""
        while procs.is_alive(self.pid):
            if condition():
                return True
            self.go()
            time.sleep(STEP_S)
            self.stop()
        return False


def working(namespace, release):
    """The pid of the helm that works for a release; None without one."""
    for pid in procs.all_pids():
        argv = procs.argv(pid)
        if (f"--namespace={namespace}" in argv and release in argv and
                procs.is_helm(pid)):
            return pid
    return None


def catch(namespace, release, ident):
    """The next helm that works for a release, stopped; None if the operation
    ends without one."""
    looks = 0
    while True:
        pid = working(namespace, release)
        if pid:
            return Stepped(pid)
        looks += 1
        if looks % 50 == 0 and operation(ident)["state"] in ENDED:
            return None
        time.sleep(LOOK_S)


def phase(namespace, release, ident):
    """What the helm of an operation is at, by the newest revision: its status
    if it is of this operation, or has no other stamp than an older one."""
    labels = kube.revisions(namespace, release)
    if not labels:
        return BEFORE
    status = labels[-1]["status"]
    if status in ("pending-rollback", "uninstalling"):
        return status
    return status if labels[-1]["roaster-op"] == ident else BEFORE
