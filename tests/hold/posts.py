# SPDX-License-Identifier: Apache-2.0
"""Requests of many threads at once, and what became of what they wrote."""
import threading

from world import base64_of, yaml_of


def create(client, name):
    """Post a component of this name, in a namespace of this name."""
    return client.form("POST", "/v1/trino/create", {
        "yaml": base64_of(yaml_of(name=name, namespace=name))})


def at_once(jobs):
    """Call all of ${jobs} at the same time; what they returned, in order. What
    one raised is raised."""
    found = [None] * len(jobs)

    def run(number, job):
        try:
            found[number] = job()
        except BaseException as e:
            found[number] = e

    threads = [threading.Thread(target=run, args=pair, daemon=True)
               for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for one in found:
        if isinstance(one, BaseException):
            raise one
    return found


def is_away(answer):
    """A 503 as it has to be."""
    if answer.status != 503:
        return False
    problem = answer.problem()
    assert int(answer.headers["retry-after"]) >= 1, answer.headers
    assert problem["code"] == "unavailable", problem
    return True


def stored(server):
    """{name: id} of all components."""
    return dict(map(tuple, server.sql("SELECT name, id FROM component")))
