# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Finding a Go that can build the cluster. Read with ".", after ../lib.sh.

# The version that the figures in this folder were measured with, and the
# checksum of its toolchain in the notation of go.sum.
go_wanted=1.26.8
go_minor=26
go_sum=h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=

# go_is_new_enough GO: asked in /, because the go.mod of this folder makes an
# older Go fetch another one by itself.
go_is_new_enough() {
	v=$(cd / && GOTOOLCHAIN=local "$1" env GOVERSION 2>/dev/null) || return 1
	v=${v#go1.}
	v=${v%%[!0-9]*}
	[ "${v:-0}" -ge "$go_minor" ]
}

# go_any: print some go command, new or old.
go_any() {
	for g in "$(command -v go || :)" /usr/local/go/bin/go /usr/lib/go*/bin/go; do
		[ ! -x "$g" ] || {
			echo "$g"
			return 0
		}
	done
	return 1
}

# go_download GO DIR: the wanted toolchain is a Go module; any older go can
# fetch it. Module archives carry no modes and no nested go.mod, hence the rest.
go_download() {
	say "go is older than 1.$go_minor, getting $go_wanted as a Go module (70 MB)"
	mod=golang.org/toolchain@v0.0.1-go$go_wanted.linux-amd64
	GOPATH=$2 GOTOOLCHAIN=local GO111MODULE=on GOFLAGS=-modcacherw \
		GONOSUMDB=golang.org/toolchain \
		"$1" mod download -json "$mod" >"$2/go.json" ||
		die "go $go_wanted cannot be downloaded: $(cat "$2/go.json")"
	grep -qF "\"Sum\": \"$go_sum\"" "$2/go.json" ||
		die "go $go_wanted: the download has another checksum"
	root=$2/pkg/mod/$mod
	chmod +x "$root"/bin/* "$root"/pkg/tool/*/*
	find "$root" -name _go.mod -execdir mv {} go.mod \;
}

# go_setup DIR: put a fitting go first in PATH. What has to be fetched for it
# goes into DIR, the build caches too: a machine that has no Go of its own
# shall not be left with 3 GB of them.
go_setup() {
	go=$(go_any) || die "go is missing: apt-get install golang-go (any version)"
	if ! go_is_new_enough "$go"; then
		go_download "$go" "$1"
		go=$root/bin/go
		export GOPATH="$1" GOCACHE="$1/build" GOFLAGS=-modcacherw
		unset GOROOT
	fi
	export PATH="${go%/*}:$PATH"
}
