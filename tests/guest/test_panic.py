# SPDX-License-Identifier: BSD-2-Clause
"""What the kernel says when it breaks: selftest=NAME makes it break in a known way."""

import os
import re

import harness
import pytest

FRAME = rb"(?m)\b([a-z_]\w+)\+0x[0-9a-f]+"


def break_it(vm, name, **options):
    guest = vm.boot(words=f"slab_check=1 selftest={name}", ready=None, **options)
    guest.expected_status = 2
    guest.expect_trouble("a panic", "a warning", "a failed assertion", "a leak report")
    status = guest.wait_exit(60)
    return guest, status, guest.console.text


def frames(text):
    """Names of the functions in the backtrace, innermost first."""
    return [m.decode() for m in re.findall(FRAME, text)]


@pytest.mark.parametrize("name, says", [
    ("panic", rb"(?i)kernel panic: asked for"),
    ("bug", rb"(?i)bug.*selftest"),
    ("nullderef", rb"(?i)page fault|null pointer"),
    ("divide", rb"(?i)divide"),
    ("stackoverflow", rb"(?i)guard|stack overflow|double fault"),
    ("textwrite", rb"(?i)page fault"),
    ("nxexec", rb"(?i)page fault"),
    ("uaf", rb"(?i)use.after.free|poison|freed"),
    ("doublefree", rb"(?i)double free|freed twice|already free"),
    ("overrun", rb"(?i)redzone|overrun|overwritten"),
])
@pytest.mark.parametrize("machine", ["pc", "microvm"])
def test_panic(vm, name, says, machine):
    """A reason, a backtrace with names, and the panic status at the exit device."""
    _, status, text = break_it(vm, name, machine=machine)
    assert status == 2, text[-2000:]
    assert re.search(says, text), text[-2000:]
    names = frames(text)
    assert any("selftest" in n or "recurse" in n for n in names), names


def test_no_page_is_writable_and_executable(vm):
    """selftest=wx walks the live page tables."""
    guest = vm.boot(words="selftest=wx")
    assert b"wx: 0 bad pages" in guest.console.text


@pytest.mark.parametrize("name", ["nullderef", "stackoverflow"])
def test_registers_are_printed(vm, name):
    _, _, text = break_it(vm, name)
    for register in (rb"RIP", rb"RSP", rb"RAX", rb"R15", rb"CR2"):
        assert re.search(register, text, re.I), register


def test_backtrace_is_whole(vm):
    """From the place of the fault to the thread's first function."""
    _, _, text = break_it(vm, "nullderef")
    names = frames(text)
    assert len(names) >= 3, names


def test_warning_does_not_stop(vm):
    """WARN_ON: the line and a backtrace, then the machine goes on and serves."""
    guest = vm.boot(words="selftest=warn")
    guest.expect_trouble("a warning")
    assert re.search(rb"WARNING: [\w/.]+:\d+", guest.console.text)
    assert frames(guest.console.text)
    assert guest.http_get()[0] == 200


def debug_kernel():
    """The -Og build with checked memory."""
    harness.make("DEBUG=1", "all")
    return os.path.join(harness.ROOT, "build/debug/barewire.elf")


def test_leak_is_reported(vm):
    """The checking build tells at exit what was never freed."""
    guest = vm.boot(app="sh", words="selftest=leak", ready=None, kernel=debug_kernel())
    guest.expect_trouble("a leak report")
    guest.console.expect(harness.PROMPT, 60)
    guest.console.send("poweroff\n")
    guest.expected_status = guest.wait_exit()
    assert re.search(rb"(?i)leak", guest.console.text)


def test_no_leak_without(vm):
    guest = vm.boot(app="sh", ready=None, kernel=debug_kernel())
    guest.console.expect(harness.PROMPT, 60)
    guest.console.send("poweroff\n")
    assert guest.wait_exit() == 0


def test_checked_build_serves(vm):
    """All of the stack with redzones and poison."""
    guest = vm.boot_tap(app="httpd", kernel=debug_kernel())
    for _ in range(50):
        assert guest.http_get()[0] == 200
    done = guest.ns.run(["wrk", "-t1", "-c64", "-d5s", f"http://{harness.GUEST_IP}/"])
    assert "Socket errors" not in done.stdout
