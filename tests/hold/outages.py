# SPDX-License-Identifier: Apache-2.0
"""The database is stopped without warning and killed, again and again, under
the load of clients that do not stop."""
import os
import signal
import time

from tap import equal, test

import load
from posts import at_once, create, stored
from server import until

ROUNDS = int(os.environ.get("HOLD_ROUNDS", "4"))
CREATORS = 10
LOGINS = 2
AWAY_S = 4  # by then the workers look for it seldom
WAYS = {"stopped at once": signal.SIGQUIT, "killed": signal.SIGKILL}
USERS = ["user0", "user1"]


def crash(server, how):
    """Seconds until it is back: the database, and the API with it."""
    pid = server.part("postgres")
    os.kill(pid, how)
    begin = time.monotonic()
    until(lambda: server.part("postgres") not in (None, pid), "another one")
    until(lambda: can_ask(server), "the database answers")
    database = time.monotonic() - begin
    server.is_whole()
    return database, time.monotonic() - begin


def can_ask(server):
    try:
        return server.sql("SELECT 1") == [["1"]]
    except AssertionError:
        return False


def each_goes_on(clients):
    """Every one got what it wanted, several times."""
    before = [client.done for client in clients]
    until(lambda: all(client.done > done + 5
                      for client, done in zip(clients, before)),
          "every client goes on")


def disturb(server, clients):
    for n in range(ROUNDS):
        each_goes_on(clients)
        way = list(WAYS)[n % len(WAYS)]
        database, api = crash(server, WAYS[way])
        print(f"# {way}: database back after {database:.2f} s, every worker"
              f" {api - database:.2f} s later")
    each_goes_on(clients)


@test
def no_crash_of_the_database_loses_mixes_up_or_breaks_anything(server):
    for user in USERS:
        equal(server.admin.form("POST", "/v1/users/create", {
            "user": user, "password": load.PASSWORD}).status, 200)
    processes = [server.part("api"), *server.workers()]
    ledger = load.Ledger()
    clients = [load.Creator(server, ledger, n) for n in range(CREATORS)]
    clients += [load.Login(server, ledger, USERS[n]) for n in range(LOGINS)]
    with load.running(clients):
        disturb(server, clients)
    print(f"# {ROUNDS} crashes: {ledger}")
    equal(ledger.strange[:3], [])
    ledger.judge(stored(server))
    for client in ledger.tokens:
        equal(client.get("/v2/components?limit=1").status, 200)
        equal(client.send("DELETE", "/v2/session").status, 200)
    equal([server.part("api"), *server.workers()], processes)


@test
def once_readyz_has_the_database_every_worker_serves(server):
    for n in range(2):
        with server.without_database():
            time.sleep(AWAY_S)
        until(server.has_database, "one worker has its database")
        # Each on a connection of its own: which worker takes it is chance.
        logins = [lambda: server.login("admin", server.password)] * 4
        reads = [lambda: server.admin.get("/v1/trino/list")] * 16
        writes = [lambda name=f"w{n}-{m}": create(server.admin, name)
                  for m in range(16)]
        at_once(logins)
        equal({answer.status for answer in at_once(reads)}, {200})
        equal({answer.status for answer in at_once(writes)}, {202})
