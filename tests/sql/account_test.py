# SPDX-License-Identifier: Apache-2.0
"""Accounts, logins, tokens."""
import world
from libpq import Refused
from tap import equal, refused, test, together
from world import ADMINS, ROLES

ANN, BOB, EVE = b"a" * 32, b"b" * 32, b"e" * 32
LIMIT, ADDRESS_LIMIT, WINDOW_S = 5, 50, 900


def start(room):
    owner = room.session()
    world.wipe(owner)
    world.account(owner, "ann", digest=ANN, hash_="ann1")
    world.account(owner, "bob", "operator", digest=BOB, hash_="bob1")
    return owner, room.session("roaster_api")


def login(api, name, hash_, digest, ttl_s=3600):
    return api.query("login_succeed", name, hash_, "10.0.0.1", "r1", digest,
                     ttl_s, LIMIT, ADDRESS_LIMIT, WINDOW_S)


def fail(api, name, times=1):
    for _ in range(times):
        api.query("login_fail", name, "10.0.0.1", "r1", LIMIT, ADDRESS_LIMIT,
                  WINDOW_S)


def change(api, token, name, old, new):
    return api.query("account_password", token, ROLES + ["viewer"],
                     "10.0.0.1", "r1", name, old, new)


def create(api, token, name, role="viewer"):
    return api.query("account_create", token, ADMINS, "10.0.0.1", "r1", name,
                     "h", role)


def delete(api, token, name):
    return api.query("account_delete", token, ADMINS, "10.0.0.1", "r1", name)


def audited(owner):
    return owner.run("SELECT actor, action, target, outcome FROM audit"
                     " ORDER BY id")


@test
def a_login_gives_a_session_of_its_own(room):
    owner, api = start(room)
    equal(login(api, "ann", "ann1", EVE)[0][1], "admin")
    equal(api.query("session", EVE), [("ann", "admin", "f")])
    equal(api.query("session", ANN), [("ann", "admin", "f")])
    equal(api.query("logout", EVE, "10.0.0.1", "r1"), [("ann",)])
    equal(api.query("session", EVE), [])
    equal(api.query("session", ANN), [("ann", "admin", "f")])
    equal(api.query("logout", EVE, "10.0.0.1", "r1"), [(None,)])
    equal(audited(owner)[0], ("ann", "login", "ann", "accepted"))


@test
def five_wrong_passwords_lock_even_the_right_one(room):
    owner, api = start(room)
    fail(api, "ann", LIMIT - 1)
    equal(api.query("login_account", "ann", "10.0.0.1", WINDOW_S),
          [("ann1", "4", "4")])
    login(api, "ann", "ann1", EVE)
    equal(api.query("login_account", "ann", "10.0.0.1", WINDOW_S),
          [("ann1", "0", "0")])
    fail(api, "ann", LIMIT)
    refused("RO429", login, api, "ann", "ann1", b"x" * 32)
    equal(api.query("session", b"x" * 32), [])
    login(api, "bob", "bob1", b"y" * 32)
    owner.run("UPDATE login_attempt SET at = at - interval '1 s' * $1",
              WINDOW_S)
    login(api, "ann", "ann1", b"x" * 32)


@test
def a_wrong_password_after_the_limit_is_refused_as_the_right_one_is(room):
    owner, api = start(room)
    fail(api, "ann", LIMIT)
    wrong = refused("RO429", fail, api, "ann")
    equal(refused("RO429", login, api, "ann", "ann1", EVE), wrong)
    equal(refused("RO429", login, api, "ann", "old", EVE), wrong)
    equal(owner.one("SELECT count(*) FROM login_attempt"), str(LIMIT))
    equal(len(audited(owner)), LIMIT)


@test
def an_address_after_its_limit_is_refused_for_every_account(room):
    owner, api = start(room)
    owner.run("INSERT INTO login_attempt (account, address) SELECT 'x' || i,"
              " '10.0.0.1' FROM generate_series(1, $1) i", ADDRESS_LIMIT)
    wrong = refused("RO429", fail, api, "ann")
    equal(refused("RO429", login, api, "ann", "ann1", EVE), wrong)


def fails_at_once(api):
    try:
        fail(api, "ann")
    except Refused as e:
        return e.sqlstate
    return "noted"


@test
def of_many_wrong_passwords_at_once_only_the_limit_is_noted(room):
    owner, _ = start(room)
    apis = [room.session("roaster_api") for _ in range(12)]
    answers = together(*[lambda a=a: fails_at_once(a) for a in apis])
    equal(sorted(answers), ["RO429"] * (12 - LIMIT) + ["noted"] * LIMIT)
    equal(owner.one("SELECT count(*) FROM login_attempt"), str(LIMIT))


@test
def failures_of_a_name_that_does_not_exist_count_too(room):
    _, api = start(room)
    fail(api, "nobody", 2)
    equal(api.query("login_account", "nobody", "10.0.0.1", WINDOW_S),
          [(None, "2", "2")])
    equal(api.query("login_account", "other", "10.0.0.1", WINDOW_S),
          [(None, "0", "2")])


@test
def old_failures_are_forgotten(room):
    owner, api = start(room)
    fail(api, "ann", 3)
    owner.run("UPDATE login_attempt SET at = at - interval '1 h'")
    fail(api, "bob")
    equal(owner.one("SELECT count(*) FROM login_attempt"), "1")


@test
def a_login_is_refused_when_the_password_changed_meanwhile(room):
    _, api = start(room)
    change(api, BOB, "bob", "bob1", "bob2")
    refused("RO401", login, api, "bob", "bob1", EVE)
    equal(api.query("session", EVE), [])
    login(api, "bob", "bob2", EVE)


@test
def a_new_password_ends_all_tokens_and_failures_of_the_account(room):
    _, api = start(room)
    login(api, "bob", "bob1", EVE)
    fail(api, "bob", LIMIT)
    change(api, ANN, "bob", None, "bob2")
    equal(api.query("session", BOB), [])
    equal(api.query("session", EVE), [])
    equal(len(api.query("session", ANN)), 1)
    login(api, "bob", "bob2", EVE)


@test
def a_password_is_changed_only_by_its_user_or_an_admin(room):
    _, api = start(room)
    refused("RO403", change, api, BOB, "ann", "ann1", "x")
    refused("RO404", change, api, BOB, "bob", "wrong", "x")
    refused("RO404", change, api, ANN, "nobody", None, "x")
    refused("RO401", change, api, EVE, "ann", None, "x")
    equal(api.query("account_hash", "ann"), [("ann1",)])
    equal(api.query("account_hash", "bob"), [("bob1",)])


@test
def accounts_are_created_once_and_listed_by_name(room):
    _, api = start(room)
    create(api, ANN, "abe")
    message = refused("RO409", create, api, ANN, "abe")
    assert "abe" in message, message
    refused("RO403", create, api, BOB, "carl")
    refused("23514", create, api, ANN, "carl", "root")
    equal([row[:2] for row in api.query("account_list")],
          [("abe", "viewer"), ("ann", "admin"), ("bob", "operator")])


@test
def a_deleted_account_has_no_session_any_more(room):
    owner, api = start(room)
    delete(api, ANN, "bob")
    equal(api.query("session", BOB), [])
    refused("RO404", delete, api, ANN, "bob")
    refused("RO401", world.Api(api, BOB).put, "a")
    equal(audited(owner), [("ann", "account_delete", "bob", "accepted")])


@test
def the_last_admin_stays(room):
    owner, api = start(room)
    message = refused("RO409", delete, api, ANN, "ann")
    assert "last admin" in message, message
    world.account(owner, "eve", digest=EVE)
    delete(api, ANN, "ann")
    refused("RO409", delete, api, EVE, "eve")


@test
def a_token_that_expired_may_nothing(room):
    owner, api = start(room)
    owner.run("UPDATE token SET expires_at = now() WHERE digest = $1", BOB)
    equal(api.query("session", BOB), [])
    refused("RO401", world.Api(api, BOB).put, "a")
    equal(owner.one("SELECT count(*) FROM component"), "0")
    login(api, "bob", "bob1", EVE)
    equal(owner.one("SELECT count(*) FROM token WHERE account = 'bob'"), "1")


@test
def use_of_a_token_is_noted_once_a_minute(room):
    owner, api = start(room)
    used = "SELECT used_at FROM token WHERE digest = $1"
    before = owner.one(used, BOB)
    api.query("token_touch", BOB)
    equal(owner.one(used, BOB), before)
    owner.run("UPDATE token SET used_at = now() - interval '2 min'")
    equal(api.query("session", BOB), [("bob", "operator", "t")])
    api.query("token_touch", BOB)
    equal(api.query("session", BOB), [("bob", "operator", "f")])


@test
def the_first_admin_is_made_once(room):
    owner, _ = start(room)
    equal(owner.query("admin_ensure", "h"), [("f",)])
    world.wipe(owner)
    world.account(owner, "admin", "viewer", digest=EVE)
    equal(owner.query("admin_ensure", "h"), [("t",)])
    equal(owner.query("admin_ensure", "x"), [("f",)])
    equal(owner.run("SELECT name, role, password_hash FROM account"),
          [("admin", "admin", "h")])
    # Who had a token of the viewer is not admin now.
    equal(owner.query("session", EVE), [])


@test
def a_reset_lets_the_user_in_again(room):
    owner, api = start(room)
    fail(api, "ann", LIMIT)
    equal(owner.query("account_reset", "nobody", "h"), [("f",)])
    equal(owner.query("account_reset", "ann", "ann2"), [("t",)])
    equal(api.query("session", ANN), [])
    login(api, "ann", "ann2", EVE)


@test
def without_the_audit_row_nothing_is_done(room):
    owner, api = start(room)
    components = world.Api(api, ANN)
    components.put("old")
    owner.run("ALTER TABLE audit ADD CONSTRAINT nothing CHECK (actor = '')"
              " NOT VALID")
    try:
        refused("23514", create, api, ANN, "carl")
        refused("23514", change, api, ANN, "bob", None, "x")
        refused("23514", delete, api, ANN, "bob")
        refused("23514", components.put, "a")
        refused("23514", components.put, "old")
        refused("23514", components.delete, "old")
        refused("23514", login, api, "ann", "ann1", EVE)
        refused("23514", fail, api, "ann")
        refused("23514", api.query, "logout", ANN, "10.0.0.1", "r1")
    finally:
        owner.run("ALTER TABLE audit DROP CONSTRAINT nothing")
    equal(api.query("account_hash", "bob"), [("bob1",)])
    equal([row[0] for row in api.query("account_list")], ["ann", "bob"])
    equal(owner.run("SELECT name, desired FROM component"),
          [("old", "running")])
    equal(owner.one("SELECT count(*) FROM login_attempt"), "0")
    equal(len(api.query("session", ANN)), 1)
    equal(api.query("session", EVE), [])
