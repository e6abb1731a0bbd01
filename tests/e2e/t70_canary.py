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
from canary import Canaries
from component import Home, edit, ended, succeeded
from harness import DEV, api, environment, equal, main, run, test, unique

ALONE = True  # it looks at everything there is

HOMES = [Home(kind, "canary") for kind in kinds.ALL]
# One for each generation that is posted, and one in a refused document. A key
# has more around it, which each way of writing it down writes in its own way.
WORDS = [secrets.token_hex(16) for _ in range(4)]
AROUND = "a/%+&<{}>\"'~=a>>b"
CANARIES = Canaries({f"key {i}": word for i, word in enumerate(WORDS)})
ANNOTATION = ("\n  annotations:\n"
              "    kubectl.kubernetes.io/last-applied-configuration: |\n"
              "      {{\"value\":\"{}\"}}\n")
FOUND = {}


def not_in(data, what="", canaries=CANARIES):
    equal(canaries.find(data), [], what)


def layers(secret):
    """A Secret as the API server shows it, and what its values are."""
    values = [base64.b64decode(value)
              for value in secret.get("data", {}).values()]
    return b"\n".join([json.dumps(secret).encode(), *values])


def holders(canaries=CANARIES):
    """All Secrets of the cluster that have it."""
    return [secret for secret in kube.call("GET", "/api/v1/secrets")["items"]
            if canaries.find(layers(secret))]


def posted(home, word, *edits):
    """(document, fields) with a key around ${word} as its credential, and in
    what a client of Kubernetes notes of the document."""
    key = AROUND.format(word)
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
    text, fields = posted(home, WORDS[0])
    home.runs(text=text, **fields)
    text, fields = posted(home, WORDS[3])
    home.post(text=text + "\n\tx: {", **fields).problem(400)
    text, fields = posted(home, WORDS[1], home.kind.bad)
    ended(home.accepted(text=text, **fields))
    home.reaches("Running")
    text, fields = posted(home, WORDS[2])
    ident = home.accepted(text=text, **fields)
    succeeded(ident)
    return ident


@test
def no_process_ever_shows_it():
    with recorded() as bodies, procs.Sampler(CANARIES) as sampler:
        FOUND["ids"] = all_homes(live)
    equal(sampler.found, set())
    assert len(sampler.helms) >= 8, sampler.helms
    assert len(bodies) > 30, len(bodies)
    for body in bodies:
        not_in(body, body)


@test
def it_is_in_the_one_secret_of_each_meant_for_it():
    """The newest one; those before are nowhere any more."""
    found = holders()
    equal(sorted(secret["metadata"]["namespace"] for secret in found),
          sorted(home.namespace for home in HOMES))
    for secret in found:
        equal({name.partition(" as ")[0]
               for name in CANARIES.find(layers(secret))}, {"key 2"},
              secret["metadata"])


def listed_objects():
    """(resource, all of its objects as text) of everything that can be listed
    but Secrets."""
    groups = kube.call("GET", "/apis")["groups"]
    bases = ["/api/v1", *(f"/apis/{group['preferredVersion']['groupVersion']}"
                          for group in groups)]
    for base in bases:
        for resource in kube.call("GET", base)["resources"]:
            if "list" in resource["verbs"] and resource["name"] != "secrets":
                path = f"{base}/{resource['name']}"
                yield path, kube.read("GET", path)


@test
def no_other_object_in_the_cluster_has_it():
    seen = {}
    for path, text in listed_objects():
        not_in(text, path)
        seen[path] = len(json.loads(text)["items"])
    assert len(seen) > 40, seen
    for plural, base in kube.KINDS.items():
        assert plural == "secrets" or f"{base}/{plural}" in seen, plural
    assert seen["/api/v1/pods"] >= 5 and seen["/api/v1/events"] > 9, seen


@test
def no_release_record_has_it():
    for home in HOMES:
        texts = kube.release_texts(home.namespace)
        assert len(texts) >= 4, list(texts)
        for name, text in texts.items():
            assert b'"values":' in text, name
            not_in(text, name)
        out, _ = kube.helm("get", "all", home.release(), "-n", home.namespace)
        not_in(out.encode(), home.namespace)


@test
def no_answer_has_it():
    paths = ["/v1/users/list", "/v2/components", "/metrics",
             "/readyz?verbose"]
    paths += [f"/v2/operations/{ident}" for ident in FOUND["ids"]]
    for home in HOMES:
        paths += [home.kind.path("list"), f"/v2/components/{home.kind.name}/"
                                          f"{home.namespace}/{home.name}"]
    for path in paths:
        not_in(api("GET", path).expect(200).body, path)


@test
def a_database_dump_does_not_have_it():
    out = dump()
    for home in HOMES:
        assert f"{home.kind.name}/{home.namespace}/etl".encode() in out
    not_in(out)


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
        not_in(text, path)
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
    user, word = unique("user"), secrets.token_hex(12)
    password = AROUND.format(word)
    with procs.Sampler(Canaries({"password": word})) as sampler:
        api("POST", "/v1/users/create",
            {"user": user, "password": password}).expect(200)
        token = harness.login(user, password)
        harness.request("GET", "/v1/trino/list", token=token).expect(200)
    equal(sampler.found, set())
    is_nowhere(Canaries({"password": word, "token": token}))
    api("DELETE", "/v1/users/delete", {"user": user}).expect(200)


def is_nowhere(canaries):
    """Neither in the database nor in a file."""
    not_in(dump(), "the database", canaries)
    for path, text in files():
        not_in(text, path, canaries)


@test
def passwords_made_for_a_database_are_in_its_secrets_only():
    home = HOMES[kinds.ALL.index(metastore.KIND)]
    made = Canaries(kube.secret(home.namespace, metastore.PASSWORDS))
    equal({secret["metadata"]["name"] for secret in holders(made)},
          {metastore.PASSWORDS, "etl-config"})
    is_nowhere(made)
    for name, text in kube.release_texts(home.namespace).items():
        not_in(text, name, made)


@test
def once_deleted_it_is_nowhere():
    all_homes(lambda home: home.deleted())
    equal([secret["metadata"] for secret in holders()], [])


def end():
    for home in HOMES:
        home.end()


if __name__ == "__main__":
    main()
