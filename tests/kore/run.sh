#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh [PROGRAM [SENTENCE...]]: the shell around Kore: programs against its
# parts, then raw sockets against a whole roasterd. Needs a build; OUT is its
# folder. Without arguments: all of them.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 1
OUT=${OUT:-build/rel}
ROASTERD=$top/build/roasterd
export ROASTERD
c_programs='wait_test password_test seccomp_test tls_read_test net_read_test'
programs="$c_programs objects_test malformed_test http_test tls_test rate_test reload_test
	crowd_test stop_test names_test"

# objects PROGRAM: what it is linked with, besides our rooms.
objects() {
	case $1 in
	wait_test) echo "$OUT/src/handlers/handlers_wait.o" ;;
	password_test) echo "$OUT/src/handlers/handlers_password.o" \
		"$OUT/src/handlers/handlers_nice.o" ;;
	seccomp_test) echo "$OUT/src/handlers/handlers_seccomp.o" \
		"$OUT/src/handlers/handlers_nice.o $OUT/kore/seccomp.o" ;;
	# All of Kore: the linker takes the first main, which is the test's.
	tls_read_test) echo "$OUT/kore/*.o -Wl,--allow-multiple-definition" ;;
	net_read_test) echo "$OUT/kore/*.o -Wl,--allow-multiple-definition" \
		"-Wl,--wrap=recv" ;;
	esac
}

# compiled NAME: compile tests/kore/NAME.c as roasterd is, run it.
compiled() {
	mkdir -p "$OUT/tests"
	# shellcheck disable=SC2046 # flags are words
	cc $(sed -n 's/^cflags=//p' build.conf) -Itests/unit \
		-DTLS_BACKEND_OPENSSL -DKORE_SINGLE_BINARY \
		-DOPENSSL_API_COMPAT=0x10100000L -isystem build/kore/include \
		"tests/kore/$1.c" $(objects "$1") "$OUT/libcore.a" \
		$(sed -n 's/^ldflags=//p' build.conf) -lcmocka \
		-o "$OUT/tests/$1" && "$OUT/tests/$1"
}

run_program() {
	name=$1
	shift
	case " $c_programs " in
	*" $name "*) compiled "$name" ;;
	*) python3 -B "tests/kore/$name.py" "$@" ;;
	esac
}

if [ $# != 0 ]; then
	run_program "$@"
	exit
fi
status=0
for program in $programs; do
	run_program "$program" || status=1
done
exit $status
