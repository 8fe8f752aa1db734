# SPDX-License-Identifier: BSD-2-Clause
"""TCP on the wire, segment by segment: handshake, resets, windows, ordering, loss, floods.

The guest runs the echo service (port 7).  References are sections of RFC 9293 unless another RFC is
named; where Linux departs from the RFC the test expects Linux and says so.
"""

import random
import time

import pytest
from scapy.layers.inet import ICMP, IP, TCP, in4_chksum
from scapy.packet import Raw
from wire import GUEST_IP, HOST_IP, TcpPeer, add32, options_of, payload

MODERN = (("MSS", 1460), ("SAckOK", b""), ("Timestamp", (1000, 0)), ("NOP", None), ("WScale", 7))


@pytest.fixture(scope="module")
def lan(shared_vm):
    guest, wire = shared_vm.boot_wire(app="echo")
    wire.resolve()
    return guest, wire


@pytest.fixture
def wire(lan):
    lan[1].drain(0.05)
    return lan[1]


@pytest.fixture
def peer(wire):
    """An open connection without options beyond MSS; reset when the test ends."""
    p = TcpPeer(wire).open()
    yield p
    p.reset()


def echo(peer, data):
    """The connection still works."""
    peer.send("PA", data)
    assert peer.read(len(data)) == data


# Opening.

def test_handshake_and_echo(peer):
    echo(peer, b"hello")


def test_synack_answers_all_options(wire):
    """RFC 7323, RFC 2018: each option is offered back only if we offered it."""
    p = TcpPeer(wire)
    p.syn(MODERN)
    options = options_of(p.expect("SA"))
    assert options["MSS"] == 1460
    assert "SAckOK" in options and "WScale" in options
    assert options["Timestamp"][1] == 1000, "the echo of our timestamp"
    p.send("R")


@pytest.mark.parametrize("without", ["SAckOK", "Timestamp", "WScale"])
def test_synack_omits_what_we_omit(wire, without):
    p = TcpPeer(wire)
    p.syn(tuple(o for o in MODERN if o[0] != without))
    options = options_of(p.expect("SA"))
    assert without not in options
    p.send("R")


def test_no_options_means_536(wire):
    """3.7.1: without an MSS option segments carry at most 536 bytes."""
    p = TcpPeer(wire).open(options=())
    p.send("PA", bytes(1400))
    data = b""
    while len(data) < 1400:
        frame = p.expect(None, want=lambda f: payload(f) != b"")
        assert len(payload(frame)) <= 536
        data += p.take(frame)
        p.send("A")
    p.reset()


@pytest.mark.parametrize("mss, largest", [(100, 100), (1000, 1000), (65535, 1460)])
def test_peer_mss_is_respected(wire, mss, largest):
    p = TcpPeer(wire).open(options=[("MSS", mss)])
    p.send("PA", bytes(1400))
    p.send("PA", bytes(1400))
    got = 0
    while got < 2800:
        frame = p.expect(None, want=lambda f: payload(f) != b"")
        assert len(payload(frame)) <= largest
        got += len(p.take(frame))
        p.send("A")
    p.reset()


def test_data_with_the_third_segment(wire):
    """The ACK that completes the handshake may carry text (3.10.7.4)."""
    p = TcpPeer(wire)
    p.syn()
    p.rcv = add32(p.expect("SA")[TCP].seq, 1)
    echo(p, b"early")
    p.reset()


def test_synack_is_sent_again(wire):
    """tcp_synack_retries: a lost SYN-ACK comes again after a second, unchanged."""
    p = TcpPeer(wire)
    p.syn()
    first = p.expect("SA")
    start = time.monotonic()
    second = p.expect("SA", 4)
    assert second[TCP].seq == first[TCP].seq
    assert 0.7 < time.monotonic() - start < 3
    p.send("R")


def test_duplicate_syn_gets_the_same_synack(wire):
    p = TcpPeer(wire)
    p.syn()
    first = p.expect("SA")
    p.send("S", seq=p.isn, ack=0, options=[("MSS", 1460)])
    again = p.expect("SA", 0.8)
    assert again[TCP].seq == first[TCP].seq
    p.rcv = add32(first[TCP].seq, 1)
    p.send("A")
    echo(p, b"opened once")
    p.reset()


def test_wrong_ack_in_handshake_is_reset(wire):
    """SYN-RECEIVED, fifth: an unacceptable ACK gets <SEQ=SEG.ACK><CTL=RST>."""
    p = TcpPeer(wire)
    p.syn()
    p.rcv = add32(p.expect("SA")[TCP].seq, 1)
    p.send("A", ack=add32(p.rcv, 12345))
    reset = p.expect("R")
    assert reset[TCP].seq == add32(p.rcv, 12345)
    p.send("R")


def test_sequence_numbers_differ(wire):
    """RFC 6528: initial sequence numbers of different connections are unrelated."""
    numbers = []
    for _ in range(8):
        p = TcpPeer(wire)
        p.syn()
        numbers.append(p.expect("SA")[TCP].seq)
        p.send("R")
    gaps = {(b - a) & 0xFFFFFFFF for a, b in zip(numbers, numbers[1:])}
    assert len(gaps) == 7 and all(g > 1000 for g in gaps)


def test_wrap_of_our_sequence_numbers(wire):
    p = TcpPeer(wire, isn=0xFFFFFFFF - 700).open()
    for _ in range(4):
        echo(p, bytes(range(250)))
    p.reset()


# No connection: resets (3.10.7.1).

def test_syn_to_closed_port(wire):
    p = TcpPeer(wire, dport=4444)
    p.syn()
    reset = p.expect("RA")
    assert (reset[TCP].seq, reset[TCP].ack) == (0, add32(p.isn, 1))


def test_ack_to_closed_port(wire):
    p = TcpPeer(wire, dport=4444)
    p.send("A", ack=777)
    reset = p.expect("R", without="A")
    assert reset[TCP].seq == 777


def test_data_without_ack_to_closed_port(wire):
    p = TcpPeer(wire, dport=4444)
    p.send("F", b"12345", ack=0)
    reset = p.expect("RA")
    assert (reset[TCP].seq, reset[TCP].ack) == (0, add32(p.isn, 6))


def test_reset_gets_no_answer(wire):
    p = TcpPeer(wire, dport=4444)
    p.send("R")
    p.send("RA")
    p.expect_none(0.5)


def test_ack_to_a_listener(wire):
    """LISTEN, second: an ACK gets a reset."""
    p = TcpPeer(wire)
    p.send("A", ack=888)
    assert p.expect("R")[TCP].seq == 888


@pytest.mark.parametrize("flags", ["", "F", "P", "U", "FPU"])
def test_nonsense_to_a_listener(wire, flags):
    """Without SYN, ACK or RST a listener drops it."""
    p = TcpPeer(wire)
    p.send(flags, ack=0)
    p.expect_none(0.4, want=lambda f: "S" in str(f[TCP].flags))


def test_syn_fin_to_a_listener(wire):
    """Linux drops SYN+FIN at a listener."""
    p = TcpPeer(wire)
    p.wire.send(p.segment("SF", ack=0))
    p.expect_none(0.4, want=lambda f: "S" in str(f[TCP].flags))


# Checksums and headers.

def test_bad_checksum_is_dropped(peer):
    peer.send("PA", b"broken", seq=peer.snd, chksum=0x1234)
    peer.expect_none(0.5)
    echo(peer, b"whole")


@pytest.mark.parametrize("offset", [0, 1, 4, 15])
def test_bad_data_offset_is_dropped(peer, offset):
    """A header shorter than 20 bytes, or longer than the segment."""
    peer.send("PA", b"x", seq=peer.snd, dataofs=offset)
    peer.expect_none(0.4)
    echo(peer, b"fine")


@pytest.mark.parametrize("raw", [
    b"\x02\x00\x00\x00",           # MSS of length 0
    b"\x02\x01\x00\x00",           # length 1
    b"\x02\x28\x05\xb4",           # longer than the header
    b"\x63\x04\x00\x00",           # unknown kind
    b"\x05\x03\x00\x00",           # SACK that holds no block
    b"\x08\x03\x00\x01",           # timestamp of a wrong length
    b"\x01\x01\x01\x02",           # ends within an option
])
def test_odd_options_are_survived(wire, raw):
    """3.1 (MUST-7): a bad length ends the options; the SYN itself is good."""
    p = TcpPeer(wire)
    header = bytearray(bytes(TCP(sport=p.sport, dport=7, flags="S", seq=p.isn, window=65535)))
    header[12] = 6 << 4
    header[16:18] = b"\0\0"
    around = IP(src=HOST_IP, dst=GUEST_IP, proto=6)
    header[16:18] = in4_chksum(6, around, bytes(header) + raw).to_bytes(2, "big")
    wire.send(around / Raw(bytes(header) + raw))
    p.snd = add32(p.isn, 1)
    p.rcv = add32(p.expect("SA")[TCP].seq, 1)
    p.send("A")
    echo(p, b"opened")
    p.reset()


# The receive window: acceptance, order, duplicates.

def test_out_of_order_is_put_in_order(peer):
    base = peer.snd
    peer.send("PA", b"cccc", seq=add32(base, 8))
    assert peer.expect("A")[TCP].ack == base
    peer.send("PA", b"bbbb", seq=add32(base, 4))
    assert peer.expect("A")[TCP].ack == base
    peer.send("PA", b"aaaa", seq=base)
    peer.snd = add32(base, 12)
    assert peer.read(12) == b"aaaabbbbcccc"


def test_duplicate_is_acknowledged_and_dropped(peer):
    echo(peer, b"once")
    peer.send("PA", b"once", seq=add32(peer.snd, -4))
    assert peer.expect("A")[TCP].ack == peer.snd
    peer.expect_none(0.4, want=lambda f: payload(f) != b"")
    echo(peer, b"twice")


def test_overlap_keeps_the_new_part(peer):
    base = peer.snd
    peer.send("PA", b"abcd", seq=base)
    peer.snd = add32(base, 4)
    assert peer.read(4) == b"abcd"
    peer.send("PA", b"cdef", seq=add32(base, 2))
    peer.snd = add32(base, 6)
    assert peer.read(2) == b"ef"


def test_overlaps_out_of_order(peer):
    """All the ways two segments can overlap beyond a hole; the text comes out whole."""
    text, base = bytes(random.Random(1).randrange(256) for _ in range(600)), peer.snd
    for start, end in ((300, 400), (250, 350), (350, 450), (200, 500), (260, 270), (550, 600),
                       (100, 560), (0, 120)):
        peer.send("PA", text[start:end], seq=add32(base, start))
    peer.snd = add32(base, len(text))
    assert peer.read(len(text)) == text


def test_sack_blocks_describe_the_holes(wire):
    """RFC 2018 4: the most recently received block comes first."""
    p = TcpPeer(wire).open(options=[("MSS", 1460), ("SAckOK", b"")])
    base = p.snd
    p.send("PA", b"x" * 100, seq=add32(base, 100))
    first = options_of(p.expect("A"))["SAck"]
    assert first == (add32(base, 100), add32(base, 200))
    p.send("PA", b"x" * 100, seq=add32(base, 300))
    second = options_of(p.expect("A"))["SAck"]
    assert second[:2] == (add32(base, 300), add32(base, 400))
    assert second[2:4] == first
    p.send("PA", b"x" * 100, seq=base)
    assert p.expect("A", want=lambda f: f[TCP].ack == add32(base, 200))
    p.reset()


def test_dsack_reports_a_duplicate(wire):
    """RFC 2883: the first block of the ACK names the duplicate."""
    p = TcpPeer(wire).open(options=[("MSS", 1460), ("SAckOK", b"")])
    echo(p, b"duplicate")
    start = add32(p.snd, -9)
    p.send("PA", b"duplicate", seq=start)
    assert options_of(p.expect("A"))["SAck"][:2] == (start, p.snd)
    p.reset()


def test_segment_beyond_the_window_is_refused(peer):
    """3.10.7.4, first: an unacceptable segment gets an ACK and is dropped."""
    peer.send("PA", b"far away", seq=add32(peer.snd, 1 << 30))
    assert peer.expect("A")[TCP].ack == peer.snd
    echo(peer, b"near")


def test_keepalive_probe_is_answered(peer):
    echo(peer, b"x")
    peer.send("A", seq=add32(peer.snd, -1))
    assert peer.expect("A")[TCP].ack == peer.snd


def test_urgent_pointer_is_survived(peer):
    peer.send("PAU", b"urgent!", urgptr=3)
    frame = peer.expect("A")
    assert frame[TCP].ack == peer.snd


# Resets in a connection (RFC 5961).

def test_exact_reset_ends_the_connection(peer):
    peer.send("R", ack=0)
    peer.send("PA", b"anybody?", seq=peer.snd)
    assert peer.expect("R")


def test_reset_in_window_is_challenged(peer):
    """RFC 5961 3.2: in the window but not exactly next: a challenge ACK, and the connection lives."""
    peer.send("R", seq=add32(peer.snd, 100), ack=0)
    challenge = peer.expect("A", without="R")
    assert challenge[TCP].ack == peer.snd
    echo(peer, b"alive")


def test_reset_outside_the_window_is_ignored(peer):
    peer.send("R", seq=add32(peer.snd, 1 << 30), ack=0)
    peer.expect_none(0.4)
    echo(peer, b"alive")


def test_syn_in_a_connection_is_challenged(peer):
    """RFC 5961 4.2."""
    peer.send("S", seq=add32(peer.snd, 50), ack=0)
    challenge = peer.expect("A", without="RS")
    assert challenge[TCP].ack == peer.snd
    echo(peer, b"alive")


def test_ack_of_what_was_never_sent(peer):
    """RFC 5961 5.2: far outside: a challenge ACK or silence, no effect."""
    peer.send("PA", b"xx", seq=peer.snd, ack=add32(peer.rcv, 100000))
    peer.expect_none(0.5, want=lambda f: payload(f) != b"" or "R" in str(f[TCP].flags))
    echo(peer, b"alive")


def test_old_ack_is_harmless(peer):
    echo(peer, b"first")
    peer.send("A", ack=add32(peer.rcv, -3))
    echo(peer, b"second")


# Sending: windows and loss.

def test_send_window_is_respected(wire):
    """We offer 1,000 bytes: the guest stops there, and goes on when the window opens."""
    p = TcpPeer(wire, dport=7, window=1000).open()
    p.send("PA", bytes(1400))
    p.send("PA", bytes(1400))
    got, deadline = 0, time.monotonic() + 1.5
    while time.monotonic() < deadline:
        frame = p.wire.receive(lambda f: p.is_ours(f) and payload(f), 0.3)
        if frame is not None and frame[TCP].seq == add32(p.rcv, got):
            got += len(payload(frame))
    assert got == 1000, f"{got} bytes were sent into a window of 1,000"
    p.rcv = add32(p.rcv, got)
    p.window = 65535
    p.send("A")
    assert len(p.read(1800)) == 1800
    p.reset()


def test_zero_window_is_probed(wire):
    """3.8.6.1: the window is shut; the guest probes it, and sends when it opens."""
    p = TcpPeer(wire, window=0).open()
    p.send("PA", b"waiting text")
    probe = p.expect("A", 6, want=lambda f: f[TCP].seq == add32(p.rcv, -1) or payload(f) != b"")
    assert len(payload(probe)) <= 1
    p.send("A")
    p.expect("A", 6, want=lambda f: f[TCP].seq == add32(p.rcv, -1) or payload(f) != b"")
    p.window = 65535
    p.send("A")
    assert p.read(12) == b"waiting text"
    p.reset()


def test_lost_segment_is_retransmitted_with_backoff(peer):
    """RFC 6298: the timer fires (200 ms at least), then each time twice as late."""
    peer.send("PA", b"again and again")
    times = []
    for _ in range(4):
        frame = peer.expect(None, 5, want=lambda f: payload(f) == b"again and again")
        assert frame[TCP].seq == peer.rcv
        times.append(time.monotonic())
    gaps = [b - a for a, b in zip(times, times[1:])]
    assert 0.15 < gaps[0] < 1.5, gaps
    assert gaps[2] > 1.4 * gaps[1], gaps
    assert peer.read(15) == b"again and again"
    echo(peer, b"recovered")


def send_and_lose_first(p, count=8, size=500):
    """Let the guest echo count segments; the first is 'lost'. Gives the frames as they came."""
    for i in range(count):
        p.send("PA", bytes([i]) * size)
    frames, total = [], 0
    while total < count * size:
        frame = p.expect(None, want=lambda f: payload(f) and f[TCP].seq == add32(p.rcv, total))
        frames.append(frame)
        total += len(payload(frame))
        # The congestion window is ten segments at first, so no ACK is needed yet.
    return frames, total


def test_fast_retransmit_by_duplicate_acks(wire):
    """RFC 5681 3.2: three duplicate ACKs bring the segment back before the timer."""
    p = TcpPeer(wire).open(options=[("MSS", 500)])
    frames, total = send_and_lose_first(p)
    start = time.monotonic()
    for _ in frames[1:]:
        p.send("A")
    again = p.expect(None, 3, want=lambda f: payload(f) and f[TCP].seq == p.rcv)
    assert payload(again)[0] == 0
    assert time.monotonic() - start < 0.19, "that was the timer, not fast retransmit"
    p.rcv = add32(p.rcv, total)
    p.send("A")
    echo(p, b"recovered")
    p.reset()


def test_fast_retransmit_by_sack(wire):
    """RFC 6675: SACK tells which ones are missing; only these come again."""
    p = TcpPeer(wire).open(options=[("MSS", 500), ("SAckOK", b"")])
    frames, total = send_and_lose_first(p)
    first = len(payload(frames[0]))
    for frame in frames[1:]:
        edge = add32(frame[TCP].seq, len(payload(frame)))
        p.send("A", options=[("NOP", None), ("NOP", None), ("SAck", (add32(p.rcv, first), edge))])
    p.expect(None, 3, want=lambda f: payload(f) and f[TCP].seq == p.rcv)
    p.expect_none(0.15, want=lambda f: payload(f) and f[TCP].seq != p.rcv)
    p.rcv = add32(p.rcv, total)
    p.send("A")
    echo(p, b"recovered")
    p.reset()


def test_timestamps_are_echoed(wire):
    """RFC 7323 3: every segment carries our latest timestamp back."""
    p = TcpPeer(wire)
    p.syn(MODERN)
    synack = p.expect("SA")
    p.rcv = add32(synack[TCP].seq, 1)
    theirs = options_of(synack)["Timestamp"][0]
    p.send("A", options=[("NOP", None), ("NOP", None), ("Timestamp", (1001, theirs))])
    p.send("PA", b"stamp", options=[("NOP", None), ("NOP", None), ("Timestamp", (1002, theirs))])
    frame = p.expect(None, want=lambda f: payload(f) == b"stamp")
    assert options_of(frame)["Timestamp"][1] == 1002
    p.reset()


def test_paws_refuses_old_timestamps(wire):
    """RFC 7323 5: a segment with an older timestamp is dropped with an ACK."""
    p = TcpPeer(wire)
    p.syn(MODERN)
    synack = p.expect("SA")
    p.rcv = add32(synack[TCP].seq, 1)
    theirs = options_of(synack)["Timestamp"][0]

    def stamp(value):
        return [("NOP", None), ("NOP", None), ("Timestamp", (value, theirs))]

    p.send("A", options=stamp(5000))
    p.send("PA", b"new", options=stamp(5001))
    p.read(3, ack=False)
    p.send("A", options=stamp(5002))
    p.send("PA", b"old", seq=p.snd, options=stamp(10))
    answer = p.expect("A")
    assert payload(answer) == b"" and answer[TCP].ack == p.snd
    p.send("PA", b"new again", options=stamp(5003))
    p.expect(None, want=lambda f: payload(f) == b"new again")
    p.send("R")


def test_data_without_ack_flag_is_dropped(peer):
    """3.10.7.4, fifth: without ACK the segment is dropped."""
    peer.send("P", b"no ack", seq=peer.snd, ack=0)
    peer.expect_none(0.4, want=lambda f: payload(f) != b"")
    echo(peer, b"alive")


# Closing.

def test_passive_close(peer):
    """We close first: ACK, the echo server closes too, its FIN comes, our ACK ends it."""
    echo(peer, b"bye")
    peer.send("FA")
    frame = peer.expect("FA")
    assert frame[TCP].ack == peer.snd
    peer.rcv = add32(peer.rcv, 1)
    peer.send("A")
    peer.expect_none(0.5)


def test_text_with_fin_is_echoed(peer):
    """Half-close: what was sent before the FIN still comes back."""
    peer.send("FPA", b"last words")
    assert peer.read(10) == b"last words"


def test_fin_out_of_order(peer):
    base = peer.snd
    peer.send("FPA", b"second", seq=add32(base, 5))
    assert peer.expect("A")[TCP].ack == base
    peer.send("PA", b"first", seq=base)
    peer.snd = add32(base, 12)
    assert peer.read(11) == b"firstsecond"
    frame = peer.expect("F")
    assert frame[TCP].ack == peer.snd


def test_lost_fin_is_sent_again(peer):
    peer.send("FA")
    first = peer.expect("FA")
    again = peer.expect("FA", 4)
    assert again[TCP].seq == first[TCP].seq


def test_closed_connection_is_gone(peer):
    peer.send("FA")
    peer.expect("FA")
    peer.rcv = add32(peer.rcv, 1)
    peer.send("A")
    time.sleep(0.1)
    peer.send("PA", b"anyone?", seq=peer.snd)
    assert "R" in str(peer.expect("R")[TCP].flags)


# Errors from the network.

def test_soft_icmp_error_does_not_kill(peer):
    """RFC 5927: an unreachable in an established connection is only a hint."""
    quoted = IP(src=GUEST_IP, dst=HOST_IP) / TCP(sport=7, dport=peer.sport, seq=peer.rcv)
    peer.wire.send(peer.wire.ip_packet(ICMP(type=3, code=1) / Raw(bytes(quoted)[:28])))
    echo(peer, b"alive")


def test_icmp_with_a_wrong_sequence_is_ignored(peer):
    quoted = IP(src=GUEST_IP, dst=HOST_IP) / TCP(sport=7, dport=peer.sport, seq=add32(peer.rcv, 1 << 29))
    peer.wire.send(peer.wire.ip_packet(ICMP(type=3, code=3) / Raw(bytes(quoted)[:28])))
    echo(peer, b"alive")


def test_fragmentation_needed_shrinks_segments(wire):
    """RFC 1191: the segment that did not fit comes again in pieces that do."""
    address = "10.77.0.91"
    p = TcpPeer(wire, src=address)
    wire.ip = address
    try:
        p.open()
        p.send("PA", bytes(1400))
        frame = p.expect(None, want=lambda f: len(payload(f)) > 1000)
        assert "DF" in str(frame[IP].flags)
        quoted = bytes(frame[IP])[:28]
        wire.send(IP(src="10.77.0.254", dst=GUEST_IP)
                  / ICMP(type=3, code=4, nexthopmtu=700) / Raw(quoted))
        got = 0
        while got < 1400:
            frame = p.expect(None, want=lambda f: payload(f) and f[TCP].seq == p.rcv)
            if len(payload(frame)) > 660:
                continue
            got += len(p.take(frame))
            p.send("A")
    finally:
        wire.ip = HOST_IP
    p.reset()


# Floods.

def test_syn_flood_with_cookies(shared_vm):
    """A full SYN queue: SYN cookies are sent, and a client that answers one gets through."""
    guest, wire = shared_vm.boot_wire(app="echo", words="sysctl.net.ipv4.tcp_max_syn_backlog=16 "
                                      "sysctl.net.core.somaxconn=16")
    wire.resolve()
    for i in range(300):
        TcpPeer(wire, sport=10000 + i).syn()
    wire.drain()
    p = TcpPeer(wire, sport=30000).open()
    echo(p, b"through the flood")
    p.reset()


def test_half_open_connections_expire(shared_vm):
    """Nobody answers the SYN-ACKs: they end after tcp_synack_retries, the listener lives."""
    _, wire = shared_vm.boot_wire(app="echo", words="sysctl.net.ipv4.tcp_synack_retries=1")
    wire.resolve()
    p = TcpPeer(wire)
    p.syn()
    seen = wire.collect(lambda f: p.is_ours(f) and "S" in str(f[TCP].flags), 8)
    assert len(seen) == 2, f"{len(seen)} SYN-ACKs"
    p.send("A", ack=add32(seen[0][TCP].seq, 1))
    assert p.expect("R")
    echo(TcpPeer(wire).open(), b"next")


def test_many_connections_at_once(wire):
    peers = [TcpPeer(wire, sport=40000 + i).open() for i in range(100)]
    for p in peers:
        p.send("PA", b"%d" % p.sport)
    for p in peers:
        assert p.read(5) == b"%d" % p.sport
        p.reset()


def test_random_segments_do_no_harm(wire):
    """Seeded nonsense at an open connection and at the listener; afterwards service goes on."""
    rng = random.Random(20250101)
    p = TcpPeer(wire).open()
    for _ in range(600):
        flags = "".join(c for c in "FSRPAUEC" if rng.random() < 0.3).replace("R", "")
        near = rng.random() < 0.5
        q = p if near else TcpPeer(wire)
        q.wire.send(q.segment(flags, bytes(rng.randrange(40)), seq=add32(p.snd, rng.randrange(-99, 99)),
                              ack=add32(p.rcv, rng.randrange(-99, 99)), window=rng.randrange(65536),
                              urgptr=rng.randrange(65536)))
    wire.drain()
    echo(TcpPeer(wire).open(), b"still here")
