# SPDX-License-Identifier: Apache-2.0
"""G14: what a hundred thousand components cost those who ask for a few."""
from load import Pgbench, statement, wrk
from rows import Row, alternate
from store import fill, owner

FEW, MANY = 10, 100_000
PAGE = 10
WALK = 500  # the largest page

# Some are due, as many in both databases; each claim is given back, and is due.
DUE = """
UPDATE component_status SET next_check_at = now() - interval '1 s'
 WHERE component IN (SELECT component FROM component_status LIMIT $1::integer)
"""
GIVE_BACK = statement("apply_record", _1=":component", _2=":fence", _3="'Running'",
                      _4="'Running'", _5="''", _6="2", _7="2", _8="NULL", _9="NULL",
                      _10="'{release}'", _11="NULL", _12="0", _13="'bench'")
CLAIM = statement("apply_claim", _1="'bench'", _2="30", _3="false")


def claim_script():
    return ("BEGIN;\n" + CLAIM.rstrip().removesuffix(";") + " \\gset\n" + GIVE_BACK
            + "END;\n")


def server(bench, name, count):
    api = bench.api(name)
    fill(bench.postgres(), api, count)
    with owner(bench.postgres(), api) as session:
        session.run(DUE, FEW)
        session.run("VACUUM ANALYZE component_status")
    return api


def middle(api, count):
    """The path of a page in the middle of the list."""
    cursor = ""
    for _ in range(count // WALK // 2):
        found = api.send("GET", f"/v2/components?limit={WALK}{cursor}").expect(200)
        cursor = f"&cursor={found.json()['next']}"
    return f"/v2/components?limit={PAGE}{cursor}"


def measure(bench):
    few, many = server(bench, "few", FEW), server(bench, "many", MANY)
    paths = {"list": (middle(few, FEW), middle(many, MANY)),
             "get": ("/v2/components/trino/ns/c000005", "/v2/components/trino/ns/c050000")}
    claims = [Pgbench(api.conninfo, claim_script(), 1) for api in (few, many)]
    rows = [Row("G14", f"p50 of a {what}, {MANY:,} components", f"{FEW} components", "us",
                1.3) for what in ("page", "get", "claim")]

    def p50(api, path):
        return wrk(api.url + path, 1, bench.plan.seconds, api.token).p50_us

    def read(what):
        return lambda: ((p50(few, paths[what][0]), p50(many, paths[what][1])),)

    alternate(bench.plan, read("list"), rows[0])
    alternate(bench.plan, read("get"), rows[1])
    alternate(bench.plan, lambda: (tuple(c.p50_us(bench.plan.seconds) for c in claims),),
              rows[2])
    return rows
