#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh all|SUITE...: run test suites, each into build/test/SUITE.log, and
# count. A suite prints TAP or is a cmocka program; one that fails without
# naming a test counts as one failure. The last line is the sum.
#
# Nothing of the caller's is tested against: neither cluster nor database.
set -u
cd "$(dirname "$0")/.." || exit 2
make=${MAKE:-make}
logs=build/test
mkdir -p "$logs"
unset KUBECONFIG HELM KUBECTL KC ROASTERD ROASTER_DATABASE_URL ROASTER_CONFIG
me=tests
. dev/lib.sh

# What `all` is: first the build, then these rows side by side. Tests that have a
# cluster wait more than they compute, so that three rows fit on two processors.
# Only e2e uses the cluster of this tree. CI has the time for the sanitizers too.
first='unit cover docs lint fuzz kore api'
second='world k8s chart sql hold'
third='e2e'
[ "${CI:-}" != true ] || first="$first check"

# suite_NAME: the commands of a suite.

suite_build() {
	echo '# build/roasterd, the one with failpoints, and all unit tests'
	$make --no-print-directory all fail unit-build && echo 'ok 1 - everything builds'
}
suite_lint() { $make --no-print-directory lint; }
suite_unit() {
	status=0
	for program in $($make --no-print-directory -s unit-list); do
		"$program" || status=1
	done
	return $status
}
suite_cover() { tests/unit/cover.sh && echo 'ok 1 - pure rooms are covered to the last line'; }
suite_docs() { tests/docs/stale.sh; }
suite_sql() { tests/sql/run.sh; }
suite_world() {
	status=0
	for test in tests/world/*_test.sh; do
		"$test" || status=1
	done
	return $status
}
suite_k8s() { tests/k8s/k8s_test.sh; }
suite_chart() { tests/chart/chart_test.sh; }
# Each fuzzer with its corpus and a fixed number of inputs.
suite_fuzz() {
	$make --no-print-directory fuzz-build && tests/fuzz/run.sh replay
}
suite_kore() { tests/kore/run.sh; }
suite_api() { tests/api/run.sh; }
suite_hold() { tests/hold/run.sh; }
suite_e2e() { tests/e2e/run.sh; }
# The unit tests and the API tests under AddressSanitizer and UBSan.
suite_check() {
	$make --no-print-directory SAN=address,undefined all unit-build || return 1
	status=0
	for program in $($make --no-print-directory -s SAN=address,undefined unit-list); do
		"$program" || status=1
	done
	ROASTERD=build/san/roasterd tests/api/run.sh || status=1
	return $status
}

# The end-to-end tests under ThreadSanitizer: a race that it finds is a line of
# the log that is none of roasterd's. It wants addresses that do not wander.
suite_race() {
	$make --no-print-directory SAN=thread FLAVOR=race all || return 1
	ROASTERD=$PWD/build/race/roasterd setarch -R tests/e2e/run.sh
}

# count LOG: "PASSED FAILED" of TAP and cmocka lines.
count() {
	awk '
		/^ok /                     { passed++ }
		/^not ok /                 { failed++ }
		/^\[       OK \] /         { passed++ }
		/^\[  PASSED  \] /         { next }
		/^\[  FAILED  \] [0-9]+ test/ { n = $4; failed += n }
		END { print passed + 0, failed + 0 }' "$1"
}

# run_suite NAME: run it, print its line, and keep the counts for the sum.
run_suite() {
	log=$logs/$1.log
	begin=$(date +%s)
	"suite_$1" >"$log" 2>&1 </dev/null
	status=$?
	# shellcheck disable=SC2046 # two numbers
	set -- "$1" $(count "$log")
	[ "$status" = 0 ] || [ "$3" != 0 ] || set -- "$1" "$2" 1
	echo "$2 $3" >"$logs/$1.sum"
	{
		printf '%-6s %5d passed, %d failed, %d s\n' "$1" "$2" "$3" \
			$(($(date +%s) - begin))
		[ "$3" = 0 ] || {
			grep -E '^not ok |^\[  FAILED  \]|[Ee]rror' "$log" | head -n 20
			echo "see $log; its end:"
			tail -n 30 "$log"
		}
	} >"$logs/$1.line"
	cat "$logs/$1.line"
}

run_row() {
	for suite; do
		run_suite "$suite"
	done
}

# The pinned programs, made or fetched once a machine; every test gets them, also
# one that has a home folder of its own.
programs() {
	ROASTER_CACHE=$cache
	tools=$(dev/fetch.sh) || die "no helm and kubectl"
	HELM=$tools/helm
	KUBECTL=$tools/kubectl
	KC=$(dev/cluster/kc.sh) || die "no local Kubernetes"
	export ROASTER_CACHE HELM KUBECTL KC
}

rm -f "$logs"/*.sum
programs
if [ "${1:-all}" = all ]; then
	run_suite build
	for row in "$third" "$second" "$first"; do
		# shellcheck disable=SC2086 # names
		run_row $row &
	done
	wait
else
	run_row "$@"
fi
cat "$logs"/*.sum | awk '{ passed += $1; failed += $2 }
	END { print passed + 0 " passed, " failed + 0 " failed"; exit failed > 0 }'
