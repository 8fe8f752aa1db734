# SPDX-License-Identifier: BSD-2-Clause
"""All ways to end: who closes first, what is in flight, what is unread; FIN-WAIT-2; TIME-WAIT's answers."""

from script import ALL, MSS, SACK, scenario

LINGER2 = 8


@scenario()
async def we_first(t):
    await t.open()
    await t.do("close $S")
    await t.get("F")
    t.inject(".", 1, 2)
    await t.wait(50)
    await t.state()
    t.inject("F.", 1, 2)
    await t.wait(50)
    await t.state()


@scenario()
async def peer_first(t):
    await t.open()
    t.inject("F.", 1, 1)
    await t.wait(100)
    await t.do("poll $S;recv $S 10 0;send $S 100 0")
    await t.get("P.")
    t.inject(".", 2, 101)
    await t.do("close $S")
    await t.get("F")
    t.inject(".", 2, 102)
    await t.wait(50)
    await t.state()


@scenario()
async def peer_first_with_data(t):
    await t.open()
    t.inject("FP.", 1, 1, 100)
    await t.wait(100)
    await t.do("poll $S;recv $S 200 0;recv $S 200 0;close $S")
    await t.get("F")
    t.inject(".", 102, 2)
    await t.wait(50)


@scenario()
async def both_at_once(t):
    await t.open()
    await t.do("shut $S 1")
    await t.get("F")
    t.inject("F.", 1, 1)
    await t.wait(50)
    await t.state()
    t.inject(".", 2, 2)
    await t.wait(50)
    await t.state()
    await t.do("recv $S 10 0;send $S 10 0")


@scenario()
async def fin_acked_by_fin(t):
    await t.open()
    await t.do("shut $S 1")
    await t.get("F")
    t.inject("F.", 1, 2)
    await t.wait(50)
    await t.state()


@scenario()
async def fin_with_data_in_fin_wait(t):
    await t.open()
    await t.do("shut $S 1")
    await t.get("F")
    t.inject("P.", 1, 2, 100)
    await t.wait(60)
    t.inject("FP.", 101, 2, 100)
    await t.wait(60)
    await t.do("recv $S 500 0;recv $S 500 0")
    await t.state()


@scenario()
async def unread_data(t):
    """Closing with unread data resets."""
    await t.open()
    t.inject("P.", 1, 1, 100)
    await t.wait(60)
    await t.do("close $S")
    await t.wait(60)
    t.inject(".", 101, 1)
    await t.wait(50)


@scenario()
async def unread_fin(t):
    """The peer's FIN is not data."""
    await t.open()
    t.inject("F.", 1, 1)
    await t.wait(60)
    await t.do("close $S")
    await t.wait(60)


@scenario(nothing="", unsent="send $S 3000 0;", cork="set $S 6 3 1;send $S 100 0;")
async def linger_zero(t, before):
    await t.open()
    await t.do(f"{before}linger $S 1 0;close $S")
    await t.wait(60)


@scenario()
async def linger_zero_after_fin(t):
    await t.open()
    await t.do("shut $S 1")
    await t.get("F")
    t.inject(".", 1, 2)
    await t.do("linger $S 1 0;close $S")
    await t.wait(60)


@scenario()
async def data_after_close(t):
    """Data for nobody: a reset."""
    await t.open()
    await t.do("close $S")
    await t.get("F")
    t.inject("P.", 1, 2, 100)
    await t.wait(60)
    t.inject("P.", 101, 2, 100)
    await t.wait(60)


@scenario()
async def data_after_close_unacked(t):
    """Data that does not acknowledge our FIN."""
    await t.open()
    await t.do("close $S")
    await t.get("F")
    t.inject("P.", 1, 1, 100)
    await t.wait(60)


@scenario()
async def data_in_orphan_fin_wait_2(t):
    await t.open()
    await t.do("close $S")
    await t.get("F")
    t.inject(".", 1, 2)
    await t.wait(60)
    t.inject("P.", 1, 2, 100)
    await t.wait(60)
    await t.state()


@scenario(read=0, write=1, both=2)
async def shutdown(t, how):
    await t.open()
    await t.do(f"shut $S {how};poll $S")
    await t.wait(60)
    una = 1 if how == 0 else 2
    t.inject("P.", 1, una, 100)
    await t.wait(60)
    await t.do("recv $S 200 0;send $S 100 0;recv $S 200 0")
    await t.wait(60)
    t.inject("F.", 101, 101 if how == 0 else 2)
    await t.wait(60)
    await t.state()


@scenario()
async def shutdown_twice(t):
    await t.open()
    await t.do("shut $S 1;shut $S 1;shut $S 0;shut $S 2;shut $S 3")
    await t.wait(60)


@scenario()
async def shutdown_unconnected(t):
    await t.do("socket $S;shut $S 1;shut $S 0;recv $S 1 0;send $S 1 0;listen $S 4;shut $S 0;listen $S 4")


@scenario()
async def close_in_syn_sent(t):
    await t.do("socket $S;connect $S $IP $Q")
    await t.get("S")
    await t.do("close $S")
    t.inject("S.", 0, 1, options=MSS)
    await t.wait(60)


@scenario()
async def shutdown_in_syn_sent(t):
    await t.do("socket $S;connect $S $IP $Q")
    await t.get("S")
    await t.do("shut $S 1;get $S 1 4")
    t.inject("S.", 0, 1, options=MSS)
    await t.wait(60)
    await t.state()


@scenario()
async def close_in_syn_received(t):
    """After crossing SYNs."""
    await t.do("socket $S;connect $S $IP $Q")
    await t.get("S")
    t.inject("S", 0, options=MSS)
    await t.get("S.")
    await t.do("close $S")
    await t.wait(60)
    t.inject(".", 1, 1)
    await t.wait(60)


@scenario()
async def close_listener(t):
    """One connection waits to be accepted, one is half-open."""
    await t.open(MSS, accept=False)
    await t.sync()
    t.sport += 1
    t.inject("S", 0, options=MSS)
    await t.wait(50)
    await t.do("close $L")
    await t.wait(60)
    t.inject(".", 1, 1)
    await t.wait(60)


@scenario()
async def fin_sent_with_last_data(t):
    await t.open(MSS, window=1000)
    await t.do("send $S 1500 0;shut $S 1")
    await t.wait(50)
    t.inject(".", 1, 1001, window=1000)
    await t.wait(50)
    t.inject(".", 1, 1502)
    await t.wait(50)
    await t.state()


@scenario()
async def reset_while_reading(t):
    """What was received before the reset is lost to the program."""
    await t.open()
    t.inject("P.", 1, 1, 100)
    await t.wait(60)
    t.inject("R.", 101, 1)
    await t.wait(50)
    await t.do("poll $S;recv $S 200 0;recv $S 200 0;send $S 10 0;get $S 1 4")


@scenario()
async def reset_while_writing(t):
    await t.open()
    await t.do("send $S 1000 0")
    await t.wait(50)
    t.inject("R", 1)
    await t.wait(50)
    await t.do("poll $S;send $S 10 0;send $S 10 0;recv $S 10 0")


@scenario()
async def reset_in_close_wait(t):
    await t.open()
    t.inject("F.", 1, 1)
    await t.wait(60)
    t.inject("R", 2)
    await t.wait(50)
    await t.do("poll $S;send $S 10 0;recv $S 10 0;get $S 1 4")


@scenario(plain=SACK, ts=ALL)
async def time_wait(t, options):
    """What TIME-WAIT answers: the FIN again, old data, ACK, data beyond, old SYN."""
    await t.open(options)
    await t.do("close $S")
    await t.get("F")
    t.inject("F.", 1, 2)
    await t.wait(50)
    t.inject("F.", 1, 2)
    await t.wait(50)
    t.inject("P.", 1, 2, 10)
    await t.wait(50)
    t.inject(".", 2, 2)
    await t.wait(50)
    t.inject(".", 5, 2)
    await t.wait(600)
    t.inject(".", 5, 2)
    await t.wait(50)
    t.inject("S", 0, options=options)
    await t.wait(50)
    t.inject("R", 3)
    await t.wait(50)
    await t.state()
    t.inject("R", 2)
    await t.wait(50)
    await t.state()


@scenario(plain=SACK, ts=ALL)
async def time_wait_new_syn(t, options):
    """A new connection of the same tuple."""
    await t.open(options)
    await t.do("close $S")
    await t.get("F")
    t.inject("F.", 1, 2)
    await t.wait(50)
    new = [(k, (2000, 0) if k == "TS" else v) for k, v in options]
    t.inject("S", 100000, options=new)
    await t.wait(50)
    await t.state()


@scenario()
async def time_wait_syn_by_timestamp(t):
    """A SYN below RCV.NXT with a newer timestamp is a new one, with the same one it is not."""
    await t.open(ALL)
    await t.do("close $S")
    await t.get("F")
    t.inject("F.", 1, 2)
    await t.wait(50)
    for tsval in (999, 1000, 1001):
        t.inject("S", -50000, options=[(k, (tsval, 0) if k == "TS" else v) for k, v in ALL])
        await t.wait(600)
        await t.state()


@scenario("tcp_rfc1337 1")
async def time_wait_rfc1337(t):
    await t.open()
    await t.do("close $S")
    await t.get("F")
    t.inject("F.", 1, 2)
    await t.wait(50)
    t.inject("R", 2)
    await t.wait(50)
    await t.state()


@scenario(one_second=1, never=-1)
async def fin_wait_2_linger2(t, seconds):
    """TCP_LINGER2: how long a closed connection waits for the peer's FIN."""
    await t.open()
    await t.do(f"set $S 6 {LINGER2} {seconds};close $S")
    await t.get("F")
    t.inject(".", 1, 2)
    await t.wait(500)
    await t.state()
    await t.wait(1500)
    await t.state()
    t.inject("F.", 1, 2)
    await t.wait(50)


@scenario()
async def fin_wait_2_open(t):
    """As long as the program holds the socket FIN-WAIT-2 stays and takes data."""
    await t.open()
    await t.do("shut $S 1")
    await t.get("F")
    t.inject(".", 1, 2)
    await t.wait(1500)
    t.inject("P.", 1, 2, 100)
    await t.wait(60)
    await t.do("recv $S 200 0")
    t.inject("F.", 101, 2)
    await t.wait(60)
    await t.state()


@scenario()
async def fin_out_of_order(t):
    await t.open()
    t.inject("F.", 101, 1)
    await t.wait(60)
    t.inject("P.", 1, 1, 100)
    await t.wait(60)
    await t.do("recv $S 200 0;recv $S 200 0")
    await t.state()


@scenario()
async def data_behind_fin(t):
    await t.open()
    t.inject("F.", 1, 1)
    await t.wait(60)
    t.inject("P.", 2, 1, 10)
    await t.wait(60)
    t.inject("P.", 1, 1, 10)
    await t.wait(60)
    await t.do("recv $S 200 0")
    await t.state()
