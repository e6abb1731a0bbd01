# SPDX-License-Identifier: Apache-2.0
"""Measures the goals of docs/performance.md: a table on standard output, all figures
in build/bench/results.json. Exit status 0 if everything asked for was measured, also
when a goal is missed."""
import contextlib
import json
import os
import pathlib
import signal
import sys
import tempfile
import time
import traceback

import answers
import creates
import growth
import logins
import machine
import memory
import operations
import reads
from rows import Plan, table
from servers import Postgres, Roasterd, TOP

ROUNDS, SECONDS = 5, 2
OUT = TOP / "build" / "bench" / "results.json"
# What each experiment measures; the heavy ones last.
EXPERIMENTS = [
    (("G1",), answers.measure),
    (("G2", "G4"), reads.measure_lists),
    (("G3",), reads.measure_points),
    (("G5", "G5b"), creates.measure),
    (("G12",), logins.measure),
    (("G14",), growth.measure),
    (("G13",), memory.measure),
    (("G6",), operations.measure_starts),
    (("G7", "G10", "G11"), operations.measure_many),
]


class Bench:
    """What the experiments share, each made when it is first asked for."""

    def __init__(self, plan, stack):
        self.plan = plan
        self.stack = stack
        self.own = stack  # of the experiment that runs
        self.folder = pathlib.Path(stack.enter_context(
            tempfile.TemporaryDirectory(prefix="bench-")))
        self.folder.chmod(0o711)  # PostgreSQL may run as another account
        self.made = {}
        self.count = 0

    def measure(self, measure):
        """One experiment; what it alone used ends with it."""
        with contextlib.ExitStack() as self.own:
            return measure(self)

    def once(self, name, make):
        """What make() made for ${name}; entered, to be left at the end."""
        if name not in self.made:
            self.made[name] = self.stack.enter_context(make())
        return self.made[name]

    def postgres(self):
        return self.once("postgres", lambda: contextlib.closing(Postgres()))

    def path(self, name):
        """A new one."""
        self.count += 1
        return self.folder / f"{name}{self.count}"

    def start(self, daemon):
        return self.own.enter_context(daemon)

    def api(self, name):
        """A roasterd without an applier, over a database of its own."""
        return self.start(Roasterd(self.path(name), self.postgres()))


def wanted():
    """The goals that BENCH names; all of them if it names none."""
    known = [goal for goals, _ in EXPERIMENTS for goal in goals]
    names = os.environ.get("BENCH", "").replace(",", " ").split() or known
    unknown = set(names) - set(known)
    if unknown:
        sys.exit(f"bench: BENCH={','.join(sorted(unknown))}: there are {' '.join(known)}")
    return names


def run(bench, names):
    """(rows, names of the experiments that failed)"""
    rows, failed = [], []
    for goals, measure in EXPERIMENTS:
        if not set(goals) & set(names):
            continue
        begin = time.monotonic()
        try:
            found = bench.measure(measure)
        except Exception:  # whatever it is, the others are measured
            traceback.print_exc()
            failed += goals
            continue
        rows += [row for row in found if row.goal in names]
        print(f"# {', '.join(goals)}: {time.monotonic() - begin:.0f} s", file=sys.stderr)
    return rows, failed


def describe(plan):
    model = [line.partition(":")[2].strip() for line in
             pathlib.Path("/proc/cpuinfo").read_text().splitlines()
             if line.startswith("model name")]
    return {"cores": machine.CORES, "processor": model[0] if model else "unknown",
            "kernel": os.uname().release.partition("-")[0], "rounds": plan.rounds,
            "seconds": plan.seconds}


def report(rows, failed, plan):
    about = describe(plan)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"machine": about, "failed": failed,
                               "rows": [row.as_json(plan) for row in rows]}, indent=1))
    print(", ".join(f"{name}: {value}" for name, value in about.items()))
    print("\n".join(table(rows, plan)))
    for goal in failed:
        print(f"{goal}  could not be measured, see above")
    print(f"all figures: {OUT.relative_to(TOP)}")


def main():
    names = wanted()
    plan = Plan(int(os.environ.get("BENCH_ROUNDS", ROUNDS)),
                float(os.environ.get("BENCH_SECONDS", SECONDS)))
    machine.adopt_orphans()
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(1))  # by way of all that is open
    with contextlib.ExitStack() as stack:
        rows, failed = run(Bench(plan, stack), names)
    report(rows, failed, plan)
    sys.exit(1 if failed else 0)


main()
