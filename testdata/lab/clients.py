"""Clients: one written by hand with every byte under control, one of slixmpp."""

import asyncio
import base64
import logging
import socket
import ssl
import struct
import time

from host import DOMAIN, PASSWORDS
from truth import Recorder, flow_of

HEADER = ("<?xml version='1.0'?><stream:stream to='%s' xmlns='jabber:client' "
          "xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>")


class RawClient:
    """A blocking client over a socket that says just what it is told to."""

    def __init__(self, truth, host="127.0.0.1", port=5222, domain=DOMAIN, timeout=10):
        self.sock = socket.create_connection((host, port), timeout)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.recorder = Recorder(truth, flow_of(self.sock))
        self.domain, self.timeout = domain, timeout
        self.unread = b""

    def send(self, data):
        data = data.encode() if isinstance(data, str) else data
        self.recorder.feed("c2s", data)
        self.sock.sendall(data)

    def receive(self):
        """Reads once; false where the server has closed."""
        data = self.sock.recv(65536)
        self.recorder.feed("s2c", data)
        self.unread += data
        return bool(data)

    def until(self, *wanted, seconds=None):
        """Reads until one of the strings has come; returns what came, up to its end."""
        deadline = time.monotonic() + (seconds or self.timeout)
        wanted = [w.encode() for w in wanted]
        while True:
            ends = [self.unread.find(w) + len(w) for w in wanted if w in self.unread]
            if ends:
                got, self.unread = self.unread[:min(ends)], self.unread[min(ends):]
                return got.decode("utf-8", "replace")
            self.sock.settimeout(max(0.01, deadline - time.monotonic()))
            if not self.receive():
                raise EOFError("closed before %r" % wanted)

    def ask(self, stanza, *wanted, seconds=None):
        self.send(stanza)
        return self.until(*wanted, seconds=seconds)

    def drain(self, seconds=0.5):
        """Reads what comes within the time, or until the server closes."""
        deadline = time.monotonic() + seconds
        try:
            while time.monotonic() < deadline:
                self.sock.settimeout(max(0.01, deadline - time.monotonic()))
                if not self.receive():
                    break
        except (TimeoutError, ConnectionError):
            pass
        self.unread = b""

    def open(self, to=None, wait="</stream:features>"):
        return self.ask(HEADER % (to or self.domain), wait)

    def wrap(self, context, keys, session=None):
        """Goes on in TLS, with an earlier session if there is one; its keys are written to the file keys."""
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.keylog_filename = str(keys)
        self.sock = context.wrap_socket(self.sock, server_hostname=self.domain, session=session)
        self.recorder.layer = "tls"

    @staticmethod
    def token(user, password=None):
        return base64.b64encode(("\0%s\0%s" % (user, password or PASSWORDS[user])).encode()).decode()

    def plain(self, user, password=None):
        self.send("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>" % self.token(user, password))

    def bind(self, resource):
        return self.ask("<iq type='set' id='bind_1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                        "<resource>%s</resource></bind></iq>" % resource, "</iq>")

    def authenticate(self, user):
        self.open()
        self.plain(user)
        self.until("<success")
        self.until(">")
        self.open()

    def login(self, user, resource):
        self.authenticate(user)
        self.bind(resource)
        return self

    def bye(self):
        """Closes the stream, then the connection."""
        try:
            self.ask("</stream:stream>", "</stream:stream>", seconds=3)
        except (OSError, EOFError):
            pass
        self.close()

    def reset(self):
        """Ends the connection with a RST, the stream still open."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self):
        self.recorder.rest()
        self.sock.close()


def slixmpp_client():
    """Returns the class of a slixmpp client that keeps the truth.

    slixmpp is imported here, so that the scenarios without it need no package.
    """
    import slixmpp

    logging.disable(logging.CRITICAL)  # slixmpp 1.8.3 prints a trace when it is asked for its time

    class Client(slixmpp.ClientXMPP):
        def __init__(self, truth, user, resource, mechanism=None, keys=None, version=None, ciphers=None, plugins=()):
            super().__init__("%s@%s/%s" % (user, DOMAIN, resource), PASSWORDS[user], sasl_mech=mechanism)
            self.truth, self.recorder, self.layer = truth, None, "plain"
            self.whitespace_keepalive = False
            for plugin in ("xep_0030", "xep_0199", "xep_0115", *plugins):
                self.register_plugin(plugin)
            mechanisms = self.plugin["feature_mechanisms"]
            mechanisms.unencrypted_plain = mechanisms.unencrypted_scram = True
            context = self.ssl_context
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            if keys:
                context.keylog_filename = str(keys)
            if version:
                context.maximum_version = version
            self.ciphers = ciphers
            self.started, self.gone = asyncio.Event(), asyncio.Event()
            self.add_event_handler("session_start", lambda _: self.started.set())
            self.add_event_handler("disconnected", lambda _: self.gone.set())

        def event_handled(self, name):
            """Claims to have looked at the certificate, which nobody has signed."""
            return 1 if name == "ssl_invalid_cert" else super().event_handled(name)

        def connection_made(self, transport):
            if self.recorder is None:  # it is called again when TLS begins
                self.recorder = Recorder(self.truth, flow_of(transport.get_extra_info("socket")))
            super().connection_made(transport)

        async def start_tls(self):
            self.recorder.layer = "tls"
            return await super().start_tls()

        def send_raw(self, data):
            if self.transport:
                self.recorder.feed("c2s", data.encode() if isinstance(data, str) else data)
            super().send_raw(data)

        def data_received(self, data):
            self.recorder.feed("s2c", data)
            super().data_received(data)

        def connection_lost(self, error):
            self.recorder.rest()
            super().connection_lost(error)

        async def login(self, host="127.0.0.1", starttls=False):
            self.connect((host, 5222), force_starttls=starttls, disable_starttls=not starttls)
            await asyncio.wait_for(self.started.wait(), 60)
            self.send_presence()

        async def bye(self):
            self.disconnect(wait=1.0)
            try:
                await asyncio.wait_for(self.gone.wait(), 5)
            except asyncio.TimeoutError:
                self.abort()

    return Client
