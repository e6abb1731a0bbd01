# SPDX-License-Identifier: Apache-2.0
"""Whatever is wrong with a document is answered 4xx, with its place and a
cure, and leaves every table as it was."""
import base64
import http.client
import json
import os
import re
import statistics
import time
import urllib.parse

import hostile
from documents import own_database, text_of
from tap import equal, test

SHOWN = int(os.environ.get("SHOWN", "5"))  # failures that are printed
# Tables that are written to by the clock, or by requests that are accepted.
MOVING = ("token", "server_node", "counter")


def rows(world):
    """{table: number of its rows}."""
    names = [name for name, in world.sql(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'roaster'")
        if name not in MOVING]
    assert len(names) >= 12, names
    return {name: count for name, count in world.sql(" UNION ALL ".join(
        f"SELECT '{name}', count(*) FROM {name}" for name in names))}


class Sender:
    """Posts on one connection, with a clock."""

    def __init__(self, world):
        self.http = http.client.HTTPConnection(
            world.admin.host, world.admin.port, timeout=60)
        self.token = world.admin.token
        self.times = []

    def post(self, kind, fields):
        """Status and JSON of the answer."""
        body = urllib.parse.urlencode(fields)
        begin = time.monotonic()
        self.http.request("POST", f"/v1/{kind}/create", body, {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/x-www-form-urlencoded"})
        answer = self.http.getresponse()
        body = answer.read()
        self.times.append((time.monotonic() - begin) * 1000)
        return answer.status, json.loads(body)


def is_of_the_form(pointer):
    return pointer is not None and pointer.strip("/") in hostile.FORM


def is_at(error, pointer):
    """Names the field. What is no YAML has none yet, but a line."""
    found = error.get("pointer")
    if found is None and not is_of_the_form(pointer):
        return error.get("line", 0) >= 1 and error.get("column", 0) >= 1
    return pointer is None or f"{found}/".startswith(f"{pointer}/")


def is_said_twice(error):
    """Whether the text names the place that stands before it anyway."""
    if re.search(rf"\bline {error.get('line', 0)}\b", error["detail"]):
        return True
    steps = error.get("pointer", "").split("/")[1:]
    path = re.sub(r"\.(\d+)(?=\.|$)", r"[\1]", ".".join(steps))
    words = re.split(r"[\s:,\"']+", error["detail"])
    return bool(steps) and (path in words or words[0] == steps[-1])


def complaint(answer, pointer):
    """What is wrong with a refusal; None if nothing is."""
    status, problem = answer
    if not 400 <= status < 500:
        return f"{status}: {problem}"
    errors = problem.get("errors", [])
    if not any(is_at(error, pointer) for error in errors):
        return f"no place, {pointer}: {errors}"
    if not all(len(error["detail"]) >= 10 for error in errors):
        return f"no cure: {errors}"
    if any(map(is_said_twice, errors)):
        return f"the place twice: {errors}"
    return None


def check(world, kind, about, cases):
    """Send all ${cases} (name, fields of the form, pointer); none is
    accepted."""
    sender = Sender(world)
    before = rows(world)
    names, bad = [], []
    for name, fields, pointer in cases:
        names.append(name)
        wrong = complaint(sender.post(kind, fields), pointer)
        if wrong is not None:
            bad.append(f"{name}: {wrong}"[:600])
    assert not bad, f"{len(bad)} of {len(names)}:\n" + "\n".join(bad[:SHOWN])
    equal(rows(world), before)
    most, name = max(zip(sender.times, names))
    print(f"# {about} of {kind}: {len(names)} refused, ms: p50"
          f" {statistics.median(sender.times):.1f}, most {most:.1f}, {name}")


def documents(cases):
    for name, data, pointer in cases:
        yield name, {"yaml": base64.b64encode(data).decode()}, pointer


def forms(yaml, cases):
    code = base64.b64encode(yaml.encode()).decode()
    for name, fields, pointer in cases:
        yield name, {"yaml": code, **fields}, pointer


@test
def the_documents_that_are_spoilt_are_good(world):
    for kind in hostile.KINDS:
        world.begin_test()
        answer = Sender(world).post(kind, {
            "yaml": base64.b64encode(text_of(kind).encode()).decode()})
        equal(answer[0], 202, answer)


@test
def yaml_that_is_no_plain_tree_is_refused_at_its_place(world):
    check(world, "trino", "trees", documents(hostile.not_a_tree()))


@test
def a_field_of_the_wrong_type_or_range_is_named(world):
    for kind in hostile.KINDS:
        check(world, kind, "fields", documents(hostile.wrong_fields(kind)))


@test
def a_name_that_is_none_is_refused(world):
    for kind in hostile.KINDS:
        check(world, kind, "names", documents(hostile.wrong_names(kind)))


@test
def a_form_field_that_is_wrong_is_named(world):
    for kind in hostile.KINDS:
        text = own_database() if kind == "hive_metastore" else text_of(kind)
        check(world, kind, "forms", forms(text, hostile.wrong_forms(kind)))
