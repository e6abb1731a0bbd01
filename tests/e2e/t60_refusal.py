#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What is refused says where and how to cure it, and leaves no trace in the
database or the cluster."""
import base64
import json

import kube
import trino
from harness import (api, equal, login, main, one, psql, request, test,
                     unique, wait_until)

NAMESPACE = unique("refused")
GOOD = trino.document(NAMESPACE)
USER = unique("viewer")
FOUND = {}
# Written by every request that gets as far as that, or by the applier's clock.
MOVING = ("audit", "login_attempt", "token", "counter", "server_node",
          "cluster_fact", "schema_version")


def snapshot():
    """{table: (rows, digest of all rows)}."""
    tables = [name for name, in psql(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'roaster'"
        " ORDER BY 1") if name not in MOVING]
    assert len(tables) >= 10, tables
    rows = psql(" UNION ALL ".join(
        f"SELECT '{name}', count(*), md5(string_agg(t::text, ';' ORDER BY"
        f" t::text)) FROM {name} t" for name in tables))
    return {name: (count, digest) for name, count, digest in rows}


def refused(status, fields=None, **more):
    """A post that is refused so, with nothing stored; the problem."""
    before = snapshot()
    answer = api("POST", "/v1/trino/create", fields, **more)
    problem = answer.problem(status)
    equal(snapshot(), before)
    equal(kube.get_namespace(NAMESPACE), None)
    return problem


def refused_text(text, status=400):
    field = base64.b64encode(text.encode()).decode()
    return refused(status, {"yaml": field})


def position(text, part, column=None):
    """(line, column) of ${part} in ${text}, from 1."""
    before = text[:text.index(part)]
    line = before.count("\n") + 1
    return line, len(before) - before.rfind("\n")


def refused_at(text, part, *words):
    """Refused at the place of ${part}, with these words."""
    problem = refused_text(text)
    found = [(error.get("line"), error.get("column"))
             for error in problem["errors"]]
    assert position(text, part) in found, (position(text, part), problem)
    for word in words:
        assert word in json.dumps(problem), (word, problem)
    return problem


@test
def nothing_is_under_way_before():
    wait_until(lambda: one("SELECT count(*) FROM component") == "0")
    equal(one("SELECT count(*) FROM operation WHERE state IN"
              " ('queued', 'running')"), "0")


@test
def broken_base64_is_refused():
    for bad in ("!!!!", "abc=def", "A", "QQ=Q", "=", "QR=="):
        problem = refused(400, {"yaml": bad})
        assert "base64" in problem["detail"].lower(), problem


@test
def a_tab_is_refused_where_it_is():
    text = trino.edit(GOOD, "  image:\n", "  image:\n\tx: 1\n")
    refused_at(text, "\tx: 1", "tab")


@test
def an_unknown_key_is_refused_with_a_suggestion():
    text = trino.edit(GOOD, "    replicas: 2", "    replicsa: 2")
    refused_at(text, "replicsa", "replicas", "/spec/worker/replicsa")


@test
def replicas_that_are_no_number_are_refused():
    text = trino.edit(GOOD, "replicas: 2", "replicas: many")
    refused_at(text, "many", "/spec/worker/replicas")


@test
def a_missing_namespace_is_refused():
    text = trino.edit(GOOD, f"  namespace: {NAMESPACE}\n", "")
    assert "spec.namespace" in refused_text(text)["detail"]


@test
def a_wrong_kind_is_refused():
    text = trino.edit(GOOD, "kind: TrinoCluster", "kind: HelmChart")
    refused_at(text, "HelmChart", "TrinoCluster")


@test
def a_path_for_a_name_is_refused():
    text = trino.edit(GOOD, "name: etl", "name: ../x")
    refused_at(text, "../x", "/metadata/name")


@test
def all_that_is_wrong_is_said_at_once():
    text = trino.edit(GOOD, "replicas: 2", "replicas: many")
    text = trino.edit(text, "    repository:", "    repositry:")
    problem = refused_text(text)
    pointers = {error["pointer"] for error in problem["errors"]}
    assert {"/spec/worker/replicas", "/spec/image/repositry"} <= pointers, (
        problem)


@test
def yaml_that_is_more_than_a_tree_is_refused():
    for name, text in {
            "anchor": trino.edit(GOOD, "spec:\n", "spec: &a\n"),
            "alias": trino.edit(GOOD, "tolerations: null", "tolerations: *a",
                                0),
            "tag": trino.edit(GOOD, "replicas: 2", "replicas: !!int 2"),
            "merge": trino.edit(GOOD, "spec:\n", "spec:\n  <<: {a: 1}\n"),
            "twice": trino.edit(GOOD, "replicas: 2",
                                "replicas: 2\n    replicas: 3"),
            "documents": GOOD + "---\n" + GOOD,
            "depth": "a: " + "[" * 100 + "]" * 100 + "\n",
            "not UTF-8": None}.items():
        field = base64.b64encode(GOOD.encode() + b"# \xff\n" if text is None
                                 else text.encode()).decode()
        problem = refused(400, {"yaml": field})
        assert problem["errors"][0]["line"] >= 1, (name, problem)


@test
def too_much_is_refused():
    lines = "# " + "x" * 97 + "\n"
    text = GOOD + lines * (1024 * 1024 // len(lines) + 1)
    field = base64.b64encode(text.encode()).decode()
    answer = api("POST", "/v1/trino/create", {"yaml": field})
    assert answer.status in (400, 413), answer.status
    answer.problem(answer.status)
    before = snapshot()
    body = "yaml=" + "A" * (2 * 1024 * 1024)
    answer = api("POST", "/v1/trino/create", body=body, headers={
        "Content-Type": "application/x-www-form-urlencoded"}).expect(413)
    equal((answer.type, answer.json()["status"]),
          ("application/problem+json", 413))
    equal(snapshot(), before)


@test
def bodies_of_the_wrong_form_are_refused():
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    field = base64.b64encode(GOOD.encode()).decode()
    refused(400, body="", headers=form)
    refused(400, {"other": "field"})
    refused(400, body="yaml=a&yaml=b", headers=form)
    refused(415, body=GOOD, headers={"Content-Type": "application/yaml"})
    refused(400, {"yaml": field, "wait": "soon"})
    kind = {"Content-Type": "application/json"}
    refused(400, body='{"yaml": ', headers=kind)
    problem = refused(400, headers=kind,
                      body=json.dumps({"yaml": field, "wiat": 1}))
    assert "/wiat" in json.dumps(problem), problem


@test
def no_problem_quotes_what_was_posted():
    text = trino.edit(GOOD, trino.SECRET_KEY, "canary-in-a-refusal\n\tx: {")
    problem = refused_text(text)
    assert "canary" not in json.dumps(problem), problem


@test
def no_token_and_a_bad_one_are_401():
    field = {"yaml": base64.b64encode(GOOD.encode()).decode()}
    before = snapshot()
    answer = request("POST", "/v1/trino/create", field)
    answer.problem(401)
    equal(answer.headers["www-authenticate"], 'Bearer realm="roaster"')
    for token in ("x", "a" * 43, api.token[:-1], api.token + "x"):
        answer = request("POST", "/v1/trino/create", field, token=token)
        problem = answer.problem(401)
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
        assert token not in json.dumps(problem) or token == "x", problem
    equal(snapshot(), before)


@test
def a_viewer_may_look_and_not_touch():
    api("POST", "/v1/users/create", {"user": USER, "password": "look-only-1",
                                     "role": "viewer"}).expect(200)
    token = login(USER, "look-only-1")
    field = {"yaml": base64.b64encode(GOOD.encode()).decode()}
    before = snapshot()
    for method, path, fields in (
            ("POST", "/v1/trino/create", field),
            ("DELETE", "/v1/trino/delete", {}),
            ("POST", "/v1/users/create", {"user": "a", "password": "b" * 9}),
            ("DELETE", "/v1/users/delete", {"user": "admin"})):
        request(method, path, fields, token=token).problem(403)
    equal(snapshot(), before)
    equal(request("GET", "/v1/trino/list", token=token).expect(200).json(), [])
    equal(kube.get_namespace(NAMESPACE), None)


@test
def json_carries_the_same_document_plain():
    body = json.dumps({"yaml": GOOD})
    answer = api("POST", "/v1/trino/create", body=body,
                 headers={"Content-Type": "application/json"})
    trino.succeeded(answer.expect(202).json()["operation"]["id"])


@test
def the_form_with_line_ends_and_url_alphabet_is_the_same_document():
    text = base64.encodebytes(GOOD.encode()).decode()
    equal(api("POST", "/v1/trino/create", {"yaml": text})
          .expect(200).json()["changed"], False)
    text = base64.urlsafe_b64encode(GOOD.encode()).decode().rstrip("=")
    equal(api("POST", "/v1/trino/create", {"yaml": text})
          .expect(200).json()["changed"], False)


def end():
    trino.gone(NAMESPACE)
    api("DELETE", "/v1/users/delete", {"user": USER})


if __name__ == "__main__":
    main()
