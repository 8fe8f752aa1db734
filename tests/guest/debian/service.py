# SPDX-License-Identifier: BSD-2-Clause
"""Programs of Debian packages as machines: packed by tools/mkrootfs, booted, under load.

Nothing is changed in the programs.  BW_LOAD_SECONDS says how long each load runs (5 by default;
`make programs` takes 60).
"""

import contextlib
import os
import shlex
import shutil
import struct
import subprocess
import sys
import time

import harness

LOAD_SECONDS = float(os.environ.get("BW_LOAD_SECONDS", "5"))
MKROOTFS = os.path.join(harness.ROOT, "tools/mkrootfs")


def program(name):
    """The path of a program that tools/setup installs."""
    path = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    assert path, f"{name} is not installed: run tools/setup"
    return path


def quoted(word):
    """A word for the kernel's command line, which knows double quotes."""
    assert '"' not in word
    return f'"{word}"' if not word or any(c.isspace() for c in word) else word


class Service:
    """One program of Debian in one guest on a TAP device."""

    def __init__(self, vm, name, args=(), files=(), ns=None, **options):
        self.name = name
        self.ns = ns or vm.netns()
        archive = os.path.join(harness.LOGS, f"{vm.name.replace('/', '_')}.cpio")
        os.makedirs(harness.LOGS, exist_ok=True)
        packed = subprocess.run([sys.executable, MKROOTFS, "-o", archive, program(name), *files],
                                capture_output=True, text=True)
        assert packed.returncode == 0, packed.stderr
        ready = options.pop("ready", None)
        words = options.pop("words", "")
        words = f"rdinit={program(name)} {words}"
        options.setdefault("append", harness.kernel_words(
            None, [quoted(w) for w in args], options.pop("static", True), words))
        self.guest = vm.boot(ns=self.ns, net="tap:tap0", initrd=archive, ready=None, **options)
        if ready:
            self.guest.wait_ready(ready)

    def wait_port(self, port, timeout=harness.BOOT_TIMEOUT):
        """Until the program accepts connections."""
        deadline = time.monotonic() + timeout
        while True:
            try:
                return self.guest.connect(port, 2).close()
            except OSError:
                assert self.guest.process.poll() is None, "the guest ended before it listened"
                assert time.monotonic() < deadline, f"nothing listens on port {port}"
                time.sleep(0.1)

    def run(self, command, **kw):
        """Run a client on the host's side; it must end well."""
        command = shlex.split(command) if isinstance(command, str) else command
        kw.setdefault("timeout", 120 + 3 * LOAD_SECONDS)
        done = self.ns.run(command, **kw)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def free_pages(self):
        """Free pages of the machine, read from outside through QEMU's monitor."""
        return self.guest.read_u64("zone.free_pages")

    @contextlib.contextmanager
    def steady_memory(self, allowed_pages=256):
        """What runs inside may not leave more memory taken than it found, but for a rest."""
        before = self.free_pages()
        yield
        deadline = time.monotonic() + 30
        # Connections in TIME-WAIT and what is on its way go by themselves.
        while self.free_pages() < before - allowed_pages and time.monotonic() < deadline:
            time.sleep(0.5)
        after = self.free_pages()
        assert after >= before - allowed_pages, f"{before - after} pages fewer are free"

    def power_button(self, status=0):
        """Press it: the program gets SIGTERM and ends, and the machine with it."""
        self.guest.expected_status = status
        self.guest.monitor("system_powerdown")
        got = self.guest.wait_exit(60)
        assert got == status, f"the guest ended with {got}, not {status}"


def for_load(once):
    """Repeat a piece of load until its time is over; at least twice. Gives the last result."""
    end = time.monotonic() + LOAD_SECONDS
    result = once()
    while True:
        result = once()
        if time.monotonic() >= end:
            return result


def pattern(size, seed=1):
    """Bytes that are told apart at every place."""
    out = bytearray()
    value = seed
    while len(out) < size:
        value = value * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
        out += struct.pack("<Q", value)
    return bytes(out[:size])
