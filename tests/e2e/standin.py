# SPDX-License-Identifier: Apache-2.0
"""In the place of a dead API server, with its port, certificate and key: notes
what roasterd asks for. Nobody gets anything else out of it than ${answer}."""
import http.server
import json
import ssl
import threading
import time
import urllib.parse

from harness import DEV, TOP, run, wait_until

CLUSTER = DEV / "cluster"
UNAVAILABLE = 503, {}


def control(command):
    """Of dev/cluster/cluster.sh, for the cluster of this world."""
    run("sh", TOP / "dev/cluster/cluster.sh", command, CLUSTER)


def port():
    return int((CLUSTER / "ports").read_text().split()[2])


def token():
    """What roasterd shows there."""
    config = json.loads((DEV / "roasterd.kubeconfig").read_text())
    return config["users"][0]["user"]["token"]


class Request:
    def __init__(self, method, target):
        self.at = time.monotonic()
        self.method = method
        self.path, _, query = target.partition("?")
        self.is_watch = urllib.parse.parse_qs(query).get("watch") == ["1"]


class StandIn(http.server.ThreadingHTTPServer):
    """It answers roasterd by ${answer}, a function of a Request that gives
    status and body (None: empty); all others are told to come later."""
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, answer):
        self.answer = answer
        self.token = token()
        self.requests = []
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(CLUSTER / "api.crt", CLUSTER / "api.key")
        super().__init__(("127.0.0.1", port()), Handler, False)
        wait_until(self.is_bound, what="its port")
        self.server_activate()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def is_bound(self):
        """A process that was killed keeps its port for a moment."""
        try:
            self.server_bind()
        except OSError:
            return False
        return True

    def handle_error(self, request, client_address):
        """A connection that breaks is the other side's business."""

    def end(self):
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    """One request a connection: none outlives the stand-in."""

    def setup(self):
        self.request.settimeout(20)
        self.request = self.server.context.wrap_socket(self.request,
                                                       server_side=True)
        super().setup()

    def respond(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, body = UNAVAILABLE
        if self.headers.get("Authorization") == f"Bearer {self.server.token}":
            request = Request(self.command, self.path)
            self.server.requests.append(request)
            status, body = self.server.answer(request)
        text = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = respond

    def log_message(self, *_):
        pass
