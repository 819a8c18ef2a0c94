"""Rows out of TLS while its key log grows: livetls.py [-n MESSAGES] [--within SECONDS] TALKTRACE

Runs prosody in one network namespace and two clients in another: slixmpp, on
OpenSSL, and mcabber, on GnuTLS. Both log in over STARTTLS, one of them twice, and
append their secrets to one key log, which is not there yet when the trace of
their wire begins. Fails where

  - a message has no row within so many seconds of being sent,
  - a stanza that the server got or sent within TLS has no row, in its order,
  - the key log did not grow with each login,
  - frames were dropped, or a trace of the written file has other rows.

Needs root, and the packages that live.sh installs.
"""

import argparse
import asyncio
import collections
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True

from clients import slixmpp_client  # noqa: E402
from host import Lab, wait_until  # noqa: E402
from keyed import Mcabber  # noqa: E402
from latency import CLIENT, SERVER, Tracer, nanoseconds, wire_up  # noqa: E402
from servers import Prosody, log_to_truth  # noqa: E402
from session import message, network_namespace  # noqa: E402
from truth import Truth  # noqa: E402

NO_STANZA = ("stream", "/stream", "keepalive", "tls", "end")


class Conversation:
    """romeo at mcabber and juliet at slixmpp; keeps when each message was sent."""

    def __init__(self, lab, keys, server, inside):
        self.lab, self.keys, self.server, self.inside = lab, keys, server, inside
        self.sent = {}   # when, by what it says
        self.sizes = []  # of the key log after each login
        self.unused = Truth(lab.work / "juliet.jsonl")

    def logged_in(self, who, times):
        log = self.server.folder / "log"
        wait_until(lambda: log.read_text().count("Authenticated as %s@" % who) == times, who + "'s login")
        self.sizes.append(self.keys.stat().st_size if self.keys.exists() else 0)

    async def juliet(self, times):
        client = slixmpp_client()(self.unused, "juliet", "balcony", keys=self.keys)
        await client.login(SERVER, starttls=True)
        self.logged_in("juliet", times)
        return client

    def mark(self, who):
        text = "%s says number %d." % (who, len(self.sent))
        self.sent[text] = time.time_ns()
        return text

    async def play(self, count):
        juliet = await self.juliet(1)
        romeo = Mcabber(self.lab, self.keys, SERVER, self.inside)
        self.logged_in("romeo", 1)
        await asyncio.sleep(1)  # mcabber asks for its roster before it says anything
        for number in range(count):
            if number == count // 2:
                await juliet.bye()
                juliet = await self.juliet(2)
            romeo.say(self.mark("romeo"))
            await asyncio.sleep(0.15)
            juliet.send_raw(message("romeo@capulet.example", number, "<body>%s</body>" % self.mark("juliet")))
            await asyncio.sleep(0.1)
        romeo.bye()
        await juliet.bye()
        await asyncio.sleep(0.5)


def delays(sent, rows):
    """Returns the seconds from each message to its row, None where there is none."""
    came = {}
    for when, row in rows:
        if row["kind"] == "message" and row["sender"] == "client" and ":tls:" in row["layers"]:
            for text in sent:
                if "<body>" + text in row["xml"]:
                    came.setdefault(text, when)
    return {text: (came[text] - at) / 1e9 if text in came else None for text, at in sent.items()}


def inside_tls(truth, rows):
    """Returns how many stanzas have rows, and the flows and directions whose rows are not just what the server has.

    What it had still to say to a client that has closed its stream need not have gone
    over the wire."""
    said, traced, closed = collections.defaultdict(list), collections.defaultdict(list), set()
    for line in truth.read_text().splitlines():
        unit = json.loads(line)
        if unit["layer"] == "tls" and unit["kind"] == "element":
            said[unit["flow"], unit["dir"]].append(unit["xml"])
    for _, row in rows:
        ends = row["source"], row["destination"]
        way = (">".join(ends), "c2s") if row["sender"] == "client" else (">".join(ends[::-1]), "s2c")
        if row["kind"] == "/stream" and row["sender"] == "client":
            closed.add((way[0], "s2c"))
        elif ":tls:" in row["layers"] and row["kind"] not in NO_STANZA:
            traced[way].append(row["xml"])
    unlike = [way for way in said.keys() | traced.keys()
              if said[way][:len(traced[way]) if way in closed else None] != traced[way]]
    return sum(map(len, traced.values())), unlike


def check(program, count, within):
    """Returns what was measured and what is wrong."""
    with tempfile.TemporaryDirectory() as folder, Lab("livetls", Path(folder)) as lab:
        client, server_space = wire_up(lab)
        server = Prosody(lab, settings="", tls=True, log=True, address=SERVER, inside=("ip", "netns", "exec", server_space))
        keys, written = lab.work / "growing.keys", Path(folder) / "written.pcapng"
        tracer = Tracer(lab, program, client, written, "--keylog", str(keys), "--show-secrets")
        talk = Conversation(lab, keys, server, ("ip", "netns", "exec", client))
        with network_namespace(client):
            asyncio.run(talk.play(count))
        tracer.end()
        again = subprocess.run([program, "-r", written, "--keylog", keys, "--show-secrets", "-T", "jsonl"],
                               check=True, capture_output=True).stdout.splitlines(keepends=True)
        log_to_truth(server.log, lab.truth, time.time(), lambda entry: entry["pip"] == CLIENT)
        lab.truth.file.flush()
        rows = [(when, json.loads(line)) for when, line in tracer.rows]
        stanzas, unlike = inside_tls(lab.truth_path, rows)
    took = delays(talk.sent, rows)
    behind = sorted((when - nanoseconds(row["time"])) / 1e9 for when, row in rows if ":tls:" in row["layers"] and row["kind"] != "end")
    summary = tracer.said[-1].decode().strip()
    wrong = ["no row within %g s: %s" % (within, text) for text, delay in took.items() if delay is None or not 0 <= delay <= within]
    wrong += ["other stanzas than the server's: %s %s" % way for way in unlike]
    if stanzas < 2 * count or not behind:
        wrong.append("too little was said")
    if not 0 < talk.sizes[0] < talk.sizes[1] < talk.sizes[2]:
        wrong.append("the key log did not grow with each login: %s" % talk.sizes)
    if " 0 dropped by the kernel" not in summary:
        wrong.append("frames were dropped: " + summary)
    if [line for _, line in tracer.rows] != again:
        wrong.append("the written file has other rows")
    known = sorted(delay for delay in took.values() if delay is not None)
    if known and behind:
        print("%d messages: from being sent to the row, median %.1f ms, most %.1f ms" %
              (len(known), known[len(known) // 2] * 1e3, known[-1] * 1e3))
        print("%d rows within TLS, %d of them stanzas that the server has too: from the frame to the row, median %.1f ms, most %.1f ms" %
              (len(behind), stanzas, behind[len(behind) // 2] * 1e3, behind[-1] * 1e3))
    print("key log after each login: %s bytes" % ", ".join(map(str, talk.sizes)))
    print(summary)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", "--messages", type=int, default=20, help="of each of the two")
    parser.add_argument("--within", type=float, default=1.0, metavar="SECONDS")
    parser.add_argument("program", type=Path, metavar="TALKTRACE")
    arguments = parser.parse_args()
    wrong = check(arguments.program.resolve(), arguments.messages, arguments.within)
    for what in wrong:
        print("FAILED:", what)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
