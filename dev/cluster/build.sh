#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# build.sh OUT: build the kc program with the go command of PATH.
# The version is given to the linker: without it the API server calls itself
# v0.0.0-master, which kubectl and helm cannot read.
set -eu
cd "$(dirname "$0")"
version=k8s.io/component-base/version
CGO_ENABLED=0 GOTOOLCHAIN=local
export CGO_ENABLED GOTOOLCHAIN
exec go build -v -mod=readonly -p "${JOBS:-2}" -trimpath \
	-buildvcs=false -gcflags=all=-dwarf=false \
	-ldflags "-s -w -X $version.gitVersion=v1.34.4 \
-X $version.gitMajor=1 -X $version.gitMinor=34 \
-X $version.gitTreeState=clean" -o "$1" .
