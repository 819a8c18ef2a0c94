"""Two domains that talk to each other on port 5269: with dialback and without TLS, and with TLS and certificates."""

import socket
import struct
import threading
import time

from byhand import chat, iq
from clients import RawClient
from host import run
from servers import PLAINTEXT, Prosody, log_to_truth

HOSTS = {"capulet.example": "127.0.0.1", "montague.example": "127.0.0.2"}
RESOLVER = "127.0.0.77"


def answer(query):
    """Answers a DNS query: an A record for the two domains, nothing for the rest."""
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += query[at] + 1
    name, kind = ".".join(labels).lower(), struct.unpack_from(">H", query, at + 1)[0]
    question = query[12:at + 5]
    address = HOSTS.get(name) if kind == 1 else None
    status = 0x8400 if name in HOSTS else 0x8403  # no such name
    head = query[:2] + struct.pack(">HHHHH", status, 1, 1 if address else 0, 0, 0)
    if not address:
        return head + question
    return head + question + struct.pack(">HHHIH", 0xC00C, 1, 1, 60, 4) + socket.inet_aton(address)


def serve_names():
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((RESOLVER, 53))

    def serve():
        while True:
            query, client = sock.recvfrom(4096)
            sock.sendto(answer(query), client)

    threading.Thread(target=serve, daemon=True).start()


def dialback(lab):
    between(lab, "s2s_require_encryption = false\ns2s_secure_auth = false\n")


def external(lab):
    """TLS, SASL EXTERNAL with certificates that both trust, and one stream for both directions (XEP-0288).

    The key exchange is RSA's, so that the servers' private keys open it; tshark makes the key log of them.
    """
    pairs = [lab.certificate(domain) for domain in HOSTS]
    trusted = lab.work / "trusted.pem"
    trusted.write_text("".join(crt.read_text() for crt, _ in pairs))
    between(lab, """
s2s_require_encryption = true
s2s_secure_auth = true
ssl = { protocol = "tlsv1_2"; ciphers = "AES128-GCM-SHA256"; cafile = "%s" }
""" % trusted, modules=["s2s_bidi"], tls=True)
    keys = [argument for _, key in pairs for argument in ("-o", 'uat:rsa_keys:"%s",""' % key)]
    run("tshark", "-r", str(lab.capture), *keys, "--export-tls-session-keys", str(lab.keys_path))


def between(lab, settings, **options):
    """Captures what two servers say to each other, and the clients that make them."""
    serve_names()
    resolver = lab.work / "resolv.conf"
    resolver.write_text("nameserver %s\noptions timeout:1\n" % RESOLVER)
    # Each server sees a resolver of its own, in a mount namespace of its own.
    inside = ("unshare", "-m", "--propagation", "private", "sh", "-c",
              'mount --bind %s /etc/resolv.conf && exec "$@"' % resolver, "sh")
    # The first server has to be seen listening before the second is started: both have the port 5222.
    servers = [Prosody(lab, PLAINTEXT + settings, domain, address=address, s2s=True, log=True, inside=inside, **options)
               for domain, address in HOSTS.items()]
    time.sleep(1)
    lab.sniff("tcp port 5269 or tcp port 5222")
    converse(lab.truth)
    end = time.time()  # the servers' streams stay open; what is said in the end is not captured
    lab.stop_sniffing()
    for server in servers:
        lab.at_end(lambda log=server.log: log_to_truth(
            log, lab.truth, end, wanted=lambda entry: entry["direction"] == "outgoing"))


def converse(truth):
    romeo = RawClient(truth, "127.0.0.2", domain="montague.example").login("romeo", "orchard")
    juliet = RawClient(truth, "127.0.0.1", domain="capulet.example").login("juliet", "balcony")
    r, j = "romeo@montague.example", "juliet@capulet.example"
    for person in (romeo, juliet):
        person.send("<presence/>")
    romeo.send("<presence to='%s' type='subscribe'/>" % j)
    juliet.until("type='subscribe'", seconds=20)
    juliet.send("<presence to='%s' type='subscribed'/><presence to='%s' type='subscribe'/>" % (r, r))
    romeo.until("type='subscribe'", seconds=20)
    romeo.send("<presence to='%s' type='subscribed'/>" % j)
    for person in (romeo, juliet):
        person.drain()
    for number in range(5):
        romeo.send("<message to='%s/balcony' type='chat' id='c%d'>"
                   "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>" % (j, number))
        romeo.send(chat(j + "/balcony", "f%d" % number, "across the domains %d" % number))
        juliet.until("domains %d" % number)
        juliet.send(chat(r + "/orchard", "g%d" % number, "and back %d" % number))
        romeo.until("back %d" % number)
    romeo.ask(iq("get", "ping", "<ping xmlns='urn:xmpp:ping'/>", "capulet.example"), "id='ping'")
    romeo.ask(iq("get", "card", "<vCard xmlns='vcard-temp'/>", j), "id='card'")
    romeo.send(chat("x@unknown-domain.example", "lost", "nowhere"))
    romeo.drain(1)
    romeo.bye()
    juliet.bye()
    time.sleep(0.5)


SCENARIOS = {"s2s-dialback-plain": dialback, "s2s-external-bidi": external}
