# SPDX-License-Identifier: Apache-2.0
"""All API tests, over HTTP, against ROASTER_URL. The database of ROASTER_PG is
emptied of components and users: run.sh makes one for the purpose. Arguments:
modules or tests; none: all."""
import sys

import accounts
import bodies
import canaries
import components
import curl
import killed
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
           curl, canaries, killed, probes, log)


def main(wanted):
    tap = Tap()
    world = World()
    for module in MODULES:
        for test in tests_of(module):
            if not wanted or {module.__name__, test.__name__} & set(wanted):
                tap.run(test, world)
    return tap.finish()


sys.exit(main(sys.argv[1:]))
