"""Plays: both ends of a connection in one script, in lock-step, over a real socket.

So come the captures that no server of today gives: one that speaks as Google
Talk did, streams cut into single bytes, TLS that begins within a segment.
"""

import base64
import functools
import hashlib
import re
import socket
import ssl
import string
import threading
import time

from clients import RawClient
from host import HERE
from session import picture

DOMAIN = "gmail.example"
PEOPLE = {
    "romeo": ("romeo.montague@" + DOMAIN, "Talk.v1042F5A7C31"),
    "juliet": ("juliet.capulet@" + DOMAIN, "gmail.9C1F00E2"),
}
CAPS = '<caps:c node="http://%s.google.com/xmpp/client/caps" ver="%s" ext="%s" xmlns:caps="http://jabber.org/protocol/caps"/>'
NAMES = {
    "domain": DOMAIN,
    "romeo": "/".join(PEOPLE["romeo"]), "romeo_bare": PEOPLE["romeo"][0],
    "juliet": "/".join(PEOPLE["juliet"]), "juliet_bare": PEOPLE["juliet"][0],
    "talkcaps": CAPS % ("www", "1.0.0.104", "share-v1 voice-v1"),
    "webcaps": CAPS % ("mail", "1.1", "pmuc-v1 sms-v1 video-v1 camera-v1 voice-v1"),
    "hash": hashlib.sha1(b"romeo").hexdigest(),
    "photo": base64.b64encode(picture(2800)).decode(),
}
SASL = 'xmlns="urn:ietf:params:xml:ns:xmpp-sasl"'
STARTTLS = '<%s xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>'
CLOSE = "</stream:stream>"


def header(to="", sender="", number=""):
    attributes = "".join('%s="%s" ' % pair for pair in (("from", sender), ("to", to), ("id", number)) if pair[1])
    return ('<stream:stream %sversion="1.0" xmlns:stream="http://etherx.jabber.org/streams" xmlns="jabber:client">'
            % attributes)


def features(*content):
    return "<stream:features>%s</stream:features>" % "".join(content)


def mechanisms(*names):
    return "<mechanisms %s>%s</mechanisms>" % (SASL, "".join("<mechanism>%s</mechanism>" % name for name in names))


class Line:
    """One connection, both ends of it. The client's end keeps the truth."""

    def __init__(self, lab, listener):
        self.lab = lab
        self.client = RawClient(lab.truth, port=listener.getsockname()[1], domain=DOMAIN)
        self.server = listener.accept()[0]
        self.server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def say(self, xml, piece=None, pause=0.03):
        """The client sends, in pieces of so many bytes if need be, and the server reads it all."""
        for part in pieces(xml.encode(), piece):
            self.client.send(part)
            read(self.server.recv, len(part))
        time.sleep(pause)

    def hear(self, xml, piece=None, pause=0.03):
        """The server sends and the client reads it all."""
        for part in pieces(xml.encode(), piece):
            self.server.sendall(part)
            while len(self.client.unread) < len(part):
                self.client.receive()
            self.client.unread = b""
        time.sleep(pause)

    def exchange(self, request, reply, **how):
        self.say(request, **how)
        self.hear(reply, **how)

    def secure(self, keys, version=None, ciphers=None, alpn=None):
        """TLS begins, its keys written to the file keys."""
        server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        server.load_cert_chain(*self.lab.certificate(DOMAIN))
        for context in (server, client):
            if version:
                context.minimum_version = context.maximum_version = version
            if ciphers:
                context.set_ciphers(ciphers)
            if alpn:
                context.set_alpn_protocols([alpn])
        self.wrap(client, server, keys)

    def wrap(self, client, server, keys, session=None):
        """TLS begins with the contexts given, and with an earlier session if there is one."""
        accepted = []
        thread = threading.Thread(target=lambda: accepted.append(server.wrap_socket(self.server, server_side=True)))
        thread.start()
        self.client.wrap(client, keys, session)
        thread.join()
        self.server = accepted[0]

    def end(self):
        self.client.close()
        self.server.close()


def pieces(data, size):
    size = size or len(data)
    return [data[i:i + size] for i in range(0, len(data), size)]


def read(receive, count):
    while count:
        count -= len(receive(count))


class GoogleTalk:
    """The conversation of gtalk.play."""

    def __init__(self, lab, listener, tls):
        self.lab, self.listener, self.tls = lab, listener, tls
        self.lines = {}

    def login(self, who):
        line = self.lines[who] = Line(self.lab, self.listener)
        bare, resource = PEOPLE[who]
        number = hashlib.md5(who.encode()).hexdigest().upper()
        if self.tls:
            line.exchange(header(to=DOMAIN), header(sender=DOMAIN, number=number[:16]))
            line.hear(features('<starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"><required/></starttls>',
                               mechanisms("X-GOOGLE-TOKEN")))
            line.exchange(STARTTLS % "starttls", STARTTLS % "proceed")
            line.secure(self.lab.keys_path, ssl.TLSVersion.TLSv1_2, "ECDHE-RSA-AES128-GCM-SHA256")
        line.exchange(header(to=DOMAIN), header(sender=DOMAIN, number=number[16:24]) +
                      features(mechanisms("PLAIN", "X-GOOGLE-TOKEN", "X-OAUTH2")))
        token = base64.b64encode(("\0%s\0DQAAAHcAAAD0-made-up-token-%s" % (bare, "x" * 90)).encode()).decode()
        line.exchange('<auth %s mechanism="X-GOOGLE-TOKEN" ga:client-uses-full-bind-result="true" '
                      'xmlns:ga="http://www.google.com/talk/protocol/auth">%s</auth>' % (SASL, token), "<success %s/>" % SASL)
        bind = '<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind">%s</bind>'
        session = '<session xmlns="urn:ietf:params:xml:ns:xmpp-session"/>'
        line.exchange(header(to=DOMAIN), header(sender=DOMAIN, number=number[24:]) + features(bind % "", session))
        line.exchange('<iq type="set" id="0">%s</iq>' % (bind % "<resource>%s</resource>" % resource[:9]),
                      '<iq id="0" type="result">%s</iq>' % (bind % "<jid>%s/%s</jid>" % (bare, resource)))
        line.exchange('<iq type="set" id="2">%s</iq>' % session, '<iq type="result" id="2"/>')

    def play(self, script):
        for text in script.splitlines():
            step = re.fullmatch(r"(\w+) (login|end|>>|>|<) ?(.*)", text)
            if not step:
                continue  # a comment
            who, what, rest = step.groups()
            if what == "login":
                self.login(who)
            elif what == "end":
                self.lines[who].end()
            elif what == ">>":
                other, rest = rest.split(" ", 1)
                self.lines[who].say(self.fill(rest))
                self.lines[other].hear(self.fill(rest, ' from="%s"' % NAMES[who]))
            else:
                act = self.lines[who].say if what == ">" else self.lines[who].hear
                act({"space": " ", "newline": "\n"}.get(rest) or self.fill(rest))

    @staticmethod
    def fill(xml, sender=""):
        return string.Template(xml).substitute(NAMES, **{"from": sender})


def google_talk(lab, tls=False):
    with socket.create_server(("127.0.0.1", 5222)) as listener:
        lab.sniff()
        GoogleTalk(lab, listener, tls).play((HERE / "gtalk.play").read_text(encoding="utf-8"))


def segmentation(lab):
    """The same stream in segments of one, three and seven bytes; then two hundred stanzas in one segment."""
    with socket.create_server(("127.0.0.1", 5222)) as listener:
        lab.sniff()
        for size in (1, 3, 7):
            line = Line(lab, listener)
            how = {"piece": size, "pause": 0.05}
            for number in (1, 2):
                line.exchange(header(to=DOMAIN), header(sender=DOMAIN, number="by%d-%d" % (size, number)) +
                              features(mechanisms("ANONYMOUS") if number == 1 else '<bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/>'),
                              **how)
                if number == 1:
                    line.exchange('<auth %s mechanism="ANONYMOUS"/>' % SASL, "<success %s/>" % SASL, **how)
            line.exchange('<message to="x@%s" id="u"><body>café 你好 \U0001F339 &amp;&#x1F600;</body></message>' % DOMAIN,
                          "<message from='x@%s' id='v' type='chat'><body>]]&gt; 'quoted \"double\"' a&gt;b</body></message>" % DOMAIN,
                          **how)
            line.exchange(CLOSE, CLOSE, **how)
            line.end()
        line = Line(lab, listener)
        line.exchange(header(to=DOMAIN), header(sender=DOMAIN, number="burst") + features())
        burst = "\n".join('<message id="n%d"><body>%d</body></message>' % (n, n) for n in range(200))
        line.exchange(burst, burst)
        line.exchange(CLOSE, CLOSE)
        line.end()


def short_session(line, name):
    short_talk(line, name)
    line.end()


def short_talk(line, name):
    """A login with a certificate and four messages each way."""
    line.exchange(header(to=DOMAIN), header(sender=DOMAIN, number=name) + features(mechanisms("EXTERNAL", "PLAIN")))
    line.exchange('<auth %s mechanism="EXTERNAL">=</auth>' % SASL, "<success %s/>" % SASL)
    for number in range(4):
        line.exchange('<message to="%s" type="chat" id="%s-c%d"><body>hello %d</body></message>' % (NAMES["juliet_bare"], name, number, number),
                      '<message from="%s" type="chat" id="%s-s%d"><body>hello %d</body></message>' % (NAMES["juliet_bare"], name, number, number))
    line.exchange(CLOSE, CLOSE)


def direct_tls(lab):
    """TLS from the first byte, with ALPN (XEP-0368)."""
    with socket.create_server(("127.0.0.1", 5223)) as listener:
        lab.sniff("tcp port 5223")
        line = Line(lab, listener)
        line.secure(lab.keys_path, alpn="xmpp-client")
        short_session(line, "alpn")


def coalesced(lab):
    """STARTTLS where TLS begins within a segment, behind <starttls/> and behind <proceed/>."""
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    server.load_cert_chain(*lab.certificate(DOMAIN))
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    client.keylog_filename = str(lab.keys_path)
    for context in (server, client):
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    with socket.create_server(("127.0.0.1", 5222)) as listener:
        lab.sniff()
        line = Line(lab, listener)
        line.exchange(header(to=DOMAIN), header(sender=DOMAIN, number="e1") +
                      features('<starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"><required/></starttls>'))
        eager(line, client, server)


def eager(line, client_context, server_context):
    """Runs TLS in memory on both ends, so that a record can be put behind XML in one write."""
    recorder, near, far = line.client.recorder, line.client.sock, line.server
    ends = []
    for context, options in ((client_context, {"server_hostname": DOMAIN}), (server_context, {"server_side": True})):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        ends.append((context.wrap_bio(incoming, outgoing, **options), incoming, outgoing))
    (client, client_in, client_out), (server, server_in, server_out) = ends

    def step(end):
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            pass

    def pass_on(sender, receiver, outgoing, incoming, before=""):
        data = before.encode() + outgoing.read()
        sender.sendall(data)
        got = b""
        while len(got) < len(data):
            got += receiver.recv(65536)
        incoming.write(got[len(before.encode()):])
        time.sleep(0.03)

    start, proceed = STARTTLS % "starttls", STARTTLS % "proceed"
    step(client)
    recorder.feed("c2s", start.encode())
    pass_on(near, far, client_out, server_in, start)
    step(server)
    recorder.feed("s2c", proceed.encode())
    pass_on(far, near, server_out, client_in, proceed)
    step(client)
    pass_on(near, far, client_out, server_in)
    step(server)
    pass_on(far, near, server_out, client_in)
    step(client)
    recorder.layer = "tls"
    turns = [(header(to=DOMAIN), header(sender=DOMAIN, number="e2") + "<stream:features/>")]
    for number in range(1, 5):
        turns.append(('<message to="%s" id="e%d"><body>from the eager client</body></message>' % (NAMES["juliet_bare"], number),
                      '<message from="%s" id="f%d"><body>and back</body></message>' % (NAMES["juliet_bare"], number)))
    for request, reply in (*turns, (CLOSE, CLOSE)):
        client.write(request.encode())
        recorder.feed("c2s", request.encode())
        pass_on(near, far, client_out, server_in)
        server.read(65536)
        server.write(reply.encode())
        recorder.feed("s2c", reply.encode())
        pass_on(far, near, server_out, client_in)
        client.read(65536)
    line.end()


SCENARIOS = {
    "gtalk-plain": google_talk,
    "gtalk-starttls12": functools.partial(google_talk, tls=True),
    "segmentation": segmentation,
    "directtls-alpn": direct_tls,
    "starttls-coalesced12": coalesced,
}
