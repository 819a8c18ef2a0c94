"""A terminal client that people use, driven through a pseudo terminal."""

import asyncio
import fcntl
import os
import pty
import struct
import termios
import threading
import time

from clients import slixmpp_client
from host import DOMAIN, PASSWORDS, stop
from servers import Prosody, log_to_truth
from session import CHAT_STATES
from truth import Truth


class Terminal:
    """A program on a terminal of 100 columns; what it draws is thrown away."""

    def __init__(self, lab, *command, **environment):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
        self.process = lab.start(*command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                                 env=dict(os.environ, TERM="xterm", LANG="C.UTF-8", LC_ALL="C.UTF-8", **environment))
        os.close(slave)
        threading.Thread(target=self.discard, daemon=True).start()

    def discard(self):
        try:
            while os.read(self.master, 65536):
                pass
        except OSError:
            pass

    def type(self, line, pause=1.0, each=0.0):
        for character in line:
            os.write(self.master, character.encode())
            time.sleep(each)
        os.write(self.master, b"\r")
        time.sleep(pause)


class Friend(threading.Thread):
    """juliet, who types and then repeats what is said to her. Her server keeps the truth."""

    def __init__(self, lab):
        super().__init__(daemon=True)
        self.truth = Truth(lab.work / "friend.jsonl")
        self.over, self.ready = threading.Event(), threading.Event()
        self.start()
        if not self.ready.wait(30):
            raise TimeoutError("waited in vain for juliet's login")

    def run(self):
        asyncio.run(self.chat())

    async def chat(self):
        client = slixmpp_client()(self.truth, "juliet", "balcony")

        def answer(message):
            if message["body"]:
                said = message["body"][:40].replace("&", "+").replace("<", "(")
                for content in ("<composing xmlns='%s'/>" % CHAT_STATES,
                                "<body>You said: %s</body><active xmlns='%s'/>" % (said, CHAT_STATES)):
                    client.send_raw("<message to='%s' type='chat'>%s</message>" % (message["from"], content))

        client.add_event_handler("message", answer)
        await client.login()
        self.ready.set()
        while not self.over.is_set():
            await asyncio.sleep(0.1)
        await client.bye()

    def end(self):
        self.over.set()
        self.join(8)
        self.truth.close()


def profanity(lab):
    server = Prosody(lab, log=True)
    lab.sniff()
    friend = Friend(lab)
    home = str(lab.work)
    terminal = Terminal(lab, "profanity", HOME=home, XDG_CONFIG_HOME=home + "/config", XDG_DATA_HOME=home + "/data")
    time.sleep(2)
    juliet = "juliet@" + DOMAIN
    terminal.type("/connect romeo@%s server 127.0.0.1 port 5222 tls disable" % DOMAIN, pause=2)
    terminal.type(PASSWORDS["romeo"], pause=3)
    terminal.type("/msg %s good morrow" % juliet)
    terminal.type("typed slowly, so that a chat state is sent", each=0.06)
    for command in ('/status set away "gone to Mantua"', "/status set online", "/roster add %s Juliet" % juliet,
                    "/sub request " + juliet, "/disco info " + DOMAIN, "/ping", "/software %s/balcony" % juliet,
                    "/close", "/disconnect", "/quit"):
        terminal.type(command)
    stop(terminal.process)
    friend.end()
    time.sleep(0.5)
    end = time.time()
    lab.stop_sniffing()
    lab.at_end(lambda: log_to_truth(server.log, lab.truth, end))


SCENARIOS = {"client-profanity-plain": profanity}
