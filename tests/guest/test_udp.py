# SPDX-License-Identifier: BSD-2-Clause
"""UDP on the wire (RFC 768, RFC 1122 4.1): the echo service, checksums, lengths, broadcast."""

import pytest
from scapy.layers.inet import ICMP, IP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Raw
from wire import BROADCAST, GUEST_IP, HOST_IP, payload


@pytest.fixture(scope="module")
def lan(shared_vm):
    guest, wire = shared_vm.boot_wire(app="echo")
    wire.resolve()
    return guest, wire


def is_udp(f):
    return UDP in f and f[IP].src == GUEST_IP and f[IP].frag == 0


def echo(wire, data, sport=5001, **fields):
    wire.send(wire.ip_packet(UDP(sport=sport, dport=7, **fields) / Raw(data)))
    return wire.expect(lambda f: is_udp(f) and f[UDP].dport == sport, what="the echo")


@pytest.mark.parametrize("size", [0, 1, 2, 17, 18, 19, 512, 1471, 1472])
def test_echo(lan, size):
    _, wire = lan
    data = bytes(i * 3 & 255 for i in range(size))
    reply = echo(wire, data, sport=5100 + size)
    assert payload(reply) == data
    assert reply[UDP].sport == 7 and reply[UDP].len == size + 8


def test_checksum_of_replies(lan):
    _, wire = lan
    reply = echo(wire, b"checked!!", sport=5002)
    again = IP(bytes(reply[IP]))
    del again.chksum, again[UDP].chksum
    again = IP(bytes(again)[:reply[IP].len])
    assert (again.chksum, again[UDP].chksum) == (reply[IP].chksum, reply[UDP].chksum)
    assert reply[UDP].chksum != 0


def test_zero_checksum_means_none(lan):
    _, wire = lan
    assert payload(echo(wire, b"unchecked", sport=5003, chksum=0)) == b"unchecked"


def test_bad_checksum_is_dropped(lan):
    _, wire = lan
    wire.send(wire.ip_packet(UDP(sport=5004, dport=7, chksum=0x1111) / Raw(b"broken")))
    wire.expect_none(lambda f: UDP in f or ICMP in f, what="answer to a bad checksum")


@pytest.mark.parametrize("length", [0, 1, 7, 100, 65535])
def test_wrong_length_is_dropped(lan, length):
    """Shorter than a header or longer than the packet (RFC 768); 0 is for jumbograms of IPv6 only."""
    _, wire = lan
    wire.send(wire.ip_packet(UDP(sport=5005, dport=7, len=length, chksum=0) / Raw(b"12345678")))
    wire.expect_none(is_udp, 0.5, what="answer to a wrong length")


def test_bytes_behind_the_datagram_are_not_data(lan):
    """The UDP length is shorter than IP's: the rest is cut off."""
    _, wire = lan
    reply = echo(wire, b"realtrailer", sport=5006, len=8 + 4, chksum=0)
    assert payload(reply) == b"real"


def test_ethernet_padding_is_not_data(lan):
    _, wire = lan
    packet = wire.ip_packet(UDP(sport=5007, dport=7) / Raw(b"ab"))
    wire.send_frame(Ether(src=wire.mac, dst=wire.guest_mac, type=0x800)
                    / Raw(bytes(packet) + bytes(100)))
    reply = wire.expect(lambda f: is_udp(f) and f[UDP].dport == 5007)
    assert payload(reply) == b"ab"


def test_source_port_zero_needs_no_answer(lan):
    """RFC 768: port 0 means that no reply is expected; the guest must live on either way."""
    _, wire = lan
    wire.send(wire.ip_packet(UDP(sport=0, dport=7) / Raw(b"x")))
    wire.drain()
    assert payload(echo(wire, b"alive", sport=5008)) == b"alive"


def test_large_datagram_is_fragmented_both_ways(lan):
    _, wire = lan
    data = bytes(i * 5 & 255 for i in range(5000))
    body = bytes(UDP(sport=5009, dport=7, len=len(data) + 8, chksum=0)) + data
    for start in range(0, len(body), 1480):
        more = start + 1480 < len(body)
        wire.send(IP(src=HOST_IP, dst=GUEST_IP, id=78, proto=17, flags="MF" if more else 0,
                     frag=start // 8) / Raw(body[start:start + 1480]))
    pieces = {}
    while sum(map(len, pieces.values())) < len(body):
        frame = wire.expect(lambda f: IP in f and f[IP].proto == 17 and f[IP].src == GUEST_IP)
        pieces[frame[IP].frag * 8] = bytes(frame[IP].payload)[:frame[IP].len - 20]
    assert b"".join(pieces[k] for k in sorted(pieces))[8:] == data


def test_broadcast_reaches_the_service(lan):
    """A datagram to the subnet's broadcast address is delivered; the echo comes from our address."""
    _, wire = lan
    wire.send(IP(src=HOST_IP, dst="10.77.0.255") / UDP(sport=5010, dport=7) / Raw(b"to all"),
              dst=BROADCAST)
    reply = wire.expect(lambda f: is_udp(f) and f[UDP].dport == 5010)
    assert payload(reply) == b"to all" and reply[IP].src == GUEST_IP


def test_not_for_us(lan):
    """Another host's IP address, or another's MAC address: nothing happens (no forwarding)."""
    _, wire = lan
    wire.send(IP(src=HOST_IP, dst="10.77.0.77") / UDP(sport=5011, dport=7) / Raw(b"x"))
    wire.send(wire.ip_packet(UDP(sport=5011, dport=7) / Raw(b"x")), dst="02:00:00:00:99:99")
    wire.expect_none(lambda f: UDP in f or ICMP in f, what="answer")


@pytest.mark.parametrize("source", ["255.255.255.255", "224.0.0.1", "127.0.0.1", "0.0.0.0"])
def test_martian_sources_are_dropped(lan, source):
    """RFC 1122 3.2.1.3: these may never be source addresses from outside."""
    _, wire = lan
    wire.send(IP(src=source, dst=GUEST_IP) / UDP(sport=5012, dport=7) / Raw(b"x"))
    wire.expect_none(lambda f: UDP in f and f[UDP].sport == 7, 0.5, what="answer to a martian")


def test_loopback_destination_from_outside_is_dropped(lan):
    _, wire = lan
    wire.send(IP(src=HOST_IP, dst="127.0.0.1") / UDP(sport=5013, dport=7) / Raw(b"x"))
    wire.expect_none(lambda f: UDP in f, 0.5, what="answer from loopback")


def test_burst_is_bounded_and_survived(lan):
    """More than a socket buffer holds: some are lost, the rest are whole, and service goes on."""
    _, wire = lan
    for i in range(2000):
        wire.send(wire.ip_packet(UDP(sport=5014, dport=7, chksum=0) / Raw(b"%04d" % i + bytes(800))))
    wire.drain()
    assert payload(echo(wire, b"after the burst", sport=5015)) == b"after the burst"
