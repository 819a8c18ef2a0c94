#!/usr/bin/env bash
# Traces real sessions between network namespaces while they happen, and holds
# the rows against what the programs themselves sent and when:
#
#   live.sh tls       STARTTLS of two clients whose key log grows (livetls.py)
#   live.sh latency   how long after its frame a row is there (latency.py)
#
# Without a name it does both. Needs root on Debian or Ubuntu; installs what is
# missing. Where it cannot be run it says why and exits with 77.
set -euo pipefail
cd "$(dirname "$0")/../.."

go=${GO:-go}

skip() {
	echo "skipped: $1"
	exit 77
}

[ "$(id -u)" = 0 ] || skip 'capturing and making network namespaces needs root'
command -v apt-get >/dev/null || skip 'the lab runs on Debian and Ubuntu'
bash testdata/lab/install.sh prosody python3-slixmpp mcabber openssl iproute2 ||
	skip 'the servers and clients could not be installed'
trial=talktrace-t$$
ip netns add "$trial" 2>/dev/null || skip 'no network namespaces can be made here'
ip -n "$trial" link add trial0 type veth peer name trial1 2>/dev/null || {
	ip netns del "$trial"
	skip 'no virtual interfaces can be made here'
}
ip netns del "$trial"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$go" build -o "$work/talktrace" ./cmd/talktrace
[ $# -gt 0 ] || set -- tls latency
failed=0
for name in "$@"; do
	case $name in
	tls) script=livetls.py ;;
	latency) script=latency.py ;;
	*)
		echo "live.sh: no check is called $name" >&2
		exit 2
		;;
	esac
	echo "## $name"
	/usr/bin/python3 "testdata/lab/$script" "$work/talktrace" || failed=1
done
exit "$failed"
