# SPDX-License-Identifier: BSD-2-Clause
"""The far end of one connection: an address of its own, segments by relative numbers, what came back.

Relative numbers count from the SYN: 0 is the SYN, 1 the first byte, on both sides.
"""

import asyncio

import segment
from guest import GUEST_IP

OUR_PORT = 40000
OUR_ISN = 1_000_000


def signed(value):
    """A difference of sequence numbers as a signed number."""
    value &= 0xFFFFFFFF
    return value - (1 << 32) if value >> 31 else value


class Peer:
    """Sends to the guest what a script says, keeps what the guest sends."""

    def __init__(self, guest):
        self.guest = guest
        self.ip = next(guest.addresses)
        self.port = next(guest.ports)
        self.sport = OUR_PORT
        self.irs = OUR_ISN
        self.known = {}  # the guest's initial sequence number, by our port
        self.window = 65535
        self.seen = []
        self.taken = 0
        self.news = asyncio.Event()
        guest.peers[self.ip] = self

    @property
    def iss(self):
        """The guest's initial sequence number of the connection in hand, once seen."""
        return self.known.get(self.sport)

    def gone(self):
        self.guest.peers.pop(self.ip, None)

    def arrived(self, s):
        """Called by the guest's cable."""
        if s.has("S") and (s.dport not in self.known or not s.has(".")):
            self.known[s.dport] = s.seq
        if s.has("S") and s.sport != self.port:
            self.port = s.sport
        self.seen.append(s)
        self.news.set()

    def now(self):
        return asyncio.get_running_loop().time()

    async def next(self, timeout=10.0):
        """The next segment that was not taken yet; None if there is none in time."""
        end = self.now() + timeout
        while self.taken == len(self.seen):
            self.news.clear()
            try:
                await asyncio.wait_for(self.news.wait(), end - self.now())
            except asyncio.TimeoutError:
                return None
        self.taken += 1
        return self.seen[self.taken - 1]

    async def expect(self, flags, timeout=15.0):
        """The next segment with these flags; others are passed over."""
        while True:
            s = await self.next(timeout)
            if s is None:
                raise ScriptFailed(f"no {flags!r} from {self.guest.name} within {timeout} s")
            if s.has(flags):
                return s

    def build(self, flags, seq, ack, **fields):
        """A segment by relative numbers."""
        fields.setdefault("window", self.window)
        absolute = (self.iss or 0) + ack if "." in flags else fields.pop("raw_ack", 0)
        return segment.Segment(self.ip, GUEST_IP, self.sport, self.port, segment.flag_bits(flags),
                               (self.irs + seq) & 0xFFFFFFFF, absolute & 0xFFFFFFFF, **fields)

    def send(self, flags, seq, ack=0, **fields):
        s = self.build(flags, seq, ack, **fields)
        self.guest.send(segment.tcp_packet(s))
        return s

    async def call(self, text, began=None):
        """The agent's commands; $P stands for our port at the guest, $IP for our address."""
        text = text.replace("$P", str(self.port)).replace("$IP", self.ip)
        return await self.guest.call(text, began)


class ScriptFailed(Exception):
    """The guest did not do what the script needs to go on."""
