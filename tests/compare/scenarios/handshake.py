# SPDX-License-Identifier: BSD-2-Clause
"""Options in SYN, SYN-ACK and what follows: which, in what order, with what windows."""

from script import scenario

MSS, SOK, NOP = ("mss", 1460), ("sackOK", None), ("nop", None)
TS, WS = ("TS", (1000, 0)), ("wscale", 7)

OFFERS = {
    "none": [],
    "mss": [MSS],
    "mss_sack": [MSS, NOP, NOP, SOK],
    "mss_ws": [MSS, NOP, WS],
    "mss_ts": [MSS, NOP, NOP, TS],
    "sack_ts": [MSS, SOK, TS],
    "sack_ws": [MSS, SOK, NOP, NOP, NOP, WS],
    "ts_ws": [MSS, NOP, NOP, TS, NOP, WS],
    "all": [MSS, SOK, TS, NOP, WS],
    "all_backwards": [WS, NOP, TS, SOK, MSS],
    "ws_0": [MSS, NOP, ("wscale", 0)],
    "ws_14": [MSS, NOP, ("wscale", 14)],
    "ws_15": [MSS, NOP, ("wscale", 15)],
    "mss_0": [("mss", 0)],
    "mss_64": [("mss", 64)],
    "mss_9000": [("mss", 9000)],
    "unknown": [MSS, ("raw", bytes([77, 4, 1, 2]))],
    "after_eol": [MSS, ("eol", None), SOK],
    "broken": [MSS, ("raw", bytes([4, 1, 0, 0]))],
    "fastopen_request": [MSS, SOK, TS, NOP, WS, ("fastopen", b"")],
}


async def exchange(t):
    """A byte each way: options and windows after the handshake."""
    t.inject("P.", 1, 1, 1)
    await t.wait(60)
    await t.do("recv $S 10 0;send $S 1 0")
    await t.get("P.")
    t.inject(".", 2, 2)
    await t.wait(20)
    await t.info("options", "snd_mss", "advmss", "rcv_mss", "cwnd", "pmtu")


@scenario(**OFFERS)
async def passive(t, options):
    await t.open(options)
    await exchange(t)


@scenario(**{k: v for k, v in OFFERS.items() if k not in ("fastopen_request", "broken")})
async def active(t, options):
    await t.connect(options)
    await exchange(t)


async def both(t):
    await t.open(OFFERS["all"])
    await exchange(t)


async def active_all(t):
    await t.connect(OFFERS["all"])
    await exchange(t)


def _settings():
    """Each of the three options switched off here, alone and together."""
    for ts in (1, 0):
        for sack in (1, 0):
            for ws in (1, 0):
                if not ts & sack & ws:
                    yield f"ts{ts}_sack{sack}_ws{ws}", (f"tcp_timestamps {ts};tcp_sack {sack};"
                                                        f"tcp_window_scaling {ws}")


async def passive_setting(t, _):
    await both(t)


async def active_setting(t, _):
    await active_all(t)


for _case, _sysctls in _settings():
    scenario(_sysctls, **{_case: None})(passive_setting)
    scenario(_sysctls, **{_case: None})(active_setting)


@scenario(small=512, smaller=88, smallest=1)
async def maxseg(t, mss):
    """TCP_MAXSEG before the connection, both roles."""
    await t.do(f"socket $S;set $S 6 2 {mss};get $S 6 2;connect $S $IP $Q")
    await t.get("S")
    t.inject("S.", 0, 1, options=[MSS])
    await t.get(".")
    await t.do("send $S 2000 0")
    await t.wait(50)
    await t.info("snd_mss", "advmss")


@scenario()
async def maxseg_listener(t):
    await t.open([MSS], before="set $L 6 2 700;")
    await exchange(t)


@scenario(tiny=2304, small=8192, large=1 << 20)
async def rcvbuf(t, size):
    """SO_RCVBUF before the connection: scale and window of the SYN-ACK."""
    await t.open(OFFERS["all"], before=f"set $L 1 8 {size};get $L 1 8;")
    await exchange(t)


@scenario(small=3000, large=100000)
async def window_clamp(t, size):
    await t.open(OFFERS["all"], before=f"set $L 6 10 {size};get $L 6 10;")
    await exchange(t)


@scenario()
async def syn_with_data(t):
    """Data on a SYN is not taken without Fast Open."""
    await t.listen()
    t.inject("S", 0, 0, 100, options=[MSS])
    await t.get("S.")
    t.inject(".", 1, 1)
    await t.do("accept $L $S;recv $S 200 0")
    t.inject("P.", 1, 1, 100)
    await t.wait(60)
    await t.do("recv $S 200 0")


@scenario()
async def ack_with_data(t):
    """The final ACK is lost, data comes first."""
    await t.listen()
    t.inject("S", 0, options=[MSS])
    await t.get("S.")
    t.inject("P.", 1, 1, 100)
    await t.wait(60)
    await t.do("accept $L $S;recv $S 200 0")


@scenario()
async def syn_again(t):
    """The SYN comes again: so does the SYN-ACK, but not more often than twice a second."""
    await t.listen()
    for pause in (50, 50, 600, 50):
        t.inject("S", 0, options=[MSS])
        await t.wait(pause)


@scenario()
async def simultaneous(t):
    """SYNs cross."""
    await t.do("socket $S;connect $S $IP $Q")
    await t.get("S")
    t.inject("S", 0, options=OFFERS["all"])
    await t.get("S.")
    t.tsval = 1000
    t.inject("S.", 0, 1, options=[MSS, SOK, ("TS", (1000, t.echo)), NOP, WS])
    await t.wait(50)
    await t.do("connect $S $IP $Q")
    await exchange(t)
