# SPDX-License-Identifier: BSD-2-Clause
"""Builds QEMU command lines for Barewire.

One place knows how the guest is started: `make run`, `make debug`, the guest tests, the debugger
tests and the benchmarks all go through QemuOptions.command().  Only the standard library is used.

Sources: QEMU 7.2's system emulation manual; the exit device is the one of its docs/system/i386
(isa-debug-exit: writing v ends QEMU with status (v << 1) | 1).
"""

import os
import shlex
import socket
from dataclasses import dataclass, field

# Emulated `rep movsb` runs byte by byte, so no guest is told that it is fast.
DEFAULT_CPU = "max,-erms,-fsrm"

EXIT_SUCCESS = 0x10
EXIT_FAILURE = 0x11
EXIT_PANIC = 0x7F

# What the guest wrote to the exit device, as the exit status of a command.
_STATUS = {EXIT_SUCCESS: 0, EXIT_FAILURE: 1, EXIT_PANIC: 2}


def translate_status(status):
    """The exit status of QEMU as the guest meant it: 0 success, 1 failure, 2 panic.

    Status 0 is an ordinary end (power off, monitor quit).  Anything that is not one of ours is
    given back unchanged; QEMU's own errors are 1 and stay 1.
    """
    if status > 1 and status & 1 and status >> 1 in _STATUS:
        return _STATUS[status >> 1]
    return status


def free_port(preferred=None):
    """A TCP port of 127.0.0.1 nobody listens on: the preferred one if it is free."""
    for port in (preferred, 0):
        if port is None:
            continue
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
            return s.getsockname()[1]
    raise OSError("no free TCP port")


@dataclass
class QemuOptions:
    """What a guest run wants; command() turns it into QEMU's words."""

    kernel: str = "build/barewire.elf"
    iso: str = ""
    initrd: str = ""
    append: str = ""
    machine: str = "pc"
    cpu: str = DEFAULT_CPU
    mem: str = "128"
    net: str = "user"  # user | tap:NAME | dgram:LOCAL:REMOTE | none
    hostfwd: list = field(default_factory=list)  # "tcp:127.0.0.1:8080-:80"
    nic: str = ""  # more properties of the NIC: "mrg_rxbuf=off,csum=off"
    mac: str = "52:54:00:12:34:56"
    force_legacy: bool = True  # microvm: register layout of virtio-mmio
    pcap: str = ""
    gdb: str = ""  # "tcp:127.0.0.1:1234", "unix:PATH,server=on,wait=off"
    stopped: bool = False
    ctrl_c_to_guest: bool = False  # with serial "stdio"
    serial: str = "stdio"  # stdio, stdio-plain or a chardev: null, unix:PATH..., file:PATH
    serial2: str = ""
    monitor: str = "none"
    rng: bool = False
    exit_device: bool = True
    extra: list = field(default_factory=list)

    def _boot(self):
        if self.iso:
            return ["-cdrom", self.iso, "-boot", "d"]
        words = ["-kernel", self.kernel]
        if self.initrd:
            words += ["-initrd", self.initrd]
        if self.append:
            words += ["-append", self.append]
        return words

    def _netdev(self):
        kind, _, rest = self.net.partition(":")
        if kind == "user":
            return "user,id=net0" + "".join(",hostfwd=" + f for f in self.hostfwd)
        if kind == "tap":
            return f"tap,id=net0,ifname={rest},script=no,downscript=no"
        if kind == "dgram":
            local, _, remote = rest.partition(":")
            return (f"dgram,id=net0,local.type=unix,local.path={local},"
                    f"remote.type=unix,remote.path={remote}")
        raise ValueError(f"unknown network {self.net!r}: user, tap:NAME, dgram:LOCAL:REMOTE, none")

    def _network(self):
        if self.net == "none":
            return ["-nic", "none"]
        if self.machine.startswith("microvm"):
            device = "virtio-net-device"
        else:
            # No option ROM: nothing of ours boots from the network, and scanning it takes time.
            device = "virtio-net-pci,romfile="
        device += f",id=nic0,netdev=net0,mac={self.mac}"
        if self.nic:
            device += "," + self.nic
        words = ["-netdev", self._netdev(), "-device", device]
        if self.pcap:
            words += ["-object", f"filter-dump,id=dump0,netdev=net0,file={self.pcap}"]
        return words

    def _consoles(self):
        if self.serial == "stdio":
            # Multiplexed with the monitor (Ctrl-a x ends QEMU); Ctrl-C is a signal, or the guest's.
            signal = "off" if self.ctrl_c_to_guest else "on"
            words = ["-chardev", f"stdio,id=console,mux=on,signal={signal}", "-mon",
                     "chardev=console", "-serial", "chardev:console"]
        elif self.serial == "stdio-plain":
            # For a program at the other end: nothing is interpreted.
            words = ["-chardev", "stdio,id=console,signal=off", "-serial", "chardev:console"]
        else:
            words = ["-serial", self.serial]
        if self.serial2:
            words += ["-serial", self.serial2]
        return words + ["-monitor", self.monitor]

    def _devices(self):
        words = []
        if self.machine.startswith("microvm"):
            legacy = "on" if self.force_legacy else "off"
            words += ["-global", f"virtio-mmio.force-legacy={legacy}"]
            rng = "virtio-rng-device"
        else:
            rng = "virtio-rng-pci"
        if self.rng:
            words += ["-device", rng]
        if self.exit_device:
            words += ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
        return words

    def _debugger(self):
        words = ["-gdb", self.gdb] if self.gdb else []
        return words + (["-S"] if self.stopped else [])

    def command(self):
        """The whole command line as a list of words."""
        qemu = os.environ.get("QEMU", "qemu-system-x86_64")
        return ([qemu, "-accel", "tcg", "-nodefaults", "-no-user-config", "-no-reboot",
                 "-display", "none", "-machine", self.machine, "-cpu", self.cpu, "-m", self.mem]
                + self._boot() + self._network() + self._consoles() + self._devices()
                + self._debugger() + list(self.extra))

    def command_text(self):
        """The command line as one would type it."""
        return shlex.join(self.command())
