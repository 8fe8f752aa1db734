# SPDX-License-Identifier: BSD-2-Clause
"""What a scenario is written in: calls of the program, segments in, and a trace of all that happened.

A scenario is a coroutine `async def name(t)` below scenarios/; it plays one connection (or some) with
one peer address.  The trace has three kinds of entries, in the order of the host's clock:

  $ send 1 1000 0 = 1000                       a call of the program and its result
  < . 1:1(0) ack 1001 win 65535                a segment that was sent to the guest
  > P. 1:1001(1000) ack 1 win 502 <...>        a segment that came from the guest

Sequence numbers count from the SYNs.  Traces of two guests are the same if the entries are, and if
each segment of the guest comes as long after the entry before it, within a tolerance.
"""

import asyncio
import inspect
import re

import segment
from guest import GUEST_IP
from peer import Peer, ScriptFailed, signed

# Shorter than the least delayed ACK, longer than a busy machine's hiccups usually are.
TOLERANCE_S, TOLERANCE_RATIO = 0.028, 0.15
# How much of its buffer a segment takes up is a matter of the driver (skb->truesize), and with it the
# window while data is unread. Windows in SYNs are compared exactly, and so is whether it is closed.
WINDOW_RATIO = 0.2
# A call goes over a serial line to a program that must first run.
CALL_S = 0.06

MSS = [("mss", 1460)]
ALL = [("mss", 1460), ("sackOK", None), ("TS", (1000, 0)), ("nop", None), ("wscale", 7)]
SACK = [("mss", 1460), ("nop", None), ("nop", None), ("sackOK", None)]

SCENARIOS = {}  # name -> Scenario


class Scenario:
    """A coroutine with the sysctls that it wants."""

    def __init__(self, name, run, sysctls, arguments):
        self.name, self.run, self.sysctls, self.arguments = name, run, sysctls, arguments


def scenario(sysctls="", **cases):
    """Registers a coroutine; with cases, once for each: name=value makes name.case(t, value)."""
    def register(run):
        module = inspect.getmodule(run).__name__.split(".")[-1]
        base = f"{module}.{run.__name__}".replace("_", "-")
        if not cases:
            SCENARIOS[base] = Scenario(base, run, sysctls, ())
        for case, value in cases.items():
            name = f"{base}.{case}".replace("_", "-")
            SCENARIOS[name] = Scenario(name, run, sysctls, (value,))
        return run
    return register


class Entry:
    """One line of a trace."""

    def __init__(self, kind, text, at, length=0):
        self.kind, self.text, self.at, self.length = kind, text, at, length
        self.delay = 0.0  # since the entry before, filled in at the end
        self.after_call = False


class Script(Peer):
    """A peer with a trace and a program."""

    def __init__(self, guest):
        super().__init__(guest)
        self.listener, self.slot = next(guest.slots), next(guest.slots)
        self.used = [self.listener, self.slot]
        self.log = []  # Entry, or Segment until the end
        self.behind = False  # something was injected that the guest may not have seen
        self.tsval = None  # with a number, segments carry timestamps
        self.echo = 0

    # What happens.

    def arrived(self, s):
        self.echo = next((v[0] for k, v in s.options if k == "TS"), self.echo)
        super().arrived(s)
        self.log.append(s)

    def inject(self, flags, seq, ack=0, length=0, **fields):
        """A segment to the guest; length bytes of data, or data=..."""
        fields.setdefault("data", b"x" * length)
        if self.tsval is not None and "options" not in fields:
            fields["options"] = [("nop", None), ("nop", None), ("TS", (self.tsval, self.echo))]
        s = self.send(flags, seq, ack, **fields)
        self.log.append(Entry("<", self.describe(s, self.irs, self.iss or 0, True), self.now()))
        self.behind = True
        return s

    async def sync(self):
        """Until the guest has seen all that was sent to it."""
        if self.behind:
            self.behind = False
            await self.guest.barrier(self.ip)

    async def do(self, text):
        """Calls of the program; $L the listener, $S the socket, $P the guest's port, $IP and $Q ours."""
        await self.sync()
        shown = text.replace("$L", "L").replace("$S", "S").replace("$IP", "IP").replace("$P", "P")
        entry = Entry("$", shown.replace("$Q", "Q"), self.now())

        def began():
            entry.at = self.now()
            self.log.append(entry)

        results = await self.call(text.replace("$L", str(self.listener)).replace("$S", str(self.slot))
                                  .replace("$Q", str(self.sport)), began)
        entry.text += " = " + " ".join(str(r) for r in results)
        return results

    async def quietly(self, text):
        """Calls that do not belong to the trace."""
        await self.sync()
        return await self.call(text.replace("$L", str(self.listener))
                               .replace("$S", str(self.slot)).replace("$Q", str(self.sport)))

    async def info(self, *names):
        """Members of TCP_INFO, into the trace."""
        text, = await self.quietly("info $S")
        have = dict(pair.split("=") for pair in str(text).split(",") if "=" in pair)
        shown = " ".join(f"{n}={have.get(n)}" for n in names)
        self.log.append(Entry("$", f"info {shown}", self.now()))

    async def state(self):
        """The connection's state, into the trace."""
        number, = await self.quietly("state $P $IP $Q")
        self.log.append(Entry("$", f"state {number}", self.now()))

    async def counters(self, *names):
        """Run the body between two readings: use as `before = await t.counters(...)`."""
        values = await self.quietly(";".join(f"mib {n}" for n in names))
        return dict(zip(names, values))

    async def wait(self, ms):
        """Let time pass, all answers included."""
        start = self.now()
        await self.sync()
        await asyncio.sleep(max(0.0, ms / 1000 - (self.now() - start)))
        self.taken = len(self.seen)

    async def get(self, flags, timeout=15.0):
        """The next segment with these flags, not older than the last wait()."""
        return await self.expect(flags, timeout)

    def icmp(self, kind, code, rest, quoted):
        """An ICMP error that quotes a segment of the guest."""
        self.guest.send(segment.icmp_packet(self.ip, GUEST_IP, kind, code, rest, quoted.raw[:28]))
        self.log.append(Entry("<", f"icmp type {kind} code {code} rest {rest} about "
                              + self.describe(quoted, self.iss, self.irs, False), self.now()))
        self.behind = True

    # Roads that many scenarios take.

    async def listen(self, backlog=8, before=""):
        await self.do(f"socket $L;bind $L $P;{before}listen $L {backlog}")

    async def open(self, options=SACK, window=65535, before="", accept=True):
        """A passive open with the whole handshake."""
        await self.listen(before=before)
        self.inject("S", 0, window=window, options=list(options))
        synack = await self.get("S.")
        if any(kind == "TS" for kind, _ in options) and any(k == "TS" for k, _ in synack.options):
            self.tsval = 1000
        self.window = window
        self.inject(".", 1, 1)
        if accept:
            await self.do("accept $L $S")
        return synack

    async def connect(self, options=SACK, window=65535, before=""):
        """An active open with the whole handshake."""
        await self.do(f"socket $S;{before}connect $S $IP $Q")
        syn = await self.get("S")
        options = [(k, (1000, self.echo) if k == "TS" else v) for k, v in options]
        self.inject("S.", 0, 1, window=window, options=options)
        if any(k == "TS" for k, _ in options) and any(k == "TS" for k, _ in syn.options):
            self.tsval = 1000
        self.window = window
        await self.get(".")
        return syn

    # The trace.

    def describe(self, s, own, other, ours):
        """A segment in packetdrill's words; own and other are the initial sequence numbers."""
        seq = signed(s.seq - own)
        length = len(s.data)
        text = f"{segment.flag_text(s.flags) or '-'} {seq}:{seq + length}({length})"
        if abs(seq) > FAR:
            text = f"{segment.flag_text(s.flags)} elsewhere({length})"
        if s.seq == 0 and s.has("R"):
            text = f"{segment.flag_text(s.flags)} zero"
        if s.has("."):
            text += f" ack {signed(s.ack - other)}"
        text += f" win {s.window}"
        if s.urgent:
            text += f" urg {s.urgent}"
        if s.tos & 3:
            text += f" [ECT {s.tos & 3}]"
        options = ",".join(self.option(k, v, other, ours) for k, v in s.options)
        return text + (f" <{options}>" if options else "")

    @staticmethod
    def option(kind, value, other, ours):
        if kind == "TS":
            # The guest's clock is its own; what it echoes is ours.
            return f"TS {value[0]} ecr" if ours else f"TS val ecr {value[1]}"
        if kind == "sack":
            return "sack " + " ".join(f"{signed(a - other)}:{signed(b - other)}" for a, b in value)
        if kind == "fastopen":
            return f"fastopen {len(value)}"
        return kind if value is None else f"{kind} {value!r}"

    def trace(self):
        """All entries, with the guest's segments in words."""
        entries, before = [], None
        for item in sorted(self.log, key=lambda i: i.at):
            if isinstance(item, segment.Segment):
                iss = self.known.get(item.dport, 0)
                item = Entry(">", self.describe(item, iss, self.irs, False), item.at, len(item.data))
            if before and before.kind == item.kind == ">" and before.length and item.length:
                # Where a burst is cut into TSO packets depends on the round trip; each ends with PSH.
                before.text = before.text.replace("P.", ".", 1)
            item.delay = item.at - before.at if before else 0.0
            item.after_call = before is not None and before.kind == "$"
            before = item
            entries.append(item)
        return entries

    async def finish(self):
        """Close everything without a word on the wire that counts."""
        self.guest.peers.pop(self.ip, None)
        await self.guest.call(";".join(f"linger {s} 1 0;close {s}" for s in reversed(self.used)))


async def play(guest, one):
    """Run a scenario on a guest; gives its trace."""
    t = Script(guest)
    try:
        await one.run(t, *one.arguments)
    except ScriptFailed as e:
        t.log.append(Entry("!", str(e).replace(guest.name, "the guest"), t.now()))
    except (ValueError, IndexError, StopIteration, TypeError) as e:
        t.log.append(Entry("!", f"the script met what it did not expect: {e!r}", t.now()))
    trace = t.trace()
    await t.finish()
    return trace


# A sequence number so far off belongs to another connection's beginning.
FAR = 500_000
WINDOW = re.compile(r" win (\d+)")


def same_text(a, b):
    """The same but for the window, which may differ as much as the two drivers' buffers do."""
    if a.text == b.text:
        return True
    x, y = WINDOW.search(a.text), WINDOW.search(b.text)
    if a.kind != ">" or not x or not y or WINDOW.sub("", a.text) != WINDOW.sub("", b.text):
        return False
    x, y = int(x[1]), int(y[1])
    return x > 0 and y > 0 and "S" not in a.text.split()[0] and abs(x - y) <= WINDOW_RATIO * max(x, y)


def same_time(a, b):
    """Do two segments come at the same time after what was before them?"""
    tolerance = TOLERANCE_S + (CALL_S if a.after_call or b.after_call else 0)
    return abs(a.delay - b.delay) <= tolerance + TOLERANCE_RATIO * max(a.delay, b.delay)
