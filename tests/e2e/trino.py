# SPDX-License-Identifier: Apache-2.0
"""Trino clusters as users have them: the example's YAML, changed as text, and
what becomes of it when it is posted."""
import base64
import json

import kube
from harness import TOP, api, one, psql, unique, wait_until

SAMPLE = (TOP / "examples/trino-cluster-etl.yaml").read_text()
SAMPLE_NAME = "trino-cluster-etl"  # of the cluster and of its namespace
SECRET_KEY = "hive.s3.aws-secret-key=any-secret-key"
SERVICE = "trino-coordinator-service"
NAME_LINE = f"  name: {SAMPLE_NAME}\n"
NAMESPACE_LINE = f"  namespace: {SAMPLE_NAME}\n"
START_S = 60  # from a request to Running or Error
VALUE_INDENT = 10
ENDED = ("succeeded", "failed", "cancelled", "superseded")


def edit(text, old, new, where=None):
    """${old} becomes ${new}: all of them, or number ${where}; it is there."""
    parts = text.split(old)
    assert len(parts) > 1, f"not in the document: {old}"
    if where is None:
        return new.join(parts)
    return old.join(parts[:where + 1]) + new + old.join(parts[where + 1:])


def document(namespace, name="etl"):
    """The example, elsewhere and under another name."""
    text = edit(SAMPLE, NAME_LINE, f"  name: {name}\n")
    text = edit(text, NAMESPACE_LINE, f"  namespace: {namespace}\n")
    return edit(text, f".{SAMPLE_NAME}.svc", f".{namespace}.svc")


def files_of(text):
    """Files of a document: {role: {path: bytes}}. It reads what the example is
    written in, literal blocks, and nothing of the product has a part in it."""
    files = {}
    role = name = path = None
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line.strip() in ("coordinator:", "worker:"):
            role = files.setdefault(line.strip()[:-1], {})
        elif line.startswith("      - name: "):
            name = line.removeprefix("      - name: ")
        elif line.startswith("        path: "):
            path = line.removeprefix("        path: ")
        elif line == "        value: |":
            role[f"{path}/{name}"] = block(lines[number + 1:])
    return files


def block(lines):
    """A literal block: up to the first line with less indentation, one line
    end at its own end."""
    text = ""
    for line in lines:
        if line.strip() and not line.startswith(" " * VALUE_INDENT):
            break
        text += line[VALUE_INDENT:] + "\n"
    return (text.rstrip("\n") + "\n").encode()


# --- requests ----------------------------------------------------------------

def post(text, session=api, **more):
    """POST /v1/trino/create, base64 as it comes."""
    field = base64.b64encode(text.encode()).decode()
    return session("POST", "/v1/trino/create", {"yaml": field, **more})


def accepted(text, **more):
    """The operation of a post that is taken: its id."""
    body = post(text, **more).expect(202).json()
    assert body["result"] == "SUCCESS" and body["changed"] is True, body
    return body["operation"]["id"]


def delete(**fields):
    """DELETE /v1/trino/delete: ids of the operations."""
    body = api("DELETE", "/v1/trino/delete", fields).expect(202).json()
    return [operation["id"] for operation in body["operations"]]


def component(namespace, name="etl"):
    """GET of v2; None if there is none."""
    answer = api("GET", f"/v2/components/trino/{namespace}/{name}")
    return None if answer.status == 404 else answer.expect(200).json()


def operation(ident):
    return api("GET", f"/v2/operations/{ident}").expect(200).json()


# --- waiting -----------------------------------------------------------------

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


def reaches(state, namespace, name="etl", limit_s=START_S):
    """The component once it is in that state and nothing is under way."""
    def look():
        found = component(namespace, name)
        return (found if found and found["state"] == state and
                found["operation"]["state"] in ENDED else None)
    return wait_until(look, limit_s, lambda: (
        f"{state} of {json.dumps(component(namespace, name))}"))


def absent(namespace, name="etl", limit_s=START_S):
    wait_until(lambda: component(namespace, name) is None, limit_s,
               lambda: f"end of {component(namespace, name)}")


def runs(namespace, name="etl", text=None):
    """Post and wait until it runs; the component."""
    succeeded(accepted(text or document(namespace, name)))
    return reaches("Running", namespace, name)


def gone(namespace, name="etl"):
    """Delete it with all it has and wait."""
    if component(namespace, name) is None:
        return
    delete(name=name, namespace=namespace, delete_data="true")
    absent(namespace, name)


# --- what is kept of it ------------------------------------------------------

def operations(namespace):
    """(action, state, error) of all operations, the oldest first."""
    return psql("SELECT action, state, error FROM operation WHERE namespace ="
                " :'namespace' ORDER BY queued_at, id", namespace=namespace)


def helm_runs():
    """How many times helm was started, as /metrics has it."""
    metrics = api("GET", "/metrics").expect(200).body.decode()
    return sum(int(line.rpartition(" ")[2]) for line in metrics.splitlines()
               if line.startswith("roaster_helm_exec_total{"))


def rows_of(ident):
    """How many rows of each table still belong to a component."""
    tables = ("component_status", "component_spec", "component_secret",
              "owned_name", "endpoint", "child")
    return {table: int(one(f"SELECT count(*) FROM {table} WHERE component ="
                           " :'id'", id=ident)) for table in tables}


class Home:
    """A namespace of a scenario's own, with one cluster, "etl", in it."""

    def __init__(self, prefix):
        self.namespace = unique(prefix)

    def document(self, *edits):
        text = document(self.namespace)
        for change in edits:
            text = edit(text, *change)
        return text

    def runs(self, *edits):
        return runs(self.namespace, text=self.document(*edits))

    def accepted(self, *edits):
        return accepted(self.document(*edits))

    def reaches(self, state):
        return reaches(state, self.namespace)

    def uids(self):
        return {role: kube.uids(self.namespace, role) for role in kube.ROLES}

    def revision(self):
        """The one deployed revision."""
        numbers = kube.deployed(self.namespace, "etl")
        assert len(numbers) == 1, kube.revisions(self.namespace, "etl")
        return numbers[0]

    def end(self):
        """Away with it; nobody waits."""
        if component(self.namespace):
            delete(name="etl", namespace=self.namespace, delete_data="true")
