# SPDX-License-Identifier: BSD-2-Clause
"""One guest of compare-linux: QEMU, the far end of its cable, and the agent on its second serial port.

The cable is a pair of Unix datagram sockets (QEMU's dgram backend: a frame a datagram), so no host
stack is in the way, no device is made and no privilege is needed.  Everything runs in one asyncio
loop; many scripts use a guest at a time, each with an address of its own (Linux keeps what it learns
of a path by address).
"""

import asyncio
import collections
import contextlib
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.realpath(os.path.join(HERE, "../.."))
sys.path[:0] = [os.path.join(ROOT, "tools"), os.path.join(ROOT, "tools/bench")]
import linux_guest  # noqa: E402
import qemu  # noqa: E402
import segment  # noqa: E402

BUILD = os.path.join(ROOT, "build/compare")
GUEST_IP = "10.79.0.2"
# Everything but the guest is reached over the cable.
STATIC_IP = f"ip={GUEST_IP}:::255.255.0.0::eth0:off"
GUEST_MAC = bytes.fromhex("525400123456")
MEMORY = "256"
BOOT_TIMEOUT = 120
CALL_TIMEOUT = 60

# Linux derives these from the memory that is left after boot; both guests get the same.
SAME_LIMITS = ("sysctl tcp_rmem 4096,131072,6291456;sysctl tcp_wmem 4096,16384,4194304;"
               "sysctl tcp_mem 20000,30000,40000;sysctl tcp_max_syn_backlog 4096")


class GuestFailed(Exception):
    """The guest did not come up, or does not answer."""


def make(*words):
    """Run make for an image, apart from the variables of the make that called."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    linux_guest.run(["make", "-s", "-j2", "-C", ROOT, *words], env=env)


def barewire_words():
    """QEMU's options for Barewire with the agent linked in."""
    agent = os.path.join(HERE, "agent.c")
    make("BUILD=build/compare/barewire", f"APP_SRC={agent}")
    return {"kernel": os.path.join(BUILD, "barewire/barewire.elf"), "append": STATIC_IP}


def linux_words():
    """QEMU's options for Debian's kernel with the agent in an initramfs."""
    vmlinuz, modules = linux_guest.fetch_kernel(os.path.join(ROOT, "build/bench"))
    program = os.path.join(BUILD, "agent")
    os.makedirs(BUILD, exist_ok=True)
    linux_guest.run(["gcc", "-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-static",
                     "-o", program, os.path.join(HERE, "agent.c")])
    initrd = os.path.join(BUILD, "initramfs.gz")
    linux_guest.build_initramfs(modules, {"agent": program}, initrd)
    return {"kernel": vmlinuz, "initrd": initrd,
            "append": f"console=ttyS0 quiet panic=-1 {STATIC_IP} app=agent"}


class Guest:
    """A running guest."""

    def __init__(self, name, words):
        self.name, self.words = name, words
        self.folder = tempfile.mkdtemp(prefix="bw-compare-")
        self.console = os.path.join(BUILD, f"console-{name}.log")
        self.peers = {}  # address -> what gets its segments
        self.echoes = {}  # (address, number) -> Future
        self.lock = asyncio.Lock()
        self.unsent = collections.deque()
        self.numbers = 0
        self.process = self.reader = self.writer = None
        self.slots = iter(range(1 << 20))
        self.ports = iter(range(1024, 60000))
        self.addresses = iter(f"10.79.{n >> 8}.{n & 255}" for n in range(256, 65000)
                              if n & 255 not in (0, 255))

    async def start(self):
        """Boot; returns when the agent answers."""
        connected = asyncio.get_running_loop().create_future()

        def on_connect(reader, writer):
            self.reader, self.writer = reader, writer
            connected.set_result(True)

        server = await asyncio.start_unix_server(on_connect, f"{self.folder}/tty", limit=1 << 20)
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20)
        self.sock.bind(f"{self.folder}/t")
        self.sock.setblocking(False)
        asyncio.get_running_loop().add_reader(self.sock, self._readable)
        options = qemu.QemuOptions(
            net=f"dgram:{self.folder}/q:{self.folder}/t", mem=MEMORY, rng=self.name == "barewire",
            serial=f"file:{self.console}", serial2=f"unix:{self.folder}/tty", **self.words)
        self.process = subprocess.Popen(options.command(), stdin=subprocess.DEVNULL)
        try:
            await asyncio.wait_for(connected, BOOT_TIMEOUT)
            line = await asyncio.wait_for(self.reader.readline(), BOOT_TIMEOUT)
        except asyncio.TimeoutError:
            line = b""
        server.close()
        if line.strip() != b"ready":
            raise GuestFailed(f"{self.name} did not come up ({line!r}): see {self.console}")
        await self.call(SAME_LIMITS)
        return self

    def close(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            asyncio.get_running_loop().remove_reader(self.sock)
            self.sock.close()
        if self.writer:
            self.writer.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def console_text(self):
        with contextlib.suppress(OSError), open(self.console, errors="replace") as f:
            return f.read()
        return ""

    # The agent.

    async def call(self, text, began=None):
        """Run commands; gives the list of results (int, or str where a command says more).

        began is called when the line goes out: others may be before it.
        """
        async with self.lock:
            if began:
                began()
            self.writer.write(text.encode() + b"\n")
            try:
                line = await asyncio.wait_for(self.reader.readline(), CALL_TIMEOUT)
            except asyncio.TimeoutError:
                line = b""
        if not line.endswith(b"\n"):
            raise GuestFailed(f"{self.name}: no answer to {text[:200]!r}")
        words = line.decode().strip().split(";")
        return [int(w) if w.lstrip("-").isdigit() else w for w in words]

    # The cable.

    def send(self, packet):
        """Put an IP packet on the wire."""
        self._send_frame(segment.frame(GUEST_MAC, packet))

    def _send_frame(self, frame):
        self.unsent.append(frame)
        if len(self.unsent) == 1:
            self._flush()

    def _flush(self):
        """QEMU takes a few frames at a time; the rest goes a moment later."""
        while self.unsent:
            try:
                self.sock.sendto(self.unsent[0], f"{self.folder}/q")
            except BlockingIOError:
                asyncio.get_running_loop().call_later(0.0005, self._flush)
                return
            self.unsent.popleft()

    def _readable(self):
        loop = asyncio.get_running_loop()
        for _ in range(64):
            try:
                data = self.sock.recv(70000)
            except BlockingIOError:
                return
            self._frame(data, loop.time())

    def _frame(self, data, now):
        kind = data[12:14]
        if kind == b"\x08\x06":
            reply = segment.arp_reply(data[14:])
            if reply:
                self._send_frame(reply)
            return
        if kind != b"\x08\x00" or len(data) < 34:
            return
        packet = data[14:]
        where = socket.inet_ntoa(packet[16:20])
        if packet[9] == 6 and where in self.peers:
            self.peers[where].arrived(segment.parse_tcp(packet, now))
        elif packet[9] == 1 and packet[20] == 0:
            waiting = self.echoes.pop((where, struct.unpack_from(">H", packet, 26)[0]), None)
            if waiting and not waiting.done():
                waiting.set_result(True)

    async def barrier(self, address):
        """Until the guest has handled what was sent to it before: an echo request goes behind it."""
        for _ in range(20):
            self.numbers = (self.numbers + 1) & 0xFFFF
            key = (address, self.numbers)
            waiting = self.echoes[key] = asyncio.get_running_loop().create_future()
            self.send(segment.icmp_packet(address, GUEST_IP, 8, 0, 0x42420000 | self.numbers))
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(waiting, 2)
                return
            self.echoes.pop(key, None)
        raise GuestFailed(f"{self.name} does not answer an echo request")
