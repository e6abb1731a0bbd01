#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh [PATCH...]: prove that tests can fail. Each patch of this folder is a
# small break; it says which test is there to see it:
#
#   Fails: unit PROGRAM TEST     a cmocka test of tests/unit
#   Fails: sql MODULE SENTENCE   a test of tests/sql
#   Fails: lint CHECK SENTENCE   a check of tests/lint
#   Fails: fuzz FUZZER SENTENCE  a fuzzer of tests/fuzz
#   Fails: hold MODULE SENTENCE  a test of tests/hold
#   Fails: docs - SENTENCE       a check of tests/docs
#
# That test has to pass as the tree is, and to fail with the patch. Works in a
# copy of the tree; TAP; exit status 1 if a mutant survives.
set -u
cd "$(dirname "$0")/../.." || exit 2
top=$(pwd)
[ $# != 0 ] || set -- tests/mutants/*.patch
copy=$(mktemp -d) || exit 2
# PostgreSQL may run as another account.
chmod 755 "$copy"
trap 'rm -rf "$copy"' EXIT
trap 'exit 1' HUP INT TERM

. tests/mutants/copy.sh

build() {
	"${MAKE:-make}" -s --no-print-directory "$@"
}

# run_test SUITE PROGRAM: its output; 3 if it cannot be built.
run_test() {
	case $1 in
	unit)
		build "build/rel/unit/$2" || return 3
		"build/rel/unit/$2"
		;;
	sql)
		build sql-drivers || return 3
		python3 -B tests/sql/main.py build/rel/sql "$2"
		;;
	lint) build gen && tests/lint/lint.sh "$2" ;;
	fuzz)
		build fuzz-build || return 3
		tests/fuzz/run.sh replay "$2"
		;;
	hold)
		build build/rel/roasterd || return 3
		tests/hold/run.sh "$2"
		;;
	docs) tests/docs/stale.sh ;;
	*) return 3 ;;
	esac
}

# verdict SUITE TEST LOG: passed, failed, or missing.
verdict() {
	case $1 in
	unit) pass="^\[       OK \] $2\$" fail="^\[  FAILED  \] $2\$" ;;
	*) pass="^ok [0-9]* - $2\$" fail="^not ok [0-9]* - $2\$" ;;
	esac
	if grep -q "$fail" "$3"; then
		echo failed
	elif grep -q "$pass" "$3"; then
		echo passed
	else
		echo missing
	fi
}

# control SUITE PROGRAM TEST: the test passes without a patch; each program is
# run once for that.
control() {
	log=$copy/build/control-$1-$2.log
	[ -e "$log" ] || run_test "$1" "$2" >"$log" 2>&1
	[ "$(verdict "$1" "$3" "$log")" = passed ] || {
		tail -n 5 "$log"
		echo "# it does not pass as the tree is"
		return 1
	}
}

# attack PATCH SUITE PROGRAM TEST: 0 if the test sees it.
attack() {
	log=$copy/build/mutant.log
	patch -s -p1 --no-backup-if-mismatch <"$1" || {
		echo "# the patch does not fit any more"
		return 1
	}
	run_test "$2" "$3" >"$log" 2>&1
	status=$?
	patch -s -R -p1 --no-backup-if-mismatch <"$1" || exit 2
	seen=$(verdict "$2" "$4" "$log")
	[ "$seen" = failed ] || {
		tail -n 5 "$log"
		echo "# exit status $status, the test: $seen"
		return 1
	}
}

# judge PATCH: both, in the copy.
judge() {
	line=$(sed -n 's/^Fails: //p' "$1")
	suite=${line%% *}
	rest=${line#* }
	control "$suite" "${rest%% *}" "${rest#* }" &&
		attack "$1" "$suite" "${rest%% *}" "${rest#* }"
}

make_copy "$copy" gen kore charts rel fail fuzz || exit 2
n=0
rc=0
for mutant; do
	n=$((n + 1))
	mutant=$(realpath "$top/$mutant")
	cd "$copy" || exit 2
	name=$(basename "$mutant" .patch)
	if judge "$mutant"; then
		echo "ok $n - $name is seen"
	else
		echo "not ok $n - $name survives"
		rc=1
	fi
done
echo "1..$n"
exit "$rc"
