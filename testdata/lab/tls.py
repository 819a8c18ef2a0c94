"""Makes the captures of testdata/captures/tls: tls.py [-o FOLDER] [NAME ...]; -l lists the names.

OpenSSL's s_server and s_client speak one short XMPP conversation under each
protection that TLS has. The two texts of the conversation lie beside the
captures, as client.txt and server.txt: what is opened must be just that.
It runs as root, in a network namespace of its own.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

PORT = 5223
HERE = Path(__file__).resolve().parent
DOMAIN = "capulet.example"

# Who speaks, and what: a line each.
CONVERSATION = [
    ("client", '<stream:stream xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams" to="%s" version="1.0">' % DOMAIN),
    ("server", '<stream:stream xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams" from="%s" id="tls1" version="1.0">' % DOMAIN),
    ("server", "<stream:features/>"),
    ("client", '<message to="juliet@%s" type="chat"><body>Art thou not Romeo?</body></message>' % DOMAIN),
    ("server", '<message from="juliet@%s" type="chat"><body>Neither, fair saint.</body></message>' % DOMAIN),
    ("client", '<iq type="get" id="p1"><ping xmlns="urn:xmpp:ping"/></iq>'),
    ("server", '<iq type="result" id="p1"/>'),
    ("client", "</stream:stream>"),
    ("server", "</stream:stream>"),
]


def v12(suite, *more):
    """The arguments of both sides for a suite of TLS 1.2, by OpenSSL's name."""
    return ["-tls1_2", "-cipher", suite + ":@SECLEVEL=0", *more]


def v13(suite, *more):
    return ["-tls1_3", "-ciphersuites", suite, *more]


def old(version, suite, *more):
    return [version, "-cipher", suite + ":@SECLEVEL=0", *more]


class Scenario:
    """both, server, client: arguments. rsa: what opens it is the server's private key alone.
    typed: what the client types after the features. resumed: a second connection takes up the
    session of the first, with these arguments of the client. forgetful: the server is
    another one by then. options: what only OpenSSL's configuration can switch."""

    def __init__(self, both, server=(), client=(), rsa=False, typed="", resumed=None, forgetful=False, options=""):
        self.both, self.server, self.client, self.rsa = both, list(server), list(client), rsa
        self.typed, self.resumed, self.forgetful, self.options = typed, resumed, forgetful, options


EARLY = ["-early_data", "EARLY"]
SCENARIOS = {
    "tls13-aes128-gcm": Scenario(v13("TLS_AES_128_GCM_SHA256"), ["-alpn", "xmpp-client"], ["-alpn", "xmpp-client"]),
    "tls13-aes256-gcm": Scenario(v13("TLS_AES_256_GCM_SHA384")),
    "tls13-chacha20": Scenario(v13("TLS_CHACHA20_POLY1305_SHA256")),
    "tls13-ccm": Scenario(v13("TLS_AES_128_CCM_SHA256")),
    "tls13-ccm8": Scenario(v13("TLS_AES_128_CCM_8_SHA256")),
    "tls13-key-update": Scenario(v13("TLS_AES_256_GCM_SHA384"), typed="K\nk\nK\n"),
    "tls13-retry": Scenario(v13("TLS_AES_256_GCM_SHA384"), ["-groups", "P-384"], ["-groups", "X25519:P-384"]),
    "tls13-padded": Scenario(v13("TLS_AES_128_GCM_SHA256"), ["-record_padding", "512"], ["-record_padding", "300"]),
    "tls13-client-certificate": Scenario(v13("TLS_AES_128_GCM_SHA256"), ["-Verify", "1"], ["-cert", "client.pem", "-key", "client.key"]),
    "tls13-small-records": Scenario(v13("TLS_AES_128_GCM_SHA256"), ["-max_send_frag", "512", "-split_send_frag", "512"]),
    "tls13-early-data": Scenario(v13("TLS_AES_256_GCM_SHA384"), ["-early_data"], resumed=EARLY),
    "tls13-early-data-chacha20": Scenario(v13("TLS_CHACHA20_POLY1305_SHA256"), ["-early_data"], resumed=EARLY),
    "tls13-early-data-refused": Scenario(v13("TLS_AES_256_GCM_SHA384"), ["-early_data"], resumed=EARLY, forgetful=True),
    "tls12-aes128-gcm": Scenario(v12("ECDHE-RSA-AES128-GCM-SHA256")),
    "tls12-aes256-gcm": Scenario(v12("ECDHE-RSA-AES256-GCM-SHA384")),
    "tls12-chacha20": Scenario(v12("ECDHE-RSA-CHACHA20-POLY1305")),
    "tls12-cbc-sha-etm": Scenario(v12("ECDHE-RSA-AES128-SHA")),
    "tls12-cbc-sha384-etm": Scenario(v12("ECDHE-RSA-AES256-SHA384")),
    "tls12-cbc-sha384": Scenario(v12("ECDHE-RSA-AES256-SHA384"), client=["-no_etm"]),
    "tls12-dhe-ccm": Scenario(v12("DHE-RSA-AES256-CCM")),
    "tls12-null": Scenario(v12("NULL-SHA256")),
    "tls12-camellia": Scenario(v12("DHE-RSA-CAMELLIA128-SHA")),
    "tls12-ticket": Scenario(v12("ECDHE-RSA-AES128-GCM-SHA256"), resumed=[]),
    "tls12-renegotiation": Scenario(v12("ECDHE-RSA-AES128-SHA"), ["-client_renegotiation"], typed="R\n"),
    "tls12-rsa-cbc-sha": Scenario(v12("AES128-SHA"), rsa=True),
    "tls12-rsa-cbc-sha256": Scenario(v12("AES256-SHA256"), rsa=True),
    "tls12-rsa-gcm": Scenario(v12("AES128-GCM-SHA256"), rsa=True),
    "tls12-rsa-ccm": Scenario(v12("AES128-CCM"), rsa=True),
    "tls12-rsa-ccm8": Scenario(v12("AES128-CCM8"), rsa=True),
    "tls12-rsa-plain-master": Scenario(v12("AES128-SHA"), rsa=True, options="-ExtendedMasterSecret"),
    "tls12-rsa-ticket": Scenario(v12("AES128-GCM-SHA256"), rsa=True, resumed=[]),
    "tls12-rsa-session-id": Scenario(v12("AES128-SHA", "-no_ticket"), rsa=True, resumed=[]),
    "tls11-rsa-cbc": Scenario(old("-tls1_1", "AES256-SHA"), client=["-no_etm"], rsa=True),
    "tls10-rsa-cbc": Scenario(old("-tls1", "AES128-SHA"), client=["-no_etm"], rsa=True),
    "tls10-cbc-etm": Scenario(old("-tls1", "ECDHE-RSA-AES128-SHA")),
}


CONFIGURATION = """openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = default
[default]
Options = %s
"""


def certificates(work, out):
    """Makes a certificate for the server's key, with the names that XMPP knows, and one for a client.

    The server's key lies beside the captures; all of them have the same one."""
    key = out / "server.key"
    if not key.exists():
        subprocess.run(["openssl", "genrsa", "-traditional", "-out", str(key), "2048"], check=True, capture_output=True)
    shutil.copy(key, work)
    names = ("DNS:%s,otherName:1.3.6.1.5.5.7.8.5;UTF8:%s,otherName:1.3.6.1.5.5.7.8.7;IA5:_xmpp-client.%s" % (DOMAIN, DOMAIN, DOMAIN))
    for name, subject, more in (("server", DOMAIN, ["-key", "server.key", "-addext", "subjectAltName=" + names]),
                                ("client", "romeo", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", "client.key"])):
        subprocess.run(["openssl", "req", "-x509", "-nodes", "-days", "3650", "-subj", "/CN=" + subject, "-out", name + ".pem", *more],
                       cwd=work, check=True, capture_output=True)


class Program:
    """A process whose standard input is typed at and whose output is watched."""

    def __init__(self, work, *command):
        environment = dict(os.environ, OPENSSL_CONF=str(work / "openssl.cnf"))
        self.process = subprocess.Popen(command, cwd=work, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.output = b""
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        while chunk := self.process.stdout.read1(4096):
            self.output += chunk

    def type(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def expect(self, text, since=0):
        """Waits until the text has come, and returns where the output stands then."""
        end = time.monotonic() + 15
        while text.encode() not in self.output[since:]:
            if time.monotonic() > end or not self.reader.is_alive():
                raise TimeoutError("no %r in %s" % (text, self.output.decode("utf-8", "replace")[-2000:]))
            time.sleep(0.01)
        return since + self.output[since:].index(text.encode()) + len(text)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def converse(server, client, scenario, since, skip=0):
    """Lets both say their lines in turn, but for the first ones that were sent as early data."""
    at = {"client": 0, "server": since}
    for i, (who, line) in enumerate(CONVERSATION):
        speaker, hearer, other = (client, server, "server") if who == "client" else (server, client, "client")
        if i >= skip:
            speaker.type(line + "\n")
        at[other] = hearer.expect(line, at[other])
        if line == "<stream:features/>" and scenario.typed:
            for command in scenario.typed.splitlines():
                client.type(command + "\n")
                time.sleep(0.3)


def connection(work, server, scenario, keylog, since, arguments):
    early = "-early_data" in arguments
    client = Program(work, "openssl", "s_client", "-connect", "127.0.0.1:%d" % PORT, "-servername", DOMAIN, "-keylogfile", keylog,
                     *scenario.both, *scenario.client, *arguments)
    try:
        taken = early and not scenario.forgetful
        if not early:
            client.expect("Verify return code")
        converse(server, client, scenario, since, skip=1 if taken else 0)
        if "-tls1_3" in scenario.both:
            time.sleep(0.2)
        client.type("Q\n")
        client.process.wait(timeout=10)
    finally:
        client.stop()
    return len(server.output)


def serve(work, scenario):
    command = ["openssl", "s_server", "-accept", "127.0.0.1:%d" % PORT, "-cert", "server.pem", "-key", "server.key",
               *scenario.both, *scenario.server]
    server = Program(work, *command)
    server.expect("ACCEPT")
    return server


def make(name, out):
    scenario = SCENARIOS[name]
    work = Path(tempfile.mkdtemp(prefix="tls-"))
    certificates(work, out)
    if scenario.options:
        (work / "openssl.cnf").write_text(CONFIGURATION % scenario.options)
    (work / "EARLY").write_text(CONVERSATION[0][1] + "\n")
    capture, keylog = out / (name + ".pcap"), work / "keys"
    sniffer = Program(work, "tcpdump", "-i", "lo", "-s", "0", "-U", "--immediate-mode", "-w", str(capture), "tcp port %d" % PORT)
    sniffer.expect("listening on")
    server = serve(work, scenario)
    try:
        first = ["-sess_out", "session"] if scenario.resumed is not None else []
        since = connection(work, server, scenario, str(keylog), 0, first)
        if scenario.resumed is not None:
            if scenario.forgetful:
                server.stop()
                server, since = serve(work, scenario), 0
            connection(work, server, scenario, str(keylog), since, ["-sess_in", "session", *scenario.resumed])
        time.sleep(0.3)
    finally:
        server.stop()
        sniffer.stop()
    if not scenario.rsa:
        shutil.copy(keylog, out / (name + ".keys"))
    shutil.rmtree(work)
    print("%-28s %6d bytes" % (name, capture.stat().st_size), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-o", "--out", type=Path, default=HERE.parent / "captures" / "tls")
    parser.add_argument("-l", "--list", action="store_true")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    if arguments.list:
        print("\n".join(SCENARIOS))
        return 0
    if not arguments.inside:
        return subprocess.run(["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh",
                               sys.executable, os.path.abspath(__file__), "--inside", *sys.argv[1:]]).returncode
    arguments.out = arguments.out.resolve()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for who in ("client", "server"):
        (arguments.out / (who + ".txt")).write_text("".join(line + "\n" for speaker, line in CONVERSATION if speaker == who))
    failed = []
    for name in arguments.names or SCENARIOS:
        try:
            make(name, arguments.out)
        except (OSError, subprocess.SubprocessError, TimeoutError) as error:
            failed.append(name)
            print("%s failed: %s" % (name, error), file=sys.stderr, flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
