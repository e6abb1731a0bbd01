#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [FILE]...: scenarios (all of them) as one TAP stream."""
import importlib
import pathlib
import sys

import harness

HERE = pathlib.Path(__file__).resolve().parent
AT_ONCE = 6


def main():
    files = sys.argv[1:] or sorted(HERE.glob("t[0-9][0-9]_*.py"))
    modules = [importlib.import_module(pathlib.Path(file).stem)
               for file in files]
    tap = harness.Tap()
    for at_once in (AT_ONCE, 1):
        tap.run_all([story for module in modules
                     if getattr(module, "ALONE", False) == (at_once == 1)
                     for story in harness.stories(module)], at_once)
    return tap.finish()


sys.exit(main())
