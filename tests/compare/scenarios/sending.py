# SPDX-License-Identifier: BSD-2-Clause
"""Sending: the first flight, Nagle, cork, ACK clock, what losses do to the window, ECN, Fast Open."""

from peer import signed
from script import ALL, MSS, SACK, scenario

NODELAY, CORK = 1, 3
MORE = 0x8000


def sent_by(t):
    """The end of what the guest has sent, relative."""
    return max((signed(s.seq + len(s.data) - t.iss) for s in t.seen if s.data), default=1)


@scenario(plain=MSS, sack=SACK, ts=ALL, small=[("mss", 536)])
async def initial_window(t, options):
    """Ten segments, and for each ACK two more."""
    await t.open(options)
    await t.do("send $S 60000 0")
    await t.wait(60)
    size = next(len(s.data) for s in t.seen if s.data)
    t.inject(".", 1, 1 + 2 * size)
    await t.wait(40)
    await t.info("cwnd", "ssthresh", "unacked")


@scenario(open=65535, medium=6000, small=700, tiny=1)
async def peer_window(t, window):
    await t.open(window=window)
    await t.do(f"send $S {min(20000, 4 * window + 1000)} 0")
    await t.wait(120)
    sent = sent_by(t)
    t.inject(".", 1, sent, window=window)
    await t.wait(120)


@scenario()
async def nagle(t):
    """Small writes: one in flight at a time."""
    await t.open()
    for _ in range(4):
        await t.do("send $S 10 0")
        await t.wait(20)
    t.inject(".", 1, 11)
    await t.wait(30)
    await t.do("send $S 1500 0")
    await t.wait(30)


@scenario()
async def nodelay(t):
    await t.open()
    await t.do(f"set $S 6 {NODELAY} 1")
    for _ in range(4):
        await t.do("send $S 10 0")
        await t.wait(20)


@scenario()
async def cork(t):
    """What is not a whole segment waits for 200 ms or the cork's end."""
    await t.open()
    await t.do(f"set $S 6 {CORK} 1;send $S 2000 0")
    await t.wait(30)
    t.inject(".", 1, 1461)
    await t.wait(400)
    await t.do(f"send $S 100 0;set $S 6 {CORK} 0")
    await t.wait(30)


@scenario()
async def more(t):
    await t.open()
    await t.do(f"send $S 100 {MORE};send $S 100 {MORE};send $S 100 0")
    await t.wait(40)
    await t.do(f"send $S 100 {MORE}")
    await t.wait(300)


async def ten_in_flight(t, options):
    await t.open(options)
    await t.do("send $S 10000 0")
    await t.wait(60)
    t.inject(".", 1, 10001)
    await t.do("send $S 10000 0")
    await t.wait(15)


@scenario()
async def fast_retransmit_reno(t):
    """Three duplicate ACKs."""
    await ten_in_flight(t, [("mss", 1000)])
    for _ in range(5):
        t.inject(".", 1, 10001)
        await t.wait(3)
    await t.wait(40)
    await t.info("ca", "cwnd", "ssthresh", "retrans", "unacked")
    t.inject(".", 1, 20001)
    await t.wait(40)
    await t.info("ca", "cwnd", "ssthresh")


@scenario()
async def fast_retransmit_sack(t):
    await ten_in_flight(t, [("mss", 1000), ("sackOK", None)])
    for n in range(3, 7):
        t.inject(".", 1, 10001, options=[("nop", None), ("nop", None),
                                         ("sack", [(t.iss + 11001, t.iss + 10001 + n * 1000)])])
        await t.wait(3)
    await t.wait(40)
    # In recovery the window follows what is in flight at each moment; it is looked at afterwards.
    await t.info("ca", "ssthresh", "retrans", "lost", "sacked", "unacked")
    t.inject(".", 1, 20001)
    await t.wait(40)
    await t.info("ca", "cwnd", "ssthresh")


@scenario()
async def dsack_undoes(t):
    """An RTO that was wrong: D-SACK says so, the window comes back."""
    await t.open(SACK)
    await t.do("send $S 1000 0")
    await t.wait(30)
    t.inject(".", 1, 1001)
    await t.do("send $S 1000 0")
    await t.wait(260)
    t.inject(".", 1, 2001)
    t.inject(".", 1, 2001, options=[("nop", None), ("nop", None), ("sack", [(t.iss + 1001, t.iss + 2001)])])
    await t.wait(40)
    await t.info("ca", "cwnd", "ssthresh", "retransmits", "total_retrans")


@scenario()
async def window_update_only(t):
    await t.open(window=3000)
    await t.do("send $S 6000 0")
    await t.wait(40)
    t.inject(".", 1, 1, window=6000)
    await t.wait(40)


@scenario("tcp_slow_start_after_idle 0", off=0)
async def idle_restart_off(t, _):
    await idle(t)


@scenario()
async def idle_restart(t):
    await idle(t)


async def idle(t):
    """The window grows, then nothing is sent for a second."""
    await t.open([("mss", 1000)])
    at = 1
    for _ in range(3):
        await t.do("send $S 20000 0")
        await t.wait(40)
        at = sent_by(t)
        t.inject(".", 1, at)
        await t.wait(40)
        at = sent_by(t)
        t.inject(".", 1, at)
        await t.wait(40)
    await t.wait(1500)
    await t.do("send $S 30000 0")
    await t.wait(20)
    await t.info("cwnd", "ssthresh")


@scenario("tcp_ecn 1", yes=True, no=False)
async def ecn_active(t, agree):
    """We ask for ECN."""
    await t.do("socket $S;connect $S $IP $Q")
    await t.get("S")
    t.inject("SE." if agree else "S.", 0, 1, options=SACK)
    await t.get(".")
    await t.do("send $S 3000 0")
    await t.wait(30)
    t.inject("E.", 1, 3001)
    await t.wait(30)
    await t.do("send $S 3000 0")
    await t.wait(30)
    await t.info("options", "cwnd", "ssthresh", "ca")


@scenario(default=None)
async def ecn_passive(t, _):
    """The peer asks: by default we agree, and echo what the network marked until CWR."""
    await t.listen()
    t.inject("SEW", 0, options=SACK)
    await t.get("S.")
    t.inject(".", 1, 1)
    await t.do("accept $L $S")
    t.inject("P.", 1, 1, 100, tos=2)
    await t.wait(60)
    t.inject("P.", 101, 1, 100, tos=3)
    await t.wait(60)
    t.inject("P.", 201, 1, 100, tos=2)
    await t.wait(60)
    t.inject("PW.", 301, 1, 100, tos=2)
    await t.wait(60)
    await t.do("send $S 100 0")
    await t.wait(60)
    await t.info("options")


@scenario(both=3, ece=64, cwr=128)
async def ecn_refused(t, which):
    """SYNs that do not ask for ECN as they should."""
    flags = {3: "SEW", 64: "SE", 128: "SW"}[which]
    await t.listen()
    t.inject(flags, 0, options=MSS, tos=1 if which == 3 else 0)
    await t.wait(60)


@scenario("tcp_ecn 0", off=None)
async def ecn_off(t, _):
    await t.listen()
    t.inject("SEW", 0, options=MSS)
    await t.wait(60)


@scenario()
async def fastopen_request(t):
    """MSG_FASTOPEN without a cookie: the SYN asks for one, the data follows."""
    await t.do("socket $S;fastopen $S $IP $Q 100")
    await t.get("S")
    t.inject("S.", 0, 1, options=[("mss", 1460), ("nop", None), ("nop", None), ("fastopen", b"12345678")])
    await t.wait(60)
    t.inject(".", 1, 101)
    await t.wait(40)
    t.sport += 1
    await t.do("close $S;socket $S;fastopen $S $IP $Q 100")
    await t.wait(60)


@scenario("tcp_fastopen 3")
async def fastopen_server(t):
    """A cookie request, then data on the SYN with the cookie."""
    await t.listen(before="set $L 6 23 5;")
    t.inject("S", 0, options=[("mss", 1460), ("nop", None), ("nop", None), ("fastopen", b"")])
    synack = await t.get("S.")
    t.inject("R", 1)
    cookie = [v for k, v in synack.options if k == "fastopen"]
    if not cookie:
        return
    t.sport += 1
    t.inject("S", 0, 0, 100, options=[("mss", 1460), ("nop", None), ("nop", None), ("fastopen", cookie[0])])
    await t.get("S.")
    await t.do("accept $L $S;recv $S 200 0;send $S 50 0")
    await t.wait(40)
    t.inject(".", 101, 51)
    await t.wait(40)
