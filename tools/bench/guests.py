# SPDX-License-Identifier: BSD-2-Clause
"""The two guests of a benchmark: the same QEMU, NIC and programs, another kernel.

Each has its own network namespace with a TAP device and the same addresses, one virtual CPU, and
the instruction counter of insn_plugin.c.
"""

import contextlib
import mmap
import os
import re
import select
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.realpath(os.path.join(HERE, "../.."))
sys.path[:0] = [HERE, os.path.join(ROOT, "tools")]
import linux_guest  # noqa: E402
import netns  # noqa: E402
import qemu  # noqa: E402

BUILD = os.path.join(ROOT, "build/bench")
GUEST_IP, HOST_IP = "10.78.0.2", "10.78.0.1"
STATIC_IP = f"ip={GUEST_IP}::{HOST_IP}:255.255.255.0::eth0:off"
READY = re.compile(rb"listening on (port|UDP port)[^\n]*\n")


class GuestFailed(Exception):
    """The guest did not come up or gave a wrong answer."""


class Kind:
    """What to boot: kernel, initramfs, words that this kernel needs besides."""

    def __init__(self, name, kernel, initrd="", words=""):
        self.name, self.kernel, self.initrd, self.words = name, kernel, initrd, words


class Packed:
    """A program of Debian as it is, with its libraries and files in an archive for both kernels."""

    def __init__(self, program, args, files=(), ready=None):
        """files is {place in the archive: bytes}; ready is what the program says when it serves."""
        self.program = shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin")
        if not self.program:
            raise GuestFailed(f"{program} is not installed: run tools/setup bench")
        self.args, self.ready = args, ready and re.compile(ready)
        self.archive = os.path.join(BUILD, f"{program}.cpio")
        with tempfile.TemporaryDirectory() as folder:
            names = []
            for number, (place, data) in enumerate(files.items()):
                with open(f"{folder}/{number}", "wb") as f:
                    f.write(data)
                names.append(f"{folder}/{number}={place}")
            linux_guest.run([sys.executable, os.path.join(ROOT, "tools/mkrootfs"), "-o",
                             self.archive, self.program, *names])

    def initrd(self, kind):
        """For Linux one file: the program's archive, and over it the one that starts it."""
        if not kind.initrd:
            return self.archive
        joined = self.archive + ".linux"
        with open(joined, "wb") as out:
            for path in (self.archive, kind.initrd):
                with open(path, "rb") as f:
                    shutil.copyfileobj(f, out)
                out.write(bytes(-out.tell() % 512))
        return joined

    def words(self, kind):
        """What names the program to this kernel."""
        return f"app=..{self.program}" if kind.initrd else f"rdinit={self.program}"


def build_plugin():
    """Compile the counter for this machine's QEMU."""
    os.makedirs(BUILD, exist_ok=True)
    out = os.path.join(BUILD, "insn_plugin.so")
    linux_guest.run(["gcc", "-O2", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", out,
                     os.path.join(HERE, "insn_plugin.c")])
    return out


def barewire_kind(kernel=None):
    """The image that make built."""
    return Kind("Barewire", kernel or os.path.join(ROOT, "build/barewire.elf"))


def linux_kind():
    """Debian's cloud kernel with our programs compiled for Linux."""
    vmlinuz, modules = linux_guest.fetch_kernel(BUILD)
    programs = linux_guest.build_programs(ROOT)
    initrd = os.path.join(BUILD, "initramfs.gz")
    linux_guest.build_initramfs(modules, programs, initrd)
    return Kind("Linux", vmlinuz, initrd, "console=ttyS0 quiet panic=-1")


class Guest:
    """One running guest with its namespace."""

    def __init__(self, kind, plugin, app, args=(), mem="256", machine="pc", prepare=None):
        """prepare(ns) is called before the guest starts, to have servers there for it."""
        self.kind = kind
        packed = app if isinstance(app, Packed) else None
        self.ready = packed.ready if packed else READY
        self.folder = tempfile.mkdtemp(prefix="bw-bench-")
        self.ns = netns.NetNs()
        self.ns.add_tap("tap0", f"{HOST_IP}/24")
        words = [kind.words, STATIC_IP, packed.words(kind) if packed else f"app={app}"]
        args = packed.args if packed else args
        if args:
            words += ["--", *args]
        options = qemu.QemuOptions(
            kernel=kind.kernel, initrd=packed.initrd(kind) if packed else kind.initrd,
            append=" ".join(filter(None, words)), net="tap:tap0", mem=str(mem), machine=machine,
            serial="stdio-plain", extra=["-plugin", f"{plugin},count={self.folder}/count"])
        if prepare:
            prepare(self.ns)
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.ns.wrap(options.command()), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.text = b""
        self._counter = None

    def wait_port(self, port, timeout):
        """Until the program accepts connections."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                return self.connect(port, 2).close()
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise GuestFailed(f"{self.kind.name}: nothing listens on {port}") from None
                time.sleep(0.1)

    def wait_ready(self, timeout=60, pattern=None):
        """Until the program says that it serves."""
        pattern = pattern or self.ready
        deadline = time.monotonic() + timeout
        while not pattern.search(self.text):
            left = deadline - time.monotonic()
            ready, _, _ = select.select([self.process.stdout], [], [], max(left, 0))
            data = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not data:
                why = "ended" if ready else f"was silent for {timeout} s"
                raise GuestFailed(f"{self.kind.name} {why}: ...{self.text[-600:]!r}")
            self.text += data
        return self

    def instructions(self):
        """Guest instructions executed so far."""
        if self._counter is None:
            with open(f"{self.folder}/count", "r+b") as f:
                self._counter = mmap.mmap(f.fileno(), 4096)
        return struct.unpack_from("<Q", self._counter)[0]

    def connect(self, port, timeout=30):
        s = self.ns.connect((GUEST_IP, port), timeout)
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s

    def drain_console(self):
        """Keep the console's pipe from filling up."""
        while select.select([self.process.stdout], [], [], 0)[0]:
            data = os.read(self.process.stdout.fileno(), 65536)
            if not data:
                return
            self.text += data

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        if self._counter:
            self._counter.close()
        self.ns.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def running(*args, **kw):
    """A guest for the length of a with statement."""
    guest = Guest(*args, **kw)
    try:
        yield guest
    finally:
        guest.close()
