#!/usr/bin/env bash
# Whole runs on a generated capture, talktrace beside what else is installed, as
# a Markdown table: seconds by the clock, seconds of processor time (user and
# system, all cores), peak memory, and how many times as much time it took as
# the talktrace run above that does the same job.
#
#   STANZAS=400000 CONNECTIONS=1000 RUNS=3 bash testdata/lab/bench.sh
#
# talktrace and tcpdump run RUNS times, and the median by the clock counts;
# tshark runs once. SLOW=no leaves out tshark's JSON, which takes minutes. All
# rows go to /dev/null. TMPDIR should have room for 450 bytes a stanza.
#
# A second table has the same job within TLS 1.3: as many stanzas in half
# as many connections, in order (tshark loses its place within TLS where segments
# overtake each other), in the clear and under two ciphers.
set -euo pipefail
cd "$(dirname "$0")/../.."

stanzas=${STANZAS:-400000}
connections=${CONNECTIONS:-1000}
runs=${RUNS:-3}
go=${GO:-go}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
capture=$work/load.pcap

# measure COMMAND...: appends "wall user system KiB" of a run to $work/times.
measure() {
	if /usr/bin/time -q -f '%e %U %S %M' true >/dev/null 2>&1; then
		/usr/bin/time -q -a -f '%e %U %S %M' -o "$work/times" "$@" >/dev/null 2>"$work/errors"
	else
		python3 - "$work/times" "$@" >/dev/null 2>"$work/errors" <<-'PYTHON'
			import resource, subprocess, sys, time
			begin = time.monotonic()
			status = subprocess.run(sys.argv[2:]).returncode
			wall = time.monotonic() - begin
			used = resource.getrusage(resource.RUSAGE_CHILDREN)
			peak = used.ru_maxrss // (1024 if sys.platform == "darwin" else 1)
			with open(sys.argv[1], "a") as file:
			    print("%.3f %.3f %.3f %d" % (wall, used.ru_utime, used.ru_stime, peak), file=file)
			sys.exit(status)
		PYTHON
	fi || {
		cat "$work/errors" >&2
		return 1
	}
}

# row NAME TIMES BASE COMMAND...: the median of TIMES runs as a row of the
# table. BASE is the "wall cpu" to hold it against, or empty. Leaves its own in
# $cost.
row() {
	local name=$1 times=$2 base=$3
	shift 3
	rm -f "$work/times"
	for ((i = 0; i < times; i++)); do
		measure "$@"
	done
	local median
	median=$(sort -n "$work/times" | sed -n "$(((times + 1) / 2))p")
	cost=$(echo "$median" | awk '{ print $1, $2 + $3 }')
	echo "$median $base" | awk -v name="$name" -v bytes="$bytes" '{
		cpu = $2 + $3
		ratios = NF > 4 && $5 > 0 && $6 > 0 ? sprintf("%.2f × | %.2f ×", $1 / $5, cpu / $6) : "|"
		printf "| `%s` | %.2f | %.2f | %.0f | %.0f | %s |\n", name, $1, cpu, $4 / 1024, bytes / 1e6 / ($1 > 0 ? $1 : 0.005), ratios
	}'
}

# table: says what the capture is, and begins a table.
table() {
	bytes=$(wc -c <"$capture")
	printf '%s frames, %d stanzas in %d connections, %d MB; %s processors; median of %d runs\n\n' \
		"$(awk '$2 == "frames" { print $1 }' "$work/counts")" "$stanzas" "$connections" "$((bytes / 1000000))" "$(getconf _NPROCESSORS_ONLN)" "$runs"
	echo '| command | wall s | user+sys s | peak MiB | MB/s | wall | user+sys |'
	echo '| --- | ---: | ---: | ---: | ---: | ---: | ---: |'
}

# generate FLAG...: writes the capture anew and reads it once, so that it is in
# the page cache and the first run is like the others.
generate() {
	"$work/generate" -stanzas "$stanzas" -connections "$connections" -o "$capture" "$@" 2>"$work/counts"
	cat "$capture" >/dev/null
}

"$go" build -o "$work/talktrace" ./cmd/talktrace
"$go" build -o "$work/generate" ./testdata/generate
generate
table
row 'talktrace -q' "$runs" '' "$work/talktrace" -q -r "$capture"
quiet=$cost
if command -v tcpdump >/dev/null; then
	row 'tcpdump -w /dev/null' "$runs" "$quiet" tcpdump -r "$capture" -w /dev/null
fi
row 'talktrace -T text' "$runs" '' "$work/talktrace" -r "$capture" -T text
text=$cost
if command -v tshark >/dev/null; then
	row 'tshark -n -Y xmpp' 1 "$text" tshark -n -r "$capture" -Y xmpp
fi
row 'talktrace -T jsonl' "$runs" '' "$work/talktrace" -r "$capture" -T jsonl
jsonl=$cost
if command -v tshark >/dev/null && [ "${SLOW:-yes}" != no ]; then
	row 'tshark -n -Y xmpp -T json' 1 "$jsonl" tshark -n -r "$capture" -Y xmpp -T json
fi

connections=$(((connections + 1) / 2))
generate -orderly
echo
table
row 'talktrace -T text, in the clear' "$runs" '' "$work/talktrace" -r "$capture" -T text
for cipher in aes-128-gcm chacha20-poly1305; do
	generate -orderly -tls "$cipher" -keylog "$work/keys"
	bytes=$(wc -c <"$capture")
	row "talktrace -T text --keylog, $cipher" "$runs" '' "$work/talktrace" -r "$capture" -T text --keylog "$work/keys"
	text=$cost
	if command -v tshark >/dev/null; then
		row "tshark -n -Y xmpp -o tls.keylog_file, $cipher" 1 "$text" tshark -n -r "$capture" -Y xmpp -o "tls.keylog_file:$work/keys"
	fi
done
