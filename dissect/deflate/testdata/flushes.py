#!/usr/bin/env python3
"""Writes flushes.txt: what zlib itself makes of a conversation, one message a
line, flushed in each of its ways. Usage: ./flushes.py > flushes.txt"""

import zlib

MESSAGES = [
    "<stream:stream to='capulet.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>",
    "<presence/>",
    "<message to='juliet@capulet.example' type='chat'><body>Art thou not Romeo, and a Montague?</body></message>",
    "<iq type='result' id='roster'><query xmlns='jabber:iq:roster'>"
    + "".join(f"<item jid='{n}@capulet.example' name='{n}' subscription='{s}'/>" for n, s in
              [("juliet", "both"), ("nurse", "from"), ("tybalt", "none"), ("peter", "to"), ("friar", "both")])
    + "</query></iq>",
    " ",
    "<r xmlns='urn:xmpp:sm:3'/>",
    "<r xmlns='urn:xmpp:sm:3'/>",
    "</stream:stream>",
]

print("# made by flushes.py: a flush, a level, and what follows them is a message and its bytes in the stream")
for name, flush in [("partial", zlib.Z_PARTIAL_FLUSH), ("sync", zlib.Z_SYNC_FLUSH), ("full", zlib.Z_FULL_FLUSH)]:
    for level in [0, 1, 6, 9]:
        print(f"{name} {level}")
        z = zlib.compressobj(level)
        for m in MESSAGES:
            data = z.compress(m.encode()) + z.flush(flush)
            print(f"\t{m}\t{data.hex()}")
