# SPDX-License-Identifier: Apache-2.0
"""G5, G5b: a Trino cluster posted until 202, beside pgbench with the same function.
No applier runs: with one the answer to a new component waits for the first look at
the cluster, which G6 shows."""
import base64
import itertools

from load import Pgbench, wrk
from rows import Row, alternate
from servers import TOP
from store import empty, owner, token_digest

SPACE = "b000000000000"  # a letter and twelve digits, that wrk.lua counts up
RUN = 10 ** 9            # more of them than one run uses
KIND, NAME = "trino", "trino-cluster-etl"


def example(namespace):
    """The example of the README, in another namespace; each needs its own."""
    text = (TOP / "examples" / "trino-cluster-etl.yaml").read_text()
    return text.replace("\n  namespace: trino-cluster-etl\n",
                        f"\n  namespace: {namespace}\n", 1)


def write_template(path):
    """For wrk.lua: base64url before and behind the digits. A comment makes all
    before the digits a multiple of three bytes."""
    before, _, behind = example(SPACE).partition(SPACE)
    before = "\n" + before + SPACE[0]
    before = "#" * (-len(before) % 3 + 3) + before
    path.write_text("".join(base64.urlsafe_b64encode(part.encode()).decode() + "\n"
                            for part in (before, behind)))


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def named(text, variable):
    """SQL for ${text}, with the namespace in it replaced by b and a variable."""
    parts = [quoted(part) for part in text.split(SPACE)]
    return f" || 'b' || {variable} || ".join(parts)


class Call:
    """component_put as the API calls it for a YAML: read back from what a post of it
    has stored."""

    def __init__(self, postgres, api):
        api.send("POST", f"/v1/{KIND}/create", {"yaml": base64.b64encode(
            example(SPACE).encode()).decode()}).expect(202)
        with owner(postgres, api) as session:
            self.spec, self.digest = session.run(
                "SELECT spec, digest FROM component_spec")[0]
            self.names = session.run("SELECT type, name FROM owned_name ORDER BY 1, 2")
            self.secrets = session.run(
                "SELECT pointer, sealed, digest FROM component_secret ORDER BY 1")
        self.token = token_digest(postgres, api)

    def variables(self):
        return {"token": self.token, "spec": self.spec, "digest": self.digest}

    def sql(self, token, spec, digest, number):
        """The statement; the arguments are SQL themselves."""
        def array(items, kind):
            return f"ARRAY[{', '.join(items)}]::{kind}[]"

        return (
            "SELECT outcome, component, operation, operation_state, state, generation,"
            " EXISTS (SELECT 1 FROM server_node n WHERE n.process = 'apply'"
            " AND n.seen_at > now() - interval '15 s')"
            f" FROM component_put({token}, '{{operator,admin}}', '127.0.0.1', 'bench',"
            f" gen_random_uuid(), gen_random_uuid(), '{KIND}', 'b' || {number},"
            f" '{NAME}', 'trino-operator', {spec}, {digest},"
            f" {array([quoted(s[0]) for s in self.secrets], 'text')},"
            f" {array([quoted(s[1]) for s in self.secrets], 'bytea')},"
            f" {array([quoted(s[2]) for s in self.secrets], 'bytea')},"
            f" {array([quoted(n[0]) for n in self.names], 'text')},"
            f" {array([named(n[1], number) for n in self.names], 'text')},"
            " '{Deleting}')")

    def script(self):
        """For pgbench: each time another namespace."""
        return ("\\set n random(100000000000, 999999999999)\n"
                + self.sql(":token", ":spec", ":digest", ":n::text") + ";\n")


def measure(bench):
    postgres, api = bench.postgres(), bench.api("creates")
    call = Call(postgres, api)
    template = bench.folder / "create.template"
    write_template(template)
    first = itertools.count(RUN, RUN)
    single = Row("G5", "create until 202, c1, no applier", "pgbench c1, same function", "1/s",
                 0.75, True)
    many = Row("G5b", "create until 202, c64, no applier", "pgbench c4, same function",
               "1/s", 1.0, True)

    def pgbench(clients):
        empty(postgres, api)
        return Pgbench(api.conninfo, call.script(), clients,
                       **call.variables()).rate(bench.plan.seconds)

    def posted(clients):
        empty(postgres, api)
        return wrk(f"{api.url}/v1/{KIND}/create", clients, bench.plan.seconds, api.token,
                   ("create", str(template), str(next(first)))).rate

    alternate(bench.plan, lambda: ((pgbench(1), posted(1)),), single)
    alternate(bench.plan, lambda: ((pgbench(4), posted(64)),), many)
    return single, many
