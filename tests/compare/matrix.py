# SPDX-License-Identifier: BSD-2-Clause
"""The matrix: eight kinds of segment by twelve states by six places in the sequence space.

tests/hosted/matrix/matrix.txt says for each cell what is answered, what the state is then and what the
program sees.  Here a cell is played to a guest; tests/hosted/matrix plays the same table in virtual time.

Numbers in the table: N is RCV.NXT, W the window that was offered, S is SND.NXT, Q is SEG.SEQ and A
is SEG.ACK of the event, * a fresh initial sequence number.
"""

import asyncio
import errno
import os
from dataclasses import dataclass

import segment
from guest import GUEST_IP, ROOT
from peer import Peer, signed

TABLE = os.path.join(ROOT, "tests/hosted/matrix/matrix.txt")

STATES = ("CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "SYN-RECEIVED-ACTIVE", "ESTABLISHED",
          "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT")
EVENTS = {"ACK": ".", "FIN": "F", "FIN-ACK": "F.", "RST": "R", "RST-ACK": "R.", "SYN": "S",
          "SYN-ACK": "S.", "SYN-FIN": "SF"}
PLACES = ("left", "inside", "right", "below", "above", "edge")
ACKS = ("nxt", "una", "old", "ancient", "new")
UNSYNCHRONIZED = ("CLOSED", "LISTEN", "SYN-SENT")
# Where SND.UNA is not SND.NXT.
UNACKED = ("SYN-SENT", "SYN-RECEIVED", "SYN-RECEIVED-ACTIVE", "FIN-WAIT-1", "CLOSING", "LAST-ACK")
NUMBERS = {0: None, 1: "ESTABLISHED", 2: "SYN-SENT", 3: "SYN-RECEIVED", 4: "FIN-WAIT-1",
           5: "FIN-WAIT-2", 6: "TIME-WAIT", 7: "CLOSED", 8: "CLOSE-WAIT", 9: "LAST-ACK",
           10: "LISTEN", 11: "CLOSING"}
# An answer may be a delayed ACK; the first retransmission comes 200 ms after the FIN.
LISTEN_MS = 75
RETRANSMIT_MS = 180
AT_A_TIME = 12


@dataclass(frozen=True)
class Cell:
    """A row's key."""

    state: str
    event: str
    place: str
    ack: str

    def __str__(self):
        return f"{self.state} {self.event} {self.place} {self.ack}"


def all_cells():
    """All rows, in the table's order: each place with the right ACK, the other ACKs at two places."""
    cells = []
    for state in STATES:
        for event, flags in EVENTS.items():
            for place in PLACES:
                cells.append(Cell(state, event, place, "nxt" if "." in flags else "-"))
            if "." not in flags or state in ("CLOSED", "LISTEN"):
                continue
            for place in ("left",) if state == "SYN-SENT" else ("left", "inside"):
                cells += [Cell(state, event, place, ack) for ack in ACKS[1:]
                          if ack != "una" or state in UNACKED]
    return cells


def read_table(path=TABLE):
    """{Cell: (reply, next state, program)}; columns are separated by '|', '#' begins a comment."""
    rows = {}
    with open(path) as f:
        for line in f:
            line = line.split("#")[0].strip()
            if line:
                key, reply, state, program = (part.strip() for part in line.split("|"))
                rows[Cell(*key.split())] = (reply, state, program)
    return rows


def format_row(cell, row):
    """One line of the table."""
    key = f"{cell.state:19} {cell.event:7} {cell.place:6} {cell.ack:7}"
    return f"{key} | {row[0]:17} | {row[1]:12} | {row[2]}"


def error_name(value):
    return errno.errorcode.get(-value, str(value)) if value < 0 else str(value)


class Play:
    """One cell on one guest."""

    def __init__(self, guest, cell):
        self.cell, self.peer = cell, Peer(guest)
        self.listener, self.slot = next(guest.slots), next(guest.slots)
        self.rcv_nxt = 1  # RCV.NXT of the guest, relative
        self.snd_nxt = self.snd_una = 1
        self.edge = None

    # Roads to the states, each from the one before.

    async def listen(self):
        await self.peer.call(f"socket {self.listener};bind {self.listener} $P;listen {self.listener} 8")

    async def syn_received(self):
        await self.listen()
        self.peer.send("S", 0, options=[("mss", 1460)])
        self.saw(await self.peer.expect("S."))
        self.snd_una = 0

    async def established(self):
        await self.syn_received()
        self.peer.send(".", 1, 1)
        self.snd_una = 1
        await self.peer.guest.barrier(self.peer.ip)
        result, = await self.peer.call(f"accept {self.listener} {self.slot}")
        assert result == 0, f"accept: {result}"

    async def syn_sent(self):
        await self.peer.call(f"socket {self.slot};connect {self.slot} $IP {self.peer.sport}")
        await self.peer.expect("S")
        self.snd_una = 0

    async def syn_received_active(self):
        await self.syn_sent()
        self.peer.send("S", 0, options=[("mss", 1460)])
        self.saw(await self.peer.expect("S."))

    async def shut(self):
        await self.peer.call(f"shut {self.slot} 1")
        self.saw(await self.peer.expect("F"))
        self.snd_nxt += 1

    async def fin(self, ack):
        self.peer.send("F.", self.rcv_nxt, ack)
        self.rcv_nxt += 1
        s = await self.peer.expect(".")
        while signed(s.ack - self.peer.irs) != self.rcv_nxt:
            s = await self.peer.expect(".")
        self.saw(s)

    async def fin_wait_1(self):
        await self.established()
        await self.shut()

    async def fin_wait_2(self):
        await self.fin_wait_1()
        self.peer.send(".", 1, 2)
        self.snd_una = 2

    async def closing(self):
        await self.fin_wait_1()
        await self.fin(1)

    async def time_wait(self):
        await self.fin_wait_2()
        await self.fin(2)

    async def close_wait(self):
        await self.established()
        await self.fin(1)

    async def last_ack(self):
        await self.close_wait()
        await self.shut()

    def saw(self, s):
        self.edge = signed(s.ack - self.peer.irs) + s.window

    # The event and what follows.

    def event(self):
        """The cell's segment."""
        window = 64240 if self.edge is None else self.edge - self.rcv_nxt
        seq = self.rcv_nxt + {"left": 0, "inside": window // 2, "right": window - 1, "below": -1,
                              "above": window + 1, "edge": window}[self.cell.place]
        ack = {"nxt": self.snd_nxt, "una": self.snd_una, "old": self.snd_una - 1,
               "ancient": self.snd_una - 70000, "new": self.snd_nxt + 1, "-": 0}[self.cell.ack]
        if self.peer.iss is None:
            self.peer.known[self.peer.sport] = 500_000_000  # nothing came from the guest: any number will do
        return self.peer.send(EVENTS[self.cell.event], seq, ack)

    def is_retransmission(self, s, before):
        """A timer's work and not an answer: the SYN or FIN again, some time after it."""
        return any(b.flags == s.flags and b.seq == s.seq and b.has("F") and s.at - b.at
                   > RETRANSMIT_MS / 1000 for b in before)

    def seq_name(self, s, sent):
        if s.seq == 0:
            return "0"
        if s.has("R") and sent.has(".") and s.seq == sent.ack:
            return "A"
        if self.cell.state in ("CLOSED", "LISTEN") or self.cell.state == "TIME-WAIT" and s.has("S"):
            return "*"
        distance = signed(s.seq - self.peer.iss - self.snd_nxt)
        return offset("S", distance) if abs(distance) < 200_000 else "*"

    def ack_name(self, s, sent):
        if not s.has("."):
            return ""
        q = signed(s.ack - sent.seq)
        if self.cell.state in UNSYNCHRONIZED or s.has("R") or s.has("S") and self.cell.state == "TIME-WAIT":
            return offset("Q", q)
        return offset("N", signed(s.ack - self.peer.irs - self.rcv_nxt))

    def describe(self, s, sent):
        name = f"{segment.flag_text(s.flags)} {self.seq_name(s, sent)} {self.ack_name(s, sent)}".strip()
        return name + (f" +{len(s.data)}" if s.data else "")

    async def program(self):
        state = self.cell.state
        if state == "CLOSED":
            return "-"
        if state in ("LISTEN", "SYN-RECEIVED"):
            got, = await self.peer.call(f"accept {self.listener} {self.slot}")
            return f"accept={error_name(got)}"
        if state in ("SYN-SENT", "SYN-RECEIVED-ACTIVE"):
            got, = await self.peer.call(f"connect {self.slot} $IP {self.peer.sport}")
            return f"connect={error_name(got)}"
        err, got = await self.peer.call(f"get {self.slot} 1 4;recv {self.slot} 1 0")
        return f"err={error_name(-err)} recv={error_name(got)}"

    async def run(self):
        """(reply, next state, program)."""
        peer, road = self.peer, self.cell.state.lower().replace("-", "_")
        try:
            if road != "closed":
                await getattr(self, road)()
            await peer.guest.barrier(peer.ip)
            before = list(peer.seen)
            sent = self.event()
            start = peer.now()
            await peer.guest.barrier(peer.ip)
            await asyncio.sleep(max(0, LISTEN_MS / 1000 - (peer.now() - start)))
            answers = [s for s in peer.seen[len(before):] if not self.is_retransmission(s, before)]
            number, = await peer.call(f"state $P $IP {peer.sport}")
            state = NUMBERS[number] or ("LISTEN" if self.cell.state == "LISTEN" else "CLOSED")
            program = await self.program()
            return (", ".join(self.describe(s, sent) for s in answers) or "-", state, program)
        finally:
            await self.end()

    async def end(self):
        """Leave nothing behind in the guest that sends."""
        peer = self.peer
        await peer.call(f"linger {self.slot} 1 0;close {self.slot};close {self.listener}")
        peer.gone()


def offset(base, distance):
    return base if distance == 0 else f"{base}{distance:+d}"


async def play(guest, cell):
    return await Play(guest, cell).run()


async def run_cells(guest, cells):
    """{Cell: row} of a guest; a cell that could not be played has the reason as its answer."""
    gate, rows = asyncio.Semaphore(AT_A_TIME), {}

    async def one(cell):
        async with gate:
            try:
                rows[cell] = await play(guest, cell)
            except Exception as e:  # shown in the report as this cell's answer
                rows[cell] = (f"({type(e).__name__}: {e})", "?", "?")

    await asyncio.gather(*(one(c) for c in cells))
    return rows
