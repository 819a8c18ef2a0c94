"""Clients and servers that people use, inside TLS, with the secrets in a key log.

Every client here logs in as romeo, over STARTTLS, as soon as it is made, says
what it is told to, and leaves. docs/keys.md tells how each program is brought to
write a key log.
"""

import asyncio
import time

from clients import slixmpp_client
from host import DOMAIN, HERE, PASSWORDS, run, stop, wait_until
from profanity import Terminal
from servers import Ejabberd, Prosody, log_to_truth
from session import message, say
from wrapped import certificate

JULIET = "juliet@" + DOMAIN


def preload(lab):
    """Returns the library that makes OpenSSL write a key log, built for this run."""
    library = lab.work / "keylog.so"
    if not library.exists():
        run("cc", "-shared", "-fPIC", "-o", str(library), str(HERE / "keylog.c"))
    return str(library)


def logging_keys(lab, keys):
    """Returns what a server is started by that is to write a key log: an argument "inside"."""
    return "env", "SSLKEYLOGFILE=%s" % keys, "LD_PRELOAD=" + preload(lab)


class Mcabber:
    """mcabber, whose TLS is GnuTLS: that writes the file which SSLKEYLOGFILE names.

    It takes commands from a pipe besides those that are typed."""

    def __init__(self, lab, keys, server, inside=()):
        home = lab.work / "mcabber"
        home.mkdir()
        self.pipe = home / "commands"
        settings = home / "mcabberrc"
        settings.write_text(
            "set jid = romeo@%s/mcabber\nset password = %s\nset server = %s\nset tls = 1\nset ssl_ignore_checks = 1\n"
            "set chatstates = 1\nmodule load fifo\nset fifo_name = %s\n" % (DOMAIN, PASSWORDS["romeo"], server, self.pipe))
        settings.chmod(0o600)
        self.terminal = Terminal(lab, *inside, "mcabber", "-f", str(settings), HOME=str(home), SSLKEYLOGFILE=str(keys))
        wait_until(self.pipe.exists, "mcabber")

    def command(self, line):
        with open(self.pipe, "w") as pipe:
            pipe.write(line + "\n")

    def say(self, text):
        self.command("say_to %s %s" % (JULIET, text))

    def bye(self):
        self.command("quit")
        stop(self.terminal.process, 5)


class Finch:
    """finch, the Pidgin of the terminal, whose TLS is NSS: Debian's writes no key log, so the server has to.

    It logs in with an account that it finds in its folder, and trusts the certificate
    that it finds there."""

    def __init__(self, lab, server):
        folder = lab.work / "finch" / ".purple"
        peers = folder / "certificates" / "x509" / "tls_peers"
        peers.mkdir(parents=True)
        (peers / server).write_bytes(lab.certificate(DOMAIN)[0].read_bytes())
        (folder / "accounts.xml").write_text(
            "<?xml version='1.0'?><account version='1.0'><account><protocol>prpl-jabber</protocol><name>romeo@%s/finch</name>"
            "<password>%s</password><settings><setting name='connect_server' type='string'>%s</setting>"
            "<setting name='connection_security' type='string'>require_tls</setting></settings><settings ui='gnt-purple'>"
            "<setting name='auto-login' type='bool'>1</setting></settings></account></account>" % (DOMAIN, PASSWORDS["romeo"], server))
        self.terminal = Terminal(lab, "finch", "-c", str(folder), HOME=str(folder.parent))

    def bye(self):
        stop(self.terminal.process, 5)


def finish(lab, server, client):
    """Ends the capture in the middle of the session, with the server's log of it as the truth."""
    time.sleep(2)
    lab.stop_sniffing()
    end = time.time()
    client.bye()
    lab.at_end(lambda: log_to_truth(server.log, lab.truth, end))


def mcabber(lab):
    server = Prosody(lab, settings="", tls=True, log=True)
    lab.sniff()
    client = Mcabber(lab, lab.keys_path, "127.0.0.1")
    time.sleep(3)
    client.say("by yonder blessed moon I swear")
    for command in ("status away tipping with silver", "status avail back", "request version " + DOMAIN,
                    "rawxml send <iq type='get' id='raw1' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>" % DOMAIN):
        client.command(command)
        time.sleep(0.3)
    finish(lab, server, client)


def finch(lab):
    server = Prosody(lab, settings="", tls=True, log=True, inside=logging_keys(lab, lab.keys_path))
    lab.sniff()
    client = Finch(lab, "127.0.0.1")
    time.sleep(4)
    finish(lab, server, client)


def ejabberd(lab):
    Ejabberd(lab, settings=certificate(lab), client="starttls: true", inside=logging_keys(lab, lab.keys_path))
    lab.sniff()
    asyncio.run(converse(lab))


async def converse(lab):
    romeo = slixmpp_client()(lab.truth, "romeo", "orchard")
    await romeo.login(starttls=True)
    await romeo.get_roster()
    await romeo["xep_0030"].get_info(jid=DOMAIN)
    await say(romeo, message(romeo.boundjid.full, 1, "<body>a note to myself, which comes back</body>"))
    await romeo.bye()


SCENARIOS = {"client-mcabber-tls": mcabber, "client-finch-tls": finch, "server-ejabberd-tls": ejabberd}
