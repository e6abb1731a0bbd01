# SPDX-License-Identifier: Apache-2.0
"""Forms, JSON and query strings."""
import base64
import hashlib
import json
import time
import urllib.parse

from tap import equal, test
from world import PASSWORD, base64_of, yaml_of


def created(world, name):
    return world.sql(f"SELECT 1 FROM account WHERE name = '{name}'") != []


@test
def each_verb_takes_forms_and_json(world):
    for number, send in enumerate((world.admin.form, world.admin.json)):
        user = f"u{number}"
        fields = {"user": user, "password": PASSWORD}
        equal(send("POST", "/v1/users/create", fields).json,
              {"result": "SUCCESS"})
        fields["password"] = "another one"
        equal(send("PUT", "/v1/users/update/password", fields).status, 200)
        world.login(user, "another one")
        equal(send("DELETE", "/v1/users/delete", {"user": user}).status, 200)
        assert not created(world, user)


@test
def fields_of_v1_may_stand_in_the_query_string(world):
    query = urllib.parse.urlencode({"user": "q1", "password": PASSWORD})
    equal(world.admin.send("POST", f"/v1/users/create?{query}").status, 200)
    equal(world.admin.form("POST", "/v1/users/create?user=q2", {
        "password": PASSWORD}).status, 200)
    equal(world.admin.send("DELETE", "/v1/users/delete?user=q1").status, 200)
    equal((created(world, "q1"), created(world, "q2")), (False, True))


@test
def a_field_sent_twice_is_refused(world):
    admin = world.admin
    password = f"password={urllib.parse.quote(PASSWORD)}"
    for answer in (
            admin.form("POST", "/v1/users/create", f"user=a&user=b&{password}"),
            admin.form("POST", "/v1/users/create", f"user=a&user=a&{password}"),
            admin.form("POST", "/v1/users/create?user=a", f"user=b&{password}"),
            admin.json("POST", "/v1/users/create?user=a",
                       {"user": "b", "password": PASSWORD}),
            admin.json("POST", "/v1/users/create", '{"user":"a","user":"b",'
                       '"password":"' + PASSWORD + '"}')):
        equal(answer.status, 400)
        assert answer.problem()["errors"]
    equal(world.sql("SELECT name FROM account"), [["admin"]])


@test
def forms_ignore_what_they_do_not_know_and_json_does_not(world):
    fields = {"user": "extra", "password": PASSWORD, "pvc_size": "1"}
    equal(world.admin.form("POST", "/v1/users/create", fields).status, 200)
    answer = world.admin.json("POST", "/v1/users/create", {
        "user": "extra2", "password": PASSWORD, "pasword": "x"})
    equal(answer.status, 400)
    equal(answer.problem()["errors"], [{
        "pointer": "/pasword",
        "detail": "there is no such field here; did you mean password?"}])


@test
def a_json_body_is_one_flat_object(world):
    for body, code in (("[]", 400), ('"x"', 400), ("{", 400), ("", 400),
                       ('{"user":{"a":1},"password":"pass"}', 400),
                       ('{"user":["a"],"password":"pass"}', 400),
                       ('{"user":null,"password":"pass"}', 400),
                       ('{"user":"n\\u0000","password":"pass"}', 400),
                       ('{"user":"a","password":12345}', 200)):
        answer = world.admin.json("POST", "/v1/users/create", body)
        equal(answer.status, code, body)
    world.login("a", "12345")


@test
def a_missing_field_is_named(world):
    answer = world.admin.form("POST", "/v1/users/create", {})
    equal(answer.status, 400)
    equal([e["pointer"] for e in answer.problem()["errors"]],
          ["/user", "/password"])
    equal(world.admin.form("POST", "/v1/trino/create").problem()["errors"],
          [{"pointer": "/yaml", "detail": "the field is missing"}])


@test
def another_media_type_is_415(world):
    for media in ("text/plain", "multipart/form-data; boundary=x",
                  "application/yaml", ""):
        answer = world.admin.send("POST", "/v1/users/create", "user=a", {
            "Content-Type": media})
        equal(answer.status, 415, media)
        equal(answer.problem()["code"], "unsupported_media_type")
    equal(world.admin.send("POST", "/v1/users/create", "user=a").status, 415)
    answer = world.admin.send(
        "POST", "/v1/users/create", f"user=a&password={PASSWORD}",
        {"Content-Type": "Application/X-WWW-Form-Urlencoded; charset=UTF-8"})
    equal(answer.status, 200)


@test
def a_bad_escape_or_a_nul_is_refused(world):
    for body in ("user=%zz&password=pass", "user=a%00b&password=pass",
                 "user=%4&password=pass", "%ff=a&password=pass",
                 "&".join(f"f{i}=1" for i in range(65))):
        answer = world.admin.form("POST", "/v1/users/create", body)
        equal(answer.status, 400, body)
        answer.problem()


@test
def a_body_may_come_in_a_second_segment(world):
    body = f"user=late&password={PASSWORD}".replace(" ", "+").encode()
    for method, path, body in (
            ("POST", "/v1/users/create", body),
            ("PUT", "/v1/users/update/password", b"user=late&password=newone"),
            ("DELETE", "/v1/users/delete", b"user=late")):
        head = (f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                f"Authorization: Bearer {world.admin.token}\r\n"
                "Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n").encode()
        answer = world.nobody.raw(head, body, pause=lambda: time.sleep(0.2))
        equal(answer.split(b"\r\n")[0], b"HTTP/1.1 200 OK", path)
    assert not created(world, "late")


# --- base64 ------------------------------------------------------------------


def tricky_yaml():
    """One whose base64 has '+', '/' and padding."""
    for blanks in range(9):
        text = yaml_of() + f"# {'é~>?ÿ' * 9}{' ' * blanks}\n"
        encoded = base64_of(text)
        if "+" in encoded and "/" in encoded and encoded.endswith("="):
            return text
    raise AssertionError("no such text")


def wrapped(text):
    encoded = base64_of(text)
    return "\n".join(encoded[i:i + 76] for i in range(0, len(encoded), 76))


def variants():
    """name -> body of the form, as clients make it."""
    text = tricky_yaml()
    plain = base64_of(text)
    urlsafe = base64.urlsafe_b64encode(text.encode()).decode()
    return {
        "as curl -d sends it: + raw": f"yaml={plain}",
        "wrapped as base64 does": f"yaml={wrapped(text)}\n",
        "wrapped with CRLF": "yaml=" + wrapped(text).replace("\n", "\r\n"),
        "url encoded": urllib.parse.urlencode({"yaml": plain}),
        "wrapped and url encoded":
            urllib.parse.urlencode({"yaml": wrapped(text)}),
        "url-safe alphabet": f"yaml={urlsafe}",
        "without padding": f"yaml={plain.rstrip('=')}",
        "url-safe without padding": f"yaml={urlsafe.rstrip('=')}",
    }


def stored(world):
    return world.sql("SELECT encode(sha256(convert_to(spec, 'UTF8')), 'hex')"
                     " FROM component_spec")


@test
def every_variant_of_base64_is_stored_as_the_same_spec(world):
    seen = set()
    for name, body in variants().items():
        world.begin_test()
        answer = world.admin.form("POST", "/v1/trino/create", body)
        equal(answer.status, 202, name)
        seen.add(stored(world)[0][0])
    equal(len(seen), 1)
    canonical = world.sql("SELECT spec FROM component_spec")[0][0]
    equal(seen, {hashlib.sha256(canonical.encode()).hexdigest()})


@test
def json_takes_base64_and_plain_yaml(world):
    text = tricky_yaml()
    answers = [world.admin.json("POST", "/v1/trino/create", {"yaml": yaml})
               for yaml in (base64_of(text), wrapped(text), text,
                            base64_of(text).rstrip("="))]
    equal([a.status for a in answers], [202, 200, 200, 200])
    equal([a.json["changed"] for a in answers], [True, False, False, False])


@test
def what_is_no_base64_is_refused_and_stores_nothing(world):
    before = world.counts()
    good = base64_of(yaml_of())
    bare = good.rstrip("=")
    one_too_few = bare[:len(bare) // 4 * 4 - 3]
    for value in ("", "!", one_too_few, "=" + good, good[:40] + "=" + good[40:],
                  good + "*", "QQ==QQ==", "QR=="):
        body = urllib.parse.urlencode({"yaml": value})
        answer = world.admin.form("POST", "/v1/trino/create", body)
        equal(answer.status, 400, value)
        answer.problem()
    equal(world.counts(), before)


@test
def a_body_beyond_the_limit_is_413(world):
    answer = world.admin.form(
        "POST", "/v1/trino/create", "yaml=" + "A" * (2 * 1024 * 1024))
    equal(answer.status, 413)
    equal(json.loads(answer.body)["code"], "too_large")
