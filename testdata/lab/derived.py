"""Captures made out of others: what tools, link types and losses make of the same session."""

import gzip
import shutil
import struct

from host import run

HEADER, RECORD = struct.Struct("<IHHiIII"), struct.Struct("<IIII")
ETHERNET = 14  # bytes of its header


def read_pcap(path):
    """Returns the file header and the records (seconds, microseconds, length, bytes) of a pcap file."""
    data, at, records = path.read_bytes(), HEADER.size, []
    while at < len(data):
        seconds, micros, kept, length = RECORD.unpack_from(data, at)
        at += RECORD.size
        records.append((seconds, micros, length, data[at:at + kept]))
        at += kept
    return data[:HEADER.size], records


def write_pcap(path, header, records):
    with open(path, "wb") as file:
        file.write(header)
        for seconds, micros, length, data in records:
            file.write(RECORD.pack(seconds, micros, len(data), length) + data)


def payload_at(frame):
    """Returns the offset of the TCP payload of an Ethernet frame; all frames here are IPv4 and TCP."""
    ip = ETHERNET + (frame[ETHERNET] & 15) * 4
    return ip + (frame[ip + 12] >> 4) * 4


def lose(source, target):
    """Takes away four frames with data: two with small stanzas, two out of the middle of a picture."""
    header, records = read_pcap(source)
    sizes = [len(frame) - payload_at(frame) for *_, frame in records]
    small = [i for i, size in enumerate(sizes) if 200 < size < 900]
    large = [i for i, size in enumerate(sizes) if size > 8000]
    gone = {small[len(small) // 3], small[len(small) // 2], large[len(large) // 2], large[-2]}
    write_pcap(target, header, [record for i, record in enumerate(records) if i not in gone])


def cut(source, target):
    """Ends the file within its last record."""
    target.write_bytes(source.read_bytes()[:-37])


def tag(source, target):
    """Puts an 802.1Q tag, VLAN 42, into every frame."""
    header, records = read_pcap(source)
    vlan = struct.pack(">HH", 0x8100, 42)
    write_pcap(target, header, [(s, us, length + 4, frame[:12] + vlan + frame[12:]) for s, us, length, frame in records])


def overlap(source, target):
    """Sends data again in segments with other borders: the end of the last segment and the start of this one."""
    header, records = read_pcap(source)
    out, last = [], {}
    for number, (seconds, micros, length, frame) in enumerate(records):
        out.append((seconds, micros, length, frame))
        at = payload_at(frame)
        if len(frame) - at < 2:
            continue
        tcp = ETHERNET + (frame[ETHERNET] & 15) * 4
        way, sequence = frame[tcp:tcp + 4], struct.unpack_from(">I", frame, tcp + 4)[0]
        before = last.get(way)
        last[way] = (sequence, frame[at:])
        if number % 3 or before is None or (before[0] + len(before[1])) & 0xFFFFFFFF != sequence:
            continue
        tail = before[1][-max(1, len(before[1]) // 2):]
        data = tail + frame[at:at + (len(frame) - at) // 2]
        again = bytearray(frame[:at] + data)
        struct.pack_into(">I", again, tcp + 4, (sequence - len(tail)) & 0xFFFFFFFF)
        struct.pack_into(">H", again, ETHERNET + 2, len(again) - ETHERNET)
        out.append((seconds, micros, len(again), bytes(again)))
    write_pcap(target, header, out)


def editcap(*options, without=()):
    """Returns a conversion by editcap with these options, that leaves out the frames named."""
    return lambda source, target: run("editcap", *options, str(source), str(target), *without)


def compress(source, target):
    plain = target.with_suffix("")
    run("editcap", "-F", "pcapng", str(source), str(plain))
    with open(plain, "rb") as file, gzip.GzipFile(target, "wb", mtime=0) as packed:
        shutil.copyfileobj(file, packed)
    plain.unlink()


def inject(source, target):
    """Puts the key log into the file, as a Decryption Secrets Block."""
    run("editcap", "--inject-secrets", "tls,%s" % source.with_suffix(".keys"), str(source), str(target))


# By name: what each is made from, how, and the suffix of its file.
DERIVED = {
    "capture-loss": ("plain-session", lose, "pcap"),
    "midstream": ("plain-session", editcap("-F", "pcap", without=["1-20"]), "pcap"),
    "cut-file": ("gtalk-plain", cut, "pcap"),
    "overlap-retrans": ("scram-sha1-session", overlap, "pcap"),
    "vlan": ("scram-sha1-session", tag, "pcap"),
    "raw-ip": ("errors-common", editcap("-F", "pcap", "-C", str(ETHERNET), "-L", "-T", "rawip"), "pcap"),
    "nanosecond": ("sm-resume", editcap("-F", "nsecpcap"), "pcap"),
    "gzip-pcapng": ("muc-plain", compress, "pcapng.gz"),
    "directtls-alpn-dsb": ("directtls-alpn", inject, "pcapng"),
}


def derive(name, folder):
    """Makes a capture out of its source in the same folder; the truth is the source's."""
    source, convert, suffix = DERIVED[name]
    target = folder / ("%s.%s" % (name, suffix))
    convert(folder / (source + ".pcap"), target)
    shutil.copyfile(folder / (source + ".truth.jsonl"), folder / (name + ".truth.jsonl"))
    return target
