"""Two domains that talk to each other on port 5269, with dialback and without TLS."""

import socket
import struct
import threading
import time

from byhand import chat, iq
from clients import RawClient
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
    serve_names()
    resolver = lab.work / "resolv.conf"
    resolver.write_text("nameserver %s\noptions timeout:1\n" % RESOLVER)
    # Each server sees a resolver of its own, in a mount namespace of its own.
    inside = ("unshare", "-m", "--propagation", "private", "sh", "-c",
              'mount --bind %s /etc/resolv.conf && exec "$@"' % resolver, "sh")
    settings = PLAINTEXT + "s2s_require_encryption = false\ns2s_secure_auth = false\n"
    # The first server has to be seen listening before the second is started: both have the port 5222.
    servers = [Prosody(lab, settings, domain, address=address, s2s=True, log=True, inside=inside)
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


SCENARIOS = {"s2s-dialback-plain": dialback}
