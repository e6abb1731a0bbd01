# SPDX-License-Identifier: Apache-2.0
"""In the place of helm, by itself and not a module of the tests: it notes what
it was given in the folder "runs" beside it, and becomes the program "real"
there, in the same process and with the same environment."""
import json
import os
import sys
import time

HERE = os.path.dirname(os.path.realpath(sys.argv[0]))


def environment():
    """What it was started with: Python itself may have added something."""
    with open("/proc/self/environ", "rb") as file:
        parts = file.read().decode().split("\0")[:-1]
    return dict(part.split("=", 1) for part in parts)


def note(run):
    """Whole or not at all."""
    name = os.path.join(HERE, "runs", f"{time.time_ns()}-{os.getpid()}")
    with open(name, "w") as file:
        json.dump(run, file)
    os.rename(name, name + ".json")


def main():
    values = sys.stdin.buffer.read()
    environ = environment()
    note({"argv": sys.argv[1:], "environ": environ, "input": values.decode()})
    copy = os.memfd_create("values")
    with open(copy, "wb", closefd=False) as file:
        file.write(values)
    os.lseek(copy, 0, os.SEEK_SET)
    os.dup2(copy, 0)
    os.execve(os.path.join(HERE, "real"), ["helm", *sys.argv[1:]], environ)


main()
