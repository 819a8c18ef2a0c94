#!/usr/bin/env bash
# How much traffic can be captured without losing any of it: the generated
# capture is replayed by tcpreplay over a veth pair between two network
# namespaces, faster and slower, until the highest rate is found at which nothing
# is dropped; for tcpdump, talktrace and tshark, one after the other.
#
#   STANZAS=1000000 CONNECTIONS=1000 SECONDS_EACH=3 STEPS=6 TRIES=2 bash testdata/lab/load.sh
#
# A rate counts if, in one of the tries, the kernel dropped no frame and the
# program was done with the last one within two seconds. No frame is sent twice in a run: a program that
# looks into TCP has little to do with what it has seen before. Each program has
# a kernel buffer of 16 MiB. Needs root on Debian or Ubuntu, and a gigabyte of
# memory; installs what is missing. Takes some five minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."

stanzas=${STANZAS:-1000000}
connections=${CONNECTIONS:-1000}
seconds=${SECONDS_EACH:-3}
steps=${STEPS:-6}
tries=${TRIES:-2}
go=${GO:-go}
lowest=1000 # frames a second with which the search begins
patience=2  # seconds

if [ "$(id -u)" != 0 ]; then
	echo 'talktrace: error: the load test needs root, to capture and to make network namespaces' >&2
	exit 1
fi
missing=()
for program in tcpreplay tcpdump tshark; do
	command -v "$program" >/dev/null || missing+=("$program")
done
if [ ${#missing[@]} -gt 0 ]; then
	echo "Installing ${missing[*]} ..."
	apt-get update -qq </dev/null
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" </dev/null >/dev/null
fi

work=$(mktemp -d)
export TMPDIR=$work # where tshark keeps what it has not looked into yet
sender=talktrace-s$$ receiver=talktrace-r$$
tracer=
cleanup() {
	[ -z "$tracer" ] || kill -KILL "$tracer" 2>/dev/null || true
	ip netns del "$sender" 2>/dev/null || true
	ip netns del "$receiver" 2>/dev/null || true
	rm -rf "$work"
}
trap cleanup EXIT

"$go" build -o "$work/talktrace" ./cmd/talktrace
"$go" run ./testdata/generate -stanzas "$stanzas" -connections "$connections" -o "$work/load.pcap" 2>"$work/counts"
frames=$(awk '$2 == "frames" { print $1 }' "$work/counts")
size=$(stat -c %s "$work/load.pcap")

ip netns add "$sender"
ip netns add "$receiver"
ip link add veth0 netns "$sender" type veth peer name veth0 netns "$receiver"
for ns in "$sender" "$receiver"; do
	ip netns exec "$ns" sysctl -q -w net.ipv6.conf.all.disable_ipv6=1 2>/dev/null || true
	ip -n "$ns" link set veth0 up
done

# replay OPTION...: sends, and sets $sent (frames) and $rate (frames a second).
replay() {
	ip netns exec "$sender" tcpreplay -q --preload-pcap -i veth0 "$@" "$work/load.pcap" >"$work/replay" 2>&1 || {
		cat "$work/replay" >&2
		return 1
	}
	sent=$(awk '/^Actual:/ { print $2 }' "$work/replay")
	rate=$(awk '/^Rated:/ { printf "%d", $(NF - 1) }' "$work/replay")
}

# begin PROGRAM: starts it on the receiving end and waits until it captures.
begin() {
	case $1 in
	tcpdump) set -- tcpdump -n -B 16384 -i veth0 -w /dev/null ;;
	talktrace) set -- "$work/talktrace" -n -B 16 -i veth0 -T text ;;
	tshark) set -- tshark -n -B 16 -i veth0 -Y xmpp ;;
	esac
	ip netns exec "$receiver" "$@" >"$work/rows" 2>"$work/said" &
	tracer=$!
	for _ in {1..100}; do
		# A socket for packets, that runs.
		if ip netns exec "$receiver" cat /proc/net/packet | awk 'NR > 1 && $6 == 1 { n++ } END { exit !n }'; then
			sleep 0.5
			return
		fi
		sleep 0.1
	done
	echo "$1 does not capture:" >&2
	cat "$work/said" >&2
	return 1
}

# finish PROGRAM: ends it; sets $dropped, which is "late" where that took too long.
finish() {
	dropped=late
	kill -INT "$tracer"
	for ((i = 0; i < patience * 20; i++)); do
		if ! kill -0 "$tracer" 2>/dev/null; then
			dropped=
			break
		fi
		sleep 0.05
	done
	[ "$dropped" != late ] || kill -KILL "$tracer" 2>/dev/null || true
	wait "$tracer" 2>/dev/null || true
	tracer=
	[ -n "$dropped" ] || dropped=$(drops "$1")
	rm -f "$work"/wireshark_*
}

# drops PROGRAM: the frames that it says were dropped.
drops() {
	case $1 in
	tcpdump) sed -n 's/^\([0-9]*\) packets* dropped by kernel.*/\1/p' "$work/said" ;;
	talktrace) sed -n 's/.*; \([0-9]*\) dropped by the kernel.*/\1/p' "$work/said" ;;
	tshark) sed -n 's/^\([0-9]*\) packets* dropped from.*/\1/p' "$work/said" ;;
	esac | tail -n 1 | grep . || echo 0
}

# holds PROGRAM RATE: whether the program loses nothing at that many frames a
# second, in one of the tries; 0 is as fast as can be.
holds() {
	for ((n = 0; n < tries; n++)); do
		if try "$1" "$2"; then return; fi
	done
	return 1
}

# try PROGRAM RATE: the same, once.
try() {
	local speed=(--topspeed)
	if [ "$2" -gt 0 ]; then
		speed=(--pps="$2")
		[ $(($2 * seconds)) -ge "$frames" ] || speed+=(--limit=$(($2 * seconds)))
	fi
	begin "$1"
	replay "${speed[@]}"
	finish "$1"
	printf '    %-10s %8d frames at %7d/s: %s\n' "$1" "$sent" "$rate" "${dropped/#0/nothing dropped}"
	[ "$dropped" = 0 ]
}

# search PROGRAM HIGHEST: sets $best to the highest rate that holds.
search() {
	local low=$lowest high=$2 middle
	best=0
	if holds "$1" 0; then
		best=$rate
		return
	fi
	for ((s = 0; s < steps; s++)); do
		middle=$(awk -v a="$low" -v b="$high" 'BEGIN { printf "%d", sqrt(a * b) }')
		if holds "$1" "$middle"; then
			best=$rate low=$middle
		else
			high=$middle
		fi
	done
}

printf '%d frames, %d bytes; searching:\n' "$frames" "$size"
replay --topspeed
most=$rate
table=
for program in tcpdump talktrace tshark; do
	search "$program" "$most"
	[ "$program" != tcpdump ] || base=$best
	table+=$(awk -v program="$program" -v best="$best" -v base="$base" -v most="$most" -v bytes="$((size / frames))" 'BEGIN {
		atleast = (best >= 0.95 * most) ? "≥ " : ""
		printf("| %-9s | %s%d | %.0f | %.2f |", program, atleast, best, best * bytes * 8 / 1e6, base ? best / base : 0)
	}')$'\n'
done
printf '\ntcpreplay alone sends %d frames a second.\n\n' "$most"
printf '| program | frames/s without a drop | Mbit/s | to tcpdump |\n| --- | ---: | ---: | ---: |\n%s' "$table"
