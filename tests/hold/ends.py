# SPDX-License-Identifier: Apache-2.0
"""SIGTERM while clients go on."""
import signal
import threading

from tap import equal, test

from load import Kept
from posts import create, stored
from server import LIMIT_S, family, is_alive, until

CLIENTS = 64
BUSY = 4  # answers that each had before


class Asker(threading.Thread):
    """Creates and lists without a pause, over a connection that is kept, until
    nobody listens any more. Whatever else happens is an error."""

    def __init__(self, server, number):
        super().__init__(daemon=True)
        self.client = Kept(server.url, server.admin.token)
        self.number = number
        self.answers = 0
        self.created = []
        self.error = None

    def run(self):
        try:
            while True:
                self.turn()
        except ConnectionRefusedError:
            pass
        except Exception as e:  # also a reset, or no answer
            self.error = repr(e)

    def turn(self):
        name = f"c{self.number}-{len(self.created)}"
        equal(create(self.client, name).status, 202)
        self.created.append(name)
        equal(self.client.get("/v2/components?limit=3").status, 200)
        self.answers += 2


@test
def no_request_of_64_connections_is_lost_by_a_stop(server):
    pids = family(server.process.pid)
    clients = [Asker(server, n) for n in range(CLIENTS)]
    for client in clients:
        client.start()
    until(lambda: all(client.answers >= BUSY or client.error
                      for client in clients), "all are busy")
    server.process.send_signal(signal.SIGTERM)
    status = server.process.wait(LIMIT_S)
    for client in clients:
        client.join()
    equal(status, 0)
    equal([pid for pid in pids if is_alive(pid)], [])
    errors = [client.error for client in clients if client.error]
    print(f"# {sum(client.answers for client in clients)} answers over"
          f" {CLIENTS} connections, {len(errors)} lost")
    equal(errors[:3], [])
    server.start()
    server.is_whole()
    lost = {name for client in clients for name in client.created}
    equal(lost - set(stored(server)), set())
