#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""run.py [FILE]...: scenarios (all of them) as one TAP stream."""
import importlib
import pathlib
import sys

import harness

HERE = pathlib.Path(__file__).resolve().parent


def main():
    files = sys.argv[1:] or sorted(HERE.glob("t[0-9][0-9]_*.py"))
    tap = harness.Tap()
    for file in files:
        tap.run(importlib.import_module(pathlib.Path(file).stem))
    return tap.finish()


sys.exit(main())
