#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The shell around Kore: programs against its parts, then raw sockets against a
# whole roasterd. Needs a build; OUT is its folder, ROASTERD its program.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
cd "$top" || exit 1
OUT=${OUT:-build/rel}
ROASTERD=$top/build/roasterd
export ROASTERD
status=0

# program NAME OBJECT...: compile tests/kore/NAME.c as roasterd is, run it.
program() {
	name=$1
	shift
	mkdir -p "$OUT/tests"
	# shellcheck disable=SC2046 # flags are words
	cc $(sed -n 's/^cflags=//p' build.conf) -Itests/unit \
		-DTLS_BACKEND_OPENSSL -DKORE_SINGLE_BINARY \
		-DOPENSSL_API_COMPAT=0x10100000L -isystem build/kore/include \
		"tests/kore/$name.c" "$@" "$OUT/libcore.a" \
		$(sed -n 's/^ldflags=//p' build.conf) -lcmocka \
		-o "$OUT/tests/$name" && "$OUT/tests/$name" || status=1
}

program wait_test "$OUT/src/handlers/handlers_wait.o"
program password_test "$OUT/src/handlers/handlers_password.o"
program seccomp_test "$OUT/src/handlers/handlers_seccomp.o" \
	"$OUT/kore/seccomp.o"
tests/kore/malformed_test.py || status=1
tests/kore/http_test.py || status=1
tests/kore/tls_test.py || status=1
tests/kore/reload_test.py || status=1
tests/kore/stop_test.py || status=1
exit $status
