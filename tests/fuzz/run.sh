#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh replay|long [FUZZER...]: run the fuzzers of fuzz.h.
#
# replay: each with its corpus and FUZZ_RUNS (2000) inputs in all, always the
# same ones; TAP. Time is no criterion.
# long: each for FUZZ_SECONDS (600), as many at once as there are processors.
# An input that takes more than 100 ms of CPU time is a finding, as a crash and
# a property that does not hold are. What was found is in build/fuzz/found.
set -u
cd "$(dirname "$0")/../.." || exit 2
program=build/fuzz/fuzz
work=build/fuzz/work
runs=${FUZZ_RUNS:-2000}
seconds=${FUZZ_SECONDS:-600}
mode=${1:-}
[ $# = 0 ] || shift
unset FUZZ_SLOW_MS
export UBSAN_OPTIONS=print_stacktrace=1
LC_ALL=C
export LC_ALL

names() {
	sed -n 's/^[[:space:]]*X(\([a-z0-9]*\)).*/\1/p' tests/fuzz/fuzz.h
}

# seeds NAME: folders of inputs to begin with.
seeds() {
	[ ! -d "tests/fuzz/corpus/$1" ] || echo "tests/fuzz/corpus/$1"
	case $1 in
	hive) golden=hive_metastore ;;
	spark) golden=spark_thrift_server ;;
	trino) golden=trino ;;
	yaml) golden='hive_metastore spark_thrift_server trino' ;;
	*) golden= ;;
	esac
	for kind in $golden; do
		echo "tests/golden/$kind"
		echo "tests/golden/$kind/bad"
	done
}

# dictionary NAME FILE: words that the fuzzer may put in: those of its own list,
# and the keys of the documents it begins with.
dictionary() {
	{
		cat "tests/fuzz/$1.dict" 2>/dev/null
		for folder in $(seeds "$1" | grep '^tests/golden/'); do
			cat "$folder"/*.yaml
		done | grep -o '[A-Za-z][A-Za-z.]*:' | sort -u | sed 's/.*/"&"/'
	} >"$2"
	[ -s "$2" ] || rm "$2"
}

# What makes a run with a seed repeatable, where it is allowed.
fixed() {
	! setarch -R true 2>/dev/null || echo 'setarch -R'
}

# fuzz NAME FLAG...: one fuzzer; what it says goes to its log.
fuzz() {
	name=$1
	shift
	mkdir -p "$work/$name" build/fuzz/found
	words=$work/$name.dict
	dictionary "$name" "$words"
	[ ! -e "$words" ] || set -- -dict="$words" "$@"
	# shellcheck disable=SC2046,SC2086 # folders have no blanks; two words
	FUZZER=$name ${fixed:-} "$program" -print_final_stats=1 -max_len=32768 \
		-rss_limit_mb=3072 -timeout=120 \
		-artifact_prefix="build/fuzz/found/$name-" "$@" \
		"$work/$name" $(seeds "$name") >"$work/$name.log" 2>&1
}

# figure NAME LABEL: the number behind a label that the log has.
figure() {
	sed -n "s/^$2:[[:space:]]*\([0-9]*\).*/\1/p" "$work/$1.log" | tail -n 1
}

figures() {
	edges=$(grep -o 'cov: [0-9]*' "$work/$1.log" | tail -n 1)
	printf '%-10s %9s inputs %6s/s %6s edges, slowest %6s us' "$1" \
		"$(figure "$1" stat::number_of_executed_units)" \
		"$(figure "$1" stat::average_exec_per_sec)" \
		"${edges#cov: }" "$(figure "$1" slowest_us)"
}

# complain NAME: what was found.
complain() {
	grep -E 'PROPERTY|ERROR|runtime error|^#[0-9] |^SUMMARY|^got|^wanted|written to' \
		"$work/$1.log" | head -n 30 | cut -c1-400 | sed 's/^/# /'
}

replay() {
	work=build/fuzz/replay
	rm -rf "$work"
	fixed=$(fixed)
	n=0
	rc=0
	for name; do
		n=$((n + 1))
		if fuzz "$name" -seed=1 -runs="$runs"; then
			echo "# $(figures "$name")"
			echo "ok $n - $name withstands its corpus and what is near"
		else
			complain "$name"
			echo "not ok $n - $name withstands its corpus and what is near"
			rc=1
		fi
	done
	echo "1..$n"
	return "$rc"
}

# one NAME: one of the long runs.
one() {
	FUZZ_SLOW_MS=100
	export FUZZ_SLOW_MS
	if fuzz "$1" -max_total_time="$seconds"; then
		echo "$(figures "$1"), nothing found"
	else
		echo "$(figures "$1"), FOUND:"
		complain "$1"
		return 1
	fi
}

# progress: once a minute, what runs and how far it is.
progress() {
	while sleep 60 >/dev/null 2>&1; do
		find "$work" -name '*.log' -mmin -1 | while read -r log; do
			grep -q '^stat::' "$log" ||
				echo "$(basename "$log" .log): $(tail -n 1 "$log")"
		done
	done
}

long() {
	mkdir -p "$work"
	echo "each fuzzer runs for $seconds s, $(nproc) at once; logs in $work"
	progress &
	watcher=$!
	printf '%s\n' "$@" | xargs -n 1 -P "$(nproc)" tests/fuzz/run.sh one
	rc=$?
	kill "$watcher"
	[ "$rc" = 0 ] && echo "nothing was found"
	return "$rc"
}

# shellcheck disable=SC2046 # names
[ $# != 0 ] || set -- $(names)
case $mode in
replay | long | one) "$mode" "$@" ;;
*)
	echo "usage: tests/fuzz/run.sh replay|long [FUZZER...]" >&2
	exit 2
	;;
esac
