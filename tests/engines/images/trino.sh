#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the image runs: Trino in the foreground, its name being the pod's.
set -eu
exec /usr/lib/trino/bin/launcher run --etc-dir /etc/trino \
	-D "node.id=$(uname -n)" "$@"
