# SPDX-License-Identifier: BSD-2-Clause
"""Ethernet, ARP, IPv4, ICMP and TCP as bytes: what the scripts of compare-linux send and see.

A few hundred segments a second go through here while guests are being timed, hence struct and not a
packet library.  Options are a list of (kind, value): ("mss", 1460), ("sackOK", None), ("wscale", 7),
("TS", (val, ecr)), ("sack", [(start, end), ...]), ("fastopen", bytes), ("nop", None), ("eol", None).
"""

import socket
import struct
from dataclasses import dataclass, field

FLAGS = "FSRP.UEW"  # from the lowest bit; packetdrill's letters
HOST_MAC = b"\x02\x00\x00\x00\x79\x01"


def checksum(data):
    """The Internet checksum of RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def flag_bits(text):
    """'S.' -> 0x12"""
    return sum(1 << FLAGS.index(c) for c in text)


def flag_text(bits):
    """0x12 -> 'S.': the order of packetdrill (SFRP first, then EW, the dot last)"""
    have = "".join(c for i, c in enumerate(FLAGS) if bits >> i & 1)
    return "".join(c for c in "SFRPUEW." if c in have)


@dataclass
class Segment:
    """One TCP segment; sequence numbers as on the wire."""

    src: str
    dst: str
    sport: int
    dport: int
    flags: int
    seq: int
    ack: int = 0
    window: int = 65535
    options: list = field(default_factory=list)
    data: bytes = b""
    urgent: int = 0
    tos: int = 0
    at: float = 0.0
    raw: bytes = b""  # the IP packet, for ICMP errors that quote it

    def has(self, letters):
        return all(self.flags & flag_bits(c) for c in letters)


_FIXED = {"eol": b"\0", "nop": b"\1", "sackOK": b"\4\2"}


def pack_options(options):
    """Bytes, padded with NOP to a multiple of four."""
    out = b""
    for kind, value in options:
        if kind in _FIXED:
            out += _FIXED[kind]
        elif kind == "mss":
            out += struct.pack(">BBH", 2, 4, value)
        elif kind == "wscale":
            out += struct.pack(">BBB", 3, 3, value)
        elif kind == "TS":
            out += struct.pack(">BBII", 8, 10, *[v & 0xFFFFFFFF for v in value])
        elif kind == "sack":
            out += struct.pack(">BB", 5, 2 + 8 * len(value))
            out += b"".join(struct.pack(">II", a & 0xFFFFFFFF, b & 0xFFFFFFFF) for a, b in value)
        elif kind == "fastopen":
            out += struct.pack(">BB", 34, 2 + len(value)) + value
        else:
            out += value
    return out + b"\1" * (-len(out) % 4)


def unpack_options(data):
    found = []
    while data:
        kind = data[0]
        if kind < 2:
            found.append(("eol" if kind == 0 else "nop", None))
            data = data[1:]
            continue
        size = data[1] if len(data) > 1 else 0
        if size < 2 or size > len(data):
            found.append(("broken", data))
            break
        body, data = data[2:size], data[size:]
        if kind == 2 and size == 4:
            found.append(("mss", struct.unpack(">H", body)[0]))
        elif kind == 3 and size == 3:
            found.append(("wscale", body[0]))
        elif kind == 4 and size == 2:
            found.append(("sackOK", None))
        elif kind == 5 and size % 8 == 2:
            found.append(("sack", list(struct.iter_unpack(">II", body))))
        elif kind == 8 and size == 10:
            found.append(("TS", struct.unpack(">II", body)))
        elif kind == 34:
            found.append(("fastopen", body))
        else:
            found.append(("raw", bytes([kind, size]) + body))
    return found


def ip_packet(src, dst, protocol, payload, tos=0):
    head = struct.pack(">BBHHHBBH4s4s", 0x45, tos, 20 + len(payload), 0, 0x4000, 64, protocol, 0,
                       socket.inet_aton(src), socket.inet_aton(dst))
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def tcp_packet(s):
    """The IP packet that carries a segment."""
    options = pack_options(s.options)
    head = struct.pack(">HHIIBBHHH", s.sport, s.dport, s.seq & 0xFFFFFFFF, s.ack & 0xFFFFFFFF,
                       (20 + len(options)) // 4 << 4, s.flags, s.window, 0, s.urgent)
    body = head + options + s.data
    pseudo = socket.inet_aton(s.src) + socket.inet_aton(s.dst) + struct.pack(">HH", 6, len(body))
    total = checksum(pseudo + body)
    return ip_packet(s.src, s.dst, 6, body[:16] + struct.pack(">H", total) + body[18:], s.tos)


def parse_tcp(packet, at):
    """A Segment of an IP packet with TCP in it."""
    ihl = (packet[0] & 15) * 4
    total, = struct.unpack_from(">H", packet, 2)
    packet = packet[:total]
    sport, dport, seq, ack, offset, flags, window, _, urgent = struct.unpack_from(
        ">HHIIBBHHH", packet, ihl)
    end = ihl + (offset >> 4) * 4
    return Segment(socket.inet_ntoa(packet[12:16]), socket.inet_ntoa(packet[16:20]), sport, dport,
                   flags, seq, ack, window, unpack_options(packet[ihl + 20:end]), packet[end:],
                   urgent, packet[1], at, packet)


def icmp_packet(src, dst, kind, code, rest=0, payload=b""):
    body = struct.pack(">BBHI", kind, code, 0, rest) + payload
    body = body[:2] + struct.pack(">H", checksum(body)) + body[4:]
    return ip_packet(src, dst, 1, body)


def arp_reply(request):
    """The answer to an ARP request, whatever address it asks for; None if it is none."""
    operation, = struct.unpack_from(">H", request, 6)
    sender_mac, sender_ip, wanted = request[8:14], request[14:18], request[24:28]
    if operation != 1 or sender_ip in (wanted, b"\0\0\0\0"):
        return None
    return (sender_mac + HOST_MAC + b"\x08\x06" + struct.pack(">HHBBH", 1, 0x0800, 6, 4, 2)
            + HOST_MAC + wanted + sender_mac + sender_ip)


def frame(guest_mac, packet):
    return guest_mac + HOST_MAC + b"\x08\x00" + packet
