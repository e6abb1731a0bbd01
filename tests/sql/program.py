# SPDX-License-Identifier: Apache-2.0
"""A program that takes commands on its input and answers in lines."""
import subprocess
import threading

from tap import WITHIN_S, within


class Program:
    def __init__(self, room, name, *args):
        self.process = subprocess.Popen(
            [room.drivers / name, *args], text=True, bufsize=1,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.lines = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        room.open.append(self)

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))

    def send(self, *commands):
        """All of them in one write."""
        self.process.stdin.write("".join(c + "\n" for c in commands))
        self.process.stdin.flush()

    def ask(self, command):
        """The one line that answers it, of a program that says nothing else."""
        self.send(command)
        within(lambda: self.lines)
        return self.lines.pop(0)

    def answers(self, word):
        """What it said so far that begins so, the word left out."""
        return [line.split(" ", 1)[1] for line in list(self.lines)
                if line.startswith(word + " ")]

    def end(self):
        """Close its input; its exit status, 0 if no sanitizer spoke."""
        if not self.process.stdin.closed:
            self.process.stdin.close()
        status = self.process.wait(WITHIN_S)
        self.reader.join(WITHIN_S)
        return status

    def close(self):
        """Kill it if it still runs; also done after the test."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join(WITHIN_S)
        self.process.stdout.close()
        if not self.process.stdin.closed:
            self.process.stdin.close()
