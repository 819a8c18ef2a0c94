"""What an endpoint itself says it sent and got: the yardstick for a capture.

A Recorder is given the very bytes that an endpoint hands to, or gets from, its
XML stream: after decryption, before encryption, and never out of a capture.
It cuts them into the units of the stream and writes each as a JSON object on a
line of its own:

  n       running number over the whole file
  flow    "CLIENT:PORT>SERVER:PORT"; between servers the initiating one comes first
  dir     c2s or s2c; between servers i2r (initiating to receiving) or r2i
  layer   plain or tls
  kind    open (a stream header, its XML declaration included), element (a child
          of the stream), close, ws (white space between elements), text (other
          text there), raw (bytes that are no XML), partial (a unit cut short)
  name    the name as written in an element's or header's start tag
  xml     the unit verbatim; hex instead of it where the bytes are not UTF-8
  len, sha256   instead of xml where the unit is longer than LONGEST bytes

Within one flow and direction the order is exact; across them it is that of the
endpoint's clock.

    python3 truth.py FILE.truth.jsonl     counts what a file holds
"""

import collections
import hashlib
import json
import re
import sys
import threading

LONGEST = 4096
MARKUP = ((b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>"))


def markup_end(data, start):
    """Returns the offset after the markup that begins at start, or -1 while its end is missing."""
    for opener, closer in MARKUP:
        head = data[start:start + len(opener)]
        if head == opener:
            end = data.find(closer, start + len(opener))
            return -1 if end < 0 else end + len(closer)
        if opener.startswith(head):
            return -1
    quote = None
    for i in range(start, len(data)):
        c = data[i]
        if quote:
            quote = None if c == quote else quote
        elif c in b"'\"":
            quote = c
        elif c == ord(">"):
            return i + 1
    return -1


def is_header(tag):
    return re.match(rb"<([A-Za-z]+:)?stream[\s>]", tag) is not None


class Splitter:
    """Cuts one direction of a stream into units and hands each to emit(kind, data)."""

    def __init__(self, emit):
        self.emit = emit
        self.data = b""         # the bytes of the unit under way, and those after it
        self.scanned = 0        # how many of them have been looked at
        self.depth = 0          # elements open below the stream
        self.prolog = b""       # an XML declaration that waits for its header

    def feed(self, data):
        self.data += data
        while self.data and (self.inside() if self.depth else self.between()):
            pass

    def take(self, end):
        unit, self.data, self.scanned = self.data[:end], self.data[end:], 0
        return unit

    def between(self):
        """Takes one unit, or the start of one, between elements; false where more bytes are due."""
        if self.data[:1] != b"<":
            end = self.data.find(b"<")
            text = self.take(end if end >= 0 else len(self.data))
            if self.prolog and not text.strip():
                self.prolog += text
            else:
                self.emit("text" if text.strip() else "ws", text)
            return True
        end = markup_end(self.data, 0)
        if end < 0:
            return False
        tag = self.data[:end]
        if tag.startswith((b"<?", b"<!")):
            self.prolog += self.take(end)
        elif is_header(tag):
            self.emit("open", self.prolog + self.take(end))
            self.prolog = b""
        elif tag.startswith(b"</"):
            self.emit("close", self.take(end))
        elif tag.endswith(b"/>"):
            self.emit("element", self.take(end))
        else:
            self.depth, self.scanned = 1, end
        return True

    def inside(self):
        """Follows one tag within an element; false where more bytes are due."""
        start = self.data.find(b"<", self.scanned)
        if start < 0:
            self.scanned = len(self.data)
            return False
        self.scanned = start
        end = markup_end(self.data, start)
        if end < 0:
            return False
        tag, self.scanned = self.data[start:end], end
        if tag.startswith(b"</"):
            self.depth -= 1
        elif not tag.startswith((b"<!", b"<?")) and not tag.endswith(b"/>"):
            self.depth += 1
        if self.depth == 0:
            self.emit("element", self.take(end))
        return True

    def rest(self):
        """Returns, and forgets, the bytes that never became a whole unit."""
        left, self.data, self.prolog, self.depth, self.scanned = self.prolog + self.data, b"", b"", 0, 0
        return left


def describe(kind, data):
    """Returns the fields kind, name and xml (or what stands for it) of a unit."""
    fields = {"kind": kind}
    name = re.search(rb"<([A-Za-z_][^\s/>]*)", data) if kind in ("open", "element") else None
    if name:
        fields["name"] = name.group(1).decode("utf-8", "replace")
    if len(data) > LONGEST:
        return fields | {"len": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    try:
        if kind == "raw":
            return fields | {"hex": data.hex()}
        return fields | {"xml": data.decode("utf-8")}
    except UnicodeDecodeError:
        return fields | {"hex": data.hex()}


class Truth:
    """One truth file, shared by the recorders of all connections of a scenario."""

    def __init__(self, path):
        self.file = open(path, "w", encoding="utf-8")
        self.count = 0
        self.lock = threading.Lock()

    def write(self, flow, direction, layer, kind, data):
        if kind == "text" and any(c < 32 and c not in b"\t\n\r" or c > 126 for c in data):
            kind = "raw"
        with self.lock:
            if self.file.closed:
                return
            self.count += 1
            unit = {"n": self.count, "flow": flow, "dir": direction, "layer": layer} | describe(kind, data)
            self.file.write(json.dumps(unit, ensure_ascii=False) + "\n")

    def close(self):
        with self.lock:
            self.file.close()


class Recorder:
    """Both directions of one connection."""

    def __init__(self, truth, flow, directions=("c2s", "s2c")):
        self.truth, self.flow, self.layer = truth, flow, "plain"
        self.splitters = {d: Splitter(lambda kind, data, d=d: self.unit(d, kind, data)) for d in directions}

    def unit(self, direction, kind, data):
        self.truth.write(self.flow, direction, self.layer, kind, data)

    def feed(self, direction, data):
        self.splitters[direction].feed(data)

    def rest(self):
        for direction, splitter in self.splitters.items():
            left = splitter.rest()
            if left:
                self.unit(direction, "partial", left)


def flow_of(sock):
    """Returns the flow of a connected client socket."""
    def text(address):
        return ("[%s]:%d" if ":" in address[0] else "%s:%d") % address[:2]
    return text(sock.getsockname()) + ">" + text(sock.getpeername())


def main(paths):
    for path in paths:
        with open(path, encoding="utf-8") as file:
            units = [json.loads(line) for line in file]
        kinds = collections.Counter((u["flow"], u["dir"], u["kind"]) for u in units)
        print(path)
        for (flow, direction, kind), count in sorted(kinds.items()):
            print("  %-44s %-4s %-8s %6d" % (flow, direction, kind, count))


if __name__ == "__main__":
    main(sys.argv[1:])
