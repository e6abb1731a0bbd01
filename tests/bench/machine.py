# SPDX-License-Identifier: Apache-2.0
"""Processor time and memory, out of /proc: of processes of ours, and of everybody
else on this machine."""
import ctypes
import os
import pathlib
import signal
import time

PROC = pathlib.Path("/proc")
HZ = os.sysconf("SC_CLK_TCK")
CORES = len(os.sched_getaffinity(0))
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
# Of the line "cpu" of /proc/stat: user, nice, system, irq, softirq.
BUSY = (0, 1, 2, 5, 6)


def adopt_orphans():
    """What our descendants leave behind stays below us, to be counted."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent():
    """For a child, before its exec."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def processes():
    """{pid: (its parent, seconds of it and of the children it waited for)}"""
    found = {}
    for name in os.listdir(PROC):
        if not name.isdigit():
            continue
        try:
            stat = (PROC / name / "stat").read_text()
        except OSError:
            continue
        fields = stat.rpartition(")")[2].split()
        found[int(name)] = (int(fields[1]), sum(map(int, fields[11:15])) / HZ)
    return found


def below(pid, table=None):
    """${pid} and its descendants."""
    table = table or processes()
    children = {}
    for child, (parent, _) in table.items():
        children.setdefault(parent, []).append(child)
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def busy_s():
    """Seconds that the cores of this machine were busy since it started."""
    fields = (PROC / "stat").read_text().splitlines()[0].split()[1:]
    return sum(int(fields[i]) for i in BUSY) / HZ


def cpu_s(pids):
    """Seconds that ${pids} ran, all threads, without their children; to the
    nanosecond, where /proc/PID/stat counts in hundredths."""
    total = 0
    for pid in pids:
        for task in (PROC / str(pid) / "task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


def children_cpu_s(pid):
    """Seconds that the children ran that ${pid} has waited for."""
    stat = (PROC / str(pid) / "stat").read_text()
    return sum(map(int, stat.rpartition(")")[2].split()[13:15])) / HZ


def pss_bytes(pids):
    """Memory of ${pids}; what several share is counted once."""
    total = 0
    for pid in pids:
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1]) * 1024
    return total


class Foreign:
    """with Foreign() as f: ...; f.cores: what others than us and our descendants
    kept busy meanwhile."""

    def __enter__(self):
        self.cores = 0.0
        self.begin = self._look()
        return self

    def __exit__(self, *_):
        at, busy, ours = (b - a for a, b in zip(self.begin, self._look()))
        self.cores = max(0.0, (busy - ours) / at)

    @staticmethod
    def _look():
        table = processes()
        ours = sum(table[pid][1] for pid in below(os.getpid(), table) if pid in table)
        return time.monotonic(), busy_s(), ours
