"""The same story twice, by fresh servers and clients: what differs is what no two runs have in common.

Each step waits for all that it brings about, so that the order of what each connection says is the story's own.
"""

import ssl
import uuid

from clients import RawClient
from host import DOMAIN
from servers import Prosody

ROMEO, JULIET = "romeo@" + DOMAIN, "juliet@" + DOMAIN


def iq(client, kind, payload, to=None):
    """Asks, and waits for the answer."""
    name = uuid.uuid4().hex
    client.send("<iq type='%s' id='%s'%s>%s</iq>" % (kind, name, " to='%s'" % to if to else "", payload))
    client.until(name, seconds=10)
    return client.until("</iq>", "/>")


def log_in(lab, user):
    """Logs in within TLS; the server makes up the resource."""
    client = RawClient(lab.truth)
    client.open()
    client.ask("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "<proceed")
    client.until(">")
    client.wrap(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), lab.keys_path)
    client.authenticate(user)
    iq(client, "set", "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>")
    client.ask("<enable xmlns='urn:xmpp:sm:3' resume='true'/>", "<enabled")
    client.until(">")
    iq(client, "get", "<query xmlns='jabber:iq:roster'/>")
    return client


def come(client):
    """Sends presence, and waits until it comes back."""
    name = uuid.uuid4().hex
    client.ask("<presence id='%s'/>" % name, name)
    client.until("</presence>")


def say(client, to, body, hear):
    """Sends a message with a receipt asked for; hear gets it."""
    name = str(uuid.uuid4())
    client.send("<message to='%s' type='chat' id='%s'><body>%s</body><request xmlns='urn:xmpp:receipts'/>"
                "<origin-id xmlns='urn:xmpp:sid:0' id='%s'/></message>" % (to, name, body, name))
    if hear:
        hear.until(body, seconds=10)
        hear.until("</message>")
        hear.send("<message to='%s' id='%s'><received xmlns='urn:xmpp:receipts' id='%s'/></message>" % (ROMEO, uuid.uuid4(), name))
        client.until("urn:xmpp:receipts")
        client.until("</message>")


def story(lab):
    Prosody(lab, settings="c2s_require_encryption = true\nsmacks_max_unacked_stanzas = 1000", modules=["smacks", "mam", "pep"], tls=True)
    lab.sniff()
    romeo = log_in(lab, "romeo")
    come(romeo)
    iq(romeo, "get", "<query xmlns='http://jabber.org/protocol/disco#info'/>", DOMAIN)
    say(romeo, JULIET, "It is the east, and Juliet is the sun.", None)
    iq(romeo, "get", "<ping xmlns='urn:xmpp:ping'/>", DOMAIN)  # the message has been dealt with
    juliet = log_in(lab, "juliet")
    name = uuid.uuid4().hex
    juliet.ask("<presence id='%s'/>" % name, "urn:xmpp:delay")  # what was said while she was away
    juliet.until("</message>")
    iq(juliet, "get", "<ping xmlns='urn:xmpp:ping'/>", DOMAIN)
    for line in ("By whose direction did you find this place?", "By love, that first did prompt me to inquire."):
        say(romeo, JULIET, line, juliet)
    iq(romeo, "set", "<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:microblog:0'><item id='%s'>"
       "<entry xmlns='http://www.w3.org/2005/Atom'><title>Love is a smoke</title></entry></item></publish></pubsub>" % uuid.uuid4())
    juliet.ask("<iq type='set' id='%s'><query xmlns='urn:xmpp:mam:2' queryid='%s'/></iq>" % (uuid.uuid4(), uuid.uuid4()), "</fin>")
    juliet.until("</iq>")
    for client in (juliet, romeo):
        client.bye()


SCENARIOS = {"verify-a": story, "verify-b": story}
