# SPDX-License-Identifier: Apache-2.0
"""G6, G7, G10, G11: from a post to Helm, beside the shortest way there, and beside
helm started by xargs."""
import concurrent.futures
import json
import os
import statistics
import time

from cluster import (ENDED_WITHIN_S, Clock, HelmLog, fields_of, local_cluster, timed_post,
                     whole_server)
from creates import KIND, NAME, Call, quoted
from load import CannotMeasure, run
from machine import CORES
from rows import Row, alternate
from servers import BUILT, TOP, wait_until
from store import empty

STARTS = 20   # of the shortest way, a round
POSTS = 5     # of ours
MANY = 24
REST_S = 0.3  # the server has nothing to do when the next post comes


# --- until helm starts --------------------------------------------------------

class Floor:
    """Stored, woken, claimed, started: floor.c over a database of its own."""

    def __init__(self, bench):
        self.postgres, self.api = bench.postgres(), bench.api("floor")
        self.call = Call(self.postgres, self.api)
        folder = bench.path("floor")
        folder.mkdir()
        self.clock = Clock(folder / "helm")
        self.statement = folder / "put.sql"
        self.round = 0

    def p50_ms(self):
        self.round += 1
        empty(self.postgres, self.api)
        literals = [quoted(v) for v in self.call.variables().values()]
        self.statement.write_text(self.call.sql(*literals, f"'{self.round}x%u'"))
        options = "options='-c search_path=roaster,pg_temp'"
        out = run([BUILT / "bench" / "floor", f"{self.api.conninfo} {options}",
                   self.clock.program, STARTS, self.statement])
        stored = [int(line) for line in out.split()]
        return median_ms(zip(stored, self.clock.starts()[-STARTS:]))


def median_ms(spans):
    return statistics.median(end - begin for begin, end in spans) / 1e6


class Starts:
    """Single posts to a server that has nothing else to do."""

    def __init__(self, bench):
        self.server, self.cluster = whole_server(bench), local_cluster(bench)
        self.count = 0
        self.post("starts-first", memory=4)

    def post(self, namespace, memory):
        """(ns of the 202, ns of helm's start, ns from post to 202)"""
        before = len(self.server.clock.starts())
        at, took, place = timed_post(self.server, fields_of(namespace, memory))
        self.server.ended(place)
        started = self.server.clock.starts()[before:]
        if len(started) != 1:
            raise CannotMeasure(f"{len(started)} helms for one post")
        time.sleep(REST_S)
        return at, started[0], took

    def some(self, make):
        """Medians in ms of POSTS posts: (202 until helm, post until 202)"""
        found = []
        for _ in range(POSTS):
            self.count += 1
            found.append(self.post(*make(self.count)))
        return (median_ms((at, start) for at, start, _ in found),
                statistics.median(took for _, _, took in found) / 1e6)


def measure_starts(bench):
    floor, starts = Floor(bench), Starts(bench)
    rows = (Row("G6", "202 of an update until helm starts", "commit, wake, claim, exec",
                "ms", 1.5),
            Row("G6", "202 of a new one until helm starts", "commit, wake, claim, exec",
                "ms", 1.5),
            Row("G6", "new one until 202, idle applier", "an update until 202", "ms"))

    def take():
        reference = floor.p50_ms()
        update, update_took = starts.some(lambda i: ("starts-first", 4 + i))
        new, new_took = starts.some(lambda i: (f"starts-{i}", 4))
        return (reference, update), (reference, new), (update_took, new_took)

    alternate(bench.plan, take, *rows)
    starts.server.remove(starts.cluster, "starts-")
    return rows


# --- many at once ---------------------------------------------------------------

class Many:
    def __init__(self, bench):
        self.server, self.cluster = whole_server(bench), local_cluster(bench)
        self.names = [f"b{i:02}" for i in range(MANY)]
        self.folder = bench.path("many")
        self.folder.mkdir()
        self.round = 0
        self.keep_values()

    def post_all(self, prefix):
        """All at once; the answers."""
        def post(name):
            return self.server.send("POST", f"/v1/{KIND}/create",
                                    fields_of(prefix + name))

        with concurrent.futures.ThreadPoolExecutor(MANY) as pool:
            return list(pool.map(post, self.names))

    def await_ended(self, answers):
        for answer in answers:
            self.server.ended(answer.expect(202).headers["location"])

    def helm(self, *args):
        env = {"HOME": str(self.folder / "home"), "KUBECONFIG": str(self.cluster.kubeconfig),
               "PATH": os.environ["PATH"]}
        return run(args, env=env, input="\n".join(self.names))

    def keep_values(self):
        """What helm is given by us is what xargs gives it."""
        self.await_ended(self.post_all("values-"))
        for name in self.names:
            out = self.helm(os.environ["HELM"], "get", "values", NAME, "-n",
                            f"values-{name}", "-o", "json")
            (self.folder / f"{name}.json").write_text(json.dumps(json.loads(out)))
        self.server.remove(self.cluster, "values-")

    def by_xargs(self):
        """Seconds."""
        prefix = f"xargs{self.round}-"
        begin = time.monotonic()
        self.helm("xargs", "-P", CORES, "-I{}", self.server.clock.program, "upgrade",
                  "--install", NAME, TOP / "build" / "charts" / "trino.tgz",
                  "--namespace", prefix + "{}", "--create-namespace", "--values",
                  self.folder / "{}.json")
        took = time.monotonic() - begin
        self.check(prefix)
        self.cluster.clear(prefix)
        return took

    def check(self, prefix):
        if self.cluster.deployed(prefix) != MANY:
            raise CannotMeasure(f"{self.cluster.deployed(prefix)} releases, not {MANY}")

    def by_roasterd(self):
        """(seconds, (CPU seconds of helm, of the server), helms when all is posted
        again)"""
        prefix = f"many{self.round}-"
        log = HelmLog(self.server.log, prefix)
        own, helms = self.server.cpu()
        begin = time.monotonic()
        answers = self.post_all(prefix)
        wait_until(lambda: log.count() >= MANY, "all are deployed", ENDED_WITHIN_S, 0.005)
        took = time.monotonic() - begin
        self.check(prefix)
        self.await_ended(answers)
        cpu = tuple(b - a for a, b in zip((own, helms), self.server.cpu()))
        again = self.post_again(prefix)
        self.server.remove(self.cluster, prefix)
        return took, (cpu[1], cpu[0]), again

    def post_again(self, prefix):
        before = len(self.server.clock.starts())
        for answer in self.post_all(prefix):
            if answer.expect(200).json()["changed"]:
                raise CannotMeasure("the same YAML changed something")
        time.sleep(1)
        return len(self.server.clock.starts()) - before


def measure_many(bench):
    many = Many(bench)
    rows = (Row("G7", f"{MANY} Trinos posted until deployed", f"xargs -P {CORES} helm", "s",
                1.05),
            Row("G10", f"helms when the {MANY} are posted again", "helms of the first time",
                "", 0, is_timed=False),
            Row("G11", "CPU of the server, an operation", "CPU of helm", "ms", 0.02))

    def take():
        many.round += 1
        reference = many.by_xargs()
        took, (helm, server), again = many.by_roasterd()
        return (reference, took), (MANY, again), (helm * 1e3 / MANY, server * 1e3 / MANY)

    return alternate(bench.plan, take, *rows)
