"""XMPP for browsers: WebSocket (RFC 7395) and BOSH (XEP-0124, XEP-0206)."""

import asyncio
import functools
import http.client
import os
import queue
import re
import ssl
import struct
import threading
import time

from clients import RawClient
from host import DOMAIN
from servers import PLAINTEXT, Ejabberd, Prosody
from truth import Recorder, flow_of
from wrapped import JULIET, talk

LISTENER = "  - {port: 5280, ip: \"127.0.0.1\", module: ejabberd_http, request_handlers: {%s}}\n"


class Framed:
    """A socket whose bytes are WebSocket messages of a client (RFC 6455), one for each call."""

    def __init__(self, sock, path):
        self.sock, self.unread = sock, b""
        sock.sendall(("GET %s HTTP/1.1\r\nHost: %s:5280\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Protocol: xmpp\r\nOrigin: http://%s\r\n\r\n" % (path, DOMAIN, DOMAIN)).encode())
        while b"\r\n\r\n" not in self.unread:
            self.fill()
        head, _, self.unread = self.unread.partition(b"\r\n\r\n")
        if b" 101 " not in head:
            raise OSError("no upgrade: %r" % head)

    def fill(self):
        data = self.sock.recv(65536)
        self.unread += data
        return data

    def sendall(self, data):
        self.frame(1, data)

    def frame(self, opcode, data):
        mask = os.urandom(4)
        size = len(data)
        length = struct.pack(">B", 0x80 | size) if size < 126 else struct.pack(">BH", 0x80 | 126, size)
        self.sock.sendall(struct.pack(">B", 0x80 | opcode) + length + mask +
                          bytes(c ^ mask[i % 4] for i, c in enumerate(data)))

    def recv(self, _):
        """Returns the payload of the next message; answers pings on the way."""
        while True:
            while len(self.unread) < 4 or len(self.unread) < self.due()[1]:
                if not self.fill():
                    return b""
            start, end = self.due()
            opcode, payload, self.unread = self.unread[0] & 15, self.unread[start:end], self.unread[end:]
            if opcode == 9:
                self.frame(10, payload)
            elif opcode == 8:
                return b""
            elif opcode < 3:
                return payload

    def due(self):
        """Where the payload of the frame begins and ends; servers do not mask, and say nothing long here."""
        size = self.unread[1] & 127
        start = 2
        if size == 126:
            size, start = struct.unpack(">H", self.unread[2:4])[0], 4
        return start, start + size

    def __getattr__(self, name):
        return getattr(self.sock, name)


class WebClient(RawClient):
    """A client whose every write is a WebSocket message (RFC 7395)."""

    def __init__(self, lab, port, path, tls=False):
        super().__init__(lab.truth, port=port)
        if tls:
            self.wrap(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), lab.keys_path)
        self.sock = Framed(self.sock, path)

    def open(self, to=None, wait="features>"):
        return self.ask("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='%s' version='1.0'/>" % (to or self.domain), wait)

    def bind(self, resource):
        return self.ask("<iq xmlns='jabber:client' type='set' id='bind_1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                        "<resource>%s</resource></bind></iq>" % resource, "</iq>")

    def bye(self):
        self.send("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>")
        try:
            self.until("framing'/>", 'framing"/>', seconds=3)
            self.sock.frame(8, struct.pack(">H", 1000))
            self.drain(0.5)
        except (OSError, EOFError):
            pass
        self.close()


def websocket(lab, tls=False):
    if tls:
        crt, key = lab.certificate(DOMAIN)
        Prosody(lab, modules=["http", "websocket"], settings=PLAINTEXT + """
consider_websocket_secure = true
http_default_host = "%s"
https_interfaces = { "127.0.0.1" }
https_ports = { 5281 }
https_ssl = { certificate = "%s"; key = "%s" }
""" % (DOMAIN, crt, key))
        port, path = 5281, "/xmpp-websocket"
    else:
        Ejabberd(lab, listen=LISTENER % "/ws: ejabberd_http_ws")
        port, path = 5280, "/ws"
    lab.sniff("tcp port %d" % port)
    people = []
    for user, resource in (("romeo", "orchard"), ("juliet", "balcony")):
        client = WebClient(lab, port, path, tls)
        client.authenticate(user)
        client.bind(resource)
        people.append(client)
    talk(*people)
    for client in people:
        client.bye()


def compressed_websocket(lab):
    """Both ends by the package websockets, which compresses messages (RFC 7692), with and without the words of those
    before. Every third message of the client comes in three frames, and a ping before it."""
    import websockets

    name = "id='%s' type='chat'><body>%s</body></message>"
    turns = [("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='%s' version='1.0'/>" % DOMAIN,
              "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='%s' id='ws1' version='1.0'/>" % DOMAIN)]
    for n in range(8):
        turns.append(("<message xmlns='jabber:client' to='%s' " % JULIET + name % ("c%d" % n, "the same words again and again"),
                      "<message xmlns='jabber:client' from='%s' " % JULIET + name % ("s%d" % n, "the same words again and again")))
    turns.append(("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>",) * 2)

    async def serve(connection):
        for _, reply in turns:
            await connection.recv()
            await connection.send(reply)
        await connection.wait_closed()

    async def play():
        from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory as Client
        from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory as Server

        lab.sniff("tcp port 5280")
        for forget in (False, True):
            server = Server(server_no_context_takeover=forget, client_no_context_takeover=forget)
            async with websockets.serve(serve, "127.0.0.1", 5280, subprotocols=["xmpp"], compression=None, extensions=[server]):
                client = Client(server_no_context_takeover=forget, client_no_context_takeover=forget)
                async with websockets.connect("ws://127.0.0.1:5280/ws", subprotocols=["xmpp"], compression=None, extensions=[client]) as way:
                    recorder = Recorder(lab.truth, flow_of(way.transport.get_extra_info("socket")))
                    for number, (request, _) in enumerate(turns):
                        recorder.feed("c2s", request.encode())
                        third = len(request) // 3 + 1
                        if number % 3 == 2:
                            await way.ping()
                            await way.send([request[i:i + third] for i in range(0, len(request), third)])
                        else:
                            await way.send(request)
                        recorder.feed("s2c", (await way.recv()).encode())

    asyncio.run(play())


class Bosh:
    """A client with two kept connections, one of which the server holds (XEP-0124, XEP-0206)."""

    def __init__(self, lab, path):
        self.path, self.rid, self.sid, self.inbox = path, 1000 + len(lab.name), None, ""
        self.news = threading.Condition()
        self.free = queue.SimpleQueue()
        for _ in range(2):
            way = http.client.HTTPConnection("127.0.0.1", 5280, timeout=30)
            way.connect()
            self.free.put((way, Recorder(lab.truth, flow_of(way.sock))))
        self.held = 0

    def post(self, xml="", attributes=""):
        """Sends a body as soon as a connection is free; the reply is read meanwhile."""
        way, recorder = self.free.get(timeout=30)
        self.rid += 1
        self.held += 1
        session = " sid='%s'" % self.sid if self.sid else ""
        record(recorder, "c2s", xml)
        way.request("POST", self.path, ("<body xmlns='http://jabber.org/protocol/httpbind' rid='%d'%s%s>%s</body>" % (
            self.rid, session, attributes, xml)).encode(), {"Content-Type": "text/xml; charset=utf-8"})
        thread = threading.Thread(target=self.read, args=(way, recorder), daemon=True)
        thread.start()
        return thread

    def read(self, way, recorder):
        got = way.getresponse().read().decode()
        body = re.match(r"<body[^>]*?(/>|>)", got)
        record(recorder, "s2c", "" if body.group(1) == "/>" else got[body.end():got.rindex("</body>")])
        with self.news:
            self.inbox += got
            self.held -= 1
            self.free.put((way, recorder))
            self.news.notify_all()

    def send(self, xml):
        self.post(xml)

    def until(self, *wanted, seconds=15):
        end = time.monotonic() + seconds
        while True:
            with self.news:
                ends = [self.inbox.find(w) + len(w) for w in wanted if w in self.inbox]
                if ends:
                    got, self.inbox = self.inbox[:min(ends)], self.inbox[min(ends):]
                    return got
                idle = self.held == 0
                if not idle:
                    self.news.wait(max(0.01, end - time.monotonic()))
            if idle:
                self.post()  # so that the server has something to answer
            if time.monotonic() > end:
                raise TimeoutError("no %r" % (wanted,))

    def drain(self, seconds):
        time.sleep(seconds)

    def login(self, user, resource):
        new = " to='%s' xml:lang='en' xmlns:xmpp='urn:xmpp:xbosh'" % DOMAIN
        self.post(attributes=new + " wait='10' hold='1' ver='1.6' xmpp:version='1.0'").join()
        self.sid = re.search(r"sid=['\"]([^'\"]*)", self.inbox).group(1)
        self.until("features>")
        token = RawClient.token(user)
        self.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>" % token)
        self.until("<success")
        self.post(attributes=new + " xmpp:restart='true'")
        self.until("features>")
        self.send("<iq xmlns='jabber:client' type='set' id='bind_1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                  "<resource>%s</resource></bind></iq>" % resource)
        self.until("</iq>")
        return self

    def bye(self):
        self.post("<presence xmlns='jabber:client' type='unavailable'/>", " type='terminate'").join(5)
        while not self.free.empty():
            self.free.get()[0].close()


def record(recorder, direction, xml):
    if xml:
        recorder.feed(direction, xml.encode())


def bosh(lab):
    Ejabberd(lab, modules=("roster", "disco", "bosh"), listen=LISTENER % "/http-bind: mod_bosh")
    lab.sniff("tcp port 5280")
    romeo, juliet = Bosh(lab, "/http-bind").login("romeo", "orchard"), Bosh(lab, "/http-bind").login("juliet", "balcony")
    talk(romeo, juliet)
    romeo.bye()
    juliet.bye()


SCENARIOS = {
    "websocket-plain": websocket,
    "websocket-tls13": functools.partial(websocket, tls=True),
    "websocket-deflate": compressed_websocket,
    "bosh-plain": bosh,
}
