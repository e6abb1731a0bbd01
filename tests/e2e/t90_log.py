#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What roasterd says of itself: its log, its metrics, its request ids. The
last scenario, so that the log has something to say."""
import re

import kinds
from component import Home
from harness import (DEV, api, are_events, equal, errors, main, psql, request,
                     test, unique, wait_until)

ALONE = True  # it comes after all others

SAMPLE = re.compile(r'^[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})?'
                    r' [0-9.e+-]+$')


def lines():
    return (DEV / "roasterd.log").read_text().splitlines()


@test
def every_line_of_the_log_is_an_event_in_json():
    are_events(lines())


@test
def nothing_went_wrong_that_nobody_expected():
    equal(errors(lines()), [])


@test
def standard_output_has_the_first_password_and_nothing_else():
    text = (DEV / "roasterd.out").read_text()
    assert re.fullmatch(r"randomly generated password for user 'admin': "
                        r"[0-9a-f]{32}\n", text), text


@test
def a_request_id_is_taken_echoed_logged_and_kept():
    ident = unique("my.request_id")
    answer = request("GET", "/v1/trino/list",
                     headers={"X-Request-Id": ident})
    equal(answer.headers["x-request-id"], ident)
    equal(answer.problem(401)["request_id"], ident)
    equal(sum(f'"request_id":"{ident}"' in line for line in lines()), 1)
    answer = api("DELETE", "/v1/trino/delete", {"name": unique("no")},
                 headers={"X-Request-Id": ident + "2"})
    equal(answer.problem(404)["request_id"], ident + "2")


@test
def a_request_id_that_is_none_is_replaced():
    for bad in ("a b", "x" * 129, "<script>"):
        answer = request("GET", "/ping", headers={"X-Request-Id": bad})
        assert answer.headers["x-request-id"] != bad


@test
def metrics_are_in_prometheus_form():
    answer = api("GET", "/metrics").expect(200)
    names = set()
    for line in answer.body.decode().splitlines():
        if not line.startswith("#"):
            assert SAMPLE.match(line), line
            names.add(line.partition("{")[0].partition(" ")[0])
    assert {"roaster_http_requests_total", "roaster_operations_in_flight",
            "roaster_login_total", "roaster_build_info",
            "roaster_operation_queue_age_seconds"} <= names, names


def counted(kind, action):
    """Of operations that ended: by their result, by the time that they took;
    None before there are any."""
    labels = f'kind="{kind}",action="{action}"'
    ended, took = {}, {}
    for line in api("GET", "/metrics").body.decode().splitlines():
        series, _, value = line.rpartition(" ")
        if series.startswith(f"roaster_operations_total{{{labels},"):
            ended[series] = int(value)
        if series.startswith(f"roaster_operation_duration_seconds_bucket"
                             f"{{{labels},"):
            took[series.partition('le="')[2].partition('"')[0]] = int(value)
    return (ended, took) if ended and took else None


@test
def operations_that_ended_are_counted_and_timed():
    """The applier writes its counts down each five seconds."""
    for kind in kinds.ALL:
        for action in ("create", "delete"):
            ended, took = wait_until(
                lambda kind=kind, action=action: counted(kind.name, action),
                what=f"{kind.name} {action} in metrics")
            assert any(value > 0 for value in ended.values()), ended
            equal(took["+Inf"], sum(ended.values()))
            values = [took[le] for le in sorted(took, key=float)]
            equal(values, sorted(values))


@test
def routes_in_metrics_are_templates():
    for kind in kinds.ALL:
        Home(kind, name="some-name", namespace="some-namespace").component()
    text = api("GET", "/metrics").body.decode()
    assert 'route="/v2/components/{kind}/{namespace}/{name}"' in text
    assert "some-name" not in text


@test
def all_changes_are_in_the_audit():
    actions = {row[0] for row in psql("SELECT DISTINCT action FROM audit")}
    assert "login" in actions, actions
    missing = psql("SELECT o.id FROM operation o WHERE NOT EXISTS (SELECT 1"
                   " FROM audit a WHERE a.request_id = o.request_id AND"
                   " a.outcome IN ('created', 'updated', 'accepted'))")
    equal(missing, [])


if __name__ == "__main__":
    main()
