# SPDX-License-Identifier: Apache-2.0
"""main.py DRIVERS [MODULE...]: all tests of this folder, or those of some."""
import importlib
import signal
import sys

from room import Room
from server import Server
from tap import Tap, tests_of

MODULES = ("migrate_test", "query_test", "account_test", "component_test",
           "apply_test", "race_test", "link_test", "pool_test")


def prepare(server, drivers):
    """A migrated database to copy."""
    server.create("template_roaster")
    room = Room(server, drivers, "template_roaster")
    for step in ("roles", "migrate"):
        status, text = room.driver(step, room.conninfo())
        assert status == 0, text


def main(drivers, *names):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("terminated"))
    tap = Tap()
    server = Server()
    try:
        prepare(server, drivers)
        for name in names or MODULES:
            database = name.removesuffix("_test")
            server.create(database, template="template_roaster")
            room = Room(server, drivers, database)
            for test in tests_of(importlib.import_module(name)):
                tap.run(test, room)
    finally:
        server.close()
    return tap.finish()


sys.exit(main(*sys.argv[1:]))
