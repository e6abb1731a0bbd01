#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a user says reaches helm as the value of a flag of ours, as a name
behind "--" or on standard input. A helm that notes what it was given, and then
is the real one, is asked about everything that components of all kinds need,
with names and texts that look like flags."""
import base64
import collections
import concurrent.futures
import gzip
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import sys

import harness
import kinds
import kube
import procs
from canary import Canaries
from component import Home, succeeded
from harness import DEV, equal, main, test, wait_until

ALONE = True  # it puts another helm in the place of helm

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = DEV / "noting"
MARK = "zqx9"  # in all that the user says
LINE = (f"--post-renderer={MARK} --kubeconfig=/etc/{MARK} -f {MARK} --set"
        f" a={MARK},b={{{MARK}}} $(id {MARK}) `id {MARK}`; id {MARK} | @{MARK}"
        f" {{{{ .Values.{MARK} }}}} '{MARK}' \\{MARK} %{MARK}")
KEY = secrets.token_hex(16)
CANARIES = Canaries({"key": KEY})
LONGEST_NAMESPACE, LONGEST_NAME = 63, 53


def legal(length):
    """A name of that length, with a digit at both ends."""
    start = (f"0{MARK}--set-file--post-renderer--debug--kubeconfig--x"
             )[:length - 9]
    return start + (secrets.token_hex(length) + "9")[-(length - len(start)):]


HOMES = [Home(kind, name=legal(LONGEST_NAME), namespace=legal(LONGEST_NAMESPACE))
         for kind in kinds.ALL]
QUOTED = json.dumps(LINE)
# Text of the user's wherever it may be any text.
TEXTS = {
    "trino": (("connector.name=tpch\n",
               f"connector.name=tpch\n          # {LINE}\n"),),
    "hive_metastore": (("https://any-endpoint", f"http://{MARK}--set:9000"),),
    "spark_thrift_server": (
        ("s3a://mykidong/spark-app/", f"s3a://{MARK}/--set/"),
        ("  volumes:\n", f"  confs:\n    spark.{MARK}: {QUOTED}\n  volumes:\n")),
}
FLAGS_FOR_NAMES = ("--debug", "-f", "--post-renderer=x", "@x", '"a\\n--debug"',
                   "$(id)", f"a{'b' * LONGEST_NAMESPACE}")

NAMES = "|".join(sorted({re.escape(name) for home in HOMES
                         for name in home.releases()}))
NAMESPACES = "|".join(re.escape(home.namespace) for home in HOMES)
WHERE = (f"--namespace=(?:{NAMESPACES})", "--timeout=[0-9]+s")
WHAT = ("--hide-notes",
        "--labels=roaster-op=[0-9a-f-]{36},roaster-fence=[0-9]+,"
        "roaster-digest=[0-9a-f]{32}", "--", NAMES,
        re.escape(str(DEV)) + r"/state/[a-z0-9/]+\.tgz")
# Every argument that there may be, in order.
RECIPES = {
    "install": ("install", *WHERE, "--values=-", *WHAT),
    "upgrade": ("upgrade", "--install", *WHERE, "--values=-",
                "--reset-values", "--history-max=10", *WHAT),
    "rollback": ("rollback", *WHERE, "--", NAMES, "[0-9]+"),
    "uninstall": ("uninstall", *WHERE, "--ignore-not-found", "--", NAMES),
    "version": ("version", re.escape("--template={{.Version}}")),
}
VARIABLES = {"HOME", "PATH", "KUBECONFIG", "KUBECACHEDIR", "NO_COLOR", "GOGC",
             "GOMEMLIMIT", "GOMAXPROCS"}


# --- the helm that notes ------------------------------------------------------

def place_helm(real):
    """Its path."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    (FOLDER / "runs").mkdir(parents=True)
    (FOLDER / "real").symlink_to(real)
    helm = FOLDER / "helm"
    helm.write_text(f"#!{sys.executable} -ISE\n" +
                    (HERE / "noting_helm.py").read_text())
    helm.chmod(0o700)
    return helm


def runs():
    """In the order of time."""
    return [json.loads(file.read_text())
            for file in sorted((FOLDER / "runs").glob("*.json"))]


def start_with(helm):
    """End roasterd, and start it with that helm."""
    pid = procs.supervisor()
    os.kill(pid, signal.SIGTERM)
    wait_until(lambda: not procs.is_alive(pid), what="end of roasterd")
    harness.world("up", HELM=str(helm))


# --- what is done -------------------------------------------------------------

def all_homes(function):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        return list(pool.map(function, HOMES))


def post(home, word, *edits):
    """The document, full of flags; the operation's id."""
    changes, fields = home.kind.credential(KEY)
    line = f"\n  namespace: {home.kind.posted_namespace}\n"
    note = f"{line}  annotations: {{note: {QUOTED}}}\n"
    return home.accepted(*TEXTS[home.kind.name], (line, note), *changes, *edits,
                         *home.kind.change(word), **fields)


def break_off(home):
    """As a helm leaves it that was killed during an upgrade."""
    name, number = home.release(), home.revision()
    path = kube.path_of("secrets", home.namespace,
                        f"sh.helm.release.v1.{name}.v{number}")
    secret = kube.call("GET", path)
    release = json.loads(kube.unpack(secret))
    release["version"] = number = int(number) + 1
    release["info"]["status"] = "pending-upgrade"
    packed = base64.b64encode(gzip.compress(json.dumps(release).encode()))
    secret["data"]["release"] = base64.b64encode(packed).decode()
    secret["metadata"] = {
        "name": f"sh.helm.release.v1.{name}.v{number}",
        "labels": {**secret["metadata"]["labels"], "version": str(number),
                   "status": "pending-upgrade"}}
    kube.create("secrets", home.namespace, secret)


@test
def components_full_of_flags_run_are_changed_and_go():
    FOLDER.parent.mkdir(exist_ok=True)
    start_with(place_helm(harness.environment()["HELM"]))
    ids = all_homes(lambda home: post(home, "FIRST"))
    for ident in ids:
        succeeded(ident)
    before = len(runs())
    for home in HOMES:
        for name in FLAGS_FOR_NAMES:
            text = home.kind.rename(home.kind.text(), home.namespace, name)
            home.post(text=text).problem(400)
    equal(len(runs()), before, "runs of helm for what is refused")
    for ident in all_homes(lambda home: post(home, "SECOND")):
        succeeded(ident)
    all_homes(break_off)
    for ident in all_homes(lambda home: post(home, "THIRD")):
        succeeded(ident)
    for home in HOMES:
        equal(home.kind.shows(home), {"THIRD"})
    all_homes(lambda home: home.deleted(delete_data="true"))


# --- what helm was given ------------------------------------------------------

@test
def every_kind_of_run_was_seen():
    counted = collections.Counter(run["argv"][0] for run in runs())
    print("# " + ", ".join(f"{verb} {n}" for verb, n in counted.items()))
    equal(set(counted), set(RECIPES))
    for home in HOMES:
        for name in home.releases():
            seen = {run["argv"][0] for run in runs() if name in run["argv"]}
            assert {"install", "uninstall"} <= seen, (name, seen)


@test
def every_argument_is_one_of_ours():
    for run in runs():
        recipe = RECIPES[run["argv"][0]]
        equal(len(run["argv"]), len(recipe), run["argv"])
        for argument, pattern in zip(run["argv"], recipe):
            assert re.fullmatch(pattern, argument), (argument, pattern)


@test
def names_of_the_user_are_where_names_belong():
    for run in runs():
        marked = [arg for arg in run["argv"] if MARK in arg]
        if run["argv"][0] == "version":
            equal(marked, [])
            continue
        name = run["argv"][run["argv"].index("--") + 1]
        assert marked[0].startswith("--namespace=0"), marked
        equal(marked[1:], [] if name == "mysql" else [name])


@test
def no_variable_has_anything_of_the_user():
    for run in runs():
        names = {name for name in run["environ"]
                 if not name.startswith("HELM_")}
        assert names <= VARIABLES, names
        for pair in run["environ"].items():
            assert MARK not in "=".join(pair) and len(pair[1]) < 256, pair


@test
def text_of_the_user_is_in_the_values_and_nowhere_else():
    for run in runs():
        is_apply = "--values=-" in run["argv"]
        equal(bool(run["input"]), is_apply, run["argv"])
        if is_apply and "mysql" not in run["argv"]:
            assert MARK in run["input"], run["argv"]
        if is_apply:
            assert isinstance(json.loads(run["input"]), dict), run["input"]


@test
def no_run_was_given_a_key():
    for run in runs():
        equal(CANARIES.find(json.dumps(run).encode()), [], run["argv"])


def end():
    for home in HOMES:
        home.end()
    start_with((FOLDER / "real").readlink())
    shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main()
