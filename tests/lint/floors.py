#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""floors.py: hold the includes and file names of src/ to floors.txt."""
import collections
import pathlib
import re

from files import finish, sources, text_of, without_comments

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


class Rules:
    def __init__(self, path):
        self.floor = {}
        self.library = {}
        self.made = {}
        self.prefix = {}
        for line in path.read_text().splitlines():
            words = line.split("#")[0].split()
            if words:
                self.take(*words)

    def take(self, word, *rest):
        if word == "library":
            self.library[rest[0]] = rest[1:]
        elif word == "made":
            self.made[rest[0]] = rest[1:]
        elif word == "prefix":
            self.prefix[rest[0]] = rest[1]
        else:
            self.floor.update((room, int(word)) for room in rest)

    def library_rooms(self, name):
        for library, rooms in self.library.items():
            if name == library or \
                    (library.endswith("/") and name.startswith(library)):
                return rooms
        return None


def room_of(path):
    return path.parts[1] if path.parts[0] == "src" else path.parts[0]


def tested_room(path):
    """The room of a unit test, which may know what its room knows."""
    return path.name.split("_")[0] if path.parts[:2] == ("tests", "unit") else None


def wrong_include(rules, room, name):
    """Why ${room} may not include ${name}; None if it may."""
    wanted = rules.library_rooms(name)
    if wanted is not None:
        return None if room in wanted else f"is only for {wanted[0]}"
    if room not in rules.floor:
        return None
    if name in rules.made:
        return None if room in rules.made[name] else "is not for this room"
    other = name.split("/")[0]
    if other not in rules.floor or other == room:
        return None
    if rules.floor[other] < rules.floor[room]:
        return None
    beside = rules.floor[other] == rules.floor[room]
    return "is a room beside it" if beside else "is on a higher floor"


def check_includes(rules, path):
    text = without_comments(text_of(path))
    for quote, name in INCLUDE.findall(text):
        why = wrong_include(rules, room_of(path), name)
        if why and tested_room(path) not in (rules.library_rooms(name) or ()):
            yield f"{path}: includes {name}, which {why}"
        elif quote == '"' and path.parts[0] == "src" and \
                name not in rules.made and \
                not pathlib.Path("src", name).is_file():
            yield f"{path}: includes {name}, which is not a path below src"


def check_name(rules, path):
    room = room_of(path)
    if room not in rules.floor:
        return [f"{path}: floors.txt knows no room {room}"]
    prefix = rules.prefix.get(room, room)
    if path.stem == prefix or path.stem.startswith(prefix + "_"):
        return []
    return [f"{path}: the name does not begin with {prefix}_"]


def main():
    rules = Rules(pathlib.Path("tests/lint/floors.txt"))
    files = sources()
    complaints = [c for path in files for c in check_includes(rules, path)]
    ours = [path for path in files if path.parts[0] == "src"]
    complaints += [c for path in ours for c in check_name(rules, path)]
    count = collections.Counter(path.name for path in ours)
    complaints += [f"src: two files are called {name}"
                   for name, n in sorted(count.items()) if n > 1]
    finish(complaints)


main()
