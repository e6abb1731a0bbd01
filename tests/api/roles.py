# SPDX-License-Identifier: Apache-2.0
"""Every route of docs/api.md against everybody who may knock."""
import pathlib
import re

from tap import equal, test

ROLES = ("viewer", "operator", "admin")
DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "api.md"


# What is answered to a request without fields by a server without an applier,
# past the door. Other routes: 200.
PAST_THE_DOOR = {
    "POST /v1/login": 400,
    "POST /v1/users/create": 400,
    "PUT /v1/users/update/password": 400,
    "DELETE /v1/users/delete": 400,
    "POST /v1/{kind}/create": 400,
    "GET /v2/components/{kind}/{namespace}/{name}": 404,
    "GET /v2/operations/{id}": 404,
    "GET /readyz": 503,
    "GET /healthz": 503,
}
KINDS = ("trino", "hive_metastore", "spark_thrift_server")
ID = "01a1fdb2-8e83-7de8-a6d8-0e2ee5caff5b"


def documented():
    """(method, path, least role or '', status past the door) of each row of
    the route table, for each kind if it is about one."""
    rows = re.findall(r"^\| `([A-Z]+) (/\S*)` \| (\w*) \|",
                      DOCUMENT.read_text(), re.MULTILINE)
    assert len(rows) >= 20, rows
    assert set(PAST_THE_DOOR) <= {f"{row[0]} {row[1]}" for row in rows}
    for method, template, role in rows:
        for kind in KINDS if "{kind}" in template else KINDS[:1]:
            path = template.replace("{kind}", kind).replace("{id}", ID)
            yield (method, re.sub(r"\{\w+\}", "x", path), role,
                   PAST_THE_DOOR.get(f"{method} {template}", 200))


def flipped(token):
    """With another last character, which is of the checksum."""
    return token[:-1] + ("A" if token[-1] != "A" else "B")


def strangers_of(world):
    """Clients with no token, or one that is not or no longer good: what they
    have was an admin's."""
    gone = {name: world.user(name, "admin")
            for name in ("expired", "ended", "changed", "deleted")}
    world.sql("UPDATE token SET expires_at = now() - interval '1 second'"
              " WHERE account = 'expired'")
    equal(gone["ended"].send("DELETE", "/v2/session").status, 200)
    equal(world.admin.form("PUT", "/v1/users/update/password", {
        "user": "changed", "password": "another one"}).status, 200)
    equal(world.admin.form("DELETE", "/v1/users/delete", {
        "user": "deleted"}).status, 200)
    token = world.admin.token
    made_up = {"garbage": "garbage", "a bad checksum": flipped(token),
               "one more": token + "A", "one less": token[:-1],
               "no prefix": token.removeprefix("roaster_"),
               "in capitals": token.upper(), "a digest": "0" * 64}
    return {"no token": world.nobody, **gone, **{
        name: world.nobody.as_user(text) for name, text in made_up.items()}}


def users_of(world):
    return {role: world.admin if role == "admin" else world.user(role, role)
            for role in ROLES}


def expected(caller, least, past):
    """Status for ${caller}, a role or else somebody without one."""
    if not least:
        return past
    if caller not in ROLES:
        return 401
    return past if ROLES.index(caller) >= ROLES.index(least) else 403


@test
def every_route_answers_each_caller_as_the_table_says(world):
    callers = {**strangers_of(world), **users_of(world)}
    before, asked, wrong = world.counts(), 0, []
    for method, path, least, past in documented():
        for name, client in callers.items():
            if path == "/v2/session" and name in ROLES:
                continue  # it ends the token: the next test
            status = client.send(method, path).status
            asked += 1
            if status != expected(name, least, past):
                wrong.append((method, path, name, status))
    equal(wrong, [])
    equal(world.counts(), before)
    print(f"# {asked} requests of {len(callers)} callers, 0 surprises")


@test
def every_role_may_end_its_session(world):
    for client in (world.user("v", "viewer"), world.user("o", "operator"),
                   world.user("a", "admin")):
        equal(client.send("DELETE", "/v2/session").status, 200)
        equal(client.get("/v1/trino/list").status, 401)


@test
def what_is_wrong_with_a_request_is_not_said_to_strangers(world):
    for client, status in ((world.nobody, 401), (world.user("v", "viewer"), 403)):
        for answer in (
                client.form("POST", "/v1/trino/create", "yaml=%zz"),
                client.json("POST", "/v1/trino/create", "{"),
                client.send("POST", "/v1/trino/create", "x", {
                    "Content-Type": "text/plain"})):
            equal(answer.status, status)
    equal(world.nobody.get("/v2/components?limit=x").status, 401)


@test
def a_token_is_revoked_between_two_trips_at_once(world):
    ann = world.user("ann")
    equal(world.create(ann).status, 202)
    world.sql("UPDATE account SET role = 'viewer' WHERE name = 'ann'")
    equal(world.create(ann, replicas=2).status, 403)
    equal(ann.get("/v1/trino/list").status, 200)
