"""What goes wrong between a client and a server, each on a connection of its own."""

import time

from byhand import SASL, chat, iq
from clients import RawClient
from host import DOMAIN
from servers import PLAINTEXT, Prosody

SCRAM = "<auth %s mechanism='SCRAM-SHA-1'>biwsbj1yb21lbyxyPWZ5a28rZDJsYmJGZ09OUnY5cWt4ZGF3TA==</auth>" % SASL


def not_authorized(client):
    client.open()
    client.plain("romeo", "wrong-password")
    client.until("</failure>")
    client.ask(SCRAM, "</challenge>")
    client.ask("<response %s>Yz1iaXdzLHI9bm90LXRoZS1ub25jZSxwPXdyb25n</response>" % SASL, "</failure>")
    client.ask("<auth %s mechanism='X-NO-SUCH'/>" % SASL, "</failure>")
    client.ask(SCRAM, "</challenge>")
    client.ask("<abort %s/>" % SASL, "</failure>")
    client.ask("<auth %s mechanism='PLAIN'>!!! not base64 !!!</auth>" % SASL, "</failure>")


def host_unknown(client):
    client.open(to="verona.example", wait="</stream:stream>")


def not_well_formed(client):
    client.login("romeo", "orchard")
    client.ask("<message to='juliet@%s'><body>never closed</message>" % DOMAIN, "</stream:stream>")


def policy_violation(client):
    client.login("romeo", "orchard")
    client.ask(chat("juliet@" + DOMAIN, "long", "too long " * 4000), "</stream:stream>")


def before_login(client):
    client.open()
    client.send(chat("juliet@" + DOMAIN, "early", "nobody knows me yet"))


def stanza_errors(client):
    client.login("romeo", "orchard")
    client.send("<presence/>")
    ping = "<ping xmlns='urn:xmpp:ping'/>"
    for stanza in (iq("get", "e0", "<query xmlns='jabber:iq:version'/>", "nobody@%s/x" % DOMAIN),
                   iq("get", "e1", "<query xmlns='jabber:iq:nonsense'/>", DOMAIN),
                   iq("get", "e2", ping, "unreachable.example"), iq("get", "e3", ping, "@@bad"),
                   "<iq type='set' id='e8'/>", chat("nobody@" + DOMAIN, "e9", "anyone?"),
                   "<foo xmlns='urn:example:foo'>an unknown stanza</foo>"):
        client.send(stanza)
        client.drain(0.3)


def conflict(truth):
    """The same resource twice: the second login ends the first."""
    first = RawClient(truth).login("romeo", "same")
    first.send("<presence/>")
    first.drain(0.3)
    second = RawClient(truth).login("romeo", "same")
    second.send("<presence/>")
    first.drain(1)
    second.drain(0.3)
    second.bye()
    first.close()


def errors(lab):
    Prosody(lab, settings=PLAINTEXT + 'conflict_resolve = "kick_old"\nc2s_stanza_size_limit = 16384\n')
    lab.sniff()
    for trouble in (not_authorized, host_unknown, not_well_formed, policy_violation, stanza_errors, before_login):
        client = RawClient(lab.truth)
        trouble(client)
        client.drain(0.5)
        client.close()
        time.sleep(0.1)
    conflict(lab.truth)


SCENARIOS = {"errors-common": errors}
