#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Line coverage of the pure rooms by their unit tests: every line, or exit 1.
#
#   tests/unit/cover.sh [ROOM...]     which rooms are judged; default: all
#
# Builds into build/cov and runs the unit tests whose names start with a judged
# room, so that no room is covered by accident of a floor that is not pure.
set -eu
cd "$(dirname "$0")/../.."

pure='base doc spec config state kinds helm'
judged=${*:-$pure}
out=build/cov

tests=
for room in $judged; do
	for test in tests/unit/"${room%s}"*_test.c; do
		[ -f "$test" ] && tests="$tests $out/unit/$(basename "$test" .c)"
	done
done

# shellcheck disable=SC2086
make --no-print-directory -s FLAVOR=cov ROOMS="$pure" \
	EXTRA='--coverage -O0 -U_FORTIFY_SOURCE' $tests

# Counts add up in files: only those of this run may count.
find "$out" -name '*.gcda' -exec rm -f {} +
failed=0
for test in $tests; do
	"$test" >"$test.log" 2>&1 || {
		cat "$test.log"
		echo "$test failed"
		failed=1
	}
done
[ "$failed" -eq 0 ] || exit 1

# shellcheck disable=SC2086
exec python3 - "$out" $judged <<'PYTHON'
import glob
import json
import subprocess
import sys


def lines_of(notes):
    """The lines of one object's own source and how often each was run."""
    found = {}
    answer = subprocess.run(
        ["gcov", "--json-format", "--stdout", notes],
        check=True, capture_output=True, text=True).stdout
    for text in answer.splitlines():
        for file in json.loads(text)["files"]:
            for line in file["lines"]:
                place = (file["file"], line["line_number"])
                found[place] = found.get(place, 0) + line["count"]
    return found


def judge(out, room):
    """Print a room's coverage; return how many of its lines were never run."""
    counts = {}
    for notes in sorted(glob.glob(f"{out}/src/{room}/*.gcno")):
        for place, count in lines_of(notes).items():
            if f"src/{room}/" in place[0]:
                counts[place] = counts.get(place, 0) + count
    missed = sorted(place for place, count in counts.items() if count == 0)
    for file, line in missed:
        print(f"{file}:{line}: never run")
    covered = len(counts) - len(missed)
    percent = 100 * covered / len(counts) if counts else 0
    print(f"{room:8} {covered:5} of {len(counts):5} lines  {percent:6.2f} %")
    return len(missed) + (not counts)


sys.exit(any([judge(sys.argv[1], room) for room in sys.argv[2:]]))
PYTHON
