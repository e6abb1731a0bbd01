#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh all|check|SUITE...: run test suites, each into build/test/SUITE.log, and
# count. A suite prints TAP or is a cmocka program; one that fails without
# naming a test counts as one failure. The last line is the sum.
set -u
cd "$(dirname "$0")/.." || exit 2
make=${MAKE:-make}
logs=build/test
mkdir -p "$logs"
passed=0
failed=0
me=tests
. dev/lib.sh

# suite_NAME: the commands of a suite, in the order of `suites`.
suites='build lint unit cover docs sql world k8s chart kore api e2e'

suite_build() {
	echo '# build/roasterd and all unit tests'
	$make --no-print-directory all unit-build && echo 'ok 1 - everything builds'
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
suite_kore() { tests/kore/run.sh; }
suite_api() { tests/api/run.sh; }
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

run_suite() {
	log=$logs/$1.log
	begin=$(date +%s)
	"suite_$1" >"$log" 2>&1 </dev/null
	status=$?
	# shellcheck disable=SC2046 # two numbers
	set -- "$1" $(count "$log")
	[ "$status" = 0 ] || [ "$3" != 0 ] || set -- "$1" "$2" 1
	passed=$((passed + $2))
	failed=$((failed + $3))
	printf '%-6s %5d passed, %d failed, %d s\n' "$1" "$2" "$3" $(($(date +%s) - begin))
	[ "$3" = 0 ] || {
		grep -E '^not ok |^\[  FAILED  \]|[Ee]rror' "$log" | head -n 20
		echo "see $log; its end:"
		tail -n 30 "$log"
	}
}

# The pinned programs, made or fetched once a machine; every test gets them, also
# one that has a home folder of its own.
programs() {
	ROASTER_CACHE=$cache
	tools=$(dev/fetch.sh) || die "no helm and kubectl"
	HELM=${HELM:-$tools/helm}
	KUBECTL=${KUBECTL:-$tools/kubectl}
	KC=${KC:-$(dev/cluster/kc.sh)} || die "no local Kubernetes"
	export ROASTER_CACHE HELM KUBECTL KC
}

case ${1:-all} in
all) set -- $suites ;;
esac
case " $* " in
*' world '* | *' k8s '* | *' chart '* | *' e2e '*) programs ;;
esac
for suite; do
	run_suite "$suite"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
