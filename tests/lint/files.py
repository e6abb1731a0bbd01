# SPDX-License-Identifier: Apache-2.0
"""What the checks of this folder share: which files there are, what is code."""
import pathlib
import re
import subprocess
import sys

TABLE_BEGIN = "clang-format off"
TABLE_END = "clang-format on"


def tracked(*patterns):
    """Files git knows or would add, those that fit one of ${patterns}."""
    answer = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "--", *patterns],
        check=True, capture_output=True, text=True).stdout
    return [p for p in map(pathlib.Path, sorted(answer.splitlines()))
            if p.is_file()]


def sources():
    """Every C file and header of ours."""
    return tracked("src/*.[ch]", "tests/*.[ch]", "dev/*.[ch]")


def text_of(path):
    return path.read_text(encoding="utf-8")


def without_comments(text):
    """C with comments blanked, line by line as before."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''

    def blank(match):
        found = match.group(0)
        if found[0] in "\"'":
            return found
        return re.sub(r"[^\n]", " ", found)

    return re.sub(pattern, blank, text, flags=re.S)


def is_table(lines):
    """For each line whether it stands between clang-format off and on."""
    found, inside = [], False
    for line in lines:
        if TABLE_BEGIN in line:
            inside = True
        found.append(inside)
        if TABLE_END in line:
            inside = False
    return found


def finish(complaints):
    """Print what is wrong; the exit status says whether something was."""
    for complaint in complaints:
        print(complaint)
    sys.exit(1 if complaints else 0)
