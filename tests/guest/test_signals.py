# SPDX-License-Identifier: BSD-2-Clause
"""Signals of programs in ring 3: the same answers as this machine's Linux, the keyboard, the power
button, the ends that signals make."""

import re
import subprocess

import harness
import pytest
import ring3

LOG_LINE = re.compile(r"^\[ *\d+\.\d{6}\] ")
PROGRAMS = ["basic", "frame", "io", "restart", "threads", "timers"]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Programs by name, each built once."""
    folder = tmp_path_factory.mktemp("signals")
    done = {}

    def get(name):
        if name not in done:
            done[name] = ring3.build(folder, f"signal_{name}.c", "static", "-O1", "-pthread",
                                     "-I", harness.ROOT)
        return done[name]
    return get


def said(text):
    return [line for line in text.split("\n") if line and not LOG_LINE.match(line)]


@pytest.mark.parametrize("name", PROGRAMS)
def test_same_answers_as_linux(vm, built, name):
    """The whole output is what this machine's Linux says, line by line."""
    if name == "frame":
        ring3.needs_four_levels()
    program = built(name)
    here = subprocess.run([program], capture_output=True, text=True, timeout=120, check=True)
    text = ring3.run(vm, program, words="loglevel=4", cpu="max", timeout=180)
    expected = said(here.stdout)
    assert expected[-1] == "done"
    assert said(text) == expected


def test_frames_without_xsave(vm, built):
    """A processor with FXSAVE only: frames without the marks of XSAVE."""
    text = ring3.run(vm, built("frame"), words="loglevel=4", cpu="qemu64", timeout=120)
    assert "aligned 0 magic 0" in text and "xmm0 1 xmm7 1 xmm15 1 control word f7f" in text
    assert said(text)[-1] == "done"


def boot_waiter(vm, built, **options):
    """A program without handlers, which a signal will end."""
    guest = vm.boot(app=None, ready=None, net="none", initrd=built("waiter"), append="ip=off",
                    **options)
    guest.expected_status = 1
    guest.console.expect(rb"ready", 60)
    return guest


@pytest.mark.parametrize("machine", ["pc", "q35", "microvm"])
def test_power_button_ends_by_sigterm(vm, built, machine):
    guest = boot_waiter(vm, built, machine=machine)
    guest.monitor("system_powerdown")
    assert guest.wait_exit() == 1
    assert b"Terminated by SIGTERM" in guest.console.text


@pytest.mark.parametrize("words", ["", "noapic"])
def test_power_button_and_keys_are_handled(vm, built, words):
    guest = vm.boot(app=None, ready=None, net="none", initrd=f"{built('waiter')} handle",
                    append=f"ip=off {words}")
    guest.console.expect(rb"ready", 60)
    guest.console.send(b"\x03")
    guest.console.expect(rb"handled 2\r?\n")
    guest.console.send(b"\x1c")
    guest.console.expect(rb"handled 3\r?\n")
    for _ in range(3):
        guest.monitor("system_powerdown")
        guest.console.expect(rb"handled 15\r?\n")
    guest.console.send(b"\x03")
    guest.console.expect(rb"last one")
    assert guest.wait_exit() == 0


def test_keys_end_the_program(vm, built):
    guest = boot_waiter(vm, built)
    guest.console.send(b"\x03")
    assert guest.wait_exit() == 1
    assert b"Terminated by SIGINT" in guest.console.text
    guest = boot_waiter(vm, built)
    guest.console.send(b"\x1c")
    assert guest.wait_exit() == 1
    assert b"SIGQUIT" in guest.console.text


def test_stopping_is_refused(vm, built):
    text = ring3.run(vm, f"{built('waiter')} stop", status=0)
    assert re.search(r"SIGSTOP ignored: nobody could continue the program", text)
    assert "went on" in text


def test_power_button_of_a_linked_in_program(vm):
    """The web server ends as by poweroff: clean, status 0, no leak."""
    guest = vm.boot(app="httpd")
    guest.monitor("system_powerdown")
    assert guest.wait_exit() == 0
    assert b"power button: power off" in guest.console.text
    assert b"program ended with status 0" in guest.console.text
