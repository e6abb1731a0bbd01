#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh [FOLDER]: the tests of room db and of the SQL against a PostgreSQL of
# their own, as TAP. FOLDER holds the programs of tests/sql/*.c; without it they
# are built (SAN as in the Makefile).
set -eu
cd "$(dirname "$0")/../.."
drivers=${1:-}
if [ -z "$drivers" ]; then
	drivers=build/$([ -n "${SAN:-}" ] && echo san || echo rel)/sql
	make -s --no-print-directory SAN="${SAN:-}" sql-drivers >&2
fi
PYTHONDONTWRITEBYTECODE=1 exec python3 tests/sql/main.py "$drivers"
