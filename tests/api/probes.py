# SPDX-License-Identifier: Apache-2.0
"""/ping, /livez, /readyz, /version, /metrics."""
import contextlib
import re
import socket
import time

from tap import contains, equal, test

WITHIN_S = 60


@test
def ping_is_pong(world):
    answer = world.nobody.get("/ping?x=1")
    equal((answer.status, answer.body), (200, b"pong"))
    assert "cache-control" not in answer.headers


@test
def livez_asks_nobody(world):
    equal(world.nobody.get("/livez").status, 200)


@test
def version_names_the_version(world):
    assert re.match(r"\d+\.\d+\.\d+ ", world.nobody.get("/version").json
                    ["version"])


@test
def readyz_says_that_no_applier_is_there(world):
    world.sql("DELETE FROM server_node")
    for path in ("/readyz", "/readyz?verbose", "/healthz"):
        answer = world.nobody.get(path)
        equal(answer.status, 503, path)
        equal([e["pointer"] for e in answer.problem()["errors"]], ["/applier"])


@test
def readyz_is_good_while_an_applier_is_alive(world):
    world.sql("INSERT INTO server_node (id, process, version)"
              " VALUES ('n', 'apply', 'v')")
    try:
        equal(world.nobody.get("/readyz").status, 200)
        contains(world.nobody.get("/readyz?verbose").body, b"database ok\n")
        world.sql("UPDATE server_node SET seen_at = now() -"
                  " interval '31 seconds'")
        equal(world.nobody.get("/readyz").status, 503)
    finally:
        world.sql("DELETE FROM server_node")


@test
def readyz_refuses_another_schema(world):
    world.sql("INSERT INTO schema_version SELECT (jsonb_populate_record(s,"
              " '{\"number\": 9999}')).* FROM schema_version s LIMIT 1")
    try:
        problem = world.nobody.get("/readyz").problem()
        contains([e["pointer"] for e in problem["errors"]], "/schema")
    finally:
        world.sql("DELETE FROM schema_version WHERE number = 9999")


# --- metrics -----------------------------------------------------------------

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(
    rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (-?\d+(?:\.\d+)?)")


def family_of(name, types):
    for suffix in ("_bucket", "_sum", "_count"):
        base = name.removesuffix(suffix)
        if base != name and types.get(base) == "histogram":
            return base
    return name


def parse(text):
    """Samples by name and labels; refuses what Prometheus would."""
    types, samples, closed, family = {}, {}, set(), None
    assert text.endswith("\n")
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in types, line
            types[name] = kind
            continue
        if line.startswith("# HELP "):
            continue
        match = SAMPLE.fullmatch(line)
        assert match, line
        name, labels, value = match.groups()
        of = family_of(name, types)
        assert of in types, f"no TYPE: {line}"
        if of != family:
            assert of not in closed, f"not in one block: {line}"
            closed.add(of)
            family = of
        assert (name, labels) not in samples, f"twice: {line}"
        samples[name, labels] = float(value)
    return types, samples


def metrics(world):
    answer = world.nobody.get("/metrics")
    equal(answer.status, 200)
    equal(answer.headers["content-type"],
          "text/plain; version=0.0.4; charset=utf-8")
    return parse(answer.body.decode())


@test
def metrics_are_in_prometheus_text_format(world):
    world.create()
    world.sql("INSERT INTO counter VALUES"
              " ('roaster_helm_exec_total', 'command=\"upgrade\"', 3),"
              " ('roaster_helm_exec_total', 'command=\"list\"', 4),"
              " ('roaster_operation_duration_seconds_bucket', 'le=\"1\"', 1),"
              " ('roaster_operation_duration_seconds_bucket', 'le=\"+Inf\"', 2),"
              " ('roaster_operation_duration_seconds_count', '', 2),"
              " ('roaster_operation_duration_seconds_sum', '', 12345)"
              " ON CONFLICT DO NOTHING")
    types, samples = metrics(world)
    equal(types["roaster_http_requests_total"], "counter")
    equal(types["roaster_http_request_duration_seconds"], "histogram")
    equal(types["roaster_helm_exec_total"], "counter")
    equal(samples["roaster_helm_exec_total", 'command="list"'], 4)
    name = "roaster_operation_duration_seconds"
    equal({key: types[key] for key in types if key.startswith(name)},
          {name: "histogram"})
    equal(samples[f"{name}_bucket", 'le="+Inf"'], 2)
    equal(samples[f"{name}_count", None], 2)
    equal(samples[f"{name}_sum", None], 12.345)
    equal(samples["roaster_component_info", 'kind="trino",namespace="etl",'
                  'name="etl",state="Pending"'], 1)
    equal(samples["roaster_operations_in_flight", None], 1)
    assert ("roaster_operation_queue_age_seconds", None) in samples
    assert any(name == "roaster_build_info" for name, _ in samples)


@test
def metrics_count_by_template_and_never_by_name(world):
    labels = 'method="GET",route="/v2/components/{kind}/{namespace}/{name}",' \
             'code="404"'
    key = ("roaster_http_requests_total", labels)
    _, before = metrics(world)
    world.admin.get("/v2/components/trino/ns/a-name-of-mine")
    world.nobody.get("/a-path-of-mine")
    _, after = metrics(world)
    equal(after[key], before.get(key, 0) + 1)
    assert "of-mine" not in str(after.keys())


@test
def histograms_add_up(world):
    _, samples = metrics(world)
    route = 'method="POST",route="/v1/login"'
    name = "roaster_http_request_duration_seconds"
    values = [v for (n, labels), v in samples.items()
              if n == name + "_bucket" and labels.startswith(route)]
    assert len(values) >= 10 and values == sorted(values), values
    equal(values[-1], samples[name + "_count", route])
    assert samples[name + "_sum", route] > 0


def processes(world):
    """{worker: {name of the metric: value}}"""
    types, samples = metrics(world)
    found = {}
    for (name, labels), value in samples.items():
        if name.startswith("process_"):
            equal(types[name], "counter" if name.endswith("_total")
                  else "gauge", name)
            found.setdefault(labels, {})[name] = value
    return found


def soon(condition):
    """Numbers of a process are some seconds old."""
    end = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < end, condition
        time.sleep(0.1)


def total(world, name):
    return sum(values[name] for values in processes(world).values())


@test
def every_worker_says_what_it_costs(world):
    found = processes(world)
    equal(sorted(found), ['worker="1"', 'worker="2"'])
    for values in found.values():
        equal(sorted(values), [
            "process_cpu_seconds_total", "process_max_fds", "process_open_fds",
            "process_resident_memory_bytes", "process_start_time_seconds"])
        assert 0 < values["process_start_time_seconds"] <= time.time(), values
        assert 5 < values["process_open_fds"] <= values["process_max_fds"]
        assert 1e6 < values["process_resident_memory_bytes"] < 1e9, values


@test
def what_a_worker_costs_goes_with_what_it_does(world):
    fds = total(world, "process_open_fds")
    cpu = total(world, "process_cpu_seconds_total")
    with contextlib.ExitStack() as stack:
        def connects():  # one more: those that say nothing are closed in time
            stack.enter_context(socket.create_connection(
                (world.nobody.host, world.nobody.port)))
            return total(world, "process_open_fds") > fds + 40

        for _ in range(60):
            connects()
        soon(connects)
        world.login("admin", world.password)
        soon(lambda: total(world, "process_cpu_seconds_total") > cpu)
    soon(lambda: total(world, "process_open_fds") < fds + 40)


@test
def logins_are_counted_by_result(world):
    def logins():
        _, samples = metrics(world)
        return {r: samples["roaster_login_total", f'result="{r}"']
                for r in ("accepted", "refused", "locked", "busy")}

    before = logins()
    for _ in range(6):
        world.nobody.form("POST", "/v1/login", {
            "user": "nobody", "password": "wrong"})
    world.login("admin", world.password)
    after = logins()
    equal({r: after[r] - before[r] for r in after},
          {"accepted": 1, "refused": 5, "locked": 1, "busy": 0})
