# SPDX-License-Identifier: Apache-2.0
"""Components of any kind: what is asked of a kind's users (Kind), one posted
component and the namespace it lives in (Home), and operations."""
import base64
import dataclasses
import functools
import json
import time
import typing

import kube
from harness import DEV, TOP, api, one, psql, unique, wait_until

HELD_S = 2.9  # a post waits for a first look, at most
START_S = 180  # from a request to Running or Error
ENDED = ("succeeded", "failed", "cancelled", "superseded")


def edit(text, old, new, where=None):
    """${old} becomes ${new}: all of them, or number ${where}; it is there."""
    parts = text.split(old)
    assert len(parts) > 1, f"not in the document: {old}"
    if where is None:
        return new.join(parts)
    return old.join(parts[:where + 1]) + new + old.join(parts[where + 1:])


def encoded(text):
    """As it goes into a form."""
    data = text if isinstance(text, bytes) else text.encode()
    return base64.b64encode(data).decode()


@dataclasses.dataclass(frozen=True)
class Kind:
    """What the scenarios have to know of a kind. Its document is the example,
    changed as text: an edit is (old, new) or (old, new, number)."""
    name: str  # in routes
    yaml_kind: str
    component: str  # in lists of v1
    example: str  # below the top folder
    example_name: str
    example_namespace: str  # the target
    posted_namespace: str  # metadata.namespace
    rename: typing.Callable  # (text, namespace, name): the example elsewhere
    releases: tuple  # (chart, name; None is the component's own), in order
    controllers: tuple  # (plural, name)
    pods: dict  # role: (its pods' labels, how many, image)
    services: tuple  # (name, port, the role that is behind it)
    endpoints: tuple  # (name, service, port, URL without ${namespace})
    change: typing.Callable  # (word): edits that make another spec of it
    changed: str  # the role whose pods this and a credential replace
    bad: tuple  # the edit to an image that is not there
    layout: tuple  # edits that change no meaning
    shows: typing.Callable  # (home): the words of ${change} its pods run
    credential: typing.Callable  # (word): (edits, fields) for another one
    stuck: tuple  # (edits, fields): never ready, and no failure either
    create_line: str  # of curl, with {file}
    kept: tuple = ()  # kind/name of what a deletion without delete_data keeps
    fields: dict = dataclasses.field(default_factory=dict)  # beside yaml

    @property
    def wanted(self):
        return sum(count for _, count, _ in self.pods.values())

    def text(self):
        return (TOP / self.example).read_text()

    def path(self, verb):
        return f"/v1/{self.name}/{verb}"

    def list(self):
        return api("GET", self.path("list")).expect(200).json()


# --- operations --------------------------------------------------------------

def operation(ident):
    return api("GET", f"/v2/operations/{ident}").expect(200).json()


def ended(ident, limit_s=START_S, patient=False):
    """The operation once it has ended; a ${patient} one takes a 503."""
    def look():
        answer = api("GET", f"/v2/operations/{ident}")
        if patient and answer.status == 503:
            return None
        found = answer.expect(200).json()
        return found if found["state"] in ENDED else None
    return wait_until(look, limit_s, lambda: f"end of {operation(ident)}")


def succeeded(ident, limit_s=START_S, patient=False):
    found = ended(ident, limit_s, patient)
    assert found["state"] == "succeeded", found
    return found


def failed(ident):
    found = ended(ident)
    assert found["state"] == "failed", found
    return found


def helm_lines(word=""):
    """Lines of the log about helm runs that have this word."""
    log = (DEV / "roasterd.log").read_text()
    return [json.loads(line) for line in log.splitlines()
            if '"event":"helm_ran"' in line and word in line]


def rows_of(ident):
    """How many rows of each table still belong to a component."""
    tables = ("component_status", "component_spec", "component_secret",
              "owned_name", "endpoint", "child")
    return {table: int(one(f"SELECT count(*) FROM {table} WHERE component ="
                           " :'id'", id=ident)) for table in tables}


# Written by every request that gets as far as that, or by the applier's clock.
MOVING = ("audit", "login_attempt", "token", "counter", "server_node",
          "cluster_fact", "schema_version")


@functools.lru_cache(maxsize=None)
def tables():
    found = [name for name, in psql(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'roaster'"
        " ORDER BY 1") if name not in MOVING]
    assert len(found) >= 10, found
    return found


def in_database():
    """{table: (rows, digest of all rows)} of what posts and deletes write."""
    rows = psql(" UNION ALL ".join(
        f"SELECT '{name}', count(*), md5(string_agg(t::text, ';' ORDER BY"
        f" t::text)) FROM {name} t" for name in tables()))
    return {name: (count, digest) for name, count, digest in rows}


# --- one component -----------------------------------------------------------

class Home:
    """A component and its namespace, by default one of the scenario's own."""

    def __init__(self, kind, prefix=None, name="etl", namespace=None):
        self.kind = kind
        self.name = name
        self.namespace = namespace or unique(prefix)

    def document(self, *edits):
        text = self.kind.rename(self.kind.text(), self.namespace, self.name)
        for change in edits:
            text = edit(text, *change)
        return text

    def post(self, *edits, text=None, session=api, headers=None, **fields):
        """The document, or ${text}, with the kind's fields and ${fields}; one
        that is None is left out."""
        form = {"yaml": encoded(text or self.document(*edits)),
                **self.kind.fields, **fields}
        form = {key: value for key, value in form.items() if value is not None}
        return session("POST", self.kind.path("create"), form,
                       headers=headers)

    def accepted(self, *edits, **more):
        """The operation of a post that is taken: its id."""
        body = self.post(*edits, **more).expect(202).json()
        assert body["result"] == "SUCCESS" and body["changed"] is True, body
        return body["operation"]["id"]

    def runs(self, *edits, **more):
        """Post and wait until it runs; the component."""
        succeeded(self.accepted(*edits, **more))
        return self.reaches("Running")

    def conflict(self):
        """What a post is refused with after a look at the cluster. It is 409
        unless that took longer than a post waits; then the operation fails."""
        begin = time.monotonic()
        answer = self.post()
        if answer.status == 202 and time.monotonic() - begin > HELD_S:
            return failed(answer.json()["operation"]["id"])["error"]
        return answer.problem(409)["detail"]

    def component(self):
        """GET of v2; None if there is none."""
        answer = api("GET", f"/v2/components/{self.kind.name}/"
                            f"{self.namespace}/{self.name}")
        return None if answer.status == 404 else answer.expect(200).json()

    def reaches(self, state, limit_s=START_S):
        """The component once it is in that state and nothing is under way."""
        def look():
            found = self.component()
            return (found if found and found["state"] == state and
                    found["operation"]["state"] in ENDED else None)
        return wait_until(look, limit_s, lambda: (
            f"{state} of {json.dumps(self.component())}"))

    def request_delete(self, **fields):
        return api("DELETE", self.kind.path("delete"),
                   {"name": self.name, "namespace": self.namespace, **fields})

    def delete(self, **fields):
        """Ask for it; the operation's id."""
        body = self.request_delete(**fields).expect(202).json()
        found, = body["operations"]
        return found["id"]

    def deleted(self, **fields):
        """Delete it and wait; the operation's id."""
        ident = self.delete(**fields)
        succeeded(ident)
        assert self.component() is None, self.component()
        return ident

    def gone(self):
        """Not there any more, with all it had."""
        if self.component():
            self.deleted(delete_data="true")

    def end(self):
        """Away with it and with what it left; nobody waits."""
        if self.component():
            self.delete(delete_data="true")
        elif kube.get_namespace(self.namespace):
            kube.delete_namespace(self.namespace)

    # what there is of it

    def operations(self):
        """(action, state, error) of all operations, the oldest first."""
        return psql("SELECT action, state, error FROM operation WHERE"
                    " namespace = :'namespace' ORDER BY queued_at, id",
                    namespace=self.namespace)

    def helms(self):
        """What was logged of helm."""
        return helm_lines(f'"namespace":"{self.namespace}"')

    def releases(self):
        return [name or self.name for _, name in self.kind.releases]

    def release(self):
        """The one whose pods a change replaces, which is the last."""
        return self.releases()[-1]

    def revision(self):
        """The one deployed revision of it."""
        numbers = kube.deployed(self.namespace, self.release())
        assert len(numbers) == 1, kube.revisions(self.namespace,
                                                 self.release())
        return numbers[0]

    def pods(self, role):
        return kube.pods(self.namespace, self.kind.pods[role][0])

    def all_pods(self):
        return [pod for role in self.kind.pods for pod in self.pods(role)]

    def uids(self):
        return {role: {pod["metadata"]["uid"] for pod in self.pods(role)}
                for role in self.kind.pods}

    def inhabitants(self):
        return kube.inhabitants(self.namespace)


def example(kind):
    """The example as it is, where it says."""
    return Home(kind, name=kind.example_name,
                namespace=kind.example_namespace)
