# SPDX-License-Identifier: BSD-2-Clause
"""Queues of a listener, SYN cookies, deferred accept."""

from script import ALL, MSS, scenario

DEFER_ACCEPT, SYNCNT = 9, 7


async def fill(t, count):
    """So many connections, each from a port of its own, without accepting them."""
    for _ in range(count):
        t.sport += 1
        t.inject("S", 0, options=MSS)
        s = await t.next(0.2)
        if s is not None:
            t.inject(".", 1, 1)
        await t.sync()


@scenario(backlog_0=0, backlog_1=1, backlog_2=2)
async def full(t, backlog):
    """The accept queue is full: SYNs are dropped, the last ACK too."""
    await t.listen(backlog)
    await fill(t, backlog + 3)
    await t.do("accept $L $S;accept $L $S;accept $L $S;accept $L $S")


async def late_ack(t):
    """Half-open while there was room, completed when there is none."""
    await t.listen(0)
    t.inject("S", 0, options=MSS)
    await t.get("S.")
    first = t.sport
    await fill(t, 1)
    t.sport = first
    t.inject(".", 1, 1)
    await t.wait(60)
    t.inject("P.", 1, 1, 10)
    await t.wait(1300)
    await t.state()


@scenario()
async def late_ack_dropped(t):
    await late_ack(t)


@scenario("tcp_abort_on_overflow 1")
async def late_ack_reset(t):
    await late_ack(t)


@scenario("tcp_syncookies 2", plain=MSS, all=ALL, ws_only=[("mss", 1460), ("nop", None), ("wscale", 5)],
          mss_1000=[("mss", 1000)], mss_536=[("mss", 536)], none=[])
async def cookies(t, options):
    """Nothing is kept of the SYN; options come back with the timestamp, the MSS out of the cookie."""
    await t.listen()
    t.inject("S", 0, options=options)
    synack = await t.get("S.")
    await t.state()
    with_ts = [v for k, v in synack.options if k == "TS"]
    if with_ts:
        t.tsval = 1000
    t.inject(".", 1, 1)
    await t.do("accept $L $S")
    await t.info("options", "snd_mss", "rcv_mss", "cwnd")
    t.inject("P.", 1, 1, 100)
    await t.wait(60)


@scenario("tcp_syncookies 2")
async def wrong_cookie(t):
    await t.listen()
    t.inject("S", 0, options=MSS)
    await t.get("S.")
    t.inject(".", 1, 2)
    await t.wait(60)
    t.inject(".", 2, 1)
    await t.wait(60)
    await t.do("accept $L $S")


@scenario()
async def defer_accept(t):
    """The program is woken by data, not by the handshake."""
    await t.listen(before=f"set $L 6 {DEFER_ACCEPT} 2;")
    t.inject("S", 0, options=MSS)
    await t.get("S.")
    t.inject(".", 1, 1)
    await t.wait(50)
    await t.do("accept $L $S;poll $L")
    t.inject("P.", 1, 1, 100)
    await t.wait(50)
    await t.do("poll $L;accept $L $S;recv $S 200 0")


@scenario()
async def defer_accept_gives_up(t):
    await t.listen(before=f"set $L 6 {DEFER_ACCEPT} 2;set $L 6 {SYNCNT} 2;")
    t.inject("S", 0, options=MSS)
    await t.get("S.")
    t.inject(".", 1, 1)
    await t.wait(4500)
    await t.do("poll $L;accept $L $S")
    t.inject(".", 1, 1)
    await t.wait(60)
    await t.do("poll $L;accept $L $S")


@scenario()
async def data_before_accept(t):
    await t.open(MSS, accept=False)
    t.inject("P.", 1, 1, 100)
    t.inject("F.", 101, 1)
    await t.wait(100)
    await t.do("accept $L $S;recv $S 200 0;recv $S 200 0")
    await t.state()


@scenario()
async def reset_before_accept(t):
    """The connection is gone before the program takes it."""
    await t.open(MSS, accept=False)
    t.inject("R", 1)
    await t.wait(50)
    await t.do("poll $L;accept $L $S;recv $S 10 0;get $S 1 4;send $S 10 0")


@scenario(backlog_0=0, backlog_1=1, backlog_3=3)
async def half_open(t, backlog):
    """So many SYNs are kept, the next are answered with cookies."""
    await t.listen(backlog)
    for _ in range(backlog + 3):
        t.sport += 1
        t.inject("S", 0, options=MSS)
        await t.wait(30)
        await t.state()
