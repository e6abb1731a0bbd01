#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fetch_kore.sh VERSION SHA256 OUT: Kore's source from the machine's own Debian
# archive (it keeps the original tarball of the package), checked.
set -eu
version=$1 sha256=$2 out=$3

uri=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN)' 'Created-By: Packages' |
	awk '$1 !~ /security/ && $2 == "Debian" { print $1; exit }')
if [ -z "$uri" ]; then
	echo "no Debian archive among the apt sources; run apt-get update, or give" \
		"KORE_TARBALL=/path/to/kore_$version.orig.tar.gz" >&2
	exit 1
fi
mkdir -p "$(dirname "$out")"
tmp=$(mktemp -d "$(dirname "$out")/.kore.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
/usr/lib/apt/apt-helper download-file \
	"${uri%/}/pool/main/k/kore/kore_$version.orig.tar.gz" "$tmp/kore.tar.gz" \
	"SHA256:$sha256" >&2
mv "$tmp/kore.tar.gz" "$out"
