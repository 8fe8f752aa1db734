# SPDX-License-Identifier: BSD-2-Clause
"""IPv4 reassembly on the wire (RFC 791, RFC 815, RFC 5722's rule on overlaps, as Linux does it).

Each test sends the fragments of one UDP datagram to the echo service in some order.  The pictures
show them as they lie in the datagram.
"""

import random
import time

import pytest
from scapy.layers.inet import ICMP, IP, UDP
from scapy.packet import Raw
from wire import GUEST_IP, HOST_IP

DATA = bytes(i * 11 & 255 for i in range(24 * 40 - 8))
ids = iter(range(1000, 65000))


@pytest.fixture(scope="module")
def lan(shared_vm):
    guest, wire = shared_vm.boot_wire(
        app="echo", words="sysctl.net.ipv4.ipfrag_time=3")
    wire.resolve()
    return guest, wire


def datagram(sport):
    return bytes(UDP(sport=sport, dport=7, len=len(DATA) + 8, chksum=0)) + DATA


def piece(body, start, end, ident, more=None, **fields):
    """Bytes start..end of the datagram's body as a fragment."""
    if more is None:
        more = end < len(body)
    return IP(src=HOST_IP, dst=GUEST_IP, id=ident, proto=17, flags="MF" if more else 0,
              frag=start // 8, **fields) / Raw(body[start:end])


def is_echo(sport):
    return lambda f: UDP in f and f[IP].frag == 0 and f[UDP].dport == sport


def is_timeout(ident):
    """ICMP time exceeded about one of our datagrams."""
    return lambda f: (ICMP in f and f[ICMP].type == 11 and IP(bytes(f[ICMP].payload)).id == ident)


def check_whole(wire, sport):
    frame = wire.expect(is_echo(sport), what="the echo of the reassembled datagram")
    assert bytes(frame[UDP].payload)[:len(DATA)] == DATA


@pytest.mark.parametrize("order", ["forward", "backward", "shuffled"])
@pytest.mark.parametrize("step", [8, 240, 480])
def test_orders(lan, order, step):
    """|aaa|bbb|ccc|ddd| in any order."""
    _, wire = lan
    sport, ident = next(ids), next(ids)
    body = datagram(sport)
    cuts = list(range(0, len(body), step))
    if order == "backward":
        cuts.reverse()
    elif order == "shuffled":
        random.Random(step).shuffle(cuts)
    for start in cuts:
        wire.send(piece(body, start, min(start + step, len(body)), ident))
    check_whole(wire, sport)


def test_exact_duplicates_are_harmless(lan):
    """|aaa|bbb|bbb|ccc|: the same fragment twice is dropped, the datagram lives."""
    _, wire = lan
    sport, ident = next(ids), next(ids)
    body = datagram(sport)
    for start in (0, 240, 240, 480, 0, 720):
        wire.send(piece(body, start, min(start + 240, len(body)), ident))
    check_whole(wire, sport)


def test_interleaved_datagrams(lan):
    """Four datagrams at a time, kept apart by their identification."""
    _, wire = lan
    flows = [(next(ids), next(ids)) for _ in range(4)]
    for start in (0, 480):
        for sport, ident in flows:
            body = datagram(sport)
            wire.send(piece(body, start, min(start + 480, len(body)), ident))
    frames = {wire.expect(lambda f: UDP in f and f[UDP].sport == 7)[UDP].dport for _ in flows}
    assert frames == {sport for sport, _ in flows}


@pytest.mark.parametrize("first, second", [((0, 480), (240, 960)), ((240, 960), (0, 480)),
                                           ((0, 960 - 8), (240, 480)), ((0, 480), (472, 960))])
def test_overlap_kills_the_datagram(lan, first, second):
    """|aaaaaa|
          |bbbbbb|   any partial overlap: all of it is dropped, silently."""
    _, wire = lan
    sport, ident = next(ids), next(ids)
    body = datagram(sport)
    wire.send(piece(body, *first, ident))
    wire.send(piece(body, *second, ident))
    wire.expect_none(is_echo(sport), 0.5, what="echo of an overlapping datagram")


def test_missing_piece_times_out_with_an_error(lan):
    """The first fragment came, the last never: ICMP time exceeded, code 1, quoting the first."""
    _, wire = lan
    sport, ident = next(ids), next(ids)
    body = datagram(sport)
    wire.send(piece(body, 0, 240, ident))
    start = time.monotonic()
    error = wire.expect(is_timeout(ident), 8, "reassembly time exceeded")
    assert error[ICMP].code == 1
    assert 2 < time.monotonic() - start < 6
    assert bytes(error[ICMP].payload)[28:36] == body[8:16]


def test_no_error_without_the_first_fragment(lan):
    _, wire = lan
    sport, ident = next(ids), next(ids)
    wire.send(piece(datagram(sport), 240, 480, ident))
    wire.expect_none(is_timeout(ident), 5, what="time exceeded")


def test_two_different_ends(lan):
    """|aaa|..|end|
       |aaa|end|      two last fragments that disagree about the length: dropped."""
    _, wire = lan
    sport, ident = next(ids), next(ids)
    body = datagram(sport)
    wire.send(piece(body, 720, 960, ident))
    wire.send(piece(body, 240, 480, ident, more=False))
    wire.send(piece(body, 0, 240, ident))
    wire.send(piece(body, 480, 720, ident))
    wire.expect_none(is_echo(sport), 0.5, what="echo of a datagram with two ends")


def test_length_beyond_the_end(lan):
    """A fragment behind the last one."""
    _, wire = lan
    sport, ident = next(ids), next(ids)
    body = datagram(sport)
    wire.send(piece(body, 240, 480, ident, more=False))
    wire.send(piece(body, 480, 720, ident))
    wire.send(piece(body, 0, 240, ident))
    wire.expect_none(is_echo(sport), 0.5, what="echo")


def test_ping_of_death(lan):
    """Offset and length beyond 65,535 bytes."""
    _, wire = lan
    ident = next(ids)
    wire.send(IP(src=HOST_IP, dst=GUEST_IP, id=ident, proto=17, flags="MF", frag=0) / Raw(bytes(800)))
    wire.send(IP(src=HOST_IP, dst=GUEST_IP, id=ident, proto=17, frag=8191) / Raw(bytes(1400)))
    wire.drain()
    wire.ping(ident=0x4001)


def test_odd_middle_fragment(lan):
    """MF with a length that is no multiple of 8 is cut down or dropped, never delivered wrong."""
    _, wire = lan
    sport, ident = next(ids), next(ids)
    body = datagram(sport)
    wire.send(piece(body, 0, 243, ident, more=True))
    wire.send(piece(body, 240, len(body), ident))
    frame = wire.receive(is_echo(sport), 1.0)
    assert frame is None or bytes(frame[UDP].payload)[:len(DATA)] == DATA


def test_empty_fragments(lan):
    _, wire = lan
    ident = next(ids)
    for frag in (0, 1, 100):
        wire.send(IP(src=HOST_IP, dst=GUEST_IP, id=ident, proto=17, flags="MF", frag=frag))
    wire.drain()
    wire.ping(ident=0x4002)


def test_whole_datagram_in_a_tail_fragment(lan):
    """DF and MF together, and offset with DF: nonsense that must not hurt."""
    _, wire = lan
    sport, ident = next(ids), next(ids)
    body = datagram(sport)
    for start in (0, 480):
        packet = piece(body, start, min(start + 480, len(body)), ident)
        packet.flags = int(packet.flags) | 2
        wire.send(packet)
    wire.receive(is_echo(sport), 1.0)
    wire.ping(ident=0x4003)


def test_memory_stays_bounded(lan):
    """Thousands of datagrams that never become whole (ipfrag_high_thresh): service goes on."""
    _, wire = lan
    for i in range(4000):
        wire.send(IP(src=f"10.77.0.{100 + i % 50}", dst=GUEST_IP, id=i, proto=17, flags="MF")
                  / Raw(bytes(1400)))
    wire.drain()
    wire.ping(ident=0x4004)
    time.sleep(4)
    wire.drain()
    sport, ident = next(ids), next(ids)
    body = datagram(sport)
    wire.send(piece(body, 0, 480, ident))
    wire.send(piece(body, 480, len(body), ident))
    check_whole(wire, sport)
