#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The curl lines that people have for logging in and for users, with only host
and password filled in."""
import json
import socket
import urllib.parse

from curl import ACCESS, shell
from harness import (environment, equal, main, one, psql, request, test,
                     unique)

NAME = unique("new-user")

LOGIN = """curl -XPOST $ROASTER_URL/v1/login \\
-d "user={user}" \\
-d "password={password}";"""
CREATE_USER = """curl -XPOST $ROASTER_URL/v1/users/create \\
-H "Authorization: Bearer $ACCESS_TOKEN" \\
-d "user={user}" \\
-d "password=new-password";"""
UPDATE_PASSWORD = """curl -XPUT $ROASTER_URL/v1/users/update/password \\
-H "Authorization: Bearer $ACCESS_TOKEN" \\
-d "user={user}" \\
-d "password=newer-password";"""
LIST_USERS = """curl -XGET $ROASTER_URL/v1/users/list \\
-H "Authorization: Bearer $ACCESS_TOKEN";"""
DELETE_USER = """curl -XDELETE $ROASTER_URL/v1/users/delete \\
-H "Authorization: Bearer $ACCESS_TOKEN" \\
-d "user={user}";"""


def log_in(user, password, status=200):
    return shell(LOGIN, status, user=user, password=password)


def accounts():
    return [name for name, in psql("SELECT name FROM account ORDER BY name")]


@test
def login_gives_expiration_and_token_in_this_order():
    body = log_in("admin", environment()["ROASTER_ADMIN_PASSWORD"])
    assert body.startswith('{"expiration":"'), body
    found = json.loads(body)
    equal(list(found)[:2], ["expiration", "token"])
    equal((found["token_type"], found["expires_in"]), ("Bearer", 36000))
    ACCESS["token"] = found["token"]


@test
def a_token_is_good_for_ten_hours_and_not_in_the_database():
    rows = psql("SELECT extract(epoch FROM expires_at - issued_at)::int,"
                " position(:'token' in token::text) FROM token"
                " ORDER BY issued_at DESC LIMIT 1", token=ACCESS["token"])
    equal(rows, [("36000", "0")])


@test
def wrong_password_and_unknown_user_get_the_same_401():
    bodies = []
    for user in ("admin", unique("nobody")):
        answer = request("POST", "/v1/login",
                         {"user": user, "password": "wrong-password"})
        body = answer.problem(401)
        del body["request_id"]
        bodies.append((body, answer.headers["www-authenticate"]))
    equal(bodies[0], bodies[1])
    log_in("admin", environment()["ROASTER_ADMIN_PASSWORD"])


@test
def users_create_makes_one_who_can_log_in():
    body = shell(CREATE_USER, 200, user=NAME)
    equal(json.loads(body)["result"], "SUCCESS")
    assert NAME in accounts()
    log_in(NAME, "new-password")


@test
def users_create_again_is_a_conflict_and_changes_no_password():
    before = psql("SELECT * FROM account WHERE name = :'name'", name=NAME)
    body = json.loads(shell(CREATE_USER, 409, user=NAME))
    assert NAME in body["detail"] and body["message"] == body["detail"], body
    equal(psql("SELECT * FROM account WHERE name = :'name'", name=NAME),
          before)


@test
def users_update_password_by_put_ends_all_tokens_of_that_user():
    old = json.loads(log_in(NAME, "new-password"))["token"]
    shell(UPDATE_PASSWORD, 200, user=NAME)
    request("GET", "/v1/trino/list", token=old).problem(401)
    equal(one("SELECT count(*) FROM token WHERE account = :'name'", name=NAME),
          "0")
    log_in(NAME, "new-password", status=401)
    log_in(NAME, "newer-password")


@test
def users_list_has_the_users():
    users = [row["user"] for row in json.loads(shell(LIST_USERS, 200))]
    equal(sorted(users), accounts())


def delete_in_two_segments(user):
    """The head in one segment, the body in another; the answer's status."""
    body = urllib.parse.urlencode({"user": user})
    head = (f"DELETE /v1/users/delete HTTP/1.1\r\nHost: roaster\r\n"
            f"Authorization: Bearer {ACCESS['token']}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n")
    url = urllib.parse.urlsplit(environment()["ROASTER_URL"])
    with socket.create_connection((url.hostname, url.port), 10) as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        s.sendall(head.encode())
        s.settimeout(0.3)  # nothing comes before the body is there
        try:
            early = s.recv(1)
        except TimeoutError:
            early = None
        assert early is None, early
        s.settimeout(10)
        s.sendall(body.encode())
        return int(s.recv(65536).split(b" ")[1])


@test
def users_delete_takes_its_body_in_a_second_segment():
    equal(delete_in_two_segments(NAME), 200)
    assert NAME not in accounts()
    equal(delete_in_two_segments(NAME), 404)


@test
def users_delete_deletes():
    shell(CREATE_USER, 200, user=NAME)
    body = shell(DELETE_USER, 200, user=NAME)
    equal(json.loads(body)["result"], "SUCCESS")
    assert NAME not in accounts()
    log_in(NAME, "new-password", status=401)


@test
def users_delete_of_nobody_is_404_and_the_last_admin_stays():
    shell(DELETE_USER, 404, user=NAME)
    equal(one("SELECT count(*) FROM account WHERE role = 'admin'"), "1")
    shell(DELETE_USER, 409, user="admin")
    assert "admin" in accounts()


if __name__ == "__main__":
    main()
