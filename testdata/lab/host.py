"""The machine a scenario runs on: its folder, its processes, its sniffer."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from truth import Truth

HERE = Path(__file__).resolve().parent
DOMAIN = "capulet.example"
PASSWORDS = {
    "romeo": "wherefore-art-thou",
    "juliet": "r0m30myr0m30",
    "mercutio": "queen-mab!",
}


def run(*command, **options):
    """Runs a command to its end and returns what it printed."""
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def wait_until(true, what, seconds=30):
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError("waited in vain for " + what)
        time.sleep(0.05)


def listening(port, inside=()):
    """Says whether a local socket listens on the TCP port."""
    return bool(run(*inside, "ss", "-Hltn", "sport = :%d" % port).strip())


class Lab:
    """What one scenario has: a name, files to write, and processes that end with it.

    capture, truth_path and keys_path are the files the scenario leaves behind;
    work is a folder for everything else.
    """

    def __init__(self, name, out, suffix="pcap"):
        self.name = name
        self.capture = out / ("%s.%s" % (name, suffix))
        self.truth_path = out / (name + ".truth.jsonl")
        self.keys_path = out / (name + ".keys")
        self.keys_path.unlink(missing_ok=True)
        self.work = Path(tempfile.mkdtemp(prefix="lab-"))
        self.truth = Truth(self.truth_path)
        self.processes = []
        self.sniffer = None
        self.endings = []

    def __enter__(self):
        return self

    def __exit__(self, error, *_):
        self.stop_sniffing()
        for process in reversed(self.processes):
            stop(process)
        for ending in self.endings:
            ending()
        self.truth.close()
        if error:
            print("what the programs of %s wrote is kept in %s" % (self.name, self.work))
        else:
            shutil.rmtree(self.work)

    def start(self, *command, **options):
        """Starts a process that is ended with the scenario."""
        process = subprocess.Popen(command, **options)
        self.processes.append(process)
        return process

    def at_end(self, ending):
        """Has ending called once all processes have ended, while the truth is still open."""
        self.endings.append(ending)

    def sniff(self, expression="tcp port 5222", interface="lo", snaplen=262144, link=None, tool="tcpdump", inside=()):
        """Starts writing the capture, with the link type named where an interface has several."""
        if tool == "dumpcap":
            command = ["dumpcap", "-q", "-i", interface, "-s", str(snaplen), "-w", str(self.capture), "-f", expression]
        else:
            command = ["tcpdump", "-i", interface, "-n", "-U", "-B", "16384", "-Z", "root", "-s", str(snaplen),
                       *(["-y", link] if link else []), "-w", str(self.capture), expression]
        self.sniffer = subprocess.Popen([*inside, *command], stderr=subprocess.PIPE, text=True)
        for line in self.sniffer.stderr:
            if "listening on" in line or "File:" in line:
                break
        time.sleep(0.3)  # both tools say so shortly before they do

    def stop_sniffing(self):
        """Ends the capture once the kernel has handed over the last packets."""
        if self.sniffer is None:
            return
        time.sleep(1.2)
        self.sniffer.send_signal(signal.SIGINT)
        said = self.sniffer.communicate(timeout=20)[1]
        self.sniffer = None
        lost = re.search(r"([1-9]\d*) packets dropped|dropped on .*: \d+/([1-9]\d*)", said)
        if lost:
            raise OSError("the sniffer lost packets: " + lost.group())

    def certificate(self, domain):
        """Returns the files of a self-signed certificate for a domain and of its key."""
        crt, key = self.work / (domain + ".crt"), self.work / (domain + ".key")
        if not crt.exists():
            run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj", "/CN=" + domain,
                "-addext", "subjectAltName=DNS:%s,DNS:chat.%s" % (domain, domain), "-keyout", str(key), "-out", str(crt))
            os.chmod(key, 0o644)
        return crt, key


def stop(process, seconds=10):
    """Ends one process that this program has started."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def quoted(text):
    """Returns text as a string literal of Lua or YAML."""
    return json.dumps(str(text))
