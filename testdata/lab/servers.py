"""Prosody and ejabberd, each from an empty folder and gone with the scenario."""

import base64
import json
import os
from pathlib import Path

from host import DOMAIN, HERE, PASSWORDS, listening, quoted, wait_until
from truth import Recorder

# Lets clients log in without TLS.
PLAINTEXT = "c2s_require_encryption = false\nallow_unencrypted_plain_auth = true\n"

MODULES = ("roster saslauth disco private vcard_legacy pep version uptime time ping register carbons "
           "blocklist message presence iq c2s offline").split()


class Prosody:
    """A prosody that serves one domain.

    settings is configuration text for all hosts, modules are loaded beside the
    usual ones, inside is a command that the server is started by (a network or
    mount namespace). With log the server keeps the truth itself, by
    mod_streamlog; see log_to_truth.
    """

    def __init__(self, lab, settings=PLAINTEXT, domain=DOMAIN, modules=(), tls=False, direct_tls=False, components="",
                 address="127.0.0.1", s2s=False, inside=(), log=False):
        self.folder = lab.work / ("prosody-" + domain)
        self.log = self.folder / "streams.jsonl"
        modules = [*MODULES, *modules, *(["tls"] if tls else []), *(["streamlog"] if log else []),
                   *(["s2s", "dialback"] if s2s else [])]
        if tls:
            lab.certificate(domain)
        config = f"""
run_as_root = true
pidfile = {quoted(self.folder / "pid")}
data_path = {quoted(self.folder / "data")}
certificates = {quoted(lab.work)}
plugin_paths = {{ {quoted(HERE)} }}
streamlog_file = {quoted(self.log)}
log = {{ info = {quoted(self.folder / "log")} }}
modules_enabled = {{ {", ".join(map(quoted, modules))} }}
modules_disabled = {{ {"" if s2s else '"s2s"'} }}
authentication = "internal_plain"
interfaces = {{ {quoted(address)} }}
local_interfaces = {{ {quoted(address)} }}
c2s_ports = {{ 5222 }}
c2s_direct_tls_ports = {{ {"5223" if direct_tls else ""} }}
s2s_ports = {{ {"5269" if s2s else ""} }}
http_ports = {{}}
https_ports = {{}}
c2s_stanza_size_limit = 4*1024*1024
ssl = {{ protocol = "tlsv1_2+"; ciphers = "ALL:@SECLEVEL=0"; options = {{ cipher_server_preference = false }} }}
{settings}
VirtualHost {quoted(domain)}
{components}
"""
        self.register(domain)
        path = self.folder / "prosody.cfg.lua"
        path.write_text(config)
        with open(self.folder / "output", "w") as output:
            lab.start(*inside, "prosody", "-F", "--config", str(path), stdout=output, stderr=output)
        netns = inside if inside[:2] == ("ip", "netns") else ()
        wait_until(lambda: listening(5222, netns), "prosody, see " + str(self.folder))

    def register(self, domain):
        accounts = self.folder / "data" / domain.replace(".", "%2e") / "accounts"
        accounts.mkdir(parents=True)
        for user, password in PASSWORDS.items():
            (accounts / (user + ".dat")).write_text('return { ["password"] = %s; }\n' % quoted(password))


class Ejabberd:
    """An ejabberd without Erlang distribution (and so without epmd).

    client is what its listener for clients is told, listen are further listeners,
    inside is as for Prosody.
    """

    def __init__(self, lab, modules=("roster", "disco"), settings="", client="starttls: false", listen="", inside=()):
        folder = lab.work / "ejabberd"
        (folder / "db").mkdir(parents=True)
        config = folder / "ejabberd.yml"
        config.write_text(
            f"hosts: [{DOMAIN}]\nloglevel: info\nauth_method: internal\nauth_password_format: plain\n{settings}"
            f"listen:\n  - {{port: 5222, ip: \"127.0.0.1\", module: ejabberd_c2s, {client}}}\n{listen}"
            "modules:\n" + "".join("  mod_%s\n" % (m if ":" in m else m + ": {}") for m in modules))
        accounts = ", ".join('ejabberd_auth:try_register(<<"%s">>, <<"%s">>, <<"%s">>)' % (user, DOMAIN, password)
                             for user, password in PASSWORDS.items())
        ready = folder / "ready"
        code = 'application:ensure_all_started(ejabberd), %s, file:write_file("%s", <<"1">>).' % (accounts, ready)
        libraries = next(Path("/usr/lib").glob("*/ejabberd-*"), Path("/usr/lib/x86_64-linux-gnu/ejabberd")).parent
        environment = dict(os.environ, ERL_LIBS=str(libraries), EJABBERD_CONFIG_PATH=str(config),
                           EJABBERD_LOG_PATH=str(folder / "log"), SPOOL_DIR=str(folder / "db"), HOME=str(folder))
        with open(folder / "output", "w") as output:
            lab.start(*inside, "erl", "-noinput", "-mnesia", "dir", '"%s"' % (folder / "db"), "-s", "ejabberd", "-eval", code,
                      env=environment, cwd=folder, stdout=output, stderr=output)
        wait_until(ready.exists, "ejabberd, see " + str(folder), seconds=60)


def log_to_truth(path, truth, before, wanted=lambda entry: True):
    """Writes what a Prosody logged of its streams until the time before as truth.

    A connection that the server itself opened to another one is recorded as the
    initiating side sees it.
    """
    recorders = {}
    for line in path.read_text().splitlines():
        entry = json.loads(line)
        if entry["t"] > before or not wanted(entry):
            continue
        local, remote = "%(lip)s:%(lport)d" % entry, "%(pip)s:%(pport)d" % entry
        initiated = entry["direction"] == "outgoing"
        flow = local + ">" + remote if initiated else remote + ">" + local
        between_servers = entry["type"].startswith("s2s")
        up, down = ("i2r", "r2i") if between_servers else ("c2s", "s2c")
        recorder = recorders.setdefault(flow, Recorder(truth, flow, (up, down)))
        recorder.layer = "tls" if entry["secure"] else "plain"
        from_initiator = (entry["dir"] == "out") == initiated
        recorder.feed(up if from_initiator else down, base64.b64decode(entry["b64"]))
    for recorder in recorders.values():
        recorder.rest()
