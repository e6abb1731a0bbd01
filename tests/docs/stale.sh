#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# stale.sh: the documents that are made from tables of the code are what the
# code says today, those that people write name what there is, and no link of
# a document leads nowhere. TAP.
set -u
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
n=0
rc=0

# judge WHAT COMMAND...
judge() {
	n=$((n + 1))
	what=$1
	shift
	if "$@"; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		rc=1
	fi
}

generate() {
	"${MAKE:-make}" -s --no-print-directory build/rel/docs &&
		cp -r docs "$work/docs" &&
		build/rel/docs "$work/docs" "$work/openapi.json"
}

# is_fresh FILE: as it is committed.
is_fresh() {
	diff -u "docs/$1" "$work/docs/$1" || {
		echo "# docs/$1 is stale: make docs, and commit it"
		return 1
	}
}

# example_keys_exist: those in the example are settings.
example_keys_exist() {
	missing=$(sed -n 's/^#\{0,1\}\([a-z_]*\) = .*/\1/p' \
		conf/roaster.conf.example | while read -r key; do
		grep -q "^| \`$key\` |" docs/configuration.md || echo "$key"
	done)
	[ -z "$missing" ] || {
		echo "# conf/roaster.conf.example: no such setting:" $missing
		return 1
	}
}

# generated_files: also those that are missing in docs/ so far.
generated_files() {
	(cd "$work/docs" && grep -lr 'enerated by `make docs`' . &&
		echo ./api.md) | sed 's,^\./,,' | sort
}

# links_lead_somewhere FILE: those to files of ours.
links_lead_somewhere() {
	found=0
	for link in $(grep -o '](\([^) ]*\)' "$1" | grep -v '://' |
		sed 's,^](,,; s,#.*,,'); do
		[ -e "$(dirname "$1")/$link" ] || {
			echo "# $1: no $link"
			found=1
		}
	done
	return "$found"
}

judge 'the documents can be generated' generate
for file in $(generated_files); do
	judge "docs/$file is what the code says" is_fresh "$file"
done
judge 'the OpenAPI document has every route, whole' \
	python3 tests/docs/openapi.py "$work/openapi.json"
judge 'docs/operations.md has every event of the log' python3 tests/docs/events.py
judge 'conf/roaster.conf.example names settings there are' example_keys_exist
for file in $(git ls-files -co --exclude-standard '*.md'); do
	judge "the links of $file lead somewhere" links_lead_somewhere "$file"
done
echo "1..$n"
exit "$rc"
