#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A credential that was posted is in the one Secret meant for it and nowhere
else: no process, log, file, table, object or answer has it, in no encoding."""
import base64
import json
import os
import secrets
import stat

import harness
import kube
import procs
import trino
from harness import DEV, api, environment, equal, main, run, test, unique

HOME = trino.Home("canary")
# One for each generation that is posted, and one in a refused document.
CANARIES = [secrets.token_hex(16) for _ in range(4)]
COORDINATOR, WORKER = 0, 1
ANNOTATION = ("  namespace: trino-operator\n",
              "  namespace: trino-operator\n  annotations:\n"
              "    kubectl.kubernetes.io/last-applied-configuration: |\n"
              "      {{\"value\":\"{}\"}}\n")
FOUND = {}


def in_base64(text):
    """What base64 makes of it wherever it begins: at three offsets, without
    the characters that hold bits of its neighbours too."""
    found = []
    for offset in range(3):
        code = base64.b64encode(b"\0" * offset + text)
        begin = (offset * 8 + 5) // 6
        end = (offset + len(text)) * 8 // 6
        found.append(code[begin:end])
    return found


def forms(text):
    """A canary as it is, in hex, in base64, and in base64 twice."""
    text = text.encode()
    once = in_base64(text)
    twice = [code for part in once for code in in_base64(part)]
    hexes = [text.hex().encode(), text.hex().upper().encode()]
    return [text, *hexes, *once, *twice]


NEEDLES = [form for canary in CANARIES for form in forms(canary)]


def is_in(data, needles=None):
    return any(needle in data for needle in needles or NEEDLES)


def posted(key, *edits):
    """The document with ${key} as the S3 secret of both roles."""
    text = HOME.document(*edits)
    text = trino.edit(text, trino.SECRET_KEY,
                      f"hive.s3.aws-secret-key={key}")
    line, value = ANNOTATION
    return trino.edit(text, line, value.format(key))


def answers():
    """All answers that say anything of the component."""
    paths = ["/v1/trino/list", "/v1/users/list", "/v2/components", "/metrics",
             f"/v2/components/trino/{HOME.namespace}/etl", "/readyz?verbose",
             f"/v2/operations/{FOUND['id']}"]
    return [api("GET", path).expect(200).body for path in paths]


@test
def the_search_finds_what_it_should():
    canary = CANARIES[0].encode()
    for data in (b"x" + canary, canary.hex().encode(),
                 *[base64.b64encode(b"?" * n + canary + b"??")
                   for n in range(3)],
                 *[base64.b64encode(b"?" * n + base64.b64encode(
                     b"!" * k + canary)) for n in range(3) for k in range(3)]):
        assert is_in(data), data
    assert not is_in(secrets.token_bytes(4096).hex().encode())


@test
def no_process_ever_shows_it():
    """Create, update, a refusal, a failed update that goes back."""
    bodies = []
    recorded = harness.Answer.__init__

    def record(self, response):
        recorded(self, response)
        bodies.append(self.body + repr(self.headers).encode())

    harness.Answer.__init__ = record
    try:
        with procs.Sampler(NEEDLES) as sampler:
            trino.runs(HOME.namespace, text=posted(CANARIES[0]))
            trino.post(posted(CANARIES[3]) + "\t").problem(400)
            ident = trino.accepted(
                posted(CANARIES[1], ("384", "does-not-exist")))
            trino.ended(ident)
            trino.reaches("Running", HOME.namespace)
            FOUND["id"] = trino.accepted(posted(CANARIES[2]))
            trino.succeeded(FOUND["id"])
    finally:
        harness.Answer.__init__ = recorded
    equal(sampler.found, set())
    assert len(sampler.helms) >= 3, sampler.helms
    assert len(bodies) > 10 and not any(map(is_in, bodies))


@test
def it_is_in_the_one_secret_meant_for_it():
    holders = []
    for secret in kube.call("GET", "/api/v1/secrets")["items"]:
        if is_in(json.dumps(secret).encode()):
            holders.append(secret)
    secret, = holders
    equal(secret["metadata"]["namespace"], HOME.namespace)
    wanted = trino.files_of(posted(CANARIES[2]))
    held = sorted(base64.b64decode(value)
                  for value in secret["data"].values())
    equal(held, sorted(wanted[role]["/etc/trino/catalog/hive.properties"]
                       for role in kube.ROLES))


@test
def no_other_object_in_the_cluster_has_it():
    kinds = {**kube.KINDS, "events": "/api/v1", "namespaces": "/api/v1",
             "nodes": "/api/v1"}
    del kinds["secrets"]
    for kind, base in kinds.items():
        listed = kube.call("GET", f"{base}/{kind}")
        assert not is_in(json.dumps(listed).encode()), kind


@test
def no_release_record_has_it():
    texts = kube.release_texts(HOME.namespace)
    assert len(texts) >= 4, list(texts)
    for name, text in texts.items():
        assert b"hive.properties" in text, name
        assert not is_in(text), name
    out, _ = kube.helm("get", "all", "etl", "-n", HOME.namespace)
    assert not is_in(out.encode())


@test
def no_answer_has_it():
    assert not any(map(is_in, answers()))


@test
def a_database_dump_does_not_have_it():
    out = dump()
    assert f"trino/{HOME.namespace}/etl".encode() in out, len(out)
    assert not is_in(out)


def dump():
    out, _ = run("pg_dump", "--dbname", environment()["ROASTER_PG"],
                 "--schema=roaster")
    return out.encode()


@test
def no_file_of_roasterd_has_it():
    """Logs, keys, charts, and the database's own files, its log of changes
    among them."""
    count = 0
    for path, text in files():
        count += 1
        assert not is_in(text), path
    assert count > 100, count


def files():
    """(path, bytes) of all files below .dev but those of the cluster."""
    paths = [DEV / name for name in ("roasterd.log", "roasterd.out")]
    for folder, _, names in os.walk(DEV / "state"):
        paths += [os.path.join(folder, name) for name in names]
    for path in paths:
        try:
            if stat.S_ISREG(os.stat(path).st_mode):
                with open(path, "rb") as file:
                    yield path, file.read()
        except FileNotFoundError:
            pass  # the database removes files all the time


@test
def passwords_and_tokens_are_nowhere_but_in_their_answer():
    user, password = unique("user"), secrets.token_hex(12)
    needles = forms(password)
    with procs.Sampler(needles) as sampler:
        api("POST", "/v1/users/create",
            {"user": user, "password": password}).expect(200)
        token = harness.login(user, password)
        needles += forms(token)
        harness.request("GET", "/v1/trino/list", token=token).expect(200)
    equal(sampler.found, set())
    assert not is_in(dump(), needles)
    for path, text in files():
        assert not is_in(text, needles), path
    api("DELETE", "/v1/users/delete", {"user": user}).expect(200)


@test
def once_deleted_it_is_nowhere():
    ident, = trino.delete(name="etl", namespace=HOME.namespace)
    trino.succeeded(ident)
    listed = kube.call("GET", "/api/v1/secrets")
    assert not is_in(json.dumps(listed).encode())


def end():
    HOME.end()


if __name__ == "__main__":
    main()
