"""Proxies: an HTTP proxy, a SOCKS proxy, a load balancer that tells who its client is, a bytestream."""

import base64
import hashlib
import socket
import ssl
import time

from byhand import JULIET, chat, iq
from clients import RawClient
from host import DOMAIN, listening, wait_until
from servers import PLAINTEXT, Ejabberd, Prosody
from truth import Recorder, flow_of

HTTP, SOCKS, BYTESTREAMS, PLAIN, SECURE = 3128, 1080, 5000, 15222, 15223
CLIENT, BALANCING = "127.0.0.7", "127.0.0.9"  # where connections come from, so that one can tell
USER, PASSWORD = "montague", "neither-fair-saint"
ROMEO = "romeo@%s/orchard" % DOMAIN
TLS = "xmlns='urn:ietf:params:xml:ns:xmpp-tls'"


def dial(port, address=""):
    sock = socket.create_connection(("127.0.0.1", port), 10, (address, 0))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


class BehindProxy(RawClient):
    """A RawClient over a socket that somebody else has connected to the server."""

    def __init__(self, truth, sock, server=None):
        self.sock, self.domain, self.timeout, self.unread = sock, DOMAIN, 10, b""
        flow = flow_of(sock)
        if server:  # the capture is made behind a proxy that passes the client's address on
            flow = flow.split(">")[0] + ">" + server
        self.recorder = Recorder(truth, flow)


def connect(credentials=None):
    """Asks the HTTP proxy for the server; returns the socket and what it says."""
    sock = dial(HTTP)
    host = "localhost:5222"
    head = "CONNECT %s HTTP/1.1\r\nHost: %s\r\n" % (host, host)
    if credentials:
        head += "Proxy-Authorization: Basic %s\r\n" % base64.b64encode(credentials.encode()).decode()
    sock.sendall((head + "\r\n").encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += sock.recv(1)
    return sock, answer.decode()


def http_proxy(lab):
    """tinyproxy refuses a client without a password, and lets one with it through; STARTTLS behind it."""
    Prosody(lab, tls=True)
    config = lab.work / "tinyproxy.conf"
    config.write_text('Port %d\nListen 127.0.0.1\nTimeout 60\nMaxClients 10\nBasicAuth %s %s\nConnectPort 5222\n' % (HTTP, USER, PASSWORD))
    lab.start("tinyproxy", "-d", "-c", str(config))
    wait_until(lambda: listening(HTTP), "tinyproxy")
    lab.sniff("tcp port %d" % HTTP)
    sock, answer = connect()
    assert " 407 " in answer, answer
    sock.close()
    sock, answer = connect(USER + ":" + PASSWORD)
    assert " 200 " in answer, answer
    romeo = BehindProxy(lab.truth, sock)
    romeo.open()
    romeo.ask("<starttls %s/>" % TLS, "<proceed %s/>" % TLS)
    romeo.wrap(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), lab.keys_path)
    talk(romeo)


def talk(romeo):
    """Logs in and says a word to himself, who hears it."""
    romeo.login("romeo", "orchard")
    romeo.ask("<presence/>", "<presence")
    romeo.ask(chat(ROMEO, "p1", "speaking through a wall"), "wall</body></message>")
    romeo.drain(0.3)
    romeo.bye()


def socks(password, port):
    """Asks the SOCKS proxy for a port of the server; returns the socket and the last answer."""
    sock = dial(SOCKS)
    sock.sendall(b"\5\2\0\2")
    sock.recv(2)
    sock.sendall(b"\1%c%s%c%s" % (len(USER), USER.encode(), len(password), password.encode()))
    answer = sock.recv(2)
    if answer[1]:
        return sock, answer
    sock.sendall(b"\5\1\0\3\x09localhost" + port.to_bytes(2, "big"))
    return sock, sock.recv(300)


def socks_proxy(lab):
    """microsocks refuses a password, cannot reach a port, and lets a client through."""
    Prosody(lab)
    lab.start("microsocks", "-i", "127.0.0.1", "-p", str(SOCKS), "-u", USER, "-P", PASSWORD)
    wait_until(lambda: listening(SOCKS), "microsocks")
    lab.sniff("tcp port %d" % SOCKS)
    for password, port in (("wrong", 5222), (PASSWORD, 5269)):
        sock, answer = socks(password, port)
        assert answer[1], answer
        sock.close()
    sock, answer = socks(PASSWORD, 5222)
    assert answer[:2] == b"\5\0", answer
    talk(BehindProxy(lab.truth, sock))


BALANCER = """
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend plain
  bind 127.0.0.1:%d
  default_backend one
frontend secure
  bind 127.0.0.1:%d ssl crt %s alpn xmpp-client
  default_backend two
backend one
  server one 127.0.0.1:5222 source %s send-proxy
backend two
  server two 127.0.0.1:5222 source %s check inter 1h send-proxy-v2 send-proxy-v2-ssl-cn proxy-v2-options ssl,cert-cn,ssl-cipher,cert-sig,cert-key,authority,crc32c,unique-id
"""


def balancer(lab):
    """haproxy in front of ejabberd, with the PROXY protocol 1, and 2 where it takes TLS off the clients."""
    Ejabberd(lab, client="starttls: false, use_proxy_protocol: true")
    crt, key = lab.certificate(DOMAIN)
    pem = lab.work / "haproxy.pem"
    pem.write_text(crt.read_text() + key.read_text())
    config = lab.work / "haproxy.cfg"
    config.write_text(BALANCER % (PLAIN, SECURE, pem, BALANCING, BALANCING))
    lab.sniff("tcp port 5222")
    lab.start("haproxy", "-db", "-q", "-f", str(config))
    wait_until(lambda: listening(SECURE), "haproxy")
    time.sleep(0.5)  # it looks whether the server is well
    romeo = BehindProxy(lab.truth, dial(PLAIN, CLIENT), server="127.0.0.1:5222")
    talk(romeo)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["xmpp-client"])
    sock = context.wrap_socket(dial(SECURE, CLIENT), server_hostname=DOMAIN)
    talk(BehindProxy(lab.truth, sock, server="127.0.0.1:5222"))


def bytestream(lab):
    """A file goes over a bytestream (XEP-0065) that prosody's proxy65 passes on."""
    proxy = "proxy." + DOMAIN
    Prosody(lab, settings=PLAINTEXT + 'proxy65_ports = { %d }\nproxy65_interfaces = { "127.0.0.1" }\n' % BYTESTREAMS,
            components='Component "%s" "proxy65"' % proxy)
    lab.sniff("tcp port 5222 or tcp port %d" % BYTESTREAMS)
    romeo, juliet = (RawClient(lab.truth).login(u, r) for u, r in (("romeo", "orchard"), ("juliet", "balcony")))
    name = "s5b_1" + ROMEO + JULIET
    target = hashlib.sha1(name.encode()).hexdigest().encode()
    sockets = []
    for _ in range(2):  # the one who gets the file, the one who sends it
        sock = dial(BYTESTREAMS)
        sock.sendall(b"\5\1\0")
        assert sock.recv(2) == b"\5\0"
        sock.sendall(b"\5\1\0\3\x28" + target + b"\0\0")
        assert sock.recv(300)[:2] == b"\5\0"
        sockets.append(sock)
    romeo.ask(iq("set", "s5b1", "<query xmlns='http://jabber.org/protocol/bytestreams' sid='s5b_1'>"
                 "<activate>%s</activate></query>" % JULIET, proxy), "</iq>", "id='s5b1'")
    page = ("<html><body>%s</body></html>" % ("<p>It is the east, and Juliet is the sun.</p>" * 200)).encode()
    sockets[1].sendall(page)
    sockets[1].shutdown(socket.SHUT_WR)
    got = b""
    while len(got) < len(page):
        got += sockets[0].recv(65536)
    for sock in sockets:
        sock.close()
    romeo.drain(0.3)
    for person in (romeo, juliet):
        person.bye()


SCENARIOS = {
    "proxy-connect": http_proxy,
    "proxy-socks5": socks_proxy,
    "proxy-haproxy": balancer,
    "bytestream": bytestream,
}
