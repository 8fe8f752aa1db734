# SPDX-License-Identifier: BSD-2-Clause
"""ICMP on the wire: echo, unreachables with the offending datagram inside, what gets no answer."""

import pytest
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.packet import Raw
from wire import BROADCAST, GUEST_IP, HOST_IP


@pytest.fixture(scope="module")
def lan(shared_vm):
    guest, wire = shared_vm.boot_wire(app="echo")
    wire.resolve()
    return guest, wire


def is_icmp(kind, code=None):
    return lambda f: ICMP in f and f[ICMP].type == kind and code in (None, f[ICMP].code)


@pytest.mark.parametrize("size", [0, 1, 56, 1000, 1472])
def test_echo_returns_the_data(lan, size):
    _, wire = lan
    data = bytes(i & 255 for i in range(size))
    reply = wire.ping(ident=0x1000 + size, data=data)
    assert bytes(reply[ICMP].payload)[:size] == data
    assert (reply[IP].src, reply[IP].dst) == (GUEST_IP, HOST_IP)


def test_echo_reply_checksums(lan):
    _, wire = lan
    reply = wire.ping(ident=0x2001, data=b"odd bytes")
    again = IP(bytes(reply[IP]))
    del again.chksum, again[ICMP].chksum
    again = IP(bytes(again))
    assert (again.chksum, again[ICMP].chksum) == (reply[IP].chksum, reply[ICMP].chksum)


def test_large_echo_is_fragmented(lan):
    _, wire = lan
    data = bytes(i * 7 & 255 for i in range(4000))
    packet = IP(src=HOST_IP, dst=GUEST_IP, id=77) / ICMP(type=8, id=0x2002, seq=1) / Raw(data)
    raw = bytes(packet)
    body = raw[20:]
    for start in range(0, len(body), 1480):
        part = body[start:start + 1480]
        more = start + 1480 < len(body)
        wire.send(IP(src=HOST_IP, dst=GUEST_IP, id=77, proto=1, flags="MF" if more else 0,
                     frag=start // 8) / Raw(part))
    pieces = {}
    while sum(map(len, pieces.values())) < len(data) + 8:
        frame = wire.expect(lambda f: IP in f and f[IP].proto == 1 and f[IP].src == GUEST_IP,
                            what="a fragment of the reply")
        pieces[frame[IP].frag * 8] = bytes(frame[IP].payload)[:frame[IP].len - 20]
    whole = b"".join(pieces[k] for k in sorted(pieces))
    assert whole[8:] == data


def test_bad_icmp_checksum_is_dropped(lan):
    _, wire = lan
    wire.send(wire.ip_packet(ICMP(type=8, id=0x2003, chksum=0x1234) / Raw(b"x")))
    wire.expect_none(is_icmp(0), what="reply to a bad checksum")
    wire.ping(ident=0x2004)


def test_broadcast_echo_is_ignored(lan):
    """RFC 1122 3.2.2.6 lets a host; Linux's icmp_echo_ignore_broadcasts is on by default."""
    _, wire = lan
    wire.send(IP(src=HOST_IP, dst="10.77.0.255") / ICMP(type=8, id=0x2005), dst=BROADCAST)
    wire.send(IP(src=HOST_IP, dst="255.255.255.255") / ICMP(type=8, id=0x2006), dst=BROADCAST)
    wire.expect_none(is_icmp(0), what="reply to a broadcast echo")


def test_port_unreachable_quotes_the_datagram(lan):
    _, wire = lan
    wire.send(wire.ip_packet(UDP(sport=4001, dport=9999) / Raw(b"nobody there")))
    error = wire.expect(is_icmp(3, 3), what="a port unreachable")
    inner = IP(bytes(error[ICMP].payload))
    assert (inner.src, inner.dst, inner.proto) == (HOST_IP, GUEST_IP, 17)
    assert inner[UDP].dport == 9999
    assert bytes(inner[UDP].payload)[:12] == b"nobody there"


def test_protocol_unreachable(lan):
    _, wire = lan
    wire.send(wire.ip_packet(Raw(b"what is this"), proto=253))
    wire.expect(is_icmp(3, 2), what="a protocol unreachable")


def test_no_error_about_errors(lan):
    """RFC 1122 3.2.2: never about ICMP errors, broadcasts, or fragments other than the first."""
    _, wire = lan
    about = IP(src=GUEST_IP, dst=HOST_IP) / UDP(sport=5, dport=6) / Raw(b"12345678")
    wire.send(wire.ip_packet(ICMP(type=3, code=3) / Raw(bytes(about))))
    wire.send(IP(src=HOST_IP, dst="10.77.0.255") / UDP(sport=4002, dport=9999), dst=BROADCAST)
    wire.send(IP(src=HOST_IP, dst=GUEST_IP) / UDP(sport=4002, dport=9998), dst=BROADCAST)
    wire.send(IP(src=HOST_IP, dst=GUEST_IP, proto=253, frag=100) / Raw(b"tail"))
    wire.expect_none(is_icmp(3), what="error about an error")


def test_errors_are_rate_limited(lan):
    """Linux lets one error of a kind a second through to one host, after a burst of six."""
    _, wire = lan
    for i in range(200):
        wire.send(wire.ip_packet(UDP(sport=4100, dport=20000 + i)))
    errors = wire.collect(is_icmp(3, 3), 2.0)
    assert 1 <= len(errors) < 100, f"{len(errors)} errors for 200 datagrams"


def test_truncated_messages_are_ignored(lan):
    _, wire = lan
    for length in range(8):
        wire.send(wire.ip_packet(Raw(bytes([8] + [0] * 7)[:length]), proto=1))
    for kind in (3, 4, 5, 11, 12):
        wire.send(wire.ip_packet(ICMP(type=kind) / Raw(b"short")))
    wire.drain()
    wire.ping(ident=0x2007)


def test_time_to_live_and_options(lan):
    _, wire = lan
    reply = wire.ping(ident=0x2008, ttl=1)
    assert reply[IP].ttl == 64
    assert TCP not in reply
