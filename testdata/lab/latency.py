"""How long after its frame a row is there: latency.py [-n MESSAGES] TALKTRACE

Runs prosody in one network namespace and two slixmpp clients in another, with a
veth pair between them, and traces the clients' end live, into a pipe and into a
file. Prints how long after a frame was captured its row arrived at the reader of
the pipe, and fails where the median or the 99th percentile is over 50 ms, where
frames were dropped, or where a trace of the written file has other rows.

Needs root, and the packages that run.sh installs.
"""

import argparse
import asyncio
import functools
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

sys.dont_write_bytecode = True

import json  # noqa: E402

from clients import slixmpp_client  # noqa: E402
from host import Lab, run  # noqa: E402
from servers import Prosody  # noqa: E402
from session import message, network_namespace  # noqa: E402

SERVER, CLIENT = "10.66.1.2", "10.66.1.1"
TARGET = 0.050  # seconds


def wire_up(lab):
    """Makes two network namespaces with a wire between them; returns their names."""
    names = ["lab%d-%s" % (os.getpid(), end) for end in ("client", "server")]
    for name in names:
        run("ip", "netns", "add", name)
        lab.at_end(functools.partial(run, "ip", "netns", "del", name))
    client, server = names
    run("ip", "link", "add", "lab0", "netns", client, "type", "veth", "peer", "name", "lab0", "netns", server)
    for name, address in ((client, CLIENT), (server, SERVER)):
        run("ip", "-n", name, "addr", "add", address + "/24", "dev", "lab0")
        for device in ("lo", "lab0"):
            run("ip", "-n", name, "link", "set", device, "up")
    return names


class Tracer:
    """talktrace on an interface; keeps each row with the time at which it came."""

    def __init__(self, lab, program, namespace, written, *flags):
        self.process = lab.start(
            "ip", "netns", "exec", namespace, str(program), "-i", "lab0", "-l", "-T", "jsonl", "-w", str(written), *flags,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.rows = []
        self.said = [self.process.stderr.readline()]  # the interface is open once it says something
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.rows.append((time.time_ns(), line))

    def end(self):
        self.process.send_signal(signal.SIGINT)
        self.said += self.process.stderr.readlines()
        self.reader.join()
        if self.process.wait():
            raise OSError(b"".join(self.said).decode())

    def latencies(self):
        """Seconds between the capture of each row's frame and the row, sorted."""
        return sorted((came - nanoseconds(json.loads(line)["time"])) / 1e9 for came, line in self.rows)


def nanoseconds(text):
    """Takes apart an RFC 3339 time, which has more digits than datetime keeps."""
    whole, _, digits = text.rstrip("Z").partition(".")
    seconds = datetime.fromisoformat(whole).replace(tzinfo=timezone.utc).timestamp()
    return int(seconds) * 10**9 + int(digits.ljust(9, "0"))


async def converse(lab, count):
    """Two people who talk, with pauses as they come: mostly short, some not."""
    chance = random.Random(5222)
    client = functools.partial(slixmpp_client(), lab.truth, mechanism="SCRAM-SHA-1")
    romeo, juliet = client("romeo", "orchard"), client("juliet", "balcony")
    for person in (romeo, juliet):
        await person.login(SERVER)
    for number in range(count):
        speaker, listener = (romeo, juliet) if chance.random() < 0.5 else (juliet, romeo)
        speaker.send_raw(message(listener.boundjid.full, number, "<body>%s</body>" % ("word " * chance.randint(1, 60))))
        await asyncio.sleep(chance.expovariate(1 / 0.015))
    for person in (romeo, juliet):
        await person.bye()


def measure(program, count):
    with tempfile.TemporaryDirectory() as folder, Lab("latency", Path(folder)) as lab:
        client, server = wire_up(lab)
        Prosody(lab, settings="c2s_require_encryption = false\nallow_unencrypted_plain_auth = true\n"
                "limits = { c2s = { rate = \"10mb/s\" } }\n", address=SERVER, inside=("ip", "netns", "exec", server))
        written = Path(folder) / "written.pcapng"
        tracer = Tracer(lab, program, client, written)
        with network_namespace(client):
            asyncio.run(converse(lab, count))
        tracer.end()
        again = subprocess.run([program, "-r", written, "-T", "jsonl"], check=True, capture_output=True).stdout
        return tracer, again.splitlines(keepends=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", "--messages", type=int, default=1000)
    parser.add_argument("program", type=Path, metavar="TALKTRACE")
    arguments = parser.parse_args()
    tracer, again = measure(arguments.program.resolve(), arguments.messages)
    delays = tracer.latencies()
    median, late = delays[len(delays) // 2], delays[len(delays) * 99 // 100]
    summary = tracer.said[-1].decode().strip()
    print("%d rows: median %.1f ms, 99th percentile %.1f ms, most %.1f ms" %
          (len(delays), median * 1e3, late * 1e3, delays[-1] * 1e3))
    print(summary)
    wrong = []
    if len(delays) < 2 * arguments.messages:
        wrong.append("rows are missing")
    if late > TARGET:
        wrong.append("rows come late")
    if " 0 dropped by the kernel" not in summary:
        wrong.append("frames were dropped")
    if [line for _, line in tracer.rows] != again:
        wrong.append("the written file has other rows")
    print("FAILED: " + ", ".join(wrong) if wrong else "the rows of the written file are the same")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
