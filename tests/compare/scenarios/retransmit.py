# SPDX-License-Identifier: BSD-2-Clause
"""What is sent again, and when: SYN, SYN-ACK, data, FIN; probes; keepalive; how it ends."""

from script import ALL, MSS, SACK, scenario

# The tail loss probe's time follows the round trip; elsewhere it is off.
TLP = "tcp_early_retrans 3"
SYNCNT, USER_TIMEOUT, KEEPIDLE, KEEPINTVL, KEEPCNT = 7, 18, 4, 5, 6


@scenario(TLP)
async def syn(t):
    """1, 2, 4, 8 s after each other, then ETIMEDOUT."""
    await t.do(f"socket $S;set $S 6 {SYNCNT} 3;connect $S $IP $Q")
    await t.wait(15600)
    await t.do("get $S 1 4;poll $S")


@scenario(TLP)
async def syn_user_timeout(t):
    await t.do(f"socket $S;set $S 6 {USER_TIMEOUT} 2500;connect $S $IP $Q")
    await t.wait(8000)
    await t.do("get $S 1 4")


@scenario(TLP)
async def synack(t):
    await t.do(f"socket $L;set $L 6 {SYNCNT} 3;bind $L $P;listen $L 8")
    t.inject("S", 0, options=MSS)
    await t.wait(16500)
    await t.state()
    t.inject(".", 1, 1)
    await t.wait(50)


@scenario(TLP)
async def synack_answered_late(t):
    """The ACK comes after the second SYN-ACK: the data that follows has the first RTO of 3 s."""
    await t.listen()
    t.inject("S", 0, options=MSS)
    await t.get("S.")
    await t.get("S.")
    t.inject(".", 1, 1)
    await t.do("accept $L $S;send $S 100 0")
    await t.wait(7500)
    await t.info("retransmits", "total_retrans", "cwnd", "ssthresh", "backoff")


async def lost(t, count, ms):
    await t.do(f"send $S {count} 0")
    await t.wait(ms)
    await t.info("ca", "retransmits", "backoff", "unacked", "lost", "retrans", "cwnd", "ssthresh")


@scenario(TLP, plain=MSS, sack=SACK, ts=ALL)
async def data_one(t, options):
    """One segment is lost for ever: tail loss probe, RTO and its doubling."""
    await t.open(options)
    await lost(t, 500, 7000)
    t.inject(".", 1, 501)
    await t.wait(50)
    await t.info("ca", "retransmits", "backoff", "unacked", "cwnd", "ssthresh")


@scenario(TLP, plain=MSS, sack=SACK, ts=ALL)
async def data_many(t, options):
    """A flight is lost for ever."""
    await t.open(options)
    await lost(t, 8000, 4000)


@scenario(TLP, plain=MSS, sack=SACK)
async def first_ack_then_nothing(t, options):
    """One round trip is measured, the next flight is lost; then all is acknowledged at once."""
    await t.open(options)
    await t.do("send $S 1000 0")
    await t.get(".")
    t.inject(".", 1, 1001)
    await lost(t, 5000, 1500)
    t.inject(".", 1, 6001)
    await t.wait(50)
    await t.info("ca", "retransmits", "unacked", "cwnd", "ssthresh", "total_retrans")
    await t.do("send $S 20000 0")
    await t.wait(100)


@scenario(TLP)
async def fin(t):
    await t.open()
    await t.do("shut $S 1")
    await t.wait(4000)
    t.inject(".", 1, 2)
    await t.wait(50)
    await t.state()


@scenario(TLP)
async def fin_behind_data(t):
    await t.open()
    await t.do("send $S 3000 0;shut $S 1")
    await t.wait(3000)


@scenario(TLP)
async def user_timeout(t):
    await t.open()
    await t.do(f"set $S 6 {USER_TIMEOUT} 1500;send $S 100 0")
    await t.wait(4000)
    await t.do("get $S 1 4;recv $S 10 0")


@scenario(TLP + ";tcp_retries2 3")
async def retries2(t):
    """Gives up after as long as three doublings would take."""
    await t.open()
    await t.do("send $S 100 0")
    await t.wait(5000)
    await t.do("get $S 1 4;recv $S 10 0")


@scenario(TLP)
async def orphan(t):
    """Closed with data in flight: no program waits for the end."""
    await t.open()
    await t.do("send $S 100 0;close $S")
    await t.wait(7000)
    t.inject(".", 1, 102)
    await t.wait(50)
    await t.state()


@scenario(TLP, plain=MSS, ts=ALL)
async def zero_window(t, options):
    """Probes of a closed window, then it opens."""
    await t.open(options, window=0)
    await t.do("send $S 3000 0")
    await t.wait(7000)
    await t.info("probes", "backoff", "unacked", "retransmits")
    t.inject(".", 1, 1, window=8000)
    await t.wait(100)


@scenario()
async def window_closes(t):
    """An ACK with nothing new but a closed window."""
    await t.open(window=1000)
    t.inject(".", 1, 1, window=0)
    await t.do("send $S 100 0")
    await t.wait(120)


@scenario(TLP)
async def zero_window_answered(t):
    """Each probe is answered: nothing is given up."""
    await t.open(window=2000)
    await t.do("send $S 4000 0")
    await t.wait(30)
    t.inject(".", 1, 2001, window=0)
    for _ in range(4):
        s = await t.get(".")
        t.inject(".", 1, 2001, window=0)
        del s
    await t.wait(100)
    t.inject(".", 1, 2001, window=5000)
    await t.wait(60)


@scenario(TLP)
async def zero_window_user_timeout(t):
    await t.open(window=0)
    await t.do(f"set $S 6 {USER_TIMEOUT} 2000;send $S 1000 0")
    await t.wait(6000)
    await t.do("get $S 1 4")


@scenario(TLP)
async def window_shrinks(t):
    """The peer takes back what it offered."""
    await t.open(window=4000)
    await t.do("send $S 8000 0")
    await t.wait(30)
    t.inject(".", 1, 1001, window=500)
    await t.wait(1500)
    t.inject(".", 1, 4001, window=10000)
    await t.wait(60)


@scenario(TLP)
async def keepalive(t):
    """Probes of an idle connection that nobody answers, a reset and ETIMEDOUT at the end."""
    await t.open()
    await t.do(f"set $S 6 {KEEPIDLE} 1;set $S 6 {KEEPINTVL} 1;set $S 6 {KEEPCNT} 3;set $S 1 9 1")
    await t.wait(6000)
    await t.do("get $S 1 4;recv $S 10 0")


@scenario(TLP)
async def keepalive_answered(t):
    await t.open(ALL)
    await t.do(f"set $S 6 {KEEPIDLE} 1;set $S 6 {KEEPINTVL} 1;set $S 6 {KEEPCNT} 2;set $S 1 9 1")
    for _ in range(3):
        await t.get(".")
        t.inject(".", 1, 1)
    await t.wait(100)
    t.inject("P.", 1, 1, 10)
    await t.wait(1600)


@scenario(TLP)
async def keepalive_user_timeout(t):
    await t.open()
    await t.do(f"set $S 6 {USER_TIMEOUT} 2500;set $S 6 {KEEPIDLE} 1;set $S 6 {KEEPINTVL} 1;set $S 1 9 1")
    await t.wait(6000)
    await t.do("get $S 1 4")


@scenario(TLP)
async def keepalive_asked(t):
    """The peer's probe, with and without a byte."""
    await t.open()
    t.inject(".", 0, 1)
    await t.wait(50)
    t.inject(".", 0, 1, 1)
    await t.wait(50)
    t.inject(".", 0, 1)
    await t.wait(600)
    t.inject(".", 0, 1)
    await t.wait(50)
