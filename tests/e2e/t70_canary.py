#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A credential that was posted is in the one Secret meant for it and nowhere
else: no process, log, file, table, object or answer has it, in no encoding."""
import base64
import concurrent.futures
import contextlib
import json
import os
import secrets
import stat

import harness
import kinds
import kube
import metastore
import procs
from component import Home, edit, ended, succeeded
from harness import DEV, api, environment, equal, main, run, test, unique

ALONE = True  # it looks at everything there is

HOMES = [Home(kind, "canary") for kind in kinds.ALL]
# One for each generation that is posted, and one in a refused document.
CANARIES = [secrets.token_hex(16) for _ in range(4)]
ANNOTATION = ("\n  annotations:\n"
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


def holders(needles=None):
    """All Secrets of the cluster that have it."""
    return [secret for secret in kube.call("GET", "/api/v1/secrets")["items"]
            if is_in(json.dumps(secret).encode(), needles)]


def posted(home, key, *edits):
    """(document, fields) with ${key} as its credential, and in what a client
    of Kubernetes notes of the document."""
    changes, fields = home.kind.credential(key)
    line = f"\n  namespace: {home.kind.posted_namespace}\n"
    text = edit(home.document(*edits, *changes), line,
                line[:-1] + ANNOTATION.format(key))
    return text, fields


def all_homes(function):
    """What it gives for each of them, side by side."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return list(pool.map(function, HOMES))


@contextlib.contextmanager
def recorded():
    """All answers, as bytes."""
    bodies = []
    original = harness.Answer.__init__

    def record(self, response):
        original(self, response)
        bodies.append(self.body + repr(self.headers).encode())

    harness.Answer.__init__ = record
    try:
        yield bodies
    finally:
        harness.Answer.__init__ = original


def live(home):
    """Create, a refusal, a failed update that goes back, and an update."""
    text, fields = posted(home, CANARIES[0])
    home.runs(text=text, **fields)
    text, fields = posted(home, CANARIES[3])
    home.post(text=text + "\n\tx: {", **fields).problem(400)
    text, fields = posted(home, CANARIES[1], home.kind.bad)
    ended(home.accepted(text=text, **fields))
    home.reaches("Running")
    text, fields = posted(home, CANARIES[2])
    ident = home.accepted(text=text, **fields)
    succeeded(ident)
    return ident


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
    with recorded() as bodies, procs.Sampler(NEEDLES) as sampler:
        FOUND["ids"] = all_homes(live)
    equal(sampler.found, set())
    assert len(sampler.helms) >= 8, sampler.helms
    assert len(bodies) > 30 and not any(map(is_in, bodies))


@test
def it_is_in_the_one_secret_of_each_meant_for_it():
    """The newest one; those before are nowhere any more."""
    found = holders()
    equal(sorted(secret["metadata"]["namespace"] for secret in found),
          sorted(home.namespace for home in HOMES))
    newest = CANARIES[2].encode()
    for secret in found:
        text = b"\n".join(map(base64.b64decode, secret["data"].values()))
        assert newest in text, secret["metadata"]
        assert not is_in(text.replace(newest, b"")), secret["metadata"]


@test
def no_other_object_in_the_cluster_has_it():
    plurals = {**kube.KINDS, "events": "/api/v1", "namespaces": "/api/v1",
               "nodes": "/api/v1"}
    del plurals["secrets"]
    for plural, base in plurals.items():
        listed = kube.call("GET", f"{base}/{plural}")
        assert not is_in(json.dumps(listed).encode()), plural


@test
def no_release_record_has_it():
    for home in HOMES:
        texts = kube.release_texts(home.namespace)
        assert len(texts) >= 4, list(texts)
        for name, text in texts.items():
            assert b'"values":' in text and not is_in(text), name
        out, _ = kube.helm("get", "all", home.release(), "-n", home.namespace)
        assert not is_in(out.encode()), home.namespace


@test
def no_answer_has_it():
    paths = ["/v1/users/list", "/v2/components", "/metrics",
             "/readyz?verbose"]
    paths += [f"/v2/operations/{ident}" for ident in FOUND["ids"]]
    for home in HOMES:
        paths += [home.kind.path("list"), f"/v2/components/{home.kind.name}/"
                                          f"{home.namespace}/{home.name}"]
    for path in paths:
        assert not is_in(api("GET", path).expect(200).body), path


@test
def a_database_dump_does_not_have_it():
    out = dump()
    for home in HOMES:
        assert f"{home.kind.name}/{home.namespace}/etl".encode() in out
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
    is_nowhere(needles)
    api("DELETE", "/v1/users/delete", {"user": user}).expect(200)


def is_nowhere(needles):
    """Neither in the database nor in a file."""
    assert not is_in(dump(), needles)
    for path, text in files():
        assert not is_in(text, needles), path


@test
def passwords_made_for_a_database_are_in_its_secrets_only():
    home = HOMES[kinds.ALL.index(metastore.KIND)]
    made = kube.secret(home.namespace, metastore.PASSWORDS)
    needles = [form for value in made.values()
               for form in forms(value.decode())]
    equal({secret["metadata"]["name"] for secret in holders(needles)},
          {metastore.PASSWORDS, "etl-config"})
    is_nowhere(needles)
    for text in kube.release_texts(home.namespace).values():
        assert not is_in(text, needles)


@test
def once_deleted_it_is_nowhere():
    all_homes(lambda home: home.deleted())
    equal([secret["metadata"] for secret in holders()], [])


def end():
    for home in HOMES:
        home.end()


if __name__ == "__main__":
    main()
