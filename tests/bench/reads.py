# SPDX-License-Identifier: Apache-2.0
"""G2, G3, G4: lists and single components, beside pgbench with the same statements."""
from load import PIPELINE, Pgbench, in_pipeline, statement, wrk
from rows import Row, alternate
from store import fill, token_digest

ROWS = 50
CONNECTIONS = 64
SESSION = statement("session", _1=":digest")


def filled(bench):
    """The API over a database of 50 components."""
    api = bench.api("reads")
    fill(bench.postgres(), api, ROWS)
    return api


def measure_lists(bench):
    api = filled(bench)
    page = statement("component_list", _1="''", _2="''", _3="''", _4=str(ROWS + 1))
    pgbench = Pgbench(api.conninfo, in_pipeline(SESSION, page, times=PIPELINE), 2,
                      digest=token_digest(bench.postgres(), api))
    rate = Row("G2", f"list of {ROWS}, c64", "pgbench pipelined, c2", "1/s", 0.60, True)
    tail = Row("G4", "p99 of that list", "its p50", "us", 4)

    def take():
        reference = pgbench.rate(bench.plan.seconds) * PIPELINE
        answers = wrk(f"{api.url}/v2/components?limit={ROWS}", CONNECTIONS,
                      bench.plan.seconds, api.token)
        return (reference, answers.rate), (answers.p50_us, answers.p99_us)

    return alternate(bench.plan, take, rate, tail)


def measure_points(bench):
    api = filled(bench)
    who = {"_1": "'trino'", "_2": "'ns'", "_3": "'c000025'"}
    script = in_pipeline(SESSION, *(statement(query, **who) for query in (
        "component_get", "component_endpoints", "component_children")))
    pgbench = Pgbench(api.conninfo, script, 4,
                      digest=token_digest(bench.postgres(), api))
    row = Row("G3", "GET of one component, c64", "pgbench, c4", "1/s", 0.60, True)

    def take():
        reference = pgbench.rate(bench.plan.seconds)
        answers = wrk(f"{api.url}/v2/components/trino/ns/c000025", CONNECTIONS,
                      bench.plan.seconds, api.token)
        return ((reference, answers.rate),)

    return alternate(bench.plan, take, row)
