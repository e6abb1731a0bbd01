#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# hadoop version | hadoop jar JAR CLASS [ARGUMENT]...: what of a Hadoop
# installation the programs of the metastore call.
set -eu
lib=${HADOOP_HOME:?}/lib
case $1 in
version)
	jar=$(echo "$lib"/hadoop-common-*.jar)
	jar=${jar##*-}
	echo "Hadoop ${jar%.jar}"
	exit 0
	;;
jar) shift 2 ;;
*)
	echo "hadoop $1 is not there" >&2
	exit 2
	;;
esac
# shellcheck disable=SC2086 # lists of options
exec "${JAVA_HOME:?}/bin/java" ${HADOOP_OPTS:-} ${HADOOP_CLIENT_OPTS:-} \
	-cp "${HADOOP_CONF_DIR:-}:${HADOOP_CLASSPATH:-}:$lib/*" "$@"
