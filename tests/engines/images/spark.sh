#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# spark.sh driver ARGUMENT...: what Spark's own image does with them, but for
# two settings: there is no Kubernetes that could run executors, so the master
# is this process; and there is no way to a registry, so the packages must be in
# the image.
set -eu
[ "$1" = driver ]
shift

# setting NAME: of the file that the arguments name.
setting() {
	sed -n "s/^$1=//p" "$properties"
}

properties=
for word; do
	[ "$properties" != next ] || properties=$word
	[ "$word" != --properties-file ] || properties=next
done

for package in $(setting spark.jars.packages | tr , ' '); do
	artifact=${package#*:}
	jar=$SPARK_HOME/jars/$(echo "$artifact" | tr : -).jar
	[ -e "$jar" ] || {
		echo "ERROR package $package is not in the image" >&2
		exit 1
	}
done

exec "$SPARK_HOME/bin/spark-submit" \
	--conf "spark.driver.bindAddress=$SPARK_DRIVER_BIND_ADDRESS" \
	--deploy-mode client --master 'local[2]' --conf spark.jars.packages= "$@"
