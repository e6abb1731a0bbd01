# SPDX-License-Identifier: Apache-2.0
"""The failpoints of build/fail/roasterd, which `make fail` makes: the table of
the code, and arming them. A process that gets to an armed one stops there."""
import pathlib
import re

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = TOP / "build/fail/roasterd"
TABLE = TOP / "src/fail/fail.h"
# {name: what is true there}
MOMENTS = dict(re.findall(r'^\tX\((\w+), +"([^"]+)"\)', TABLE.read_text(),
                          re.M))


def of_applier():
    return {name for name in MOMENTS if name.startswith("apply_")}


def of_others():
    return set(MOMENTS) - of_applier()


class Failpoints:
    """Those of the processes that have this state folder."""

    def __init__(self, state):
        self.folder = pathlib.Path(state) / "failpoints"
        self.hit = set()

    def arm(self, name):
        assert name in MOMENTS, name
        self.folder.mkdir(exist_ok=True)
        (self.folder / name).touch()

    def was_hit(self, name):
        """Some process got there."""
        if (self.folder / name).exists():
            return False
        self.hit.add(name)
        return True
