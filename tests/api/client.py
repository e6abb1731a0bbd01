# SPDX-License-Identifier: Apache-2.0
"""HTTP as tests need it: every byte sent and received is theirs to see."""
import http.client
import json
import socket
import urllib.parse

TIMEOUT_S = 60


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    def problem(self):
        """The problem it is, after a look at what each of them has."""
        problem = self.json
        assert self.headers["content-type"] == "application/problem+json", \
            self.headers
        assert problem["status"] == self.status, problem
        assert problem["request_id"] == self.headers["x-request-id"], problem
        for member in ("type", "title", "detail", "instance", "code"):
            assert problem[member], problem
        return problem


class Client:
    """Requests to ${url}, with the token of one user or none."""

    def __init__(self, url, token=None):
        parts = urllib.parse.urlsplit(url)
        self.url = url
        self.host, self.port = parts.hostname, parts.port
        self.token = token

    def as_user(self, token):
        return Client(self.url, token)

    def send(self, method, path, body=None, headers=()):
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection(
            self.host, self.port, timeout=TIMEOUT_S)
        headers = dict(headers)
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()

    def get(self, path, headers=()):
        return self.send("GET", path, None, headers)

    def form(self, method, path, fields=(), headers=()):
        """${fields}: a dict, or text that is sent as it is."""
        if not isinstance(fields, (str, bytes)):
            fields = urllib.parse.urlencode(fields)
        return self.send(method, path, fields, {
            "Content-Type": "application/x-www-form-urlencoded",
            **dict(headers)})

    def json(self, method, path, value, headers=()):
        text = value if isinstance(value, str) else json.dumps(value)
        return self.send(method, path, text, {
            "Content-Type": "application/json", **dict(headers)})

    def raw(self, *parts, pause=None):
        """Send ${parts} as they are, with pause() between; all of the answer
        until the server closes."""
        with socket.create_connection((self.host, self.port), TIMEOUT_S) as s:
            for i, part in enumerate(parts):
                if i > 0:
                    pause()
                s.sendall(part)
            received = b""
            while chunk := s.recv(65536):
                received += chunk
        return received
