# SPDX-License-Identifier: BSD-2-Clause
"""ARP on the wire (RFC 826, RFC 5227): replies, learning, retries, the queue, malformed packets."""

import time

import pytest
from scapy.layers.inet import ICMP, IP, UDP
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Raw
from wire import BROADCAST, GUEST_IP, GUEST_MAC, HOST_IP, HOST_MAC


@pytest.fixture(scope="module")
def lan(shared_vm):
    guest, wire = shared_vm.boot_wire(app="echo")
    wire.resolve()
    return guest, wire


def is_reply(f):
    return ARP in f and f[ARP].op == 2 and f[ARP].psrc == GUEST_IP


def requests_for(ip):
    return lambda f: ARP in f and f[ARP].op == 1 and f[ARP].pdst == ip


def test_reply(lan):
    _, wire = lan
    reply = wire.resolve()
    assert reply[ARP].hwsrc == GUEST_MAC and reply.dst == HOST_MAC
    assert (reply[ARP].hwdst, reply[ARP].pdst) == (HOST_MAC, HOST_IP)


def test_no_reply_for_others(lan):
    _, wire = lan
    wire.send(ARP(op=1, hwsrc=HOST_MAC, psrc=HOST_IP, pdst="10.77.0.99"), dst=BROADCAST)
    wire.expect_none(lambda f: ARP in f and f[ARP].op == 2, what="reply for another address")


def test_reply_to_a_probe(lan):
    """RFC 5227 2.1.1: somebody probes our address; a reply defends it and teaches us nothing."""
    _, wire = lan
    wire.send(ARP(op=1, hwsrc="02:00:00:00:77:66", psrc="0.0.0.0", pdst=GUEST_IP), dst=BROADCAST)
    reply = wire.expect(lambda f: is_reply(f) and f.dst in ("02:00:00:00:77:66", BROADCAST),
                        what="a reply to the probe")
    assert reply[ARP].hwsrc == GUEST_MAC


@pytest.mark.parametrize("what, fields", [
    ("hardware type", {"hwtype": 15}),
    ("protocol type", {"ptype": 0x86DD}),
    ("operation", {"op": 77}),
])
def test_unknown_kinds_are_ignored(lan, what, fields):
    _, wire = lan
    fields = {"op": 1, "hwlen": 6, "plen": 4, **fields}
    wire.send(ARP(hwsrc=HOST_MAC, psrc=HOST_IP, pdst=GUEST_IP, **fields), dst=BROADCAST)
    wire.expect_none(is_reply, what=f"reply to a wrong {what}")


@pytest.mark.parametrize("hwlen, plen", [(0, 4), (6, 0), (255, 4), (6, 255), (255, 255)])
def test_wrong_lengths_are_ignored(lan, hwlen, plen):
    _, wire = lan
    good = bytearray(bytes(ARP(op=1, hwsrc=HOST_MAC, psrc=HOST_IP, pdst=GUEST_IP)))
    good[4], good[5] = hwlen, plen
    wire.send_frame(Ether(src=HOST_MAC, dst=BROADCAST, type=0x806) / Raw(bytes(good)))
    wire.expect_none(is_reply, what="reply to wrong lengths")


@pytest.mark.parametrize("length", [0, 1, 8, 14, 20, 27])
def test_truncated_is_ignored(lan, length):
    _, wire = lan
    good = bytes(ARP(op=1, hwsrc=HOST_MAC, psrc=HOST_IP, pdst=GUEST_IP))
    wire.send_frame(Ether(src=HOST_MAC, dst=BROADCAST, type=0x806) / Raw(good[:length]))
    wire.expect_none(is_reply, 0.3, what="reply to a truncated request")


def test_sender_that_claims_a_multicast_mac(lan):
    """Neither a crash nor a stack that stops answering its real neighbours."""
    _, wire = lan
    wire.send(ARP(op=1, hwsrc=BROADCAST, psrc="10.77.0.50", pdst=GUEST_IP), dst=BROADCAST)
    wire.drain()
    wire.ping(ident=0x3001)


def test_unknown_neighbour_is_asked_three_times(lan):
    """mcast_solicit = 3, a second apart; the datagram's sender then hears host unreachable."""
    _, wire = lan
    stranger = "10.77.0.60"
    wire.send(IP(src=stranger, dst=GUEST_IP) / ICMP(type=8, id=0x3002) / Raw(b"who am I"))
    start = time.monotonic()
    asked = wire.collect(requests_for(stranger), 4.5)
    assert len(asked) == 3, f"{len(asked)} requests in {time.monotonic() - start:.1f} s"
    assert all(f.dst == BROADCAST and f[ARP].hwsrc == GUEST_MAC for f in asked)


def test_packets_wait_for_the_answer(lan):
    """What comes while the neighbour is INCOMPLETE is queued and goes out after the reply."""
    _, wire = lan
    late = "10.77.0.61"
    for seq in range(3):
        wire.send(IP(src=late, dst=GUEST_IP) / ICMP(type=8, id=0x3003, seq=seq) / Raw(b"queued"))
    wire.expect(requests_for(late), what="a request")
    wire.send(ARP(op=2, hwsrc="02:00:00:00:77:61", psrc=late, hwdst=GUEST_MAC, pdst=GUEST_IP))
    for seq in range(3):
        frame = wire.expect(lambda f: ICMP in f and f[ICMP].id == 0x3003, what="a queued reply")
        assert frame.dst == "02:00:00:00:77:61" and frame[ICMP].seq == seq


def test_unsolicited_reply_teaches_nothing(lan):
    """arp_accept = 0: an address that nobody asked for makes no entry."""
    _, wire = lan
    wire.send(ARP(op=2, hwsrc="02:00:00:00:77:62", psrc="10.77.0.62", hwdst=GUEST_MAC,
                  pdst=GUEST_IP))
    wire.send(IP(src="10.77.0.62", dst=GUEST_IP) / ICMP(type=8, id=0x3004) / Raw(b"x"))
    wire.expect(requests_for("10.77.0.62"), what="a request all the same")


def test_known_neighbour_moves(lan):
    """A request from a new MAC for an address we know: replies go to the new one."""
    _, wire = lan
    mover, macs = "10.77.0.63", ("02:00:00:00:77:63", "02:00:00:00:77:64")
    for mac in macs:
        # locktime: Linux ignores a change within a second of the last.
        time.sleep(1.2)
        wire.send_frame(Ether(src=mac, dst=BROADCAST)
                        / ARP(op=1, hwsrc=mac, psrc=mover, pdst=GUEST_IP))
        wire.send_frame(Ether(src=mac, dst=GUEST_MAC)
                        / IP(src=mover, dst=GUEST_IP) / ICMP(type=8, id=0x3005) / Raw(b"x"))
        frame = wire.expect(lambda f: ICMP in f and f[ICMP].id == 0x3005, what="a reply")
        assert frame.dst == mac


def test_stale_neighbour_is_probed_by_unicast(shared_vm):
    """REACHABLE for base_reachable_time, then STALE; used again DELAY, then a unicast PROBE."""
    _, wire = shared_vm.boot_wire(
        app="echo", words="sysctl.net.ipv4.neigh.default.base_reachable_time_ms=1000 "
        "sysctl.net.ipv4.neigh.eth0.base_reachable_time_ms=1000")
    wire.resolve()
    wire.ping(ident=0x3006)
    time.sleep(2.5)
    wire.drain()
    wire.send(wire.ip_packet(ICMP(type=8, id=0x3006, seq=2) / Raw(b"x")))
    # delay_first_probe_time = 5 s after the first use of the stale entry.
    probe = wire.expect(lambda f: ARP in f and f[ARP].op == 1 and f[ARP].pdst == HOST_IP
                        and f.dst == HOST_MAC, 9, "a unicast probe")
    assert probe[ARP].hwsrc == GUEST_MAC


def test_flood_of_strangers_is_bounded(lan):
    """A thousand senders never seen: the table stays bounded and the real neighbour is served."""
    _, wire = lan
    for i in range(1000):
        address = f"10.77.0.{i % 200 + 30}" if i % 2 else f"10.77.0.{i % 90 + 100}"
        wire.send(IP(src=address, dst=GUEST_IP) / UDP(sport=i + 1, dport=7) / Raw(b"x"))
    wire.drain()
    wire.ping(ident=0x3007)
