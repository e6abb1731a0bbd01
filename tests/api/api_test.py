# SPDX-License-Identifier: Apache-2.0
"""All API tests, over HTTP, against ROASTER_URL. The database of ROASTER_PG is
emptied of components and users: run.sh makes one for the purpose."""
import sys

import accounts
import bodies
import canaries
import components
import curl
import log
import probes
import refusals
import roles
import routes
import sending
import waits
from tap import Tap, tests_of
from world import World

MODULES = (routes, bodies, sending, refusals, accounts, roles, components, waits,
           curl, canaries, probes, log)


def main(wanted):
    tap = Tap()
    world = World()
    for module in MODULES:
        if not wanted or module.__name__ in wanted:
            for test in tests_of(module):
                tap.run(test, world)
    return tap.finish()


sys.exit(main(sys.argv[1:]))
