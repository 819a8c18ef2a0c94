"""A bad wire between two interfaces: delays, loses, reorders and repeats TCP segments.

    badwire.py IF1 IF2 delay=MS jitter=MS loss=P reorder=P dup=P seed=N

It forwards frames in user space, so that it needs no netem in the kernel. What
is not TCP (ARP, neighbour discovery) passes untouched. SIGTERM ends it.
"""

import heapq
import random
import select
import socket
import sys
import time

ETH_P_ALL = 3
OUTGOING = 4  # the packet type of frames that this machine itself sends


def is_tcp(frame):
    return (frame[12:14] == b"\x08\x00" and frame[23] == 6) or (frame[12:14] == b"\x86\xdd" and frame[20] == 6)


class Wire:
    def __init__(self, interfaces, options):
        self.options = options
        self.random = random.Random(int(options["seed"]))
        ends = [self.attach(name) for name in interfaces]
        self.opposite = {ends[0]: ends[1], ends[1]: ends[0]}
        self.latest = dict.fromkeys(ends, 0.0)  # when the last frame in order is due, by the end it leaves at
        self.waiting = []                       # heap of (when due, number, end to leave at, frame)
        self.number = 0

    @staticmethod
    def attach(name):
        end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        end.bind((name, 0))
        end.setblocking(False)
        return end

    def chance(self, what):
        return self.random.random() < self.options[what]

    def put(self, due, end, frame):
        self.number += 1
        heapq.heappush(self.waiting, (due, self.number, end, frame))

    def take(self, frame, end):
        """Decides what becomes of a frame that is to leave at end."""
        jitter = self.random.uniform(-1, 1) * self.options["jitter"]
        due = time.monotonic() + (self.options["delay"] + jitter) / 1000
        if not is_tcp(frame):
            self.put(due, end, frame)
        elif not self.chance("loss"):
            if self.chance("reorder"):
                due = time.monotonic() + 0.0005  # before those that wait
            else:
                due = self.latest[end] = max(due, self.latest[end])
            if self.chance("dup"):
                self.put(due + self.random.uniform(0, 0.004), end, frame)
            self.put(due, end, frame)

    def read(self, end):
        try:
            while True:
                frame, address = end.recvfrom(70000)
                if address[2] != OUTGOING:
                    self.take(frame, self.opposite[end])
        except BlockingIOError:
            pass

    def run(self):
        while True:
            patience = max(0.0, self.waiting[0][0] - time.monotonic()) if self.waiting else None
            for end in select.select(list(self.opposite), [], [], patience)[0]:
                self.read(end)
            while self.waiting and self.waiting[0][0] <= time.monotonic():
                _, _, end, frame = heapq.heappop(self.waiting)
                end.send(frame)


if __name__ == "__main__":
    Wire(sys.argv[1:3], {name: float(value) for name, value in (o.split("=") for o in sys.argv[3:])}).run()
