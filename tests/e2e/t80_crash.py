#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The applier killed at the worst moments: what it was at ends where it was to
go, with one deployed revision of each release, and every operation ends once.
"""
import kinds
from harness import main
from killing import Kills, Removal

APART = True  # it kills what all need

KILLS = Kills("crash")
STORIES = [*(Removal(kind, KILLS) for kind in kinds.ALL), KILLS]


if __name__ == "__main__":
    main()
