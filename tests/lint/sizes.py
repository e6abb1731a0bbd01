#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sizes.py: files, functions and lines are as long as STYLE.md allows.

A function is what clang-format makes of it: a line "{" alone in the first
column, after the lines of its head, until a line "}" alone. Lines between
clang-format off and on are data and count for nothing. In headers only code
counts: no comments, no includes, no guards. The header named as its room is
the contract of a whole room and may be longer.
"""
import collections
import re
import statistics

from files import finish, is_table, sources, text_of, tracked, without_comments

FILE_LINES = 400
HEADER_CODE_LINES = 80
CONTRACT_CODE_LINES = 110
HEADER_LINES = 180
FUNCTION_LINES = 60
FUNCTION_MEDIAN = 20
PARAMETERS = 6
NESTING = 3
COLUMNS = {".c": 80, ".h": 80}
OTHER_COLUMNS = 100
TAB = 8

CONTROL = re.compile(r"^(\t+)(?:\} else )?(?:if|for|while|switch|do)\b")


def head_of(lines, brace):
    """The first line of the function whose "{" stands in line ${brace}."""
    first = brace
    while first > 0 and lines[first - 1].strip() \
            and not lines[first - 1].startswith(("#", "}")) \
            and not lines[first - 1].rstrip().endswith(";"):
        first -= 1
    return first


def functions(lines):
    """(name, first, last, number of parameters) of every function."""
    brace = None
    for i, line in enumerate(lines):
        if line.rstrip() == "{":
            brace = i
        elif line.rstrip() == "}" and brace is not None:
            first = head_of(lines, brace)
            head = " ".join(lines[first:brace])
            found = re.search(r"(\w+)\((.*)\)", head)
            if found:
                yield found[1], first, i, count_parameters(found[2])
            brace = None


def count_parameters(text):
    n = 1
    while n > 0:
        text, n = re.subn(r"\([^()]*\)", "", text)
    return 0 if text.strip() in ("", "void") else text.count(",") + 1


def check_function(path, lines, function):
    name, first, last, parameters = function
    place = f"{path}:{first + 1}: {name}"
    if last - first + 1 > FUNCTION_LINES:
        yield f"{place}: {last - first + 1} lines, {FUNCTION_LINES} are allowed"
    if parameters > PARAMETERS:
        yield f"{place}: {parameters} parameters, {PARAMETERS} are allowed"
    for i in range(first, last):
        found = CONTROL.match(lines[i])
        if found and len(found[1]) > NESTING:
            yield f"{path}:{i + 1}: {name}: nested deeper than {NESTING}"


def is_contract(path):
    return path.parent.name.startswith(path.stem)


def check_header(path, lines, code, tables):
    n = sum(1 for line, table in zip(code, tables)
            if line.strip() and not table and not line.startswith("#"))
    allowed = CONTRACT_CODE_LINES if is_contract(path) else HEADER_CODE_LINES
    if n > allowed:
        yield f"{path}: {n} lines of code, {allowed} are allowed in a header"
    if len(lines) > HEADER_LINES:
        yield f"{path}: {len(lines)} lines, {HEADER_LINES} are allowed"


def check_length(path, lines, code, tables):
    # Headers of tests hold functions: they are judged like other code.
    if path.suffix == ".h" and path.parts[0] == "src":
        return list(check_header(path, lines, code, tables))
    if len(lines) > FILE_LINES:
        return [f"{path}: {len(lines)} lines, {FILE_LINES} are allowed"]
    return []


def check_columns(path):
    allowed = COLUMNS.get(path.suffix, OTHER_COLUMNS)
    lines = text_of(path).splitlines()
    for i, (line, table) in enumerate(zip(lines, is_table(lines))):
        if not table and len(line.expandtabs(TAB)) > allowed:
            yield f"{path}:{i + 1}: more than {allowed} columns"


def check_source(path, sizes):
    lines = text_of(path).splitlines()
    tables = is_table(lines)
    code = without_comments(text_of(path)).splitlines()
    complaints = check_length(path, lines, code, tables)
    code = ["" if table else line for line, table in zip(code, tables)]
    for function in functions(code):
        sizes[path.parts[1] if path.parts[0] == "src" else path.parts[0]] \
            .append(function[2] - function[1] + 1)
        complaints += check_function(path, code, function)
    return complaints


def main():
    sizes = collections.defaultdict(list)
    complaints = [c for path in sources() for c in check_source(path, sizes)]
    for room, found in sorted(sizes.items()):
        median = statistics.median(found)
        if median > FUNCTION_MEDIAN:
            complaints.append(f"{room}: half of the functions have "
                              f"{median} lines or more")
    for path in tracked("*.c", "*.h", "*.py", "*.sh", "sql/*.sql"):
        complaints += check_columns(path)
    finish(complaints)


main()
