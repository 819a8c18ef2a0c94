#!/usr/bin/env bash
# Whole runs on a generated capture, talktrace beside what else is installed:
# wall seconds, peak memory, and how many times as long each took as talktrace
# took for output of that sort.
#
#   STANZAS=400000 CONNECTIONS=1000 RUNS=3 bash testdata/lab/bench.sh
#
# A run is repeated RUNS times and the fastest counts. SLOW=no leaves out
# tshark's JSON, which takes minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."

stanzas=${STANZAS:-400000}
connections=${CONNECTIONS:-1000}
runs=${RUNS:-3}
go=${GO:-go}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
capture=$work/load.pcap

"$go" build -o "$work/talktrace" ./cmd/talktrace
"$go" run ./testdata/generate -stanzas "$stanzas" -connections "$connections" -o "$capture"
cat "$capture" >/dev/null # into the page cache, so that the first run is like the others

# measure COMMAND...: sets $seconds and $kib (peak resident memory).
measure() {
	if [ -x /usr/bin/time ] && /usr/bin/time -f '%e %M' true 2>/dev/null; then
		/usr/bin/time -q -f '%e %M' -o "$work/cost" "$@" >/dev/null 2>"$work/errors"
	else
		python3 - "$work/cost" "$@" >/dev/null 2>"$work/errors" <<-'PYTHON'
			import resource, subprocess, sys, time
			begin = time.monotonic()
			status = subprocess.run(sys.argv[2:]).returncode
			spent = time.monotonic() - begin
			peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
			if sys.platform == "darwin":
			    peak //= 1024
			with open(sys.argv[1], "w") as file:
			    print("%.3f %d" % (spent, peak), file=file)
			sys.exit(status)
		PYTHON
	fi || {
		cat "$work/errors" >&2
		return 1
	}
	read -r seconds kib <"$work/cost"
}

# row NAME TIMES SECONDS COMMAND...: the fastest of TIMES runs as a line of the
# table, held against SECONDS where that is not empty. Leaves the time in $best.
row() {
	local name=$1 times=$2 base=$3 peak=0
	shift 3
	best=
	for ((i = 0; i < times; i++)); do
		measure "$@"
		best=$(awk -v a="${best:-$seconds}" -v b="$seconds" 'BEGIN { print (a < b ? a : b) }')
		peak=$((kib > peak ? kib : peak))
	done
	awk -v name="$name" -v s="$best" -v kib="$peak" -v base="${base:-0}" 'BEGIN {
		ratio = base > 0 ? sprintf("%8.2f x", s / base) : ""
		printf "%-28s %8.2f s %8.1f MiB %s\n", name, s, kib / 1024, ratio
	}'
}

printf '%d stanzas in %d connections, %s bytes, best of %d runs\n\n' \
	"$stanzas" "$connections" "$(wc -c <"$capture" | tr -d ' ')" "$runs"
row 'talktrace -T text' "$runs" '' "$work/talktrace" -q -r "$capture" -T text
text=$best
row 'talktrace -T csv' "$runs" '' "$work/talktrace" -q -r "$capture" -T csv
row 'talktrace -T jsonl' "$runs" '' "$work/talktrace" -q -r "$capture" -T jsonl
jsonl=$best
if command -v tcpdump >/dev/null; then
	row 'tcpdump -w /dev/null' "$runs" "$text" tcpdump -r "$capture" -w /dev/null
fi
if command -v tshark >/dev/null; then
	row 'tshark -n -Y xmpp' 1 "$text" tshark -n -r "$capture" -Y xmpp
	[ "${SLOW:-yes}" = no ] || row 'tshark -n -Y xmpp -T json' 1 "$jsonl" tshark -n -r "$capture" -Y xmpp -T json
fi
