# SPDX-License-Identifier: Apache-2.0
"""Statements that return their row and fail at the commit."""
from tap import equal, test

from posts import at_once, create, is_away, stored

TABLES = {"component": "name", "account": "name", "token": "account"}
PASSWORD = "correct horse"
ROUNDS = 6

# Names with these beginnings are refused at the commit: as one that another
# try may cure, and as one that nobody expects.
LATE = """
CREATE FUNCTION late_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF new.{column} LIKE 'late%' THEN
    RAISE EXCEPTION 'too late' USING ERRCODE = '40001';
  ELSIF new.{column} LIKE 'broken%' THEN
    RAISE EXCEPTION 'on purpose';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER late AFTER INSERT ON {table} DEFERRABLE
  INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION late_{table}();
"""


def refuse(server, table):
    server.sql(LATE.format(table=table, column=TABLES[table]))


def accept(server):
    server.sql("".join(f"DROP FUNCTION IF EXISTS late_{table} CASCADE;"
                       for table in TABLES))


@test
def no_component_is_accepted_before_its_commit(server):
    refuse(server, "component")
    try:
        for n in range(ROUNDS):
            names = [f"{word}{n}{turn}" for turn in "abcdefgh"
                     for word in ("late", "fine", "broken")]
            answers = dict(zip(names, at_once([
                lambda name=name: create(server.admin, name)
                for name in names])))
            for name, answer in answers.items():
                if name.startswith("fine"):
                    equal(answer.status, 202, answer.body)
                elif name.startswith("late"):
                    assert is_away(answer), (name, answer.body)
                else:
                    equal(answer.status, 500, answer.body)
    finally:
        accept(server)
    equal({name[:4] for name in stored(server)}, {"fine"})
    equal(len(stored(server)), 8 * ROUNDS)
    equal(create(server.admin, "late0a").status, 202)


def create_user(server, name):
    return server.admin.form("POST", "/v1/users/create", {
        "user": name, "password": PASSWORD})


@test
def no_account_is_made_before_its_commit(server):
    refuse(server, "account")
    try:
        names = ["late1", "ann", "broken1"]
        answers = at_once([lambda name=name: create_user(server, name)
                           for name in names])
        equal([answer.status for answer in answers], [503, 200, 500])
    finally:
        accept(server)
    equal(server.sql("SELECT name FROM account ORDER BY 1"),
          [["admin"], ["ann"]])


@test
def no_token_is_given_out_before_its_commit(server):
    for name in ("late2", "bob"):
        equal(create_user(server, name).status, 200)
    refuse(server, "token")
    try:
        answers = at_once([
            lambda name=name: server.nobody.form("POST", "/v1/login", {
                "user": name, "password": PASSWORD})
            for name in ("late2", "bob", "late2", "bob")])
    finally:
        accept(server)
    equal([answer.status for answer in answers], [503, 200, 503, 200])
    for answer in answers:
        equal("token" in answer.json, answer.status == 200)
    equal(server.sql("SELECT account, count(*) FROM token WHERE account <>"
                     " 'admin' GROUP BY 1"), [["bob", "2"]])
