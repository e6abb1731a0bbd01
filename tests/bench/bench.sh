#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bench.sh: measure; see docs/performance.md. BENCH=G1,G5 takes some goals only,
# BENCH_ROUNDS and BENCH_SECONDS try it out: below 5 rounds of 2 s nothing is
# judged. Nothing of the caller's is measured: neither cluster nor database.
set -u
cd "$(dirname "$0")/../.." || exit 2
me=bench
. dev/lib.sh
unset KUBECONFIG HELM KUBECTL KC ROASTER_DATABASE_URL ROASTER_CONFIG
tools=$(dev/fetch.sh) || die "no helm and kubectl"
KC=$(dev/cluster/kc.sh) || die "no local Kubernetes"
HELM=$tools/helm
KUBECTL=$tools/kubectl
export HELM KUBECTL KC
exec python3 -B tests/bench/bench.py
