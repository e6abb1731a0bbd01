# SPDX-License-Identifier: Apache-2.0
"""Many sessions at once: who wins, and that nobody waits for somebody who
waits for him (40P01)."""
import random
import threading
import time

import world
from libpq import Refused
from tap import equal, test, together, within
from world import ADMINS, ROLES

SPELL_S = 5
ROUNDS = 200


def start(room):
    owner = room.session()
    world.wipe(owner)
    world.account(owner, "ann")
    return owner


def api(room, token=b"\1" * 32):
    return world.Api(room.session("roaster_api"), token)


def applier(room, node="n1"):
    return world.Applier(room.session("roaster_apply"), node)


def storm(*bodies, allowed=(), seconds=SPELL_S):
    """Each body again and again, all at the same time. How often each went
    through; refusals other than ${allowed} fail the test."""
    counts = [0] * len(bodies)
    bad = []
    end = time.monotonic() + seconds

    def loop(i):
        rnd = random.Random(i)
        while time.monotonic() < end and not bad:
            try:
                bodies[i](rnd)
                counts[i] += 1
            except Refused as e:
                if e.sqlstate not in allowed:
                    bad.append(f"{bodies[i].__name__}: {e}")
            except Exception as e:
                bad.append(repr(e))

    threads = [threading.Thread(target=loop, args=(i,), daemon=True)
               for i in range(len(bodies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + 60)
        assert not thread.is_alive(), "hangs"
    assert not bad, bad
    assert all(counts), counts
    return counts


@test
def of_eight_puts_of_one_new_name_one_creates(room):
    owner = start(room)
    apis = [api(room) for _ in range(8)]
    for n in range(10):
        answers = together(*[lambda a=a: a.put(f"etl{n}")["outcome"]
                             for a in apis])
        equal(sorted(answers), ["created"] + ["unchanged"] * 7)
    equal(owner.one("SELECT count(*) FROM component"), "10")


@test
def of_eight_puts_that_differ_the_last_is_queued_and_no_generation_lost(room):
    owner = start(room)
    apis = [api(room) for _ in range(8)]
    answers = together(*[lambda i=i: apis[i].put("etl", f'{{"a":{i}}}')
                         for i in range(8)])
    equal(sorted(int(a["generation"]) for a in answers), list(range(1, 9)))
    equal(owner.run("SELECT state, count(*) FROM operation GROUP BY 1"
                    " ORDER BY 1"), [("queued", "1"), ("superseded", "7")])
    last = max(answers, key=lambda a: int(a["generation"]))
    equal(apis[0].get("etl")["operation"], last["operation"])


@test
def of_eight_that_want_one_name_one_gets_it(room):
    owner = start(room)
    apis = [api(room) for _ in range(8)]
    owns = [("Service", "s"), ("release", "r")]
    answers = together(*[lambda i=i: apis[i].put(f"etl{i}", owns=owns)
                         for i in range(8)])
    states = [getattr(a, "sqlstate", "created") for a in answers]
    equal(sorted(states), ["RO409"] * 7 + ["created"])
    equal(owner.one("SELECT count(*) FROM component"), "1")


@test
def of_two_deletes_one_is_accepted(room):
    start(room)
    one, two = api(room), api(room)
    for n in range(10):
        one.put(f"etl{n}")
        answers = together(lambda: one.delete(f"etl{n}")[0],
                           lambda: two.delete(f"etl{n}")[0])
        equal(sorted(a["outcome"] for a in answers),
              ["accepted", "unchanged"])
        equal(answers[0]["operation"], answers[1]["operation"])


@test
def a_component_is_claimed_by_one_of_many(room):
    owner = start(room)
    one = api(room)
    for n in range(20):
        one.put(f"etl{n}")
    appliers = [applier(room, f"n{i}") for i in range(4)]

    def drain(a):
        names = []
        while (claim := a.claim()) is not None:
            names.append(claim["name"])
        return names

    answers = together(*[lambda a=a: drain(a) for a in appliers])
    got = [name for names in answers for name in names]
    equal(len(got), len(set(got)))
    # Who met only locked rows went home early; all the same none is left over.
    got += drain(appliers[0])
    equal(sorted(got), sorted(f"etl{n}" for n in range(20)))
    equal(owner.one("SELECT count(DISTINCT fence) FROM component_status"),
          "20")


# Holds a put between its two looks at the names, while somebody has lock 42.
STOPPER = """
CREATE OR REPLACE FUNCTION public.stopper() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(42);
  RETURN NULL;
END $$"""


@test
def a_name_given_up_just_now_is_owned_by_who_gets_it(room):
    owner = start(room)
    one, two, apply = api(room), api(room), applier(room)
    one.put("old", owns=[("Service", "s")])
    claim = apply.claim()
    claim["queued"] = one.delete("old")[0]["operation"]
    apply.record(claim, "Deleting", ["take_up"], queued=claim["queued"])
    owner.run(STOPPER)
    owner.run("CREATE TRIGGER stopper AFTER INSERT ON owned_name"
              " EXECUTE FUNCTION public.stopper()")
    owner.run("SELECT pg_advisory_lock(42)")

    def remove():
        within(lambda: owner.run("SELECT 1 FROM pg_locks WHERE objid = 42"
                                 " AND NOT granted"))
        apply.record(claim, "Deleting", ["succeed", "remove"])
        owner.run("SELECT pg_advisory_unlock(42)")

    together(lambda: two.put("new", owns=[("Service", "s")]), remove)
    owner.run("DROP TRIGGER stopper ON owned_name")
    equal(owner.run("SELECT c.name FROM owned_name o JOIN component c"
                    " ON c.id = o.component"), [("new",)])


@test
def one_admin_is_left_of_two_that_delete_each_other(room):
    owner = start(room)
    sessions = [room.session("roaster_api") for _ in range(2)]
    for _ in range(ROUNDS):
        owner.run("TRUNCATE account, token")
        world.account(owner, "ann", digest=b"a" * 32)
        world.account(owner, "eve", digest=b"e" * 32)

        def delete(session, token, name):
            session.query("account_delete", token, ADMINS, "", "r1", name)

        answers = together(
            lambda: delete(sessions[0], b"a" * 32, "eve"),
            lambda: delete(sessions[1], b"e" * 32, "ann"))
        equal(sorted(getattr(a, "sqlstate", "done") for a in answers),
              ["RO401", "done"])
        equal(owner.one("SELECT count(*) FROM account"), "1")


@test
def one_admin_is_left_of_two_that_delete_themselves(room):
    owner = start(room)
    sessions = [room.session("roaster_api") for _ in range(2)]
    for _ in range(ROUNDS):
        owner.run("TRUNCATE account, token")
        world.account(owner, "ann", digest=b"a" * 32)
        world.account(owner, "eve", digest=b"e" * 32)

        def delete(session, token, name):
            session.query("account_delete", token, ADMINS, "", "r1", name)

        answers = together(
            lambda: delete(sessions[0], b"a" * 32, "ann"),
            lambda: delete(sessions[1], b"e" * 32, "eve"))
        equal(sorted(getattr(a, "sqlstate", "done") for a in answers),
              ["RO409", "done"])


@test
def puts_deletes_and_the_applier_never_lock_crosswise(room):
    owner = start(room)
    names = [f"etl{n}" for n in range(6)]
    owner.run("INSERT INTO managed_namespace VALUES ('ns', true)")

    def putter(one):
        def put(rnd):
            one.put(rnd.choice(names), f'{{"a":{rnd.randrange(99)}}}')
        return put

    def deleter(one):
        def delete(rnd):
            if rnd.random() < 0.2:
                one.delete()
            else:
                one.delete(rnd.choice(names))
        return delete

    def worker(apply):
        def work(rnd):
            claim = apply.claim()
            if claim is None:
                return
            apply.session.query("apply_describe", claim["component"],
                                claim["fence"], [claim["name"]], ["c"],
                                ["http"], ["h"], [80], ["http://h"])
            if claim["queued"] is not None:
                to = ("Deleting" if claim["desired"] == "deleted"
                      else "Starting")
                apply.take_up(claim, to)
            if claim["state"] == "Deleting":
                apply.record(claim, "Deleting", ["succeed", "remove"])
            else:
                apply.record(claim, "Running",
                             ["succeed", "good", "applied", "release"],
                             delay_ms=rnd.randrange(20))
        return work

    def clock(apply):
        def beat(rnd):
            fences = [row[0] for row in apply.session.run(
                "SELECT fence FROM component_status WHERE fence IS NOT NULL")]
            rnd.shuffle(fences)
            apply.heartbeat(*fences)
        return beat

    def watch(apply):
        def nudge(rnd):
            apply.session.query("apply_nudge", "ns",
                                rnd.choice(["", rnd.choice(names)]))
        return nudge

    storm(putter(api(room)), putter(api(room)), deleter(api(room)),
          deleter(api(room)), worker(applier(room)), worker(applier(room)),
          clock(applier(room)), clock(applier(room)), watch(applier(room)),
          watch(applier(room)), allowed=("RO404", "RO409"), seconds=15)
    # Nothing may lie where nobody looks: each is due, claimed or settled.
    equal(owner.run(
        "SELECT c.name, s.state FROM component c JOIN component_status s"
        " ON s.component = c.id JOIN operation o ON o.component = c.id"
        " AND o.state = 'queued' WHERE s.next_check_at IS NULL"), [])


@test
def accounts_never_lock_crosswise(room):
    owner = start(room)
    world.account(owner, "eve", digest=b"e" * 32)
    world.account(owner, "bob", "operator", digest=b"b" * 32)
    tokens = {"ann": b"\1" * 32, "eve": b"e" * 32, "bob": b"b" * 32}

    def renew(rnd):
        # Password changes end tokens: whoever lost his gets it back.
        for name, token in tokens.items():
            session.run("INSERT INTO token (digest, account, expires_at)"
                        " SELECT $1, name, now() + interval '1 h' FROM account"
                        " WHERE name = $2 FOR SHARE"
                        " ON CONFLICT DO NOTHING", token, name)

    session = room.session()

    def changer(one):
        def change(rnd):
            actor = rnd.choice(list(tokens))
            target = rnd.choice(list(tokens))
            one.query("account_password", tokens[actor], ROLES, "", "r1",
                      target, "hash" if actor == target else None, "hash")
        return change

    def recreator(one):
        def recreate(rnd):
            if rnd.random() < 0.5:
                one.query("account_delete", tokens["ann"], ADMINS, "", "r1",
                          "bob")
            else:
                one.query("account_create", tokens["ann"], ADMINS, "", "r1",
                          "bob", "hash", "operator")
        return recreate

    def putter(one):
        def put(rnd):
            world.Api(one, tokens[rnd.choice(list(tokens))]).put(
                "etl", f'{{"a":{rnd.randrange(9)}}}')
        return put

    def login(one):
        def enter(rnd):
            one.query("login_succeed", rnd.choice(list(tokens)), "hash",
                      "10.0.0.1", "r1", rnd.randbytes(32), -1, 100000,
                      100000, 900)
        return enter

    def failer(one):
        def fail(rnd):
            one.query("login_fail", rnd.choice(list(tokens)), "10.0.0.1",
                      "r1", 100000, 100000, 1)
        return fail

    def new():
        return room.session("roaster_api")

    storm(renew, changer(new()), changer(new()), changer(new()),
          recreator(new()), recreator(new()), putter(new()), login(new()),
          login(new()), failer(new()), failer(new()),
          allowed=("RO401", "RO403", "RO404", "RO409"), seconds=15)
