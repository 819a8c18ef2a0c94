"""Makes captures: make.py -o FOLDER [NAME ...], all of them without a name; -l lists the names.

Each capture is written with the truth of its endpoints, and is then held against
it by tshark: a capture in which tshark finds nothing of XMPP or TLS has failed.
"""

import argparse
import subprocess
import sys
import traceback
from pathlib import Path

sys.dont_write_bytecode = True

import byhand  # noqa: E402
import derived  # noqa: E402
import errors  # noqa: E402
import federation  # noqa: E402
import keyed  # noqa: E402
import muc  # noqa: E402
import plays  # noqa: E402
import profanity  # noqa: E402
import proxies  # noqa: E402
import retold  # noqa: E402
import session  # noqa: E402
import web  # noqa: E402
import wrapped  # noqa: E402
from host import Lab  # noqa: E402

SCENARIOS = {name: scenario for module in (byhand, session, muc, federation, plays, errors, profanity, keyed, wrapped, web, retold,
                                                    proxies)
             for name, scenario in module.SCENARIOS.items()}


def frames(capture):
    """Returns how many frames tshark reads, and how many of them carry XMPP, or what it may be wrapped in."""
    counts = []
    for expression in ("frame", "xmpp or tls or http or websocket"):
        listed = subprocess.run(["tshark", "-n", "-r", str(capture), "-Y", expression, "-T", "fields", "-e", "frame.number"],
                                capture_output=True, text=True).stdout
        counts.append(len(listed.splitlines()))
    return counts


def record(name, folder):
    """Runs a scenario, or derives a capture from that of another one, which is made first where it is missing."""
    if name in derived.DERIVED:
        source = derived.DERIVED[name][0]
        if not (folder / (source + ".pcap")).exists():
            record(source, folder)
        capture = derived.derive(name, folder)
    else:
        with Lab(name, folder, "pcapng" if name.endswith("pcapng") else "pcap") as lab:
            SCENARIOS[name](lab)
        capture = lab.capture
    total, speaking = frames(capture)
    units = len((folder / (name + ".truth.jsonl")).read_text(encoding="utf-8").splitlines())
    print("%-24s %5d frames, %5d that speak, %5d units in the truth" % (name, total, speaking, units), flush=True)
    if not speaking or not units:
        raise ValueError("nothing was captured")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--out", type=Path, default=Path(__file__).resolve().parent / "out")
    parser.add_argument("-l", "--list", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    known = [*SCENARIOS, *derived.DERIVED]
    if arguments.list:
        print("\n".join(known))
        return 0
    unknown = set(arguments.names) - set(known)
    if unknown:
        parser.error("no such capture: " + ", ".join(sorted(unknown)))
    arguments.out.mkdir(parents=True, exist_ok=True)
    failed = []
    for name in arguments.names or known:
        try:
            record(name, arguments.out)
        except Exception:  # one that fails does not keep the others from being made
            traceback.print_exc()
            failed.append(name)
    if failed:
        print("FAILED:", *failed)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
