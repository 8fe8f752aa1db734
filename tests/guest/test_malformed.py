# SPDX-License-Identifier: BSD-2-Clause
"""Frames no peer should send, of every protocol: the guest counts them, drops them, and goes on.

They are written straight onto the TAP; after each batch the guest still serves a page, and the
counter that Linux has for the offence has moved (read from the guest's own /proc/net/snmp).
"""

import random
import re
import socket

import pytest
from harness import GUEST_IP, GUEST_MAC, HOST_IP
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Raw
from scapy.utils import checksum


class Tap:
    """The host's end of tap0 for raw frames."""

    def __init__(self, guest):
        self.guest = guest
        self.sock = guest.ns.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.sock.bind(("tap0", 0))
        self.mac = self.sock.getsockname()[4].hex(":")

    def send(self, *packets):
        for packet in packets:
            self.sock.send(bytes(Ether(src=self.mac, dst=GUEST_MAC) / packet))

    def send_raw(self, ethertype, data, dst=GUEST_MAC):
        head = bytes.fromhex((dst + self.mac).replace(":", "")) + ethertype.to_bytes(2, "big")
        self.sock.send(head + data)

    def counters(self):
        """{Protocol.Name: value} out of /proc/net/snmp and /proc/net/netstat."""
        values = {}
        for path in ("/proc/net/snmp", "/proc/net/netstat"):
            text = self.guest.http_get(path)[2].decode()
            lines = [line.split() for line in text.split("\n") if line]
            for names, numbers in zip(lines[::2], lines[1::2]):
                protocol = names[0].rstrip(":")
                values.update({f"{protocol}.{n}": int(v) for n, v in zip(names[1:], numbers[1:])})
        return values


@pytest.fixture(scope="module")
def tap(shared_vm):
    t = Tap(shared_vm.boot_tap(app="httpd"))
    yield t
    t.sock.close()


def ip(**fields):
    return IP(src=HOST_IP, dst=GUEST_IP, **fields)


def udp():
    return UDP(sport=9, dport=9, chksum=0) / Raw(b"12345678")


BATCHES = {
    "Ip.InHdrErrors": [
        ip(version=5) / udp(), ip(version=0) / udp(), ip(ihl=4) / udp(), ip(ihl=0) / udp(),
        ip(ihl=15) / Raw(b"x"), ip(chksum=0x1234) / udp(), ip(len=19) / udp(),
    ],
    "IpExt.InTruncatedPkts": [ip(len=2000) / udp(), ip(len=65535) / udp()],
    "Udp.InErrors": [
        ip() / UDP(sport=9, dport=9, len=7) / Raw(b"x"), ip() / UDP(sport=9, dport=9, len=500),
        ip() / UDP(sport=9, dport=80, chksum=0x1111) / Raw(b"x"),
    ],
    "Tcp.InErrs": [
        ip() / TCP(dport=80, dataofs=4), ip() / TCP(dport=80, dataofs=15),
        ip() / TCP(dport=80, chksum=0x1111), ip(proto=6) / Raw(b"short"),
    ],
    "Icmp.InErrors": [
        ip() / ICMP(type=3, code=3) / Raw(b"too short"), ip(proto=1) / Raw(b"\x08"),
        ip() / ICMP(type=8, chksum=0x1111),
    ],
    "Ip.InUnknownProtos": [ip(proto=200) / Raw(b"what"), ip(proto=255) / Raw(b"what")],
}


@pytest.mark.parametrize("counter", BATCHES)
def test_offence_is_counted(tap, counter):
    before = tap.counters()
    tap.send(*BATCHES[counter])
    after = tap.counters()
    moved = {k: v - before.get(k, 0) for k, v in after.items() if v != before.get(k, 0)}
    assert after[counter] > before[counter], moved


def test_truncated_frames_of_every_kind(tap):
    """Each good packet cut at every length."""
    for packet in (ip() / udp(), ip() / TCP(dport=80, flags="S", options=[("MSS", 1460)]),
                   ip() / ICMP(type=8) / Raw(b"12345678"),
                   ip(options=[b"\x07\x07\x04\0\0\0\0\0"]) / udp()):
        whole = bytes(packet)
        for length in range(len(whole)):
            tap.send_raw(0x0800, whole[:length])
    request = bytes(ARP(op=1, psrc=HOST_IP, pdst=GUEST_IP, hwsrc=tap.mac))
    for length in range(len(request)):
        tap.send_raw(0x0806, request[:length])
    assert tap.guest.http_get()[0] == 200


@pytest.mark.parametrize("ethertype", [0x0000, 0x0004, 0x05DC, 0x0600, 0x8100, 0x86DD, 0x88A8, 0x8847,
                                       0xFFFF])
def test_other_ethertypes(tap, ethertype):
    for length in (0, 1, 46, 1500):
        tap.send_raw(ethertype, bytes(length))
        tap.send_raw(ethertype, b"\xff" * length, "ff:ff:ff:ff:ff:ff")
    assert tap.guest.http_get()[0] == 200


IP_OPTIONS = [b"\x07", b"\x07\x00\x04\x00", b"\x07\x01\x04\x00", b"\x07\x28\x04\x00",
              b"\x07\x07\x03\x00\x00\x00\x00\x00", b"\x44\x04\x05\x00", b"\x44\x28\x01\x03" + bytes(36),
              b"\x83\x07\x04\x01\x02\x03\x04\x00", b"\x89\x0b\x04" + bytes(9), b"\x82\x0b" + bytes(10),
              b"\x94\x04\x00\x00", b"\xff" * 40, b"\x01" * 40, b"\x00" * 40, b"\x94\x02\x00\x00"]


def test_ip_options(tap):
    """Wrong lengths and pointers, source routes (refused by default), the longest header."""
    for option in IP_OPTIONS:
        padded = option + bytes(-len(option) % 4)
        header = bytearray(bytes(ip(ihl=5 + len(padded) // 4, len=20 + len(padded) + 16, proto=17)))
        header[10:12] = b"\0\0"
        whole = bytes(header) + padded
        header[10:12] = checksum(whole).to_bytes(2, "big")
        tap.send_raw(0x0800, bytes(header) + padded + bytes(udp()))
    assert tap.guest.http_get()[0] == 200


def test_spoofed_sources(tap):
    for source in (GUEST_IP, "127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.1", "10.77.0.255"):
        for payload in (UDP(sport=7, dport=7) / Raw(b"x"), ICMP(type=8), TCP(dport=80, flags="S"),
                        TCP(sport=80, dport=80, flags="S")):
            tap.send(IP(src=source, dst=GUEST_IP) / payload)
    assert tap.guest.http_get()[0] == 200


def test_icmp_errors_about_nothing(tap):
    """Quoting garbage, each length, every type and code."""
    rng = random.Random(7)
    for kind in range(0, 45):
        for code in (0, 1, 4, 15, 255):
            quoted = bytes(IP(src=GUEST_IP, dst=HOST_IP) / TCP(sport=80))[:rng.randrange(40)]
            tap.send(ip() / ICMP(type=kind, code=code) / Raw(quoted))
    assert tap.guest.http_get()[0] == 200


def test_random_frames(tap):
    """Seeded noise: random bytes in every place of valid frames."""
    rng = random.Random(20250214)
    seeds = [bytes(ip() / TCP(dport=80, flags="S", options=[("MSS", 1460), ("WScale", 7)])),
             bytes(ip() / UDP(dport=53) / Raw(bytes(30))), bytes(ip() / ICMP(type=8) / Raw(bytes(30))),
             bytes(ip(flags="MF") / Raw(bytes(64)))]
    for i in range(3000):
        data = bytearray(rng.choice(seeds))
        for _ in range(rng.randrange(1, 5)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        if i % 2:
            # With a right header checksum it gets further.
            length = min((data[0] & 15) * 4, len(data))
            data[10:12] = b"\0\0"
            data[10:12] = checksum(bytes(data[:length])).to_bytes(2, "big")
        tap.send_raw(0x0800, bytes(data[:rng.randrange(1, len(data) + 1)]))
    assert tap.guest.http_get()[0] == 200


def test_drops_are_visible_on_the_device(tap):
    text = tap.guest.http_get("/proc/net/dev")[2].decode()
    assert re.search(r"eth0:\s*\d+", text)
