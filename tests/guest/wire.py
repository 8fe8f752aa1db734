# SPDX-License-Identifier: BSD-2-Clause
"""The other end of the guest's cable, frame by frame, in the test's own hands.

QEMU's dgram network backend carries one Ethernet frame in each datagram of a Unix socket, so no
privileges, devices or host stack are involved: what scapy builds is what the NIC gets, and what the
guest sends is what the test sees.  Wire answers ARP for its address as a host would, unless told
not to.
"""

import fcntl
import os
import random
import select
import shutil
import socket
import struct
import tempfile
import threading
import time

from scapy.config import conf
from scapy.layers.inet import ICMP, IP, TCP, UDP  # noqa: F401 (for the tests)
from scapy.layers.l2 import ARP, Ether
from scapy.packet import NoPayload, Raw

import harness

conf.verb = 0

HOST_IP, GUEST_IP, GUEST_MAC = harness.HOST_IP, harness.GUEST_IP, harness.GUEST_MAC
HOST_MAC = "02:00:00:00:77:01"
BROADCAST = "ff:ff:ff:ff:ff:ff"


class Wire:
    """A peer with one address; frames in and out."""

    def __init__(self, ip=HOST_IP, mac=HOST_MAC):
        self.ip, self.mac = ip, mac
        self.guest_ip, self.guest_mac = GUEST_IP, GUEST_MAC
        self.folder = tempfile.mkdtemp(prefix="bw-")
        self.our_path = os.path.join(self.folder, "t")
        self.qemu_path = os.path.join(self.folder, "q")
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20)
        self.sock.bind(self.our_path)
        self.answer_arp = True
        self.seen = []

    def close(self):
        self.sock.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # Sending.

    def send_frame(self, frame):
        """Put bytes or a scapy frame on the wire as they are."""
        self.sock.sendto(bytes(frame), self.qemu_path)

    def send(self, packet, dst=None):
        """Send an IP packet (or anything above Ethernet) to the guest."""
        self.send_frame(Ether(src=self.mac, dst=dst or self.guest_mac) / packet)

    def ip_packet(self, payload, **fields):
        """An IP packet from us to the guest."""
        return IP(src=fields.pop("src", self.ip), dst=fields.pop("dst", self.guest_ip),
                  **fields) / payload

    # Receiving.

    def _read(self, timeout):
        self.sock.settimeout(max(timeout, 0.0001))
        try:
            frame = Ether(self.sock.recv(70000))
        except (TimeoutError, BlockingIOError):
            return None
        self.seen.append(frame)
        return frame

    def _service(self, frame):
        """Answer ARP for our address, as our kernel would."""
        if self.answer_arp and ARP in frame and frame[ARP].op == 1 and frame[ARP].pdst == self.ip:
            if frame[ARP].psrc != "0.0.0.0":
                self.send(ARP(op=2, hwsrc=self.mac, psrc=self.ip, hwdst=frame[ARP].hwsrc,
                              pdst=frame[ARP].psrc))

    def receive(self, want, timeout=5.0):
        """The next frame for which want(frame) holds, or None; others are dropped."""
        deadline = time.monotonic() + timeout
        while True:
            left = deadline - time.monotonic()
            frame = self._read(left) if left > 0 else None
            if frame is None:
                return None
            self._service(frame)
            if want(frame):
                return frame

    def expect(self, want, timeout=5.0, what="the frame"):
        """Like receive, but the frame must come."""
        start = len(self.seen)
        frame = self.receive(want, timeout)
        if frame is None:
            came = "\n".join(f.summary() for f in self.seen[start:]) or "nothing"
            raise AssertionError(f"{what} did not come within {timeout} s; there came:\n{came}")
        return frame

    def expect_none(self, want, timeout=1.0, what="frame"):
        """No such frame may come for a while."""
        frame = self.receive(want, timeout)
        assert frame is None, f"unexpected {what}: {frame.summary()}"

    def drain(self, quiet=0.2):
        """Drop everything until the wire is quiet."""
        while True:
            frame = self._read(quiet)
            if frame is None:
                return
            self._service(frame)

    def collect(self, want, seconds):
        """All matching frames of a period."""
        found, deadline = [], time.monotonic() + seconds
        while time.monotonic() < deadline:
            frame = self._read(deadline - time.monotonic())
            if frame is not None:
                self._service(frame)
                found += [frame] if want(frame) else []
        return found

    # Conversations.

    def resolve(self, timeout=5.0):
        """Ask for the guest's MAC by ARP, which also teaches the guest ours."""
        self.send(ARP(op=1, hwsrc=self.mac, psrc=self.ip, pdst=self.guest_ip), dst=BROADCAST)
        return self.expect(lambda f: ARP in f and f[ARP].op == 2 and f[ARP].psrc == self.guest_ip,
                           timeout, "an ARP reply")

    def ping(self, ident=0x4242, seq=1, data=b"barewire", timeout=5.0, **ip):
        """An echo request and its reply."""
        self.send(self.ip_packet(ICMP(type=8, id=ident, seq=seq) / Raw(data), **ip))
        return self.expect(lambda f: ICMP in f and f[ICMP].type == 0 and f[ICMP].id == ident
                           and f[ICMP].seq == seq, timeout, "an echo reply")


def payload(packet):
    """The bytes above a TCP or UDP header (without Ethernet's padding)."""
    ip = packet[IP]
    total = ip.len - ip.ihl * 4
    if TCP in packet:
        return bytes(packet[TCP].payload)[:total - packet[TCP].dataofs * 4]
    inner = packet[UDP].payload
    return b"" if isinstance(inner, NoPayload) else bytes(inner)[:packet[UDP].len - 8]


def add32(a, b):
    """Sequence number arithmetic."""
    return (a + b) & 0xFFFFFFFF


class TcpPeer:
    """One TCP connection of ours to the guest, segment by segment.

    `snd` is the next sequence number we send, `rcv` the next we expect.
    """

    def __init__(self, wire, dport=7, sport=None, isn=None, window=65535, src=None):
        self.wire = wire
        self.dport = dport
        self.sport = sport or random.randrange(20000, 60000)
        self.snd = random.getrandbits(32) if isn is None else isn
        self.isn = self.snd
        self.rcv = 0
        self.window = window
        self.src = src or wire.ip
        self.synack = None

    def segment(self, flags, data=b"", seq=None, ack=None, **fields):
        """Build a segment; nothing is sent."""
        fields.setdefault("window", self.window)
        tcp = TCP(sport=self.sport, dport=self.dport, flags=flags,
                  seq=self.snd if seq is None else seq, ack=self.rcv if ack is None else ack, **fields)
        packet = self.wire.ip_packet(tcp, src=self.src)
        return packet / Raw(data) if data else packet

    def send(self, flags, data=b"", **fields):
        """Send a segment at SND.NXT (or at seq=...) and move on past what it holds."""
        moves = "seq" not in fields
        self.wire.send(self.segment(flags, data, **fields))
        if moves:
            self.snd = add32(self.snd, len(data) + ("S" in flags) + ("F" in flags))

    def is_ours(self, frame):
        """Is it a segment of this connection from the guest?"""
        return (TCP in frame and frame[IP].src == self.wire.guest_ip
                and frame[TCP].sport == self.dport and frame[TCP].dport == self.sport)

    def expect(self, flags=None, timeout=5.0, want=lambda f: True, without=""):
        """The next segment from the guest that has these flags (and not those)."""
        def fits(frame):
            if not self.is_ours(frame):
                return False
            have = str(frame[TCP].flags)
            if flags is not None and not all(c in have for c in flags):
                return False
            return not any(c in have for c in without) and want(frame)
        return self.wire.expect(fits, timeout, f"a segment with {flags or 'any flags'}")

    def expect_none(self, timeout=1.0, want=lambda f: True):
        """Silence from the guest on this connection."""
        self.wire.expect_none(lambda f: self.is_ours(f) and want(f), timeout, "segment")

    def syn(self, options=(("MSS", 1460),), **fields):
        """Send our SYN."""
        self.send("S", options=list(options), ack=0, **fields)

    def open(self, options=(("MSS", 1460),), timeout=5.0):
        """The whole handshake."""
        self.syn(options)
        self.synack = self.expect("SA", timeout)
        self.rcv = add32(self.synack[TCP].seq, 1)
        assert self.synack[TCP].ack == self.snd
        self.send("A")
        return self

    def take(self, frame):
        """Count a received segment's text and FIN into RCV.NXT if it is in order; gives the text."""
        data = payload(frame)
        if frame[TCP].seq == self.rcv:
            self.rcv = add32(self.rcv, len(data) + ("F" in str(frame[TCP].flags)))
        return data

    def read(self, count, timeout=5.0, ack=True):
        """Receive count bytes in order, acknowledging each segment."""
        data, deadline = b"", time.monotonic() + timeout
        while len(data) < count:
            frame = self.expect(None, deadline - time.monotonic(),
                                lambda f: payload(f) != b"" and f[TCP].seq == self.rcv)
            data += self.take(frame)
            if ack:
                self.send("A")
        return data

    def reset(self):
        """Be gone."""
        self.send("RA")


def options_of(frame):
    """{name: value} of a segment's TCP options."""
    return dict(frame[TCP].options)


class Cable:
    """A bad cable between a guest's dgram network and a TAP device: loses, doubles, reorders.

    Seeded, so that a failure comes again.  The host's real TCP is at the other end of the TAP.
    """

    def __init__(self, ns, name="tap0", loss=0.0, double=0.0, reorder=0.0, seed=1):
        self.wire = Wire()
        self.chance = (loss, double, reorder)
        self.random = random.Random(seed)
        self.counts = {"passed": 0, "lost": 0, "doubled": 0, "reordered": 0}
        self.held = {}
        with ns.inside():
            self.tap = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
            tap_no_pi = 0x0002 | 0x1000
            fcntl.ioctl(self.tap, 0x400454CA, struct.pack("16sH22x", name.encode(), tap_no_pi))
        ns.ip("link", "set", name, "up")
        ns.ip("addr", "add", f"{HOST_IP}/24", "dev", name)
        self.running = True
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def net_option(self):
        """The guest's --net word."""
        return f"dgram:{self.wire.qemu_path}:{self.wire.our_path}"

    def _out(self, side, frame):
        try:
            if side == "tap":
                os.write(self.tap, frame)
            else:
                self.wire.send_frame(frame)
        except OSError:
            pass

    def _pass(self, side, frame):
        loss, double, reorder = self.chance
        dice = self.random.random()
        if dice < loss:
            self.counts["lost"] += 1
            return
        if dice < loss + reorder and side not in self.held:
            self.counts["reordered"] += 1
            self.held[side] = frame
            return
        self._out(side, frame)
        self.counts["passed"] += 1
        if dice > 1 - double:
            self.counts["doubled"] += 1
            self._out(side, frame)
        if side in self.held:
            self._out(side, self.held.pop(side))

    def _run(self):
        self.wire.sock.setblocking(False)
        while self.running:
            ready, _, _ = select.select([self.tap, self.wire.sock], [], [], 0.02)
            if not ready:
                for side in list(self.held):
                    self._out(side, self.held.pop(side))
            if self.tap in ready:
                self._pass("wire", os.read(self.tap, 70000))
            if self.wire.sock in ready:
                self._pass("tap", self.wire.sock.recv(70000))

    def close(self):
        self.running = False
        self.thread.join()
        os.close(self.tap)
        self.wire.close()
