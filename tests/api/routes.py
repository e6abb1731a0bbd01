# SPDX-License-Identifier: Apache-2.0
"""Paths, methods, headers: what holds for every request."""
import pathlib
import re

from tap import contains, equal, test

DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "api.md"


@test
def an_unknown_path_is_404_with_a_problem(world):
    for path in ("/", "/v1", "/v1/none/list", "/v1/users/list/login", "/v3/x",
                 "/v1//users/list", "/v1/users/../users/list", "/ping/x",
                 "/v1/trino%2flist", "/v1/trino;x/list", "/v2/components/none",
                 "/v2/components/", "/v1/trino/stop"):
        answer = world.nobody.get(path)
        equal(answer.status, 404, path)
        equal(answer.problem()["code"], "not_found", path)


@test
def another_method_is_405_and_says_which_ones_fit(world):
    for method, path, allow in (
            ("GET", "/v1/login", "POST"),
            ("DELETE", "/v1/login", "POST"),
            ("POST", "/v1/users/list", "GET, HEAD"),
            ("POST", "/v1/users/update/password", "PUT"),
            ("GET", "/v1/trino/delete", "DELETE"),
            ("GET", "/v2/session", "DELETE"),
            ("PUT", "/ping", "GET, HEAD"),
            ("PATCH", "/v2/components", "GET, HEAD")):
        answer = world.nobody.send(method, path)
        equal((answer.status, answer.headers.get("allow")), (405, allow), path)
        equal(answer.problem()["code"], "method_not_allowed")


@test
def the_type_of_a_problem_leads_to_its_cause_and_cure(world):
    page = world.nobody.get("/docs/errors")
    equal(page.status, 200)
    equal(page.headers["content-type"], "text/markdown; charset=utf-8")
    text = page.body.decode()
    codes = re.findall(r"^## (\w+)$", text, re.MULTILINE)
    equal(codes, re.findall(r"^\| \d{3} \| [^|]+ \| `(\w+)` \|",
                            DOCUMENT.read_text(), re.MULTILINE))
    equal(len(codes), len(set(codes)))
    for answer in (world.nobody.get("/none"), world.nobody.send("PUT", "/ping"),
                   world.nobody.get("/v1/users/list"),
                   world.admin.get("/v2/components?limit=x"),
                   world.admin.get("/v2/operations/x")):
        problem = answer.problem()
        path, code = problem["type"].split("#")
        equal((path, code), ("/docs/errors", problem["code"]))
        assert f"\n## {code}\n\n{answer.status} {problem['title']}. " in text


@test
def openapi_has_the_routes_and_an_etag(world):
    answer = world.nobody.get("/openapi.json")
    equal((answer.status, answer.headers["content-type"]),
          (200, "application/json"))
    assert "cache-control" not in answer.headers
    routes = re.findall(r"^\| `([A-Z]+) (/\S*)` \|", DOCUMENT.read_text(),
                        re.MULTILINE)
    equal(sorted((method.upper(), path)
                 for path, methods in answer.json["paths"].items()
                 for method in methods), sorted(routes))
    tag = answer.headers["etag"]
    for known, status in ((tag, 304), (f"W/{tag}", 304), (f'"a", {tag}', 304),
                          ('"a"', 200), (tag.strip('"'), 200)):
        again = world.nobody.get("/openapi.json", {"If-None-Match": known})
        equal((again.status, again.headers["etag"]), (status, tag), known)
        equal(again.body, b"" if status == 304 else answer.body, known)


@test
def head_answers_as_get_does_without_a_body(world):
    for path in ("/ping", "/livez", "/version", "/v1/users/list",
                 "/v1/trino/list", "/v2/components"):
        get = world.admin.get(path)
        head = world.admin.send("HEAD", path)
        equal(head.status, 200, path)
        equal(head.body, b"", path)
        for name in ("content-type", "content-length", "cache-control"):
            equal(head.headers.get(name), get.headers.get(name), path)
    equal(world.admin.send("HEAD", "/v1/none/list").status, 404)


@test
def a_slash_at_the_end_of_a_v1_route_is_as_good_as_none(world):
    equal(world.admin.get("/v1/users/list/").status, 200)
    equal(world.admin.get("/v1/trino/list/").status, 200)
    equal(world.admin.get("/v1/users/list//").status, 404)
    equal(world.admin.get("/v2/components/").status, 404)
    equal(world.admin.form("POST", "/v1/login/", {
        "user": "admin", "password": world.password}).status, 200)


@test
def a_good_request_id_is_kept_and_a_bad_one_replaced(world):
    for good in ("a", "Trace-1.2_3", "x" * 128):
        answer = world.nobody.get("/none", {"X-Request-Id": good})
        equal(answer.headers["x-request-id"], good)
        equal(answer.problem()["request_id"], good)
    for bad in ("", "a b", "x" * 129, "a;b", "é".encode().decode("latin-1")):
        answer = world.nobody.get("/ping", {"X-Request-Id": bad})
        uuid7 = r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-.{12}"
        assert re.fullmatch(uuid7, answer.headers["x-request-id"]), bad


@test
def a_request_id_is_found_again_in_the_operation(world):
    world.admin.form("POST", "/v1/trino/create", {}, {"X-Request-Id": "no"})
    answer = world.create()
    operation = world.admin.get(answer.headers["location"]).json
    equal(operation["request_id"], answer.headers["x-request-id"])


@test
def every_answer_is_guarded_against_caches_and_sniffing(world):
    for client, path in ((world.admin, "/v1/users/list"),
                         (world.nobody, "/none"), (world.nobody, "/readyz"),
                         (world.nobody, "/v1/users/list")):
        headers = client.get(path).headers
        equal(headers["cache-control"], "no-store", path)
        equal(headers["x-content-type-options"], "nosniff", path)


@test
def a_problem_for_v1_has_message_and_path_as_upstream_did(world):
    problem = world.nobody.get("/v1/users/list").problem()
    equal(problem["message"], problem["detail"])
    equal(problem["path"], "/v1/users/list")
    assert "message" not in world.nobody.get("/v2/components").problem()


@test
def a_path_is_echoed_escaped_and_cut(world):
    problem = world.nobody.get("/" + "x" * 500).problem()
    equal(problem["instance"], "/" + "x" * 199)
    problem = world.nobody.get("/%22%0d%0a%1b").problem()
    equal(problem["instance"], "/%22%0d%0a%1b")


@test
def two_authorization_headers_are_refused(world):
    token = world.admin.token.encode()
    line = b"Authorization: Bearer " + token + b"\r\n"
    answer = world.nobody.raw(
        b"GET /v1/users/list HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" +
        line + line + b"\r\n")
    contains(answer, b"HTTP/1.1 400 ")
    assert token not in answer


@test
def the_scheme_word_is_read_in_any_case_but_must_be_bearer(world):
    token = world.admin.token
    for scheme, status in (("bearer", 200), ("BEARER", 200), ("Bearer ", 200),
                           ("Basic", 401), ("Token", 401)):
        answer = world.nobody.get("/v1/users/list", {
            "Authorization": f"{scheme} {token}"})
        equal(answer.status, status, scheme)


@test
def a_challenge_says_whether_a_token_was_sent(world):
    plain = 'Bearer realm="roaster"'
    for headers, challenge in (
            ({}, plain),
            ({"Authorization": "Bearer"}, plain),
            ({"Authorization": "Basic YTpi"}, plain),
            ({"Authorization": "Bearer x"}, plain + ', error="invalid_token"')):
        answer = world.nobody.get("/v1/users/list", headers)
        equal(answer.status, 401)
        equal(answer.headers["www-authenticate"], challenge)
