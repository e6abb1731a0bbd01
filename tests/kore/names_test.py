#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A database whose name nobody can tell: to look it up stops a worker, which has
to be ready before, and to serve in between."""
import contextlib
import os
import pathlib
import subprocess
import tempfile

import kore_tap
from kore_tap import until

SOURCE = pathlib.Path(__file__).with_name("slow_names.c")


@contextlib.contextmanager
def slow_names():
    """What is started meanwhile looks up names slowly, and in vain."""
    with tempfile.TemporaryDirectory() as folder:
        library = f"{folder}/slow_names.so"
        subprocess.run(["cc", "-D_GNU_SOURCE", "-shared", "-fPIC", "-o",
                        library, str(SOURCE)],
                       check=True)
        os.environ["LD_PRELOAD"] = library
        os.environ["ASAN_OPTIONS"] = ("detect_leaks=0:"
                                      "verify_asan_link_order=0")
        try:
            yield
        finally:
            del os.environ["LD_PRELOAD"], os.environ["ASAN_OPTIONS"]


def a_database_whose_name_cannot_be_told_does_not_stop_the_api():
    with slow_names(), kore_tap.server(
            database_url="host=database.invalid dbname=none") as s:
        first = s.workers()
        until(lambda: s.log().count('"to":"lost"') >= 2, "tried again", 60)
        for _ in range(3):
            until(lambda: s.get("/livez").status == 200, "it lives", 30)
        return s.workers() == first and "restarting" not in s.log()


kore_tap.main([a_database_whose_name_cannot_be_told_does_not_stop_the_api])
