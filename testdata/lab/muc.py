"""Three people in a group chat: configuration, subjects, nicknames, a kick, a ban, the end of the room."""

import asyncio

from clients import slixmpp_client
from host import DOMAIN
from servers import Prosody
from session import nap, say, state

ROOM = "verona@chat." + DOMAIN
MUC = "http://jabber.org/protocol/muc"


def join(nick, content=""):
    return "<presence to='%s/%s'><x xmlns='%s'>%s</x></presence>" % (ROOM, nick, MUC, content)


def groupchat(number, content):
    return "<message to='%s' type='groupchat' id='g%s'>%s</message>" % (ROOM, number, content)


def manage(kind, number, role, content):
    return "<iq type='%s' id='%s' to='%s'><query xmlns='%s#%s'>%s</query></iq>" % (kind, number, ROOM, MUC, role, content)


def field(name, value):
    return "<field var='%s'><value>%s</value></field>" % (name, value)


CONFIGURATION = "<x xmlns='jabber:x:data' type='submit'>%s</x>" % "".join((
    field("FORM_TYPE", MUC + "#roomconfig"), field("muc#roomconfig_roomname", "A public place in Verona"),
    field("muc#roomconfig_moderatedroom", 1), field("muc#roomconfig_persistentroom", 1)))


async def gather(romeo, juliet, mercutio):
    await say(romeo, join("Romeo"), manage("get", "cfg1", "owner", ""),
              manage("set", "cfg2", "owner", CONFIGURATION), pause=2)
    await say(juliet, join("Juliet"), pause=2)
    await say(romeo, "<message to='%s'><x xmlns='%s#user'><invite to='mercutio@%s'>"
              "<reason>Come, a plague &amp; a jest</reason></invite></x></message>" % (ROOM, MUC, DOMAIN), pause=2)
    await say(mercutio, join("Mercutio", "<history maxstanzas='20'/>"), pause=2)
    await say(romeo, groupchat("s1", "<subject>The feud</subject>"))


async def talk(romeo, juliet, mercutio):
    lines = ((romeo, "Is the day so young?"), (juliet, "Ay me!"),
             (mercutio, "Nay, gentle Romeo, we must have you dance."), (romeo, "Not I, believe me \U0001F480"))
    for number, (speaker, text) in enumerate(lines):
        await say(speaker, groupchat(number + 100, state("composing")), groupchat(number, "<body>%s</body>" % text), pause=0.7)
    await say(romeo, "<message to='%s/Juliet' type='chat' id='pm1'><body>in private</body><x xmlns='%s#user'/></message>" % (ROOM, MUC))
    await say(juliet, "<presence to='%s/Julia'/>" % ROOM,
              "<presence to='%s/Julia'><show>away</show><status>Nurse calls</status></presence>" % ROOM,
              groupchat("s2", "<subject>not allowed</subject>"))


async def quarrel(romeo, juliet, mercutio):
    await say(romeo, manage("set", "voice1", "admin", "<item nick='Mercutio' role='visitor'/>"))
    await say(mercutio, groupchat(9, "<body>I have no voice</body>"))
    await say(romeo, manage("set", "kick1", "admin",
                            "<item nick='Mercutio' role='none'><reason>Avaunt, you cullion!</reason></item>"), pause=2)
    await say(mercutio, join("Romeo"))  # the nickname is taken: conflict
    await say(romeo, manage("set", "ban1", "admin", "<item jid='mercutio@%s' affiliation='outcast'/>" % DOMAIN))
    await say(mercutio, join("Mercutio"))  # forbidden
    await say(romeo, manage("get", "list1", "admin", "<item affiliation='member'/>"))
    await say(juliet, "<presence to='%s/Julia' type='unavailable'><status>gone where it's greener</status></presence>" % ROOM)
    await say(romeo, manage("set", "destroy1", "owner", "<destroy><reason>Macbeth doth come.</reason></destroy>"), pause=3)


async def converse(truth):
    client = slixmpp_client()
    people = [client(truth, user, resource) for user, resource in
              (("romeo", "orchard"), ("juliet", "balcony"), ("mercutio", "street"))]
    for person in people:
        await person.login()
    await nap()
    for scene in (gather, talk, quarrel):
        await scene(*people)
    for person in people:
        await person.bye()


def muc(lab):
    Prosody(lab, components='Component "chat.%s" "muc"\nmodules_enabled = {}\n' % DOMAIN)
    lab.sniff()
    asyncio.run(converse(lab.truth))


SCENARIOS = {"muc-plain": muc}
