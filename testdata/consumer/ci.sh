#!/usr/bin/env bash
# What this project's CI does with its captures: ci.sh [TALKTRACE]
#
# The results go to results/ for CI to pick up; the status is that of the checks.
set -uo pipefail
talktrace=${1:-talktrace}
command -v "$talktrace" >/dev/null || {
	echo "ci.sh: there is no $talktrace: build it ('make build') and put it on the PATH, or name it: ci.sh TALKTRACE" >&2
	exit 2
}
results=${RESULTS:-results}
case $talktrace in */*) talktrace=$(realpath "$talktrace") ;; esac # it is named from where we were
cd "$(dirname "$0")" || exit 2
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
