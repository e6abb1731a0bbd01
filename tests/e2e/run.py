#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [FILE]...: scenarios (all of them) as one TAP stream."""
import importlib
import os
import pathlib
import subprocess
import sys
import threading

import harness

HERE = pathlib.Path(__file__).resolve().parent
AT_ONCE = 6
APART = str(harness.TOP / "build/apart")  # their world


def run_apart(modules, tap):
    """Scenarios in a world of their own, by another run of this program."""
    run = subprocess.Popen(
        ["sh", str(HERE / "run.sh"), *(module.__file__ for module in modules)],
        env={**os.environ, "ROASTER_DEV": APART}, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    before = tap.failures
    tap.relay(run.stdout)
    if run.wait() != 0 and tap.failures == before:
        tap.report("scenarios apart", 0, [f"exit status {run.returncode}"])


def is_apart(module):
    return getattr(module, "APART", False)


def run_here(modules, tap):
    alone = [module for module in modules
             if is_apart(module) or getattr(module, "ALONE", False)]
    beside = [module for module in modules if module not in alone]
    for found, at_once in ((beside, AT_ONCE), (alone, 1)):
        tap.run_all([story for module in found
                     for story in harness.stories(module)], at_once)


def main():
    files = sys.argv[1:] or sorted(HERE.glob("t[0-9][0-9]_*.py"))
    modules = [importlib.import_module(pathlib.Path(file).stem)
               for file in files]
    tap = harness.Tap()
    apart = [module for module in modules
             if is_apart(module) and "ROASTER_DEV" not in os.environ]
    beside = threading.Thread(target=run_apart, args=(apart, tap))
    if apart:
        beside.start()
    run_here([module for module in modules if module not in apart], tap)
    if apart:
        beside.join()
    return tap.finish()


sys.exit(main())
