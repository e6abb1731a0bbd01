# SPDX-License-Identifier: Apache-2.0
"""Clients that go on and on, and the book of what they were told."""
import contextlib
import http.client
import random
import threading
import time
import uuid

from client import Answer, Client
from posts import create, is_away

PASSWORD = "correct horse"
PAUSE_S = 0.05  # of a client that was refused


class Ledger:
    """What was acknowledged, refused, or is of unknown fate; lists only grow
    and are appended to by any thread."""

    def __init__(self):
        self.created = {}  # name: id
        self.refused = []  # names that were not stored, it was said
        self.unknown = []
        self.tokens = []  # clients that have one
        self.away = 0
        self.strange = []  # answers that must not be

    def __str__(self):
        return (f"{len(self.created)} components and {len(self.tokens)}"
                f" tokens acknowledged, {len(self.unknown)} of unknown fate,"
                f" {self.away} times 503, {len(self.strange)} strange answers")

    def judge(self, stored):
        """Against {name: id} of the database."""
        lost = {name for name, ident in self.created.items()
                if stored.get(name) != ident}
        assert not lost, f"acknowledged and lost: {sorted(lost)[:5]}"
        denied = set(self.refused) & set(stored)
        assert not denied, f"denied and stored: {sorted(denied)[:5]}"
        untold = set(stored) - set(self.created) - set(self.unknown)
        assert not untold, f"stored and never told: {sorted(untold)[:5]}"


class Kept(Client):
    """Over one connection, as long as it lasts; each request has an id, and
    the answer has to have the same."""

    def __init__(self, url, token=None):
        super().__init__(url, token)
        self.connection = None

    def send(self, method, path, body=None, headers=()):
        ident = str(uuid.uuid4())
        headers = {"X-Request-Id": ident, **dict(headers)}
        if self.token is not None:
            headers["Authorization"] = f"Bearer {self.token}"
        if self.connection is None:
            self.connection = http.client.HTTPConnection(
                self.host, self.port, timeout=60)
        self.connection.request(method, path, body, headers)
        got = self.connection.getresponse()
        answer = Answer(got.status, got.getheaders(), got.read())
        if got.will_close:
            self.connection.close()
        assert answer.headers["x-request-id"] == ident, "another's answer"
        return answer


class Runner(threading.Thread):
    """Does turn() until it is told to end."""

    def __init__(self, server, ledger, token):
        super().__init__(daemon=True)
        self.client = Kept(server.url, token)
        self.ledger = ledger
        self.done = 0  # what was wanted came of it
        self.is_over = threading.Event()

    def run(self):
        while not self.is_over.is_set():
            try:
                self.turn()
            except Exception as e:  # whatever it is, it should not be
                self.ledger.strange.append(repr(e))
                self.client = Kept(self.client.url, self.client.token)

    def judged(self, answer, *wanted):
        """Whether it is what was ${wanted}; or else a 503, or strange."""
        if answer.status in wanted:
            self.done += 1
            return True
        if is_away(answer):
            self.ledger.away += 1
            time.sleep(PAUSE_S)
        else:
            self.ledger.strange.append((answer.status, answer.body[:300]))
        return False


class Creator(Runner):
    """Creates components and looks at its own: an answer that was meant for
    another request shows another name."""

    def __init__(self, server, ledger, number):
        super().__init__(server, ledger, server.admin.token)
        self.number = number
        self.names = []
        self.count = 0

    def turn(self):
        self.count += 1
        name = f"c{self.number}-{self.count}"
        self.create(name)
        self.look(random.choice(self.names + [f"none{self.number}"]))
        self.judged(self.client.get("/v2/components?limit=3"), 200)

    def create(self, name):
        answer = create(self.client, name)
        if self.judged(answer, 202):
            component = answer.json["operation"]["component"]
            assert component["name"] == name, answer.body
            self.ledger.created[name] = component["id"]
            self.names.append(name)
        elif b"is not known" in answer.body:
            self.ledger.unknown.append(name)
        else:
            self.ledger.refused.append(name)

    def look(self, name):
        answer = self.client.get(f"/v2/components/trino/{name}/{name}")
        is_there = name in self.names
        if self.judged(answer, 200 if is_there else 404) and is_there:
            assert (answer.json["name"], answer.json["id"]) == (
                name, self.ledger.created[name]), answer.body


class Login(Runner):
    """Logs in and uses the token at once."""

    def __init__(self, server, ledger, user):
        super().__init__(server, ledger, None)
        self.user = user

    def turn(self):
        time.sleep(2 * PAUSE_S)
        answer = self.client.form("POST", "/v1/login", {
            "user": self.user, "password": PASSWORD})
        if not self.judged(answer, 200):
            return
        user = Client(self.client.url, answer.json["token"])
        self.ledger.tokens.append(user)
        self.judged(user.get("/v2/components?limit=1"), 200)


@contextlib.contextmanager
def running(runners):
    for runner in runners:
        runner.start()
    try:
        yield
    finally:
        for runner in runners:
            runner.is_over.set()
        for runner in runners:
            runner.join(60)
