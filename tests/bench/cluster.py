# SPDX-License-Identifier: Apache-2.0
"""The local Kubernetes, a whole roasterd over it, and what helm does there."""
import base64
import http.client
import json
import os
import pathlib
import shutil
import socket
import ssl
import time
import urllib.parse

from creates import KIND, example
from load import CannotMeasure, run
from machine import CORES, children_cpu_s, cpu_s
from servers import BUILT, ROASTERD, TOP, Roasterd, wait_until

ENDED_WITHIN_S = 300
LOOK_EACH_S = 0.25  # seldom: looking is work for what is measured


class Cluster:
    """A control plane of our own, gone when we are."""

    def __init__(self, folder):
        self.folder = folder
        self._script("start")
        self.kubeconfig = folder / "kubeconfig"
        self.account = folder / "roasterd.kubeconfig"
        run(["sh", TOP / "dev" / "account.sh", self.kubeconfig, self.account])
        self._read_access()

    def _script(self, command):
        run(["sh", TOP / "dev" / "cluster" / "cluster.sh", command, self.folder],
            env={**os.environ, "KC_OWNER": str(os.getpid())})

    def _read_access(self):
        env = {**os.environ, "HOME": str(self.folder)}
        config = json.loads(run(
            [os.environ["KUBECTL"], "--kubeconfig", self.kubeconfig, "config", "view",
             "--raw", "--flatten", "-o", "json"], env=env))
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        url = urllib.parse.urlsplit(cluster["server"])
        self.address = url.hostname, url.port
        self.token = user["token"]
        authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
        self.trust = ssl.create_default_context(cadata=authority)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._script("stop")

    def ask(self, method, path):
        """(status, body) as administrator."""
        connection = http.client.HTTPSConnection(*self.address, context=self.trust,
                                                 timeout=30)
        try:
            connection.request(method, path, headers={
                "Authorization": f"Bearer {self.token}", "Accept": "application/json"})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def deployed(self, prefix):
        """How many releases are, in namespaces that begin so."""
        _, found = self.ask("GET", "/api/v1/secrets"
                                   "?labelSelector=owner%3Dhelm,status%3Ddeployed")
        return sum(item["metadata"]["namespace"].startswith(prefix)
                   for item in found["items"])

    def namespaces(self, prefix):
        _, found = self.ask("GET", "/api/v1/namespaces")
        names = [item["metadata"]["name"] for item in found["items"]]
        return [name for name in names if name.startswith(prefix)]

    def clear(self, prefix):
        """No such namespaces any more."""
        for name in self.namespaces(prefix):
            self.ask("DELETE", f"/api/v1/namespaces/{name}")
        wait_until(lambda: not self.namespaces(prefix), f"{prefix}* is gone", 180)


class Clock:
    """When helm was started: the lines of clockhelm.c, in a folder of its own."""

    def __init__(self, folder, real=None):
        folder.mkdir()
        self.program = folder / "helm"
        self.lines = folder / "clock"
        shutil.copy(BUILT / "bench" / "clockhelm", self.program)
        if real is not None:
            (folder / "real").symlink_to(real)

    def starts(self):
        """Times in ns, in order, but for questions such as helm version."""
        if not self.lines.exists():
            return []
        found = [line.split() for line in self.lines.read_text().splitlines()]
        return [int(at) for at, verb in found if verb != "version"]


class HelmLog:
    """The ends of helms in some namespaces, read as they are logged."""

    def __init__(self, log, prefix):
        self.file = open(log, encoding="utf-8", errors="replace")
        self.file.seek(0, os.SEEK_END)
        self.place = f'"namespace":"{prefix}'
        self.well = 0

    def count(self):
        """How many ended well so far."""
        for line in self.file:
            self.well += ('"helm_ran"' in line and self.place in line
                          and '"result":"ok"' in line)
        return self.well


class Whole(Roasterd):
    """All of roasterd."""

    def __init__(self, folder, postgres, cluster, clock):
        self.clock = clock
        super().__init__(folder, postgres, "run", ROASTER_HELM=str(clock.program),
                         ROASTER_KUBECONFIG=str(cluster.account),
                         ROASTER_APPLY_THREADS=str(CORES))
        wait_until(lambda: self.send("GET", "/readyz").status == 200, "roasterd is ready")

    def own_pids(self):
        """Without a helm that may be there."""
        def is_own(pid):
            try:
                return os.path.samefile(f"/proc/{pid}/exe", ROASTERD)
            except OSError:
                return False

        return [pid for pid in self.pids() if is_own(pid)]

    def applier(self):
        for pid in self.own_pids():
            if b"\0apply\0" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
        raise CannotMeasure("there is no applier")

    def cpu(self):
        """Seconds of (roasterd, its helms) so far."""
        return cpu_s(self.own_pids()), children_cpu_s(self.applier())

    def ended(self, path):
        """The operation at ${path}, once it has."""
        def look():
            found = self.send("GET", path).expect(200).json()
            return found if found["state"] not in ("queued", "running") else None

        found = wait_until(look, f"end of {path}", ENDED_WITHIN_S, LOOK_EACH_S)
        if found["state"] != "succeeded":
            raise CannotMeasure(f"an operation failed: {found}")

    def remove(self, cluster, prefix):
        """All components, and their namespaces with them."""
        self.send("DELETE", f"/v1/{KIND}/delete", {"delete_data": "true"}).expect(200, 202)
        wait_until(lambda: not self.send("GET", "/v2/components").json()["items"],
                   "everything is deleted", ENDED_WITHIN_S, LOOK_EACH_S)
        cluster.clear(prefix)


def fields_of(namespace, memory=4):
    """The form of a post of the example; ${memory} makes another generation of it."""
    yaml = example(namespace).replace("query.max-memory=4GB",
                                      f"query.max-memory={memory}GB")
    return {"yaml": base64.b64encode(yaml.encode()).decode()}


def timed_post(server, fields):
    """(ns at the first byte of the answer, ns the answer took, path of the operation);
    a bare socket, whose answer is not parsed before the clock is read."""
    parts = urllib.parse.urlsplit(server.url)
    body = urllib.parse.urlencode(fields).encode()
    head = (f"POST /v1/{KIND}/create HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n"
            f"Authorization: Bearer {server.token}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode()
    with socket.create_connection((parts.hostname, parts.port), 60) as s:
        begin = time.monotonic_ns()
        s.sendall(head + body)
        answer = s.recv(65536)
        at = time.monotonic_ns()
        while chunk := s.recv(65536):
            answer += chunk
    if not answer.startswith(b"HTTP/1.1 202 "):
        raise CannotMeasure(f"no 202: {answer[:300]}")
    place = answer.partition(b"\r\nlocation: ")[2].partition(b"\r\n")[0].decode()
    return at, at - begin, place


def local_cluster(bench):
    return bench.once("cluster", lambda: Cluster(bench.folder / "cluster"))


def whole_server(bench):
    def make():
        clock = Clock(bench.folder / "helm", os.environ["HELM"])
        return Whole(bench.folder / "whole", bench.postgres(), local_cluster(bench), clock)

    return bench.once("whole", make)
