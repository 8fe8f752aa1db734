# SPDX-License-Identifier: BSD-2-Clause
"""The DHCP client (RFC 2131, RFC 2132, RFC 5227) against a scripted server and against dnsmasq.

Lease times are a few seconds, so that renewal (T1) and rebinding (T2) happen while one watches.
"""

import time

import harness
import pytest
from harness import GUEST_IP, GUEST_MAC, HOST_IP
from scapy.layers.dhcp import BOOTP, DHCP
from scapy.layers.inet import IP, UDP
from scapy.layers.l2 import ARP, Ether
from scapy.packet import Raw
from wire import BROADCAST, HOST_MAC, Wire

DISCOVER, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE = 1, 2, 3, 4, 5, 6, 7


def option(frame, name):
    """The value of a DHCP option, or None."""
    for entry in frame[DHCP].options:
        if isinstance(entry, tuple) and entry[0] == name:
            return entry[1]
    return None


def is_dhcp(kind):
    return lambda f: DHCP in f and f[UDP].dport == 67 and option(f, "message-type") == kind


class Server:
    """Answers on the wire as told, message by message."""

    def __init__(self, wire, lease=3600, t1=None, t2=None, address=GUEST_IP):
        self.wire, self.address = wire, address
        self.lease, self.t1, self.t2 = lease, t1, t2

    def wait(self, kind, timeout=30):
        return self.wire.expect(is_dhcp(kind), timeout, f"DHCP message {kind}")

    def answer(self, frame, kind, broadcast=None, options=(), **fields):
        """Reply to a message of the client."""
        parameters = [("message-type", kind), ("server_id", HOST_IP)]
        if kind != NAK:
            parameters += [("lease_time", self.lease), ("subnet_mask", "255.255.255.0"),
                           ("router", HOST_IP), ("name_server", HOST_IP)]
            if self.t1:
                parameters += [("renewal_time", self.t1), ("rebinding_time", self.t2)]
        parameters += [*options, "end"]
        fields.setdefault("xid", frame[BOOTP].xid)
        fields.setdefault("yiaddr", "0.0.0.0" if kind == NAK else self.address)
        fields.setdefault("chaddr", frame[BOOTP].chaddr)
        unicast = frame[IP].src != "0.0.0.0"
        dst = frame[IP].src if unicast and not broadcast else "255.255.255.255"
        mac = GUEST_MAC if unicast and not broadcast else BROADCAST
        self.wire.send_frame(Ether(src=HOST_MAC, dst=mac) / IP(src=HOST_IP, dst=dst)
                             / UDP(sport=67, dport=68) / BOOTP(op=2, **fields)
                             / DHCP(options=parameters))

    def lease_once(self):
        """The four messages; gives (discover, request)."""
        discover = self.wait(DISCOVER)
        self.answer(discover, OFFER)
        request = self.wait(REQUEST)
        self.answer(request, ACK)
        return discover, request


@pytest.fixture
def boot(vm):
    def start(**server):
        guest, wire = vm.boot_wire(app="echo", static=False, ready=None)
        return guest, wire, Server(wire, **server)
    return start


def wait_reachable(wire, timeout=15):
    """Until the guest answers at its address."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            return wire.ping(ident=0x5001, timeout=0.5)
        except AssertionError:
            if time.monotonic() > deadline:
                raise


def test_lease(boot):
    """DISCOVER, OFFER, REQUEST, ACK; then the guest has the address."""
    _, wire, server = boot()
    discover, request = server.lease_once()
    assert discover[IP].src == "0.0.0.0" and discover[IP].dst == "255.255.255.255"
    assert discover[BOOTP].chaddr[:6] == bytes.fromhex(GUEST_MAC.replace(":", ""))
    assert discover[BOOTP].ciaddr == "0.0.0.0"
    assert option(request, "requested_addr") == GUEST_IP
    assert option(request, "server_id") == HOST_IP
    assert request[BOOTP].xid == discover[BOOTP].xid
    asked = option(discover, "param_req_list")
    assert {1, 3, 6} <= set(asked), "mask, router and name server are asked for"
    wait_reachable(wire)


def test_address_is_probed_and_announced(boot):
    """RFC 5227: an ARP probe before use, an announcement after."""
    _, wire, server = boot()
    server.lease_once()
    wire.expect(lambda f: ARP in f and f[ARP].psrc == "0.0.0.0" and f[ARP].pdst == GUEST_IP, 5,
                "an ARP probe")
    wire.expect(lambda f: ARP in f and f[ARP].psrc == GUEST_IP and f[ARP].pdst == GUEST_IP, 10,
                "an ARP announcement")


def test_discover_is_repeated_with_backoff(boot):
    """4.1: the first answer is lost; it asks again, later each time."""
    _, wire, server = boot()
    times = []
    for _ in range(3):
        server.wait(DISCOVER)
        times.append(time.monotonic())
    gaps = [b - a for a, b in zip(times, times[1:])]
    assert gaps[0] > 1 and gaps[1] > gaps[0]
    server.lease_once()
    wait_reachable(wire)


def test_lost_request_is_repeated(boot):
    _, wire, server = boot()
    server.answer(server.wait(DISCOVER), OFFER)
    server.wait(REQUEST)
    server.answer(server.wait(REQUEST), ACK)
    wait_reachable(wire)


def test_other_transactions_are_ignored(boot):
    """Replies with another xid or another hardware address are not ours."""
    _, wire, server = boot()
    discover = server.wait(DISCOVER)
    server.answer(discover, OFFER, xid=discover[BOOTP].xid ^ 1)
    server.answer(discover, OFFER, chaddr=b"\x02\0\0\0\x99\x99" + bytes(10))
    server.wire.expect_none(is_dhcp(REQUEST), 1.5, "request")
    server.lease_once()
    wait_reachable(wire)


def test_nak_starts_over(boot):
    """3.1, step 4: a NAK to the request: back to INIT."""
    _, wire, server = boot()
    server.answer(server.wait(DISCOVER), OFFER)
    server.answer(server.wait(REQUEST), NAK)
    server.lease_once()
    wait_reachable(wire)


def test_renew(boot):
    """4.4.5: at T1 a unicast REQUEST with ciaddr set, no server id, no requested address."""
    _, wire, server = boot(lease=12, t1=3, t2=8)
    server.lease_once()
    wait_reachable(wire)
    renew = server.wait(REQUEST, 8)
    assert renew.dst == HOST_MAC and renew[IP].dst == HOST_IP and renew[IP].src == GUEST_IP
    assert renew[BOOTP].ciaddr == GUEST_IP
    assert option(renew, "server_id") is None and option(renew, "requested_addr") is None
    server.answer(renew, ACK)
    server.answer(server.wait(REQUEST, 8), ACK)
    wait_reachable(wire)


def test_rebind(boot):
    """The server is silent at T1: at T2 the REQUEST is broadcast to any server."""
    _, wire, server = boot(lease=16, t1=3, t2=6)
    server.lease_once()
    wait_reachable(wire)
    rebind = wire.expect(lambda f: is_dhcp(REQUEST)(f) and f.dst == BROADCAST, 14, "a broadcast request")
    assert rebind[BOOTP].ciaddr == GUEST_IP and rebind[IP].src == GUEST_IP
    assert option(rebind, "server_id") is None
    server.answer(rebind, ACK)
    wait_reachable(wire)


def test_expired_lease_is_given_up(boot):
    """Nobody answers until the end: the address is gone, and it asks afresh."""
    _, wire, server = boot(lease=6, t1=2, t2=4)
    server.lease_once()
    wait_reachable(wire)
    wire.expect(is_dhcp(DISCOVER), 15, "a new DISCOVER")
    wire.expect_none(lambda f: f.src == GUEST_MAC and IP in f and f[IP].src == GUEST_IP, 1)


def test_nak_while_renewing(boot):
    """The address is given up at once and another one taken."""
    _, wire, server = boot(lease=20, t1=3, t2=10)
    server.lease_once()
    wait_reachable(wire)
    renew = server.wait(REQUEST, 8)
    server.answer(renew, NAK)
    server.address = wire.guest_ip = "10.77.0.3"
    server.lease_once()
    wait_reachable(wire)


def test_conflict_is_declined(boot):
    """Somebody answers the ARP probe: DECLINE, and another address is asked for."""
    _, wire, server = boot()
    server.answer(server.wait(DISCOVER), OFFER)
    server.answer(server.wait(REQUEST), ACK)
    wire.expect(lambda f: ARP in f and f[ARP].psrc == "0.0.0.0" and f[ARP].pdst == GUEST_IP, 5,
                "an ARP probe")
    other = "02:00:00:00:77:55"
    wire.send_frame(Ether(src=other, dst=GUEST_MAC)
                    / ARP(op=2, hwsrc=other, psrc=GUEST_IP, hwdst=GUEST_MAC, pdst="0.0.0.0"))
    decline = server.wait(DECLINE, 5)
    assert option(decline, "requested_addr") == GUEST_IP
    assert option(decline, "server_id") == HOST_IP
    server.address = wire.guest_ip = "10.77.0.3"
    server.lease_once()
    wait_reachable(wire)


MALFORMED = {
    "no cookie": lambda m: m[:236] + bytes(64),
    "cut in the header": lambda m: m[:100],
    "cut in an option": lambda m: m[:242],
    "option longer than the message": lambda m: m[:240] + b"\x35\x01\x02\x36\xff\x01",
    "no end option": lambda m: m[:240] + b"\x35\x01\x02",
    "empty message type": lambda m: m[:240] + b"\x35\x00\xff",
    "a request": lambda m: b"\x01" + m[1:],
    "wrong hardware length": lambda m: m[:2] + b"\x10" + m[3:],
    "empty": lambda m: b"",
}


def test_malformed_replies(boot):
    """None of them is taken for an offer; a good one afterwards is."""
    _, wire, server = boot()
    discover = server.wait(DISCOVER)
    good = bytes(BOOTP(op=2, xid=discover[BOOTP].xid, yiaddr="10.77.0.66",
                       chaddr=discover[BOOTP].chaddr)
                 / DHCP(options=[("message-type", OFFER), ("server_id", HOST_IP), "end"]))
    for spoil in MALFORMED.values():
        wire.send_frame(Ether(src=HOST_MAC, dst=BROADCAST) / IP(src=HOST_IP, dst="255.255.255.255")
                        / UDP(sport=67, dport=68) / Raw(spoil(good)))
    wire.expect_none(lambda f: is_dhcp(REQUEST)(f) and option(f, "requested_addr") == "10.77.0.66", 1.0)
    server.lease_once()
    wait_reachable(wire)


def test_offer_without_a_server_or_address_is_refused(boot):
    _, wire, server = boot()
    discover = server.wait(DISCOVER)
    server.answer(discover, OFFER, yiaddr="0.0.0.0")
    server.answer(discover, OFFER, yiaddr="255.255.255.255")
    server.answer(discover, OFFER, yiaddr="127.0.0.1")
    wire.expect_none(is_dhcp(REQUEST), 1.0)
    server.lease_once()
    wait_reachable(wire)


def test_dnsmasq(vm, tmp_path):
    """A real server: lease, router and name server, seen in its leases file."""
    ns = vm.netns()
    ns.popen(["dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts", "--no-ping", "--port=0",
              "--interface=tap0", "--bind-interfaces", "--user=root", "--pid-file=",
              f"--dhcp-leasefile={tmp_path}/leases", "--dhcp-authoritative",
              f"--dhcp-range={GUEST_IP},{GUEST_IP},255.255.255.0,1h"])
    guest = vm.boot_tap(ns=ns, app="httpd", static=False, ready=harness.HAS_ADDRESS)
    guest.wait_ready()
    assert guest.http_get()[0] == 200
    assert GUEST_IP in (tmp_path / "leases").read_text()


def test_static_configuration(vm):
    """ip=ADDRESS::GATEWAY:NETMASK::eth0:off sends no DHCP at all."""
    guest, wire = vm.boot_wire(app="echo")
    wire.ping(ident=0x5002)
    assert not any(DHCP in f for f in wire.seen)


def test_no_server_does_not_block_the_console(vm):
    """The program still starts (or waits) without harm: the machine answers its console."""
    guest = vm.boot(app="sh", net="dgram:" + wireless(vm), static=False, ready=None)
    guest.console.expect(harness.PROMPT, 60)
    guest.console.send("help\n")
    guest.console.expect(rb"poweroff")
    guest.console.send("poweroff\n")
    assert guest.wait_exit() == 0


def wireless(vm):
    """A cable with nobody at the other end."""
    wire = Wire()
    vm.wires.append(wire)
    return f"{wire.qemu_path}:{wire.our_path}"
