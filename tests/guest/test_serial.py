# SPDX-License-Identifier: BSD-2-Clause
"""The serial ports: console words, the second port, floods in both directions, Ctrl-C."""

import contextlib
import os
import re
import socket
import tempfile
import time

import harness
import pytest

PROMPT = rb"# $"


class Port:
    """The other end of a guest's second serial port."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="bw-tty-")
        self.path = os.path.join(self.folder, "port")
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(1)
        self.listener.settimeout(20)
        self.line = None
        self.text = b""

    @property
    def chardev(self):
        return f"unix:{self.path}"

    def accept(self):
        self.line, _ = self.listener.accept()
        self.line.settimeout(0.2)

    def expect(self, pattern, timeout=20):
        deadline = time.monotonic() + timeout
        while not (found := re.search(pattern, self.text, re.S)):
            assert time.monotonic() < deadline, f"no {pattern!r} in {self.text[-500:]!r}"
            with contextlib.suppress(socket.timeout):
                self.text += self.line.recv(65536)
        return found

    def send(self, data):
        self.line.sendall(data)

    def close(self):
        for s in (self.line, self.listener):
            if s:
                s.close()
        os.unlink(self.path)
        os.rmdir(self.folder)


@pytest.fixture
def port():
    p = Port()
    yield p
    p.close()


def boot_shell(vm, port=None, **options):
    guest = vm.boot(app="sh", ready=None, net="none", static=False, serial2=port.chardev if port else "",
                    **options)
    if port:
        port.accept()
    guest.console.expect(PROMPT, harness.BOOT_TIMEOUT)
    return guest


def test_second_port_is_free_for_the_program(vm, port):
    guest = boot_shell(vm, port)
    guest.console.send("echo to the other side > /dev/ttyS1\n")
    port.expect(rb"to the other side\n")
    guest.console.send("cat /dev/ttyS1\n")
    time.sleep(0.5)
    port.send(b"from the other side\n")
    guest.console.expect(rb"\nfrom the other side\r?\n")
    # Bytes pass unchanged, and none comes back as an echo.
    assert port.text == b"to the other side\n"
    assert b"Barewire" not in port.text  # the log is not here


def test_kernel_log_on_both_ports(vm, port):
    guest = vm.boot(app="sh", words="console=ttyS0 console=ttyS1,115200n8", ready=None, net="none",
                    static=False, serial2=port.chardev)
    port.accept()
    port.expect(rb"Barewire [0-9.]+ on")
    port.expect(PROMPT)  # the last console= is /dev/console
    assert b"Barewire 0" in guest.console.text
    assert not re.search(PROMPT, guest.console.text)


def test_quiet_and_loglevel(vm):
    guest = boot_shell(vm, words="quiet")
    assert not re.search(rb"\[ +\d+\.\d+\] ", guest.console.text)
    guest.console.send("dmesg\n")
    guest.console.expect(rb"clock: TSC at")  # it is in the log all the same


def test_debug_shows_the_init_steps(vm):
    guest = boot_shell(vm, words="loglevel=8")
    assert re.search(rb"\] init: clock", guest.console.text)


def test_output_is_complete_and_in_order(vm):
    """Far more than the ring takes; the writer waits for the line."""
    guest = boot_shell(vm)
    for _ in range(3):
        guest.console.send("help\n")
        guest.console.expect(rb"Programs:[^\n]*\n", 30)
        guest.console.expect(PROMPT)
    start = len(guest.console.text)
    guest.console.send("sysctl -a\n")
    guest.console.expect(PROMPT, 60)
    first = guest.console.text[start:]
    start = len(guest.console.text)
    guest.console.send("sysctl -a\n")
    guest.console.expect(PROMPT, 60)
    names = [re.findall(rb"(?m)^([a-z0-9_.]+) = ", text)
             for text in (first, guest.console.text[start:])]
    assert len(names[0]) > 50 and names[0] == names[1]


def test_a_long_paste_arrives(vm, port):
    """200 lines at once on the second port, as fast as QEMU can give them."""
    guest = boot_shell(vm, port)
    guest.console.send("cat /dev/ttyS1\n")
    time.sleep(0.5)
    lines = [b"line %03d of a paste" % i for i in range(200)]
    port.send(b"\n".join(lines) + b"\n")
    guest.console.expect(rb"line 199 of a paste\r?\n", 30)
    text = guest.console.text
    positions = [text.find(line + b"\r\n") for line in lines]
    assert -1 not in positions and positions == sorted(positions)


def test_ctrl_c_ends_the_program_in_the_foreground(vm):
    guest = boot_shell(vm)
    guest.console.send("discard\n")
    guest.console.expect(harness.READY)
    guest.console.send("\x03")
    guest.console.expect(PROMPT)
    guest.console.send("echo still here\n")
    guest.console.expect(rb"\nstill here")


def test_ctrl_c_ends_a_program_without_a_shell(vm):
    guest = vm.boot()
    guest.expected_status = 1  # not a success
    guest.console.send("\x03")
    assert guest.wait_exit(20) == 1
    assert b"interrupted from the console" in guest.console.text
