"""What XMPP travels in over TCP: compression, TLS of several turns, Google's SSLTCP."""

import functools
import socket
import ssl
import zlib

from byhand import chat, iq
from clients import RawClient
from host import DOMAIN
from plays import DOMAIN as GMAIL
from plays import SASL, Line, features, mechanisms, short_session, short_talk
from servers import Ejabberd, Prosody

ROMEO, JULIET = "romeo@%s/orchard" % DOMAIN, "juliet@%s/balcony" % DOMAIN


def talk(romeo, juliet):
    """A short conversation, one turn at a time."""
    for person in (romeo, juliet):
        person.send("<presence xmlns='jabber:client'/>")
    for number in range(6):
        here, there, to = (romeo, juliet, JULIET) if number % 2 == 0 else (juliet, romeo, ROMEO)
        here.send(chat(to, "t%d" % number, "It is the east, and Juliet is the sun. " * (number + 1)).replace(
            "<message", "<message xmlns='jabber:client'"))
        there.until("id='t%d'" % number, 'id="t%d"' % number)
        there.until("</message>")
    romeo.send("<iq xmlns='jabber:client' type='get' id='who' to='%s'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>" % DOMAIN)
    romeo.until("id='who'", 'id="who"')
    romeo.until("</iq>")
    for person in (romeo, juliet):
        person.drain(0.3)


class Deflated:
    """A socket whose bytes are compressed (XEP-0138)."""

    def __init__(self, sock, mode):
        self.sock, self.mode = sock, mode
        self.out, self.into = zlib.compressobj(), zlib.decompressobj()

    def sendall(self, data):
        self.sock.sendall(self.out.compress(data) + self.out.flush(self.mode))

    def recv(self, size):
        plain = b""
        while not plain:
            data = self.sock.recv(size)
            if not data:
                return b""
            plain = self.into.decompress(data)
        return plain

    def __getattr__(self, name):
        return getattr(self.sock, name)


def certificate(lab):
    """Returns the settings that give ejabberd a certificate."""
    crt, key = lab.certificate(DOMAIN)
    both = lab.work / "both.pem"
    both.write_text(crt.read_text() + key.read_text())
    return "certfiles: [%s]\n" % both


def compression(lab, tls=False):
    """ejabberd compresses with zlib's sync flush; the clients with sync, full and partial flush."""
    if tls:
        Ejabberd(lab, settings=certificate(lab), client="starttls: true, zlib: true")
    else:
        Ejabberd(lab, client="starttls: false, zlib: true")
    lab.sniff()
    people = []
    for user, resource, mode in (("romeo", "orchard", zlib.Z_PARTIAL_FLUSH), ("juliet", "balcony", zlib.Z_FULL_FLUSH)):
        client = secured(lab, ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)) if tls else RawClient(lab.truth)
        client.authenticate(user)
        client.ask("<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>", "<compressed")
        client.until(">")
        client.sock = Deflated(client.sock, mode)
        client.open()
        client.bind(resource)
        people.append(client)
    talk(*people)
    people[0].send("".join(chat(JULIET, "b%d" % n, "%d of a burst" % n) for n in range(20)))
    people[1].until("19 of a burst")
    people[1].until("</message>")
    for client in people:
        client.bye()


def secured(lab, context, session=None):
    """A connection that has STARTTLS behind it."""
    client = RawClient(lab.truth)
    client.open()
    client.ask("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "<proceed")
    client.until(">")
    client.wrap(context, lab.keys_path, session)
    return client


def login_again(client):
    client.authenticate("romeo")
    client.bind("orchard")
    client.ask(iq("get", "ping", "<ping xmlns='urn:xmpp:ping'/>"), "id='ping'", 'id="ping"')
    client.bye()


def encrypt_then_mac(lab):
    """TLS 1.2 with CBC and encrypt-then-MAC (RFC 7366), which OpenSSL asks for of itself."""
    Prosody(lab, tls=True)
    lab.sniff()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-RSA-AES256-SHA384")
    login_again(secured(lab, context))


def resumption(lab):
    """Three connections by TLS 1.3, of which the later ones take up the session of the one before (RFC 8446 section 2.2)."""
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    server.load_cert_chain(*lab.certificate(GMAIL))
    session = None
    with socket.create_server(("127.0.0.1", 5223)) as listener:
        lab.sniff("tcp port 5223")
        for number in range(3):
            line = Line(lab, listener)
            line.wrap(client, server, lab.keys_path, session)
            if line.client.sock.session_reused != bool(number):
                raise OSError("connection %d: resumed %s" % (number, line.client.sock.session_reused))
            short_talk(line, "resumed%d" % number)
            session = line.client.sock.session
            line.end()


def ssltcp(lab):
    """Google's SSLTCP: a hello and a reply that look like SSL and are always the same, then XMPP in the clear."""
    hello = bytes.fromhex("8046010301002d000000100100800300800700c0060040020080040080000004"
                          "00feff00000a00fefe0000090000640000620000030000061f170ca62f0078fc46552eb18339f1ea")
    reply = bytes.fromhex("160301004a020000460301428545a727a95da0b3c5e753da482b3fc65aca89c15852a1783c5b174600853f"
                          "200ed306725b5b1b5f15ac13f988539d9be83d7b0c30326e384da27557416c345c000400")
    with socket.create_server(("127.0.0.1", 443)) as listener:
        lab.sniff("tcp port 443")
        line = Line(lab, listener)
        for sender, receiver, data in ((line.client.sock, line.server, hello), (line.server, line.client.sock, reply)):
            sender.sendall(data)
            left = len(data)
            while left:
                left -= len(receiver.recv(left))
        short_session(line, "ssltcp")


def direct_tls_of_servers(lab):
    """Two servers by TLS from the first byte on 5270, with ALPN xmpp-server (XEP-0368), both directions on one stream."""
    head = ("<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' from='%s.example' "
            "to='%s.example'%s version='1.0'>")
    one, other = ("montague", "capulet", ""), ("capulet", "montague", " id='direct'")
    with socket.create_server(("127.0.0.1", 5270)) as listener:
        lab.sniff("tcp port 5270")
        line = Line(lab, listener)
        line.secure(lab.keys_path, alpn="xmpp-server")
        line.exchange(head % one, head % other + features("<bidi xmlns='urn:xmpp:features:bidi'/>", mechanisms("EXTERNAL")))
        line.say("<bidi xmlns='urn:xmpp:bidi'/>")
        line.exchange("<auth %s mechanism='EXTERNAL'>=</auth>" % SASL, "<success %s/>" % SASL)
        line.exchange(head % one, head % other + features())
        for number in range(3):
            line.exchange("<message from='romeo@montague.example' to='juliet@capulet.example' id='a%d'><body>there</body></message>" % number,
                          "<message from='juliet@capulet.example' to='romeo@montague.example' id='b%d'><body>and back</body></message>" % number)
        line.exchange("</stream:stream>", "</stream:stream>")
        line.end()


SCENARIOS = {
    "compression-zlib": compression,
    "compression-starttls": functools.partial(compression, tls=True),
    "starttls12-cbc-etm": encrypt_then_mac,
    "tls13-resumption": resumption,
    "gtalk-ssltcp": ssltcp,
    "s2s-directtls": direct_tls_of_servers,
}
