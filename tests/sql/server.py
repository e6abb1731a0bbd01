# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL in a folder of its own, gone when the tests end."""
import ctypes
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

from libpq import Refused, Session

STOP_WITHIN_S = 30
PR_SET_PDEATHSIG = 1


def programs():
    """The folder of initdb and postgres."""
    try:
        out = subprocess.run(["pg_config", "--bindir"], text=True, check=True,
                             stdout=subprocess.PIPE).stdout.strip()
        found = [pathlib.Path(out)]
    except (OSError, subprocess.CalledProcessError):
        found = []
    root = pathlib.Path("/usr/lib/postgresql")
    found += sorted(root.glob("*/bin"), key=lambda p: float(p.parent.name),
                    reverse=True)
    for folder in found:
        if (folder / "initdb").exists():
            return folder
    raise SystemExit("PostgreSQL's server programs are not installed")


def account():
    """Whom to run it as: initdb refuses root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    raise SystemExit("there is no unprivileged user to run PostgreSQL as")


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


class Server:
    FSYNC = "off"  # of what a test stores nothing has to last

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="sql-test-")
        self.log = open(os.path.join(self.folder, "log"), "wb")
        self.process = None
        self.bin = programs()
        who = account()
        self.identity = {}
        if who is not None:
            os.chown(self.folder, who.pw_uid, who.pw_gid)
            self.identity = {"user": who.pw_uid, "group": who.pw_gid,
                             "extra_groups": []}
        subprocess.run(
            [self.bin / "initdb", "-D", self.data(), "-U", "owner", "-A",
             "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            check=True, stdout=subprocess.DEVNULL, cwd=self.folder,
            **self.identity)
        self.start()

    def data(self):
        return os.path.join(self.folder, "data")

    def start(self):
        settings = {"listen_addresses": "", "fsync": self.FSYNC,
                    "unix_socket_directories": self.folder,
                    "max_connections": "60", "deadlock_timeout": "100ms",
                    "log_min_messages": "warning"}
        args = [self.bin / "postgres", "-D", self.data()]
        for name, value in settings.items():
            args += ["-c", f"{name}={value}"]
        self.process = subprocess.Popen(
            args, stdout=self.log, stderr=self.log, cwd=self.folder,
            preexec_fn=die_with_parent, **self.identity)
        self.wait()

    def wait(self):
        end = time.monotonic() + STOP_WITHIN_S
        while True:
            try:
                return self.session(database="postgres").close()
            except Refused:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise
                time.sleep(0.02)

    def stop(self, how=signal.SIGINT):
        """SIGINT: fast, SIGQUIT: as if it crashed."""
        self.process.send_signal(how)
        self.process.wait(STOP_WITHIN_S)

    def close(self):
        if self.process is not None and self.process.poll() is None:
            self.stop(signal.SIGQUIT)
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def conninfo(self, user="owner", database="roaster"):
        return f"host={self.folder} user={user} dbname={database}"

    def session(self, user="owner", database="roaster"):
        return Session(self.conninfo(user, database))

    def create(self, database, *, template="template1", owner="owner"):
        with self.session(database="postgres") as s:
            s.run(f"CREATE DATABASE {database} TEMPLATE {template}"
                  f" OWNER {owner}")
