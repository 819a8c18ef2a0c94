#!/usr/bin/env bash
# Makes the captures of testdata/captures anew: run.sh [-o FOLDER] [NAME ...]
#
# Needs root on Debian or Ubuntu, for tcpdump and network namespaces. Installs
# the packages that are missing; no server of theirs is started by the system.
set -euo pipefail
cd "$(dirname "$0")/../.."

packages=(prosody ejabberd python3-slixmpp profanity mcabber finch gcc libc6-dev putty-tools tcpdump tshark python3-websockets iproute2 ethtool openssl
	tinyproxy microsocks haproxy)

if [ "$(id -u)" != 0 ]; then
	echo 'talktrace: error: the lab needs root, to capture and to make network namespaces' >&2
	echo 'talktrace: hint: sudo make lab' >&2
	exit 1
fi
bash testdata/lab/install.sh "${packages[@]}"
/usr/bin/python3 testdata/lab/make.py "$@"
