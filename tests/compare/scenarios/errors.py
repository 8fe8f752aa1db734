# SPDX-License-Identifier: BSD-2-Clause
"""ICMP errors, refused and odd calls: what goes on the wire and which errno the program gets."""

from script import ALL, MSS, SACK, scenario

UNREACHABLES = {"net": (3, 0), "host": (3, 1), "protocol": (3, 2), "port": (3, 3), "source_route": (3, 5),
                "net_unknown": (3, 6), "host_unknown": (3, 7), "isolated": (3, 8), "net_prohibited": (3, 9),
                "host_prohibited": (3, 10), "filtered": (3, 13), "ttl": (11, 0), "parameter": (12, 0),
                "quench": (4, 0)}
RECVERR, MTU_DISCOVER = 11, 10


@scenario(**UNREACHABLES)
async def syn_sent(t, error):
    """An ICMP error about our SYN."""
    await t.do("socket $S;connect $S $IP $Q")
    t.icmp(*error, 0, await t.get("S"))
    await t.wait(60)
    await t.do("poll $S;get $S 1 4;connect $S $IP $Q")


@scenario(**UNREACHABLES)
async def established(t, error):
    """An ICMP error about data: soft, the connection goes on."""
    await t.open()
    await t.do("send $S 100 0")
    t.icmp(*error, 0, await t.get("P."))
    await t.wait(60)
    await t.do("poll $S;get $S 1 4;recv $S 10 0")
    await t.wait(300)


@scenario(host=(3, 1), port=(3, 3))
async def established_recverr(t, error):
    """With IP_RECVERR the program hears of it."""
    await t.open()
    await t.do(f"set $S 0 {RECVERR} 1;send $S 100 0")
    t.icmp(*error, 0, await t.get("P."))
    await t.wait(60)
    await t.do("poll $S;get $S 1 4;recv $S 10 0")


@scenario(**UNREACHABLES)
async def syn_received(t, error):
    """About a SYN-ACK."""
    await t.listen()
    t.inject("S", 0, options=MSS)
    t.icmp(*error, 0, await t.get("S."))
    await t.wait(60)
    await t.state()


@scenario()
async def out_of_window(t):
    """An ICMP error that quotes a number that is not in flight says nothing."""
    await t.do("socket $S;connect $S $IP $Q")
    s = await t.get("S")
    raw = bytearray(s.raw)
    raw[24:28] = ((s.seq + 1000) & 0xFFFFFFFF).to_bytes(4, "big")
    s.raw = bytes(raw)
    t.icmp(3, 3, 0, s)
    await t.wait(60)
    await t.do("poll $S;get $S 1 4")


@scenario(to_1000=1000, to_576=576, to_500=500, to_68=68, to_0=0, to_1500=1500, to_9000=9000)
async def path_mtu(t, mtu):
    """Fragmentation needed: the flight is sent again in smaller segments at once."""
    await t.open()
    await t.do("send $S 2800 0")  # always one TSO packet
    t.icmp(3, 4, mtu, await t.get("."))
    await t.wait(100)
    await t.info("snd_mss", "pmtu", "cwnd", "unacked", "lost", "retrans")




@scenario()
async def path_mtu_dont(t):
    """IP_MTU_DISCOVER off: no DF, the news are not for us."""
    await t.open(before=f"set $L 0 {MTU_DISCOVER} 0;")
    await t.do("send $S 2800 0")
    t.icmp(3, 4, 1000, await t.get("."))
    await t.wait(100)
    await t.info("snd_mss", "pmtu")


@scenario()
async def path_mtu_then_new_connection(t):
    """What was learnt of the path holds for the next connection."""
    await t.open()
    await t.do("send $S 2800 0")
    t.icmp(3, 4, 1000, await t.get("."))
    await t.wait(50)
    t.sport += 1
    t.inject("S", 0, options=SACK)
    await t.wait(50)


@scenario()
async def refused(t):
    await t.do("socket $S;connect $S $IP $Q")
    await t.get("S")
    t.inject("R.", 0, 1)
    await t.wait(50)
    await t.do("poll $S;connect $S $IP $Q;get $S 1 4;connect $S $IP $Q")
    await t.wait(50)


@scenario()
async def host_is_silent(t):
    """Nobody answers ARP."""
    await t.do("socket $S;set $S 6 7 1;connect $S 10.80.0.1 80")
    await t.wait(300)
    await t.do("get $S 1 4")


@scenario()
async def odd_calls(t):
    await t.do("socket $S;accept $S 9999;send $S 1 0;recv $S 1 0;get $S 1 4;listen $S 1;connect $S $IP $Q;"
               "send $S 1 0;bind $S 7;poll $S")


@scenario()
async def connected_calls(t):
    await t.open()
    await t.do("connect $S $IP $Q;listen $S 1;bind $S 7;accept $S 9999;recv $S 1 1;recv $S 0 0;send $S 0 0")
    await t.wait(50)


@scenario(maxseg=(6, 2, 100000), maxseg_0=(6, 2, 0), syncnt_0=(6, 7, 0), syncnt_128=(6, 7, 128),
          keepidle_0=(6, 4, 0), keepidle_large=(6, 4, 40000), keepcnt_0=(6, 6, 0), keepintvl_0=(6, 5, 0),
          linger2=(6, 8, 100), defer=(6, 9, 3), clamp_1=(6, 10, 1), clamp_0=(6, 10, 0), notsent=(6, 25, 4096),
          user_timeout=(6, 18, -1), unknown=(6, 99, 1), cork=(6, 3, 1), nodelay=(6, 1, 5), quickack=(6, 12, 2),
          fastopen=(6, 23, 5), repair=(6, 19, 1), thin=(6, 16, 1), ttl_0=(0, 2, 0), ttl=(0, 2, 200), tos=(0, 1, 255),
          rcvbuf_1=(1, 8, 1), sndbuf_1=(1, 7, 1), rcvlowat_0=(1, 18, 0), priority=(1, 12, 7), mark=(1, 36, 1),
          save_syn=(6, 27, 1), inq=(6, 36, 1), tx_delay=(6, 37, 100), md5=(6, 14, 1))
async def options(t, option):
    """Setting and getting: results and what is read back, before and on a connection."""
    level, name, value = option
    await t.do(f"socket $S;get $S {level} {name};set $S {level} {name} {value};get $S {level} {name}")
    await t.do("close $S")
    await t.open()
    await t.do(f"set $S {level} {name} {value};get $S {level} {name}")


# Those whose value is a structure, a clock, or depends on the buffers' overhead.
NOT_SHOWN = ((6, 10), (6, 11), (6, 13), (6, 24))


@scenario()
async def options_of_all(t):
    """Defaults of a connected socket's options."""
    await t.open(ALL)
    for level, names in ((6, range(1, 38)), (0, (1, 2, 10, 14, 15, 21, 24)), (1, (1, 2, 3, 4, 5, 6, 9, 10, 15, 18, 20))):
        await t.do(";".join(f"get $S {level} {n}" for n in names if (level, n) not in NOT_SHOWN))
