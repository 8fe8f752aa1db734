# SPDX-License-Identifier: BSD-2-Clause
"""Receiving: when ACKs go, what windows they offer, SACK blocks, data at the window's edges, PAWS."""

from script import ALL, MSS, SACK, scenario

QUICKACK, WINDOW_CLAMP, RCVBUF, RCVLOWAT, OOBINLINE = 12, 10, 8, 18, 10
OOB, PEEK = 1, 2


@scenario(small=(100, 60), full=(1460, 60), small_quickly=(100, 10), full_quickly=(1460, 10))
async def delayed_ack(t, how):
    """Segments with pauses: quick ACKs at first, delayed when they are used up, every second at once."""
    size, pause = how
    await t.open()
    for i in range(30):
        t.inject("P.", 1 + i * size, 1, size)
        await t.wait(pause)
        if i % 6 == 5:
            await t.do("recv $S 20000 0")
            await t.wait(60)


@scenario()
async def pingpong(t):
    """Request and answer: the ACK waits for the answer and rides on it."""
    await t.open()
    for i in range(5):
        t.inject("P.", 1 + i * 100, 1 + i * 200, 100)
        await t.wait(10)
        await t.do("recv $S 100 0;send $S 200 0")
        await t.wait(30)
    t.inject("P.", 501, 1001, 100)
    await t.wait(120)
    t.inject("P.", 601, 1001, 100)
    await t.wait(300)


@scenario(off=0, on=1)
async def quickack(t, value):
    await t.open()
    await t.do(f"set $S 6 {QUICKACK} {value}")
    for i in range(4):
        t.inject("P.", 1 + i * 300, 1, 300)
        await t.wait(250)


@scenario()
async def idle_then_data(t):
    """After a pause longer than an RTO ACKs are quick again."""
    await t.open()
    for i in range(20):
        t.inject("P.", 1 + i * 100, 1, 100)
        await t.wait(15)
    await t.do("recv $S 65536 0;send $S 10 0")
    await t.get("P.")
    t.inject(".", 2001, 11)
    await t.wait(1500)
    t.inject("P.", 2001, 11, 100)
    await t.wait(100)
    t.inject("P.", 2101, 11, 100)
    await t.wait(100)


@scenario(by_800=800, by_3000=3000, by_all=65536)
async def window_updates(t, step):
    """A buffer is filled and read by steps: when does the peer hear of the room?"""
    await t.open(before=f"set $L 1 {RCVBUF} 20000;")
    for i in range(15):
        t.inject(".", 1 + i * 1000, 1, 1000)
        await t.wait(50)
    for _ in range(20):
        (got,) = await t.do(f"recv $S {step} 0")
        await t.wait(30)
        if got <= 0:
            break


@scenario()
async def window_of_a_clamp(t):
    await t.open()
    await t.do(f"set $S 6 {WINDOW_CLAMP} 5000")
    for i in range(6):
        t.inject(".", 1 + i * 1000, 1, 1000)
        await t.wait(60)
    await t.do("recv $S 65536 0")
    await t.wait(50)


@scenario(first=[(3, 1), (2, 1)], falling=[(9, 1), (7, 1), (5, 1), (3, 1)], rising=[(3, 1), (5, 1), (7, 1), (9, 1)],
          five=[(3, 1), (5, 1), (7, 1), (9, 1), (11, 1), (3, 1)], join=[(3, 1), (5, 1), (4, 1)],
          touch=[(4, 2), (6, 2), (2, 2)], overlap=[(4, 3), (3, 3), (2, 8)], duplicate=[(3, 1), (3, 1), (5, 1), (3, 1)])
async def sack_blocks(t, pieces):
    """Pieces out of order (place, length in hundreds): which blocks, in which order; then the hole closes."""
    await t.open()
    for place, length in pieces:
        t.inject(".", 1 + place * 100, 1, length * 100)
        await t.wait(15)
    t.inject(".", 1, 1, 100)
    await t.wait(60)
    t.inject(".", 101, 1, 1500 - 100)
    await t.wait(60)
    await t.do("recv $S 65536 0")


@scenario()
async def sack_blocks_with_ts(t):
    """Only three blocks fit beside a timestamp."""
    await t.open(ALL)
    for place in (3, 5, 7, 9, 11):
        t.inject(".", 1 + place * 100, 1, 100)
        await t.wait(15)
    t.inject(".", 1, 1, 300)
    await t.wait(60)


@scenario()
async def no_sack_blocks(t):
    await t.open(MSS)
    for place in (3, 5, 3):
        t.inject(".", 1 + place * 100, 1, 100)
        await t.wait(15)
    t.inject(".", 1, 1, 300)
    await t.wait(60)


@scenario(whole=(1, 100), part=(51, 100), before=(1, 50), beyond=(51, 500))
async def duplicate_data(t, piece):
    """What was received comes again, whole or in part: D-SACK."""
    seq, length = piece
    await t.open()
    t.inject(".", 1, 1, 200)
    await t.wait(60)
    t.inject(".", seq, 1, length)
    await t.wait(100)
    await t.do("recv $S 65536 0")


@scenario("tcp_dsack 0")
async def duplicate_without_dsack(t):
    await t.open()
    t.inject(".", 1, 1, 200)
    await t.wait(60)
    t.inject(".", 1, 1, 200)
    await t.wait(100)


@scenario(at_edge=0, one_beyond=1, far_beyond=100000, half_in=-50)
async def beyond_the_window(t, distance):
    await t.open(before=f"set $L 1 {RCVBUF} 8192;")
    edge = await edge_of(t)
    t.inject(".", edge + distance, 1, 100)
    await t.wait(60)
    t.inject(".", 1, 1, 100)
    await t.wait(60)
    await t.do("recv $S 65536 0")


async def edge_of(t):
    return 1 + t.seen[-1].window


@scenario(just_below=-99, far_below=-50000)
async def below_the_window(t, distance):
    await t.open()
    t.inject(".", 1, 1, 100)
    await t.wait(60)
    t.inject(".", 101 + distance, 1, 60)
    await t.wait(60)
    t.inject(".", 101 + distance, 1)
    await t.wait(60)


@scenario()
async def invalid_ratelimit(t):
    """Segments without data outside the window: one answer in 500 ms; with data: each."""
    await t.open()
    for pause in (30, 30, 600, 30):
        t.inject(".", -1000, 1)
        await t.wait(pause)
    for _ in range(3):
        t.inject(".", -1000, 1, 10)
        await t.wait(30)


@scenario()
async def challenge_ratelimit(t):
    await t.open()
    for flags in ("S", "S.", "R", "R", "S"):
        t.inject(flags, 5, 1)
        await t.wait(30)
    await t.wait(600)
    t.inject("R", 5)
    await t.wait(30)


@scenario(older=-1, much_older=-100000, older_than_24_days=-0x7FFFFF00)
async def paws(t, distance):
    """Data, ACK, RST with an old timestamp."""
    await t.open(ALL)
    t.inject("P.", 1, 1, 100)
    await t.wait(60)
    t.tsval += distance
    t.inject("P.", 101, 1, 100)
    await t.wait(60)
    t.inject(".", 101, 1)
    await t.wait(600)
    t.inject(".", 90, 1)
    await t.wait(60)
    t.inject("S", 101)
    await t.wait(60)
    t.inject("R", 101)
    await t.wait(60)
    await t.do("get $S 1 4;recv $S 65536 0")


@scenario()
async def without_timestamp(t):
    """A segment without the timestamp that was agreed on: Linux takes it."""
    await t.open(ALL)
    t.inject("P.", 1, 1, 100, options=[])
    await t.wait(60)
    await t.do("recv $S 65536 0")


@scenario()
async def timestamp_echo(t):
    """Which timestamp is echoed: of the segment that moved the window's left edge last."""
    await t.open(ALL)
    for seq, tsval in ((1, 2000), (201, 3000), (101, 4000), (301, 5000), (301, 6000)):
        t.tsval = tsval
        t.inject("P.", seq, 1, 100)
        await t.wait(80)


@scenario(at_end=100, first=1, middle=50, beyond=150)
async def urgent(t, pointer):
    await t.open()
    t.inject("PU.", 1, 1, 100, urgent=pointer)
    await t.wait(60)
    await t.do(f"poll $S;atmark $S;recv $S 1 {OOB};recv $S 200 0;atmark $S;recv $S 200 0;recv $S 1 {OOB}")
    t.inject("P.", 101, 1, 100)
    await t.wait(60)
    await t.do(f"poll $S;recv $S 1 {OOB};recv $S 200 0;recv $S 200 0")


@scenario()
async def urgent_inline(t):
    await t.open(before=f"set $L 1 {OOBINLINE} 1;")
    t.inject("PU.", 1, 1, 100, urgent=50)
    await t.wait(60)
    await t.do("poll $S;recv $S 200 0;atmark $S;recv $S 200 0")


@scenario()
async def urgent_twice(t):
    """A second urgent byte before the first was read."""
    await t.open()
    t.inject("PU.", 1, 1, 10, urgent=5)
    t.inject("PU.", 11, 1, 10, urgent=5)
    await t.wait(60)
    await t.do(f"poll $S;recv $S 1 {OOB};recv $S 200 0;recv $S 200 0;recv $S 200 0")


@scenario()
async def urgent_sent(t):
    await t.open()
    await t.do(f"send $S 100 0;send $S 5 {OOB};send $S 100 0")
    await t.wait(30)
    t.inject(".", 1, 101)
    await t.wait(30)
    t.inject(".", 1, 106)
    await t.wait(30)


@scenario()
async def lowat(t):
    await t.open()
    await t.do(f"set $S 1 {RCVLOWAT} 300")
    for i in range(4):
        t.inject("P.", 1 + i * 100, 1, 100)
        await t.wait(60)
        await t.do("poll $S")


@scenario()
async def peek(t):
    await t.open()
    t.inject("P.", 1, 1, 100)
    await t.wait(60)
    await t.do(f"recv $S 50 {PEEK};recv $S 200 0;recv $S 200 0")


@scenario()
async def header_only_flags(t):
    """No flags, FIN alone, PSH alone, URG alone, all flags."""
    await t.open()
    for flags in ("", "F", "P", "U", "FP", "SFRPU."):
        t.inject(flags, 1, 1)
        await t.wait(30)
    await t.state()
