# SPDX-License-Identifier: BSD-2-Clause
"""Packet sockets through the shell's tcpdump: its lines, its filters, its pcap stream."""

import os
import random
import re
import time

import harness
import pytest
from harness import GUEST_IP, GUEST_MAC, HOST_IP
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.l2 import Ether
from scapy.packet import Raw
from scapy.utils import rdpcap
from wire import HOST_MAC

TIME = rb"\d\d:\d\d:\d\d\.\d{6} "
ENDS = rf"IP {re.escape(HOST_IP)} > {re.escape(GUEST_IP)}".encode()
BACK = rf"IP {re.escape(GUEST_IP)} > {re.escape(HOST_IP)}".encode()


@pytest.fixture(scope="module")
def lan(shared_vm, tmp_path_factory):
    """A shell on a wire; what it writes to its second serial port goes to guest.port."""
    port = tmp_path_factory.mktemp("tty") / "port"
    guest, wire = shared_vm.boot_wire(app="sh", ready=None, serial2=f"file:{port}")
    guest.port = port
    guest.console.expect(harness.PROMPT, harness.BOOT_TIMEOUT)
    wire.resolve()
    return guest, wire


def start(guest, words, device="eth0"):
    guest.console.send(f"tcpdump {words}\n")
    guest.console.expect(rf"listening on {device}\r?\n".encode())


def finished(guest, captured):
    guest.console.expect(rf"{captured} packets captured\r?\n".encode())
    guest.console.expect(rb"0 packets dropped by kernel")
    guest.console.expect(harness.PROMPT)


def test_a_ping_in_both_directions(lan):
    guest, wire = lan
    start(guest, f"-c 2 icmp and host {HOST_IP}")
    wire.ping(ident=7, seq=3, data=b"abcd")
    guest.console.expect(TIME + ENDS + rb": ICMP echo request, id 7, seq 3, length 12\r?\n")
    guest.console.expect(TIME + BACK + rb": ICMP echo reply, id 7, seq 3, length 12\r?\n")
    finished(guest, 2)


def test_the_time_is_that_of_the_wire(lan):
    """Two pings half a second apart are half a second apart in the capture."""
    guest, wire = lan
    start(guest, "-c 2 dst host " + GUEST_IP + " and icmp")
    wire.ping(seq=1)
    time.sleep(0.5)
    wire.ping(seq=2)
    at = []
    for seq in (1, 2):
        m = guest.console.expect(rb"(\d\d):(\d\d):(\d\d\.\d{6}) IP [^\n]*seq %d," % seq)
        at.append(int(m[1]) * 3600 + int(m[2]) * 60 + float(m[3]))
    assert 0.4 < (at[1] - at[0]) % 86400 < 3
    finished(guest, 2)


def test_tcp_flags_numbers_and_options(lan):
    guest, wire = lan
    start(guest, "-c 2 tcp port 4")
    syn = TCP(sport=999, dport=4, flags="S", seq=1000, window=8192,
              options=[("MSS", 1400), ("SAckOK", b""), ("Timestamp", (17, 0)), ("NOP", None),
                       ("WScale", 7)])
    wire.send(wire.ip_packet(UDP(sport=4, dport=5000) / Raw(b"not TCP")))
    wire.send(wire.ip_packet(syn))
    guest.console.expect(
        TIME + rf"IP {HOST_IP}.999 > {GUEST_IP}.4: Flags \[S\], seq 1000, win 8192, "
        r"options \[mss 1400,sackOK,TS val 17 ecr 0,nop,wscale 7\], length 0\r?\n".encode())
    guest.console.expect(
        TIME + rf"IP {GUEST_IP}.4 > {HOST_IP}.999: Flags \[R\.\], seq 0, ack 1001, win 0, "
        r"length 0\r?\n".encode())
    finished(guest, 2)
    start(guest, f"-c 1 dst port 4 and src host {HOST_IP}")
    wire.send(wire.ip_packet(TCP(sport=999, dport=4, flags="PA", seq=5, ack=9) / Raw(b"12345")))
    guest.console.expect(rb"Flags \[P\.\], seq 5:10, ack 9, win 8192, length 5\r?\n")
    finished(guest, 1)


def test_arp_udp_hex_and_not(lan):
    guest, wire = lan
    start(guest, "-x -c 3 not icmp and not port 68")
    wire.resolve()
    guest.console.expect(rf"ARP, Request who-has {GUEST_IP} tell {HOST_IP}, length 28".encode())
    guest.console.expect(rb"\t0x0000:  0001 0800 0604 0001")
    guest.console.expect(rf"ARP, Reply {GUEST_IP} is-at {GUEST_MAC}, length 28".encode())
    wire.ping()
    wire.send(wire.ip_packet(UDP(sport=5, dport=9) / Raw(b"twelve bytes")))
    guest.console.expect(rf"IP {HOST_IP}.5 > {GUEST_IP}.9: UDP, length 12\r?\n".encode())
    finished(guest, 3)


def test_any_device_and_ctrl_c(lan):
    guest, wire = lan
    start(guest, "-i any icmp", "any")
    wire.ping(seq=11)
    guest.console.expect(TIME + rb"eth0  In  IP [^\n]*seq 11,")
    guest.console.expect(TIME + rb"eth0  Out IP [^\n]*seq 11,")
    guest.console.send(b"\x03")
    finished(guest, 2)
    guest.console.send("cat /proc/net/packet\n")
    guest.console.expect(rb"RefCnt Type Proto[^\n]*\n")
    start_of = guest.console.seen
    guest.console.expect(harness.PROMPT)
    assert b" 0003 " not in guest.console.text[start_of:]  # the socket has gone


def test_wrong_words_are_told(lan):
    guest, _ = lan
    for words, answer in [("nonsense", rb"cannot make sense of 'nonsense'"),
                          ("port http2", rb"cannot make sense of"),
                          ("-i nosuch0", rb"nosuch0: no such device"),
                          ("-c 0", rb"usage: tcpdump"), ("not", rb"cannot make sense of 'not'")]:
        guest.console.send(f"tcpdump {words}\n")
        guest.console.expect(answer)
        guest.console.expect(harness.PROMPT)


def test_frames_of_any_content_are_printed(lan):
    guest, wire = lan
    rng = random.Random(7)
    start(guest, "-x")
    for i in range(300):
        body = bytearray(rng.randbytes(rng.randrange(0, 80)))
        if i % 3 and len(body) > 20:
            body[0] = 0x40 | rng.choice((5, 5, 5, 6, 15, 0))
            body[2:4] = rng.choice((len(body), 20, 0, 65535)).to_bytes(2, "big")
            body[6:8] = b"\0\0"
            body[9] = rng.choice((1, 6, 17))
        wire.send_frame(Ether(src=HOST_MAC, dst="ff:ff:ff:ff:ff:ff",
                              type=rng.choice((0x800, 0x800, 0x806, 0x88b5))) / Raw(bytes(body)))
        if i % 50 == 49:
            time.sleep(0.2)
    wire.ping(seq=99)
    guest.console.expect(rb"ICMP echo request, id \d+, seq 99,", 60)
    guest.console.send(b"\x03")
    captured = int(guest.console.expect(rb"(\d+) packets captured")[1])
    assert captured >= 301
    guest.console.expect(rb"\n0 packets dropped by kernel")
    guest.console.expect(harness.PROMPT)


def test_pcap_on_the_second_serial_port(lan):
    guest, wire = lan
    data = bytes(range(256))  # newlines among them: the port must not touch them
    start(guest, "-w /dev/ttyS1 -c 4 icmp")
    replies = [wire.ping(ident=0x77, seq=n, data=data[:40 + n]) for n in (1, 2)]
    finished(guest, 4)
    deadline = time.monotonic() + 20
    while os.path.getsize(guest.port) < 24 + 4 * 16 and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(0.5)
    packets = rdpcap(str(guest.port))
    assert len(packets) == 4
    for n, reply in enumerate(replies):
        request, answer = packets[2 * n], packets[2 * n + 1]
        assert request[Ether].src == HOST_MAC and request[IP].dst == GUEST_IP
        assert request[ICMP].type == 8
        assert bytes(request[ICMP].payload) == data[:41 + n]
        assert bytes(answer) == bytes(reply)  # what the wire had
        assert request.time <= answer.time
