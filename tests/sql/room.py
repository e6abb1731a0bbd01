# SPDX-License-Identifier: Apache-2.0
"""What each test is given."""
import pathlib
import subprocess


class Room:
    """The server, the programs, a database of the module's own."""

    def __init__(self, server, drivers, database):
        self.server = server
        self.drivers = pathlib.Path(drivers).resolve()
        self.database = database
        self.open = []

    def session(self, user="owner"):
        """Closed after the test at the latest."""
        session = self.server.session(user, self.database)
        self.open.append(session)
        return session

    def end_test(self):
        for session in self.open:
            session.close()
        self.open.clear()

    def conninfo(self, user="owner"):
        return self.server.conninfo(user, self.database)

    def driver(self, *args):
        """Run db_driver to its end: exit status and what it printed."""
        done = subprocess.run([self.drivers / "db_driver", *args],
                              stdout=subprocess.PIPE, text=True, timeout=120)
        return done.returncode, done.stdout
