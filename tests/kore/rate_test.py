#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many requests an address may send, and that a reload changes it."""
import signal
import socket

import kore_tap
from kore_tap import TIMEOUT_S, read_answer, request, until

MANY = 500


def asked(s, path, source="127.0.0.1"):
    """Answers over one connection, until one is 429 or there are many."""
    with socket.create_connection(("127.0.0.1", s.port), TIMEOUT_S, (source, 0)) as c:
        for _ in range(MANY):
            c.sendall(request("GET", path, close=False).encode())
            answer = read_answer(c)
            yield answer
            if answer.status == 429:
                return


def statuses(s, path):
    return [answer.status for answer in asked(s, path)]


def an_address_that_asks_too_much_is_told_to_wait():
    with kore_tap.server(rate_limit=1) as s:
        *served, last = asked(s, "/v1/trino/list")
        return ({answer.status for answer in served} == {401} and
                last.is_problem(429) and last.headers["retry-after"] == "1" and
                last.headers["connection"] == "keep-alive" and
                "more than 1 requests a second came from 127.0.0.1" in
                last.json()["detail"])


def each_address_counts_for_itself():
    with kore_tap.server(rate_limit=1) as s:
        for address in ("127.0.0.1", "127.10.205.99"):
            *served, last = asked(s, "/v1/trino/list", address)
            if not served or f" came from {address}" not in last.json()["detail"]:
                return False
        return True


def what_does_not_exist_counts_too():
    with kore_tap.server(rate_limit=1) as s:
        return statuses(s, "/nothing")[-1] == 429


def probes_are_always_answered():
    with kore_tap.server(rate_limit=1) as s:
        return all(429 not in statuses(s, path)
                   for path in ("/livez", "/metrics", "/ping"))


def a_reload_sets_and_ends_it():
    with kore_tap.server() as s:
        def reload(limit):
            seen = s.log().count("worker_reloaded")
            s.configure(rate_limit=limit)
            s.process.send_signal(signal.SIGHUP)
            until(lambda: s.log().count("worker_reloaded") == seen + 2,
                  "both workers have it", 60)
            return statuses(s, "/v1/trino/list")[-1]
        return [reload(1), reload(0)] == [429, 401]


if __name__ == "__main__":
    kore_tap.main([an_address_that_asks_too_much_is_told_to_wait,
                   each_address_counts_for_itself,
                   what_does_not_exist_counts_too, probes_are_always_answered,
                   a_reload_sets_and_ends_it])
