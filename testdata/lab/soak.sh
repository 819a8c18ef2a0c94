#!/usr/bin/env bash
# A long time in a short one: sessions that come and go, a hundred thousand of them,
# through a pipe. Prints what talktrace holds on the way: resident memory, threads
# and open files. Memory at the end has to be within a tenth of what it was after
# the first tenth of the connections, and the rest as it was.
#
#   CONNECTIONS=100000 AT_ONCE=200 bash testdata/lab/soak.sh
#
# Some 2,000 connections are remembered after their end. With less than ten times
# as many, memory still grows after the first tenth.
set -euo pipefail
cd "$(dirname "$0")/../.."

connections=${CONNECTIONS:-100000}
at_once=${AT_ONCE:-200}
go=${GO:-go}

work=$(mktemp -d)
trace=
cleanup() {
	exec 3>&- || true
	if [ -n "$trace" ]; then kill "$trace" 2>/dev/null || true; fi
	rm -rf "$work"
}
trap cleanup EXIT

"$go" build -o "$work/talktrace" ./cmd/talktrace
"$go" build -o "$work/generate" ./testdata/generate
mkfifo "$work/frames"
exec 3<>"$work/frames" # so that the trace outlives the generator, and is looked at in the end

mkfifo "$work/rows"
"$work/talktrace" -i - -T text <"$work/frames" >"$work/rows" 2>"$work/said" 3>&- &
trace=$!
{ read -r _ && : >"$work/begun" && cat >/dev/null; } <"$work/rows" 3>&- &
"$work/generate" -stanzas 1 -connections "$connections" -at-once "$at_once" -o "$work/frames" 2>/dev/null 3>&- &
generator=$!

# Before its first row the trace does not answer.
while [ ! -e "$work/begun" ]; do
	kill -0 "$trace"
	sleep 0.01
done

# look: asks for a summary and reads it; sets $seen and the rest.
lines=0
look() {
	kill -USR1 "$trace"
	while [ "$(wc -l <"$work/said")" -le "$lines" ]; do sleep 0.01; done
	lines=$((lines + 1))
	seen=$(sed -n "${lines}s/.*frames, \([0-9]*\) TCP.*/\1/p" "$work/said")
	memory=$(awk '/^VmRSS/ { print $2 }' "/proc/$trace/status")
	threads=$(awk '/^Threads/ { print $2 }' "/proc/$trace/status")
	files=$(find "/proc/$trace/fd" -mindepth 1 | wc -l)
}

printf '%12s %12s %10s %8s\n' connections 'memory KiB' threads files
tenth=
step=$((connections / 10))
next=$step
while kill -0 "$generator" 2>/dev/null; do
	look
	if [ "${seen:-0}" -ge "$next" ]; then
		printf '%12d %12d %10d %8d\n' "$seen" "$memory" "$threads" "$files"
		[ -n "$tenth" ] || { tenth=$memory tenth_threads=$threads tenth_files=$files; }
		next=$((seen + step))
	fi
	sleep 0.1
done
wait "$generator"
while look && [ "$seen" -lt "$connections" ]; do sleep 0.1; done
printf '%12d %12d %10d %8d\n' "$seen" "$memory" "$threads" "$files"
exec 3>&-
wait "$trace"
trace=
tail -n 1 "$work/said"
awk -v first="$tenth" -v last="$memory" -v threads=$((threads - tenth_threads)) -v files=$((files - tenth_files)) 'BEGIN {
	printf "since the first tenth: memory %+.1f %%, threads %+d, files %+d\n", 100 * last / first - 100, threads, files
	exit last > 1.1 * first || threads > 1 || files != 0
}'
