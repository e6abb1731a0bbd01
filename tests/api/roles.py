# SPDX-License-Identifier: Apache-2.0
"""Every route of docs/api.md against everybody who may knock."""
import pathlib
import re

from tap import equal, test

ROLES = ("viewer", "operator", "admin")
DOCUMENT = pathlib.Path(__file__).parents[2] / "docs" / "api.md"


def documented():
    """(method, path, least role or '') of each row of the route table."""
    rows = re.findall(r"^\| `([A-Z]+) (/\S*)` \| (\w*) \|",
                      DOCUMENT.read_text(), re.MULTILINE)
    assert len(rows) >= 20, rows
    for method, template, role in rows:
        path = template.replace("{kind}", "trino")
        path = path.replace("{id}", "01a1fdb2-8e83-7de8-a6d8-0e2ee5caff5b")
        yield method, re.sub(r"\{\w+\}", "x", path), role


def knock(client, method, path):
    """A request without fields: past the door it is told what is missing."""
    return client.send(method, path)


def users_of(world):
    return {role: world.admin if role == "admin" else world.user(role, role)
            for role in ROLES}


@test
def routes_with_a_role_refuse_whoever_has_no_valid_token(world):
    expired, ended = world.user("expired", "admin"), world.user("ended", "admin")
    world.sql("UPDATE token SET expires_at = now() - interval '1 second'"
              " WHERE account = 'expired'")
    equal(ended.send("DELETE", "/v2/session").status, 200)
    typo = world.admin.token[:-1] + ("A" if world.admin.token[-1] != "A"
                                     else "B")
    strangers = {
        "no token": world.nobody,
        "garbage": world.nobody.as_user("garbage"),
        "a typing error": world.nobody.as_user(typo),
        "expired": expired,
        "ended": ended,
    }
    before = world.counts()
    for method, path, role in documented():
        for name, client in strangers.items():
            status = knock(client, method, path).status
            if role:
                equal(status, 401, f"{method} {path}: {name}")
            else:
                assert status != 401, f"{method} {path}: {name}"
    equal(world.counts(), before)


@test
def each_role_may_what_the_table_says_and_no_more(world):
    users = users_of(world)
    for method, path, least in documented():
        if not least:
            continue
        for role in ROLES:
            client = users[role]
            if path == "/v2/session":
                client = world.login(role, world.password) \
                    if role == "admin" else world.login(role)
            status = knock(client, method, path).status
            may = ROLES.index(role) >= ROLES.index(least)
            assert (status != 403) == may, (method, path, role, status)
            assert status not in (401, 500, 503), (method, path, role, status)


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
