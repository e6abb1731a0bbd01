# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# TAP for tests that are shell functions, read with ".".

tests=0
failures=0

# check FUNCTION: run it; its name, read as a sentence, is the test's.
check() {
	tests=$((tests + 1))
	sentence=$(echo "$1" | tr _ ' ')
	if "$@"; then
		echo "ok $tests - $sentence"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $sentence"
	fi
}

# within SECONDS COMMAND...: it succeeds before the time is over.
within() {
	n=$(($1 * 10))
	shift
	until "$@"; do
		n=$((n - 1))
		[ "$n" -gt 0 ] || return 1
		sleep 0.1
	done
}

# finish: the plan, and the exit status.
finish() {
	echo "1..$tests"
	[ "$failures" = 0 ]
}
