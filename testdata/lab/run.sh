#!/usr/bin/env bash
# Makes the captures of testdata/captures anew: run.sh [-o FOLDER] [NAME ...]
#
# Needs root on Debian or Ubuntu, for tcpdump and network namespaces. Installs
# the packages that are missing; no server of theirs is started by the system.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=(prosody ejabberd python3-slixmpp profanity putty-tools tcpdump tshark python3-websockets iproute2 ethtool openssl)

missing=()
for package in "${packages[@]}"; do
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
done
if [ "$(id -u)" != 0 ]; then
	echo 'talktrace: error: the lab needs root, to capture and to make network namespaces' >&2
	echo 'talktrace: hint: sudo make lab' >&2
	exit 1
fi

if [ ${#missing[@]} -gt 0 ]; then
	echo "Installing ${missing[*]} ..."
	# A policy-rc.d that says no keeps packages from starting their servers.
	policy=/usr/sbin/policy-rc.d
	if [ ! -e "$policy" ]; then
		trap 'rm -f "$policy"' EXIT
		printf '#!/bin/sh\nexit 101\n' >"$policy"
		chmod +x "$policy"
	fi
	apt-get update -qq </dev/null
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" </dev/null >/dev/null
fi

/usr/bin/python3 testdata/lab/make.py "$@"
