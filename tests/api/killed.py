# SPDX-License-Identifier: Apache-2.0
"""What must not be forgotten when all processes are killed at once."""
import contextlib
import os
import pathlib
import signal
import subprocess
import time

from tap import equal, test

PROC = pathlib.Path("/proc")
DIR = pathlib.Path(os.environ["ROASTER_DIR"])
# The same account, as clients may spell it in a form.
SPELLINGS = ("admin", "ADMIN", "admin%20", "+admin", "Admin%0a", "%20aDmIn%20",
             "adm%69n", "%41dmin", "admin%09", "admin")


def parents():
    """{pid: its parent} of all processes."""
    found = {}
    for path in PROC.glob("[0-9]*/stat"):
        try:
            fields = path.read_bytes().rpartition(b")")[2].split()
        except OSError:
            continue  # gone
        if fields[0] != b"Z":
            found[int(path.parent.name)] = int(fields[1])
    return found


def family():
    """roasterd and all that it started."""
    parent = parents()
    pids = [int((DIR / "pid").read_text())]
    for pid in pids:
        pids += [child for child in parent if parent[child] == pid]
    return pids


def kill_everything():
    """Returns how many it were; they are gone."""
    pids = family()
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):  # it went with another
            os.kill(pid, signal.SIGKILL)
    while set(pids) & set(parents()):
        time.sleep(0.01)
    return len(pids)


def start():
    done = subprocess.run([pathlib.Path(__file__).parent / "start.sh", DIR],
                          check=False)
    equal(done.returncode, 0)


def wait_until_served(client, begin):
    """By each worker: the one that is asked may still be connecting to the
    database. Nothing but that is accepted."""
    good = 0
    while good < 20:
        status = client.get("/v1/trino/list").status
        assert status in (200, 503), status
        good = good + 1 if status == 200 else 0
        assert time.monotonic() < begin + 30
    print(f"# served by all workers {time.monotonic() - begin:.1f} s after"
          " everything was killed")


def login(world, user, password):
    """${user}: as it stands in the form."""
    return world.nobody.form("POST", "/v1/login",
                             f"user={user}&password={password}")


@test
def a_locked_account_stays_locked_when_all_are_killed(world):
    ann = world.user("ann")
    equal(world.create(ann).status, 202)
    equal([login(world, user, "wrong").status for user in SPELLINGS],
          [401] * 5 + [429] * 5)
    begin = time.monotonic()
    count = kill_everything()
    assert count >= 5, count
    start()
    wait_until_served(ann, begin)
    for user in SPELLINGS:
        for password in ("wrong", world.password):
            answer = login(world, user, password)
            equal(answer.status, 429, (user, password))
            assert 0 < int(answer.headers["retry-after"]) <= 900
    world.login("ann")
    for client in (world.admin, ann):  # tokens are as good as before
        equal([item["name"] for item in client.get("/v1/trino/list").json],
              ["etl"])
