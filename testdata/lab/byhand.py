"""Sessions typed by hand, or by a client that sends just what it is told to."""

import base64
import hashlib
import os
import re
import subprocess
import time

from clients import RawClient
from host import DOMAIN, run, stop, wait_until
from servers import Ejabberd, Prosody
from truth import Recorder

SASL = "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
ROMEO, JULIET = "romeo@%s/orchard" % DOMAIN, "juliet@%s/balcony" % DOMAIN


def chat(to, number, body):
    return "<message to='%s' type='chat' id='%s'><body>%s</body></message>" % (to, number, body)


def iq(kind, number, payload, to=None):
    return "<iq type='%s' id='%s'%s>%s</iq>" % (kind, number, " to='%s'" % to if to else "", payload)


def putty(lab):
    """plink -raw, PuTTY on the command line: a person types at a server that insists on TLS."""
    Prosody(lab, settings="c2s_require_encryption = true", tls=True)
    lab.sniff()
    plink = lab.start("plink", "-raw", "-P", "5222", "127.0.0.1", stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)

    def sockets():
        return [line for line in run("ss", "-Htnp", "dport = :5222").splitlines() if "pid=%d," % plink.pid in line]

    wait_until(sockets, "plink to connect")
    recorder = Recorder(lab.truth, sockets()[0].split()[3] + ">127.0.0.1:5222")
    os.set_blocking(plink.stdout.fileno(), False)

    def listen(seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            recorder.feed("s2c", plink.stdout.read(65536) or b"")
            time.sleep(0.01)

    for line in ("<stream:stream to='%s' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>" % DOMAIN,
                 "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"):
        typed = line.encode() + b"\r\n"
        recorder.feed("c2s", typed)
        plink.stdin.write(typed)
        listen(0.5)
    plink.stdin.close()
    listen(0.5)
    stop(plink)
    recorder.rest()


def stream_management(lab):
    """XEP-0198: acknowledgements, a line cut off, a resumption that brings what was missed, one that fails."""
    sm = "xmlns='urn:xmpp:sm:3'"
    Prosody(lab, modules=["smacks"])
    lab.sniff()
    romeo, juliet = (RawClient(lab.truth).login(u, r) for u, r in (("romeo", "orchard"), ("juliet", "balcony")))
    enabled = romeo.ask("<enable %s resume='true'/>" % sm, "<enabled") + romeo.until(">")
    previous = re.search(r"""\bid=["']([^"']+)""", enabled).group(1)
    for person in (romeo, juliet):
        person.send("<presence/>")
    for number in range(3):
        romeo.send(chat(JULIET, "s%d" % number, number))
    romeo.ask("<r %s/>" % sm, "<a ")
    juliet.send(chat(ROMEO, "t0", "before the cut"))
    romeo.until("before the cut", "</message>")
    romeo.drain()
    romeo.send("<a %s h='2'/>" % sm)  # handled so far: his own presence and t0
    time.sleep(0.2)
    romeo.reset()
    time.sleep(0.3)
    for number in (1, 2):
        juliet.send(chat(ROMEO, "t%d" % number, "while away %d" % number))
    time.sleep(1)

    romeo = RawClient(lab.truth)
    romeo.authenticate("romeo")
    romeo.ask("<resume %s h='2' previd='%s'/>" % (sm, previous), "<resumed")
    romeo.until("while away 2")
    romeo.send("<a %s h='4'/>" % sm)
    romeo.ask(chat(JULIET, "s9", "I am back") + "<r %s/>" % sm, "<a ")
    juliet.until("I am back")
    romeo.drain(0.3)
    romeo.bye()

    late = RawClient(lab.truth)
    late.authenticate("romeo")
    late.ask("<resume %s h='0' previd='no-such-session'/>" % sm, "</failed>")
    late.bind("orchard")
    late.ask("<enable xmlns='urn:xmpp:sm:2'/>", "<enabled", "<failed")
    late.drain(0.3)
    late.bye()
    juliet.bye()


def carbons(lab):
    """Copies of messages for a second device, a device that says when it is not looked at, a blocked friend."""
    Prosody(lab, modules=["csi", "csi_simple"])
    lab.sniff()
    phone, desk, juliet = (RawClient(lab.truth).login(u, r)
                           for u, r in (("romeo", "phone"), ("romeo", "desk"), ("juliet", "balcony")))
    desk_address = "romeo@%s/desk" % DOMAIN
    for device in (phone, desk):
        device.send("<presence/>")
        device.ask(iq("set", "ca1", "<enable xmlns='urn:xmpp:carbons:2'/>"), "ca1")
    juliet.send("<presence/>")
    phone.send("<inactive xmlns='urn:xmpp:csi:0'/>")
    juliet.send(chat(desk_address, "k1", "to the desk only"))
    desk.until("to the desk only")
    phone.send("<active xmlns='urn:xmpp:csi:0'/>")
    desk.send(chat(JULIET, "k2", "sent from the desk"))
    juliet.until("sent from the desk")
    phone.until("sent from the desk")
    juliet.ask(iq("set", "bl1", "<block xmlns='urn:xmpp:blocking'><item jid='romeo@%s'/></block>" % DOMAIN), "bl1")
    desk.send(chat(JULIET, "k3", "blocked now"))
    desk.ask(iq("set", "ps1", "<query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'>"
                "<defaultnick>Hamlet</defaultnick></exodus></query>"), "ps1")
    for device in (phone, desk, juliet):
        device.drain(0.3)
        device.bye()


def digest_md5(challenge, user, password):
    """Returns the answer to a DIGEST-MD5 challenge (RFC 2831), in base64."""
    asked = dict(re.findall(r'([\w-]+)="?([^",]*)"?', challenge))

    def md5(text):
        return hashlib.md5(text.encode())

    cnonce, uri = "OA6MHXh6VqTrRk", "xmpp/" + DOMAIN
    who = md5(":".join((user, DOMAIN, password))).digest() + (":%s:%s" % (asked["nonce"], cnonce)).encode()
    proof = ":".join((hashlib.md5(who).hexdigest(), asked["nonce"], "00000001", cnonce, "auth",
                      md5("AUTHENTICATE:" + uri).hexdigest()))
    answer = ('username="%s",realm="%s",nonce="%s",cnonce="%s",nc=00000001,qop=auth,digest-uri="%s",response=%s,charset=utf-8'
              % (user, DOMAIN, asked["nonce"], cnonce, uri, md5(proof).hexdigest()))
    return base64.b64encode(answer.encode()).decode()


def registration(lab):
    """An account is made, used with DIGEST-MD5, given a new password and removed, all in band, on ejabberd."""
    register = "<query xmlns='jabber:iq:register'>%s</query>"
    fields = register % "<username>%s</username><password>%s</password>"
    Ejabberd(lab, modules=("roster", "disco", "register: {ip_access: all}"),
             settings="registration_timeout: infinity\n")
    lab.sniff()
    friar = RawClient(lab.truth)
    friar.open()
    friar.ask(iq("get", "reg1", register % "", DOMAIN), "</iq>")
    friar.ask(iq("set", "reg-romeo", fields % ("romeo", "holy&amp;cell"), DOMAIN), "</iq>")  # conflict
    friar.ask(iq("set", "reg-friar", fields % ("friar", "holy&amp;cell"), DOMAIN), "reg-friar")
    friar.send("<auth %s mechanism='DIGEST-MD5'/>" % SASL)
    challenge = re.search(">([^<]+)</challenge>", friar.until("</challenge>")).group(1)
    answer = digest_md5(base64.b64decode(challenge).decode(), "friar", "holy&cell")
    friar.ask("<response %s>%s</response>" % (SASL, answer), "</challenge>")
    friar.ask("<response %s/>" % SASL, "<success")
    friar.until(">")
    friar.open()
    friar.bind("cell")
    friar.ask(iq("set", "sess_1", "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'/>"), "sess_1")
    friar.ask("<presence/>", "<presence")
    friar.ask(iq("set", "pw1", fields % ("friar", "new-pass-word"), DOMAIN), "pw1")
    friar.send(iq("set", "unreg", register % "<remove/>"))
    friar.drain(2)
    friar.close()


SCENARIOS = {
    "putty-raw": putty,
    "sm-resume": stream_management,
    "carbons-csi": carbons,
    "register-digestmd5": registration,
}
