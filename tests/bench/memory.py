# SPDX-License-Identifier: Apache-2.0
"""G13: memory of all that roasterd is, when it has nothing to do."""
import time

from machine import pss_bytes
from cluster import whole_server
from rows import Row, alternate
from servers import trivial

IDLE_S = 3


def measure(bench):
    server = whole_server(bench)
    beside = bench.start(trivial(bench.path("trivial")))
    row = Row("G13", "PSS of all processes of roasterd, idle", "a trivial Kore, 2 workers",
              "MB", 1.6, is_timed=False)
    time.sleep(IDLE_S)
    return alternate(bench.plan, lambda: ((pss_bytes(beside.pids()) / 1e6,
                                           pss_bytes(server.pids()) / 1e6),), row)
