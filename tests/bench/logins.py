# SPDX-License-Identifier: Apache-2.0
"""G12: logins, which are Argon2id and little else, beside Argon2id alone; and what
others notice of them."""
from load import Background, ping_p99_us, run, wrk
from rows import Row, alternate
from servers import BUILT

PARALLEL = 4


def measure(bench):
    api = bench.api("logins")
    seconds = bench.plan.seconds
    url, job = f"{api.url}/v1/login", ("login", "admin", api.password)
    rate = Row("G12", f"logins, c{PARALLEL}", "Argon2id, a thread a core", "1/s", 0.9, True)
    tail = Row("G12", f"p99 of a ping each 2 ms, {PARALLEL} logins at once", "idle", "us", 3)

    def rates():
        reference = float(run([BUILT / "bench" / "argon", seconds]))
        return ((reference, wrk(url, PARALLEL, seconds, job=job).rate),)

    def tails():
        idle = ping_p99_us(api.url, seconds)
        with Background(url, PARALLEL, seconds + 1, job=job):
            return ((idle, ping_p99_us(api.url, seconds)),)

    alternate(bench.plan, rates, rate)
    alternate(bench.plan, tails, tail)
    return rate, tail
