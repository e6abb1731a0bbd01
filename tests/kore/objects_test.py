#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What cannot be seen from outside: who calls whom in Kore's objects."""
import os
import re
import subprocess

import kore_tap

OUT = os.environ.get("OUT", str(kore_tap.TOP / "build" / "rel"))


def calls(name):
    """What each function of an object calls."""
    text = subprocess.run(
        ["objdump", "-dr", "--no-show-raw-insn", f"{OUT}/kore/{name}.o"],
        check=True, capture_output=True, text=True).stdout
    found = {}
    for part in re.split(r"^[0-9a-f]+ <", text, flags=re.M)[1:]:
        function = part.split(">")[0].split(".")[0]
        found.setdefault(function, set()).update(
            re.findall(r"R_X86_64_PL\w+\s+(\w+)", part))
    return found


def a_body_is_hashed_for_nobody():
    of = calls("http")
    hashing = {caller for caller, names in of.items()
               if any(name.startswith("SHA256") for name in names)}
    print(f"# {sorted(hashing)}")
    return hashing == {"http_body_digest"}


if __name__ == "__main__":
    kore_tap.main([a_body_is_hashed_for_nobody])
