#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""words.py: no forbidden word (words.txt), a licence line in every file
(spdx.txt names the exceptions)."""
import fnmatch
import pathlib
import re

from files import finish, text_of, tracked, without_comments

HERE = pathlib.Path("tests/lint")
LICENCE = re.compile(r"SPDX-License-Identifier: Apache-2\.0")
LICENCE_WITHIN = 3
# Their lines are not ours, or have to name what is forbidden.
NOT_SEARCHED = ["third_party/*.patch", "tests/mutants/*.patch", "LICENSE",
                "tests/lint/words.txt", "tests/fuzz/corpus/*", "*.sum"]


def rows(name, columns):
    for line in text_of(HERE / name).splitlines():
        if line.strip() and not line.startswith("#"):
            yield re.split(r"\s{2,}", line.strip(), maxsplit=columns - 1)


def fits(path, patterns):
    return any(fnmatch.fnmatch(str(path), p) for p in patterns)


def is_text(path):
    data = path.read_bytes()
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


def check_words(path, searches, allowed):
    text = text_of(path)
    code = without_comments(text) if path.suffix in (".c", ".h") else text
    for where, what, why in searches:
        everywhere = where == "text"
        if not everywhere and not fits(path, where.split(",")):
            continue
        lines = (text if everywhere else code).splitlines()
        for i, line in enumerate(lines):
            found = what.search(line)
            if found and (str(path), found[0]) not in allowed:
                yield f"{path}:{i + 1}: {found[0]!r}: {why}"


def check_licence(path, excepted):
    first = "\n".join(text_of(path).splitlines()[:LICENCE_WITHIN])
    if LICENCE.search(first) or fits(path, excepted):
        return []
    return [f"{path}: no SPDX line in its first {LICENCE_WITHIN} lines"]


def main():
    table = list(rows("words.txt", 3))
    searches = [(where, re.compile(what), why)
                for where, what, why in table if not where.startswith("but ")]
    allowed = {(where.removeprefix("but "), what)
               for where, what, _ in table if where.startswith("but ")}
    excepted = [row[0] for row in rows("spdx.txt", 2)]
    files = [path for path in tracked() if is_text(path)]
    complaints = [c for path in files for c in check_licence(path, excepted)]
    for path in files:
        if not fits(path, NOT_SEARCHED):
            complaints += check_words(path, searches, allowed)
    finish(complaints)


main()
