#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# kore.sh [PATCH...]: prove that each patch of third_party/kore is needed. It is
# taken out of the patched Kore alone, roasterd is built with the rest, and the
# test that kore.txt names has to fail; with all patches it has to pass. A patch
# that later ones build upon cannot be taken out: then tests/mutants/kore has one
# of the same name that undoes what it does. Works in a copy of the tree; TAP;
# exit status 1 if a patch is not missed.
set -u
cd "$(dirname "$0")/../.." || exit 2
table=tests/mutants/kore.txt
# shellcheck disable=SC2046 # names
[ $# != 0 ] || set -- $(sed 's/\.patch$//;/^#/d' third_party/kore/series)
copy=$(mktemp -d) || exit 2
trap 'rm -rf "$copy"' EXIT
trap 'exit 1' HUP INT TERM

. tests/mutants/copy.sh

# field N PATCH: of its row.
field() {
	awk -F' *[|] *' -v n="$1" -v name="$2" '$1 == name { print $n }' "$table"
}

# change FILE [OPTION]: apply ${FILE} to Kore, and have built again what it
# touches; Kore's objects do not know their headers.
change() {
	file=$1
	shift
	patch -s -p1 -d build/kore --no-backup-if-mismatch "$@" <"$file" || return 1
	sed -n 's,^+++ b/src/\(.*\)\.c.*,build/rel/kore/\1.o,p' "$file" | xargs -r rm -f
	! grep -q '^+++ b/include/' "$file" ||
		rm -f build/rel/kore/*.o build/rel/src/handlers/*.o
}

# take_out PATCH, put_back PATCH; how: in words.
take_out() {
	how='taken out'
	if [ -e "tests/mutants/kore/$1.patch" ]; then
		how='undone'
		change "tests/mutants/kore/$1.patch"
	else
		change "third_party/kore/$1.patch" -R
	fi
}
put_back() {
	if [ -e "tests/mutants/kore/$1.patch" ]; then
		change "tests/mutants/kore/$1.patch" -R
	else
		change "third_party/kore/$1.patch"
	fi
}

build() {
	"${MAKE:-make}" -s --no-print-directory build/roasterd
}

# passes PROGRAM SENTENCE: it is run, and says that all is well.
passes() {
	[ "$1" != make ] || return 0
	tests/kore/run.sh "$1" ${2:+"$2"} && return 0
	return 1
}

# is_missed PATCH: its test passes with it and fails without; ${by} sees it.
is_missed() {
	program=$(field 2 "$1") sentence=$(field 3 "$1") by=$program
	[ -n "$program" ] || {
		echo "# $table has no row for it"
		return 1
	}
	build && passes "$program" "$sentence" >build/control.log 2>&1 || {
		tail -n 5 build/control.log
		echo '# it does not pass as the tree is'
		return 1
	}
	take_out "$1" || {
		echo '# later patches build upon it: tests/mutants/kore has to undo it'
		return 1
	}
	if ! build >build/mutant.log 2>&1; then
		by='make'
		result=0
		[ "$program" = make ] || result=1
	elif [ "$program" = make ]; then
		result=1
	elif passes "$program" "$sentence" >build/mutant.log 2>&1; then
		result=1
	else
		result=0
	fi
	put_back "$1" || exit 2
	[ "$result" = 0 ] || tail -n 5 build/mutant.log
	return "$result"
}

make_copy "$copy" gen kore charts rel roasterd || exit 2
cd "$copy" || exit 2
n=0
rc=0
for name; do
	n=$((n + 1))
	name=$(basename "$name" .patch)
	if is_missed "$name"; then
		printf 'ok %d - %-29s %-9s %s\n' "$n" "$name" "$how" \
			"$by${sentence:+: $sentence}"
	else
		printf 'not ok %d - %-25s nobody misses it\n' "$n" "$name"
		rc=1
	fi
done
echo "1..$n"
exit "$rc"
