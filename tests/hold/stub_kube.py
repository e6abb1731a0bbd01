# SPDX-License-Identifier: Apache-2.0
"""As much of a Kubernetes API as an applier needs until it starts helm: it
keeps objects by path, and its watches say nothing."""
import http.server
import json
import threading
import time
import urllib.parse
import uuid

KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: stub
contexts: [{{name: stub, context: {{cluster: stub, user: stub}}}}]
clusters: [{{name: stub, cluster: {{server: "{url}"}}}}]
users: [{{name: stub, user: {{}}}}]
"""
WATCH_S = 600


def is_collection(path):
    """By the number of segments behind the group's version."""
    parts = path.strip("/").split("/")
    parts = parts[2:] if parts[0] == "api" else parts[3:]
    if parts[0] == "namespaces" and len(parts) > 2:
        parts = parts[2:]
    return len(parts) == 1


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def refuse(self, status, reason):
        self.answer(status, {"kind": "Status", "apiVersion": "v1",
                             "status": "Failure", "code": status,
                             "reason": reason, "message": reason})

    def path_and_query(self):
        url = urllib.parse.urlsplit(self.path)
        return url.path, urllib.parse.parse_qs(url.query)

    def body(self):
        length = int(self.headers.get("Content-Length") or 0)
        text = self.rfile.read(length)
        return json.loads(text) if text else {}

    def do_GET(self):
        objects = self.server.objects
        path, query = self.path_and_query()
        if path == self.server.held:
            self.server.is_asked.set()
            self.server.may_answer.wait(WATCH_S)
        if "watch" in query:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.close_connection = True
            self.server.is_over.wait(WATCH_S)
        elif is_collection(path):
            self.answer(200, {
                "kind": "List", "metadata": {"resourceVersion": "1"},
                "items": [found for name, found in list(objects.items())
                          if name.rpartition("/")[0] == path]})
        elif path in objects:
            self.answer(200, objects[path])
        else:
            self.refuse(404, "NotFound")

    def store(self, path, found):
        found.setdefault("metadata", {}).update(
            uid=str(uuid.uuid4()), resourceVersion=str(time.monotonic_ns()))
        found["status"] = {"phase": "Active", "userInfo": {"username": "me"}}
        self.server.objects[path] = found
        self.answer(201, found)

    def do_POST(self):
        path, found = self.path_and_query()[0], self.body()
        name = found.get("metadata", {}).get("name", "")
        self.store(f"{path}/{name}", found)

    def do_PATCH(self):
        self.store(self.path_and_query()[0], self.body())

    do_PUT = do_PATCH

    def do_DELETE(self):
        self.body()
        self.server.objects.pop(self.path_and_query()[0], None)
        self.answer(200, {"kind": "Status", "status": "Success"})


class Kube:
    def __init__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0),
                                                      Handler)
        self.server.daemon_threads = True
        self.server.is_over = threading.Event()
        # A path that is answered only when may_answer is set.
        self.server.held = None
        self.server.is_asked = threading.Event()
        self.server.may_answer = threading.Event()
        self.server.objects = {"/api/v1/namespaces/kube-system": {
            "metadata": {"name": "kube-system", "uid": str(uuid.uuid4())},
            "status": {"phase": "Active"}}}
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def kubeconfig(self):
        port = self.server.server_address[1]
        return KUBECONFIG.format(url=f"http://127.0.0.1:{port}")

    def close(self):
        self.server.is_over.set()
        self.server.shutdown()
        self.server.server_close()
