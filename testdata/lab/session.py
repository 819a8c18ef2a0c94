"""Two people and their slixmpp clients: one long conversation, over many wires."""

import asyncio
import base64
import contextlib
import ctypes
import functools
import os
import random
import socket
import ssl
import sys
import threading

from clients import slixmpp_client
from host import DOMAIN, HERE, run
from servers import PLAINTEXT, Prosody

CHAT_STATES = "http://jabber.org/protocol/chatstates"
PLUGINS = ("xep_0092", "xep_0085", "xep_0184", "xep_0054", "xep_0202", "xep_0012")
ENDS = {"client": "10.66.0.1", "server": "10.66.0.2"}  # of the bad wire
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")


def picture(size):
    """Returns a PNG of one pixel with so many bytes of ballast, the same each time."""
    return PIXEL + random.Random(20240229).randbytes(size)


def vcard(size):
    encoded = base64.encodebytes(picture(size)).decode().strip()
    return ("<iq type='set' id='vc-set'><vCard xmlns='vcard-temp'><FN>Romeo Montague</FN><NICKNAME>Romeo</NICKNAME>"
            "<URL>http://montague.example/~romeo</URL><BDAY>1597-01-29</BDAY>"
            "<EMAIL><INTERNET/><USERID>romeo@capulet.example</USERID></EMAIL>"
            "<DESC>Is the day so young? &lt;But new struck nine.&gt; &amp; so on</DESC>"
            "<PHOTO><TYPE>image/png</TYPE><BINVAL>%s</BINVAL></PHOTO></vCard></iq>" % encoded)


def message(to, number, content, kind="type='chat' "):
    return "<message to='%s' %sid='m%d'>%s</message>" % (to, kind, number, content)


def state(name):
    return "<%s xmlns='%s'/>" % (name, CHAT_STATES)


async def nap(times=1.0):
    await asyncio.sleep(0.15 * times)


async def say(client, *stanzas, pause=1.0):
    """Sends stanzas just as they are written here, with a pause after each."""
    for stanza in stanzas:
        client.send_raw(stanza)
        await nap(pause)


async def befriend(romeo, juliet):
    await romeo.get_roster()
    await juliet.get_roster()
    to = juliet.boundjid.bare
    await say(romeo, "<iq type='set' id='rost1'><query xmlns='jabber:iq:roster'><item jid='%s' name='Juliet C.'>"
              "<group>Lovers</group><group>Capulets &amp; others</group></item></query></iq>" % to)
    await say(romeo, "<presence to='%s' type='subscribe'/>" % to, pause=2)  # slixmpp accepts, and asks back
    await say(romeo, "<presence><show>away</show><status>I shall return!</status><priority>5</priority></presence>")
    await say(juliet, "<presence><show>chat</show><status>on the balcony</status></presence>")


async def chat(romeo, juliet):
    """Messages in many spellings, with the chat states of people who type."""
    r, j = romeo.boundjid.full, juliet.boundjid.full
    await say(romeo, message(j, 1, state("composing")),
              message(j, 2, "<body>Wilt thou be gone? it is not yet near day.</body>" + state("active") +
                      "<request xmlns='urn:xmpp:receipts'/>"))
    await say(juliet, '<message to="%s" type="chat" id="m3"><composing xmlns="%s"></composing></message>' % (r, CHAT_STATES),
              message(r, 4, state("paused")), message(r, 5, state("composing")),
              message(r, 6, "<thread>e0ffe42b28561960c6b12b944a092794b9683a38</thread>"
                      "<body>&#x201C;Perché&#x201D; &lt;b&gt;no&lt;/b&gt; &amp; sì \U0001F339 你好 ромео</body>" + state("active"),
                      "type='chat' xml:lang='it' "))
    # Two stanzas in one write; then one in three, cut within a tag and within a character.
    await say(romeo, message(j, 7, "<body>one</body>") + message(j, 8, "<body>two</body>"))
    text = message(j, 9, "<body>three parts: café</body>").encode()
    cuts = (text.index(b"dy>"), text.index("é".encode()) + 1)
    await say(romeo, text[:cuts[0]], text[cuts[0]:cuts[1]], text[cuts[1]:], pause=0.4)


async def odd_spellings(romeo, juliet):
    r, j = romeo.boundjid.full, juliet.boundjid.bare
    await say(juliet, message(r, 10, "<body>html</body><html xmlns='http://jabber.org/protocol/xhtml-im'>"
                              "<body xmlns='http://www.w3.org/1999/xhtml'><p style='font-weight:bold'>html</p></body></html>"))
    await say(romeo, message(j, 11, "<subject>News</subject><body>Banished!</body>", "type='headline' "),
              message(j, 12, "<body><![CDATA[<not a tag> & \"cdata\"]]></body>", ""), pause=0)
    await say(juliet, message(r, 13, "<replace id='m10' xmlns='urn:xmpp:message-correct:0'/><body>corrected</body>"),
              "<msg:message xmlns:msg='jabber:client' to='%s' type='chat' id='m14'>"
              "<msg:body>prefixed namespace</msg:body></msg:message>" % r)
    for show, status in (("away", "Gone to Mantua"), ("dnd", "sword-fighting"), ("xa", ""), ("", "back")):
        await say(juliet, "<presence>%s%s</presence>" % ("<show>%s</show>" % show if show else "",
                                                         "<status>%s</status>" % status if status else ""))


async def queries(romeo, juliet):
    await romeo["xep_0030"].get_info(jid=DOMAIN)
    await romeo["xep_0030"].get_items(jid=DOMAIN)
    await romeo["xep_0199"].ping(jid=DOMAIN)
    await romeo["xep_0199"].ping(jid=juliet.boundjid)
    await juliet["xep_0092"].get_version(romeo.boundjid)
    with contextlib.suppress(Exception):  # slixmpp 1.8.3 answers with an error
        await juliet["xep_0202"].get_entity_time(romeo.boundjid)
    for to, namespace in ((romeo.boundjid.full, "jabber:iq:nonsense"), ("nobody@%s/none" % DOMAIN, "jabber:iq:version")):
        with contextlib.suppress(Exception):  # each is answered with an error
            await juliet.make_iq_get(queryxmlns=namespace, ito=to).send()


async def show_pictures(romeo, juliet, size):
    card = romeo.boundjid.bare
    await say(romeo, vcard(size), pause=6)
    for client in (romeo, juliet):
        await client["xep_0054"].get_vcard(card, cached=False, timeout=60)


async def converse(lab, host, starttls, size, options):
    client = functools.partial(slixmpp_client(), lab.truth, plugins=PLUGINS, **options)
    romeo, juliet = client("romeo", "orchard"), client("juliet", "balcony")
    for person in (romeo, juliet):
        await person.login(host, starttls)
    await befriend(romeo, juliet)
    await chat(romeo, juliet)
    await odd_spellings(romeo, juliet)
    await queries(romeo, juliet)
    if size:
        await show_pictures(romeo, juliet, size)
    await say(juliet, " ", message(romeo.boundjid.full, 15, state("gone")))
    await say(romeo, "<presence type='unavailable'><status>Thus with a kiss I die</status></presence>", pause=2)
    for person in (romeo, juliet):
        await person.bye()
    await asyncio.sleep(0.3)


def session(lab, host="127.0.0.1", tls=False, size=30_000, sniff=None, keys=False, **options):
    """The conversation on a prosody; size is that of the picture in a vCard."""
    Prosody(lab, settings="" if tls else PLAINTEXT, tls=tls, address=host)
    lab.sniff(**(sniff or {}))
    if keys:
        options["keys"] = lab.keys_path
    asyncio.run(converse(lab, host, tls, size, options))


def noise(lab):
    """The conversation with other protocols around it, some on XMPP's own ports."""
    over = threading.Event()
    page = b"<?xml version='1.0'?><message>no XMPP</message>"
    replies = {
        18080: b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % len(page) + page,
        5223: b"SSH-2.0-OpenSSH_9.2p1\r\n",
    }

    def serve(listener, reply):
        with contextlib.suppress(OSError):
            while True:
                with listener.accept()[0] as peer:
                    peer.recv(4096)
                    peer.sendall(reply)

    def chatter():
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        while not over.wait(0.4):
            datagrams.sendto(b"<message/>", ("127.0.0.1", 5222))
            for port in replies:
                with socket.create_connection(("127.0.0.1", port)) as sock:
                    sock.sendall(b"GET /feed.xml HTTP/1.1\r\nHost: verona.example\r\n\r\n" if port == 18080
                                 else b"SSH-2.0-PuTTY_Release_0.78\r\n")
                    sock.recv(4096)

    listeners = [socket.create_server(("127.0.0.1", port)) for port in replies]
    threads = [threading.Thread(target=serve, args=pair, daemon=True) for pair in zip(listeners, replies.values())]
    threads.append(threading.Thread(target=chatter, daemon=True))
    for thread in threads:
        thread.start()
    try:
        session(lab, size=0, mechanism="SCRAM-SHA-1", sniff={"expression": "port 5222 or tcp port 5223 or tcp port 18080"})
    finally:
        over.set()
        for listener in listeners:
            listener.shutdown(socket.SHUT_RDWR)  # wakes accept, which would keep the port
            listener.close()


@contextlib.contextmanager
def network_namespace(name):
    """Moves this thread, and so the sockets it opens, into a network namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open("/proc/self/ns/net") as home, open("/run/netns/" + name) as away:
        if libc.setns(away.fileno(), 0):
            raise OSError(ctypes.get_errno(), "setns")
        try:
            yield
        finally:
            libc.setns(home.fileno(), 0)


def wire_up(lab, space):
    """Makes three network namespaces, the one in the middle with a bad wire."""
    for name in space.values():
        run("ip", "netns", "add", name)
        lab.at_end(functools.partial(run, "ip", "netns", "del", name))
    for side, address in ENDS.items():
        at = space[side]
        run("ip", "link", "add", "lab0", "netns", at, "type", "veth", "peer", "name", side, "netns", space["wire"])
        run("ip", "-n", at, "addr", "add", address + "/24", "dev", "lab0")
        for where, device in ((at, "lo"), (at, "lab0"), (space["wire"], side)):
            run("ip", "-n", where, "link", "set", device, "up")
        run("ip", "netns", "exec", at, "ethtool", "-K", "lab0", "tso", "off", "gso", "off", "gro", "off", "tx", "off")
    lab.start("ip", "netns", "exec", space["wire"], sys.executable, str(HERE / "badwire.py"), *ENDS,
              "delay=12", "jitter=4", "loss=0.03", "reorder=0.25", "dup=0.02", "seed=7")


def bad_wire(lab):
    """The conversation between two network namespaces, over a wire that loses, reorders and repeats."""
    space = {side: "lab%d-%s" % (os.getpid(), side) for side in (*ENDS, "wire")}
    wire_up(lab, space)
    inside = ("ip", "netns", "exec", space["server"])
    Prosody(lab, address=ENDS["server"], inside=inside)
    lab.sniff(interface="lab0", inside=inside)
    with network_namespace(space["client"]):
        asyncio.run(converse(lab, ENDS["server"], False, 30_000, {"mechanism": "SCRAM-SHA-1"}))


SCENARIOS = {
    "plain-session": functools.partial(session, size=100_000, mechanism="PLAIN"),
    "scram-sha1-session": functools.partial(session, size=0, mechanism="SCRAM-SHA-1"),
    "starttls13": functools.partial(session, tls=True, keys=True, size=100_000),
    "starttls12-gcm": functools.partial(session, tls=True, keys=True, size=100_000, version=ssl.TLSVersion.TLSv1_2,
                                        ciphers="ECDHE-RSA-AES128-GCM-SHA256"),
    "tls13-nokey": functools.partial(session, tls=True, size=0),
    "any-sll1": functools.partial(session, sniff={"interface": "any", "link": "LINUX_SLL"}),
    "ipv6": functools.partial(session, host="::1"),
    "snaplen96": functools.partial(session, sniff={"snaplen": 96}),
    "dumpcap-pcapng": functools.partial(session, size=0, sniff={"tool": "dumpcap"}),
    "noise-mixed": noise,
    "badnet-plain": bad_wire,
}
