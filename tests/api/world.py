# SPDX-License-Identifier: Apache-2.0
"""A server, its database, and its users. The server has no applier, so that
operations stay as they are until a test says otherwise."""
import base64
import os
import pathlib
import sys
import threading
import time

from client import Client

TESTS = pathlib.Path(__file__).parents[1]
sys.path += [str(TESTS / "lib"), str(TESTS / "sql")]
from libpq import Session

PASSWORD = "correct horse"

TRINO = """\
apiVersion: trino-operator.cloudchef-labs.com/v1beta1
kind: TrinoCluster
metadata:
  name: {name}
  namespace: trino-operator
spec:
  namespace: {namespace}
  image:
    repository: trinodb/trino
    tag: "476"
  coordinator:
    configs:
      - name: config.properties
        path: /etc/trino
        value: |
          coordinator=true
          http-server.http.port=8080
  worker:
    replicas: {replicas}
"""


def yaml_of(name="etl", namespace="etl", replicas=1):
    return TRINO.format(name=name, namespace=namespace, replicas=replicas)


def base64_of(text):
    return base64.b64encode(text.encode()).decode()


class World:
    def __init__(self):
        self.url = os.environ["ROASTER_URL"]
        self.password = os.environ["ROASTER_ADMIN_PASSWORD"]
        self.log = os.environ.get("ROASTER_LOG")
        self.pg = os.environ["ROASTER_PG"]
        self.nobody = Client(self.url)
        self.admin = self.nobody
        self.secrets = [self.password, PASSWORD]  # that no log may have

    def begin_test(self):
        """Nobody is locked, there is no component, and only the admin."""
        self.sql("DELETE FROM login_attempt; DELETE FROM component;"
                 "DELETE FROM operation; DELETE FROM account"
                 " WHERE name <> 'admin'")
        if self.admin.get("/v1/users/list").status != 200:
            self.admin = self.login("admin", self.password)

    def login(self, user, password=PASSWORD):
        answer = self.nobody.form("POST", "/v1/login", {
            "user": user, "password": password})
        assert answer.status == 200, answer.body
        token = answer.json["token"]
        self.secrets.append(token)
        return self.nobody.as_user(token)

    def user(self, name, role="operator"):
        """A new user, logged in."""
        answer = self.admin.form("POST", "/v1/users/create", {
            "user": name, "password": PASSWORD, "role": role})
        assert answer.status == 200, answer.body
        return self.login(name)

    def create(self, client=None, path="/v1/trino/create", **yaml):
        return (client or self.admin).form("POST", path, {
            "yaml": base64_of(yaml_of(**yaml))})

    def sql(self, text):
        """The rows of the last statement of ${text}, as lists of text."""
        with Session(self.pg) as session:
            return [[cell or "" for cell in row]
                    for row in session.script(text)]

    def counts(self):
        """Rows of each table that a request might write to."""
        tables = ("account", "token", "component", "component_spec",
                  "component_secret", "component_status", "operation",
                  "event", "owned_name", "audit")
        return {table: int(count) for table, count in self.sql(
            " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}"
                               for table in tables))}

    def end_operations(self, state, error=""):
        """What an applier would do; in the order it would."""
        self.sql(f"UPDATE operation SET state = '{state}', ended_at = now(),"
                 f" error = '{error}' WHERE state IN ('queued', 'running')")
        self.sql("SELECT pg_notify('roaster_event', component::text)"
                 " FROM operation")

    def once_queued(self, function, *args):
        """A thread that calls ${function} when an operation is queued."""
        def wait_and_call():
            end = time.monotonic() + 30
            while not self.sql("SELECT FROM operation WHERE state = 'queued'"):
                assert time.monotonic() < end, "no operation was queued"
                time.sleep(0.02)
            function(*args)
        thread = threading.Thread(target=wait_and_call)
        thread.start()
        return thread
