#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tests of the modules that are named. They share a server, unless a module
has one of its own kind: then it is alone."""
import importlib
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "api"))

from tap import Tap, tests_of  # noqa: E402

from server import Server  # noqa: E402


def main(names):
    tap = Tap()
    modules = [importlib.import_module(name) for name in names]
    with getattr(modules[0], "Server", Server)() as server:
        for module in modules:
            for test in tests_of(module):
                tap.run(test, server)
    return tap.finish()


sys.exit(main(sys.argv[1:]))
