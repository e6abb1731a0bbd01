#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bodies and tokens in every form, right and wrong, as the create of all kinds
takes them."""
import base64
import json

import kube
import trino
from component import encoded, in_database, succeeded
from harness import FORM, api, equal, login, main, request, test, unique

ALONE = True  # nothing else may move in the database

HOME = trino.home("bodies")
GOOD = HOME.document()
FIELD = {"yaml": encoded(GOOD)}
USER = unique("viewer")
PATH = trino.KIND.path("create")
AS_JSON = {"Content-Type": "application/json"}


def refused(status, fields=None, **more):
    """A post that is refused so, with nothing stored; the problem."""
    before = in_database()
    problem = api("POST", PATH, fields, **more).problem(status)
    equal(in_database(), before)
    equal(kube.get_namespace(HOME.namespace), None)
    return problem


@test
def too_much_is_refused():
    lines = "# " + "x" * 97 + "\n"
    text = GOOD + lines * (1024 * 1024 // len(lines) + 1)
    before = in_database()
    answer = api("POST", PATH, {"yaml": encoded(text)}).expect(400, 413)
    answer.problem(answer.status)
    body = "yaml=" + "A" * (2 * 1024 * 1024)
    answer = api("POST", PATH, body=body,
                 headers={"Content-Type": FORM}).expect(413)
    equal((answer.type, answer.json()["status"]),
          ("application/problem+json", 413))
    equal(in_database(), before)


@test
def bodies_of_the_wrong_form_are_refused():
    form = {"Content-Type": FORM}
    refused(400, body="", headers=form)
    refused(400, {"other": "field"})
    refused(400, body="yaml=a&yaml=b", headers=form)
    refused(415, body=GOOD, headers={"Content-Type": "application/yaml"})
    refused(400, {**FIELD, "wait": "soon"})
    refused(400, body='{"yaml": ', headers=AS_JSON)
    problem = refused(400, headers=AS_JSON,
                      body=json.dumps({**FIELD, "wiat": 1}))
    assert "/wiat" in json.dumps(problem), problem


@test
def no_token_and_a_bad_one_are_401():
    before = in_database()
    answer = request("POST", PATH, FIELD)
    answer.problem(401)
    equal(answer.headers["www-authenticate"], 'Bearer realm="roaster"')
    for token in ("x", "a" * 43, api.token[:-1], api.token + "x"):
        answer = request("POST", PATH, FIELD, token=token)
        problem = answer.problem(401)
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
        assert token not in json.dumps(problem) or token == "x", problem
    equal(in_database(), before)


@test
def a_viewer_may_look_and_not_touch():
    api("POST", "/v1/users/create", {"user": USER, "password": "look-only-1",
                                     "role": "viewer"}).expect(200)
    token = login(USER, "look-only-1")
    before = in_database()
    for method, path, fields in (
            ("POST", PATH, FIELD),
            ("DELETE", trino.KIND.path("delete"), {}),
            ("POST", "/v1/users/create", {"user": "a", "password": "b" * 9}),
            ("DELETE", "/v1/users/delete", {"user": "admin"})):
        request(method, path, fields, token=token).problem(403)
    equal(in_database(), before)
    equal(request("GET", trino.KIND.path("list"), token=token).expect(200)
          .json(), [])
    equal(kube.get_namespace(HOME.namespace), None)


@test
def json_carries_the_same_document_plain():
    answer = api("POST", PATH, body=json.dumps({"yaml": GOOD}),
                 headers=AS_JSON)
    succeeded(answer.expect(202).json()["operation"]["id"])


@test
def the_form_with_line_ends_and_url_alphabet_is_the_same_document():
    text = base64.encodebytes(GOOD.encode()).decode()
    equal(api("POST", PATH, {"yaml": text}).expect(200).json()["changed"],
          False)
    text = base64.urlsafe_b64encode(GOOD.encode()).decode().rstrip("=")
    equal(api("POST", PATH, {"yaml": text}).expect(200).json()["changed"],
          False)


def end():
    HOME.gone()
    api("DELETE", "/v1/users/delete", {"user": USER})


if __name__ == "__main__":
    main()
