# SPDX-License-Identifier: Apache-2.0
"""G1: what a request costs that needs nobody else, beside nginx."""
from load import wrk
from machine import cpu_s
from rows import Row, alternate
from servers import nginx

CONNECTIONS = 64


def cost_us(daemon, url, seconds):
    """Processor time a request, over all processes of ${daemon}."""
    pids = daemon.pids()
    before = cpu_s(pids)
    answers = wrk(url, CONNECTIONS, seconds)
    return (cpu_s(pids) - before) / answers.count * 1e6


def measure(bench):
    beside = bench.start(nginx(bench.path("nginx")))
    api = bench.api("answers")
    seconds = bench.plan.seconds
    ping = Row("G1", "CPU of GET /ping, c64", "nginx return 200", "us", 1.15)
    livez = Row("G1", "CPU of GET /livez, c64", "nginx return 200", "us", 1.15)

    def take():
        reference = cost_us(beside, beside.url, seconds)
        return ((reference, cost_us(api, api.url + "/ping", seconds)),
                (reference, cost_us(api, api.url + "/livez", seconds)))

    return alternate(bench.plan, take, ping, livez)
