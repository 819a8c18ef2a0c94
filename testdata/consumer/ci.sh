#!/usr/bin/env bash
# What this project's CI does with its captures: ci.sh [TALKTRACE]
#
# The results go to results/ for CI to pick up; the status is that of the checks.
set -uo pipefail
cd "$(dirname "$0")" || exit 2
talktrace=${1:-talktrace}
results=${RESULTS:-results}
mkdir -p "$results" || exit 2

status=0
"$talktrace" verify --format junit fixtures >"$results/verify.xml" || status=1
"$talktrace" check -r fixtures/story.pcap --keylog fixtures/story.keys --profile secure-client --rules rules.toml \
	--format sarif >"$results/check.sarif" || status=1

# The same from Go, beside the project's other tests.
go test ./... || status=1

# People read the log.
"$talktrace" verify fixtures || status=1
exit "$status"
