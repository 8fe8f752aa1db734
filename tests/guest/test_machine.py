# SPDX-License-Identifier: BSD-2-Clause
"""The machine below the network: page protection, the allocators, reports, the ends of the machine."""

import re
import time

import harness
import pytest


def run_selftest(vm, name, words="", status=None, **options):
    """Run selftest=NAME; the program that is not there then ends the machine with status 1."""
    guest = vm.boot(app="nosuch", words=f"selftest={name} {words}", ready=None, **options)
    guest.expect_trouble("a panic", "a warning", "a failed assertion", "a leak report")
    guest.expected_status = status if status is not None else 1
    assert guest.wait_exit(120) == guest.expected_status, guest.console.text[-2000:]
    return guest.console.text


@pytest.mark.parametrize("machine", ["pc", "q35", "microvm"])
@pytest.mark.parametrize("cpu", ["qemu64", "max"])
def test_no_page_is_writable_and_executable(vm, machine, cpu):
    assert b"selftest: wx: 0 bad pages" in run_selftest(vm, "wx", machine=machine, cpu=cpu)


@pytest.mark.parametrize("name, says", [
    ("textwrite", rb"protection by write"),
    ("nxexec", rb"protection by instruction fetch"),
    ("nullderef", rb"page fault at 0x0000000000000000: null pointer by write"),
    ("divide", rb"Oops: divide error"),
    ("stackoverflow", rb"stack overflow: the boot stack ran into its guard page"),
    ("bug", rb"BUG: kernel/selftest.c:\d+ selftest_bug: zero == 0"),
])
def test_what_the_kernel_must_not_do_panics(vm, name, says):
    assert re.search(says, run_selftest(vm, name, status=2))


@pytest.mark.parametrize("name, says", [
    ("uaf", rb"slab: use after free: cache kmalloc-\d+, object 0x\w+, offset 0"),
    ("doublefree", rb"slab: double free"),
    ("overrun", rb"slab: write behind the object"),
])
def test_checking_mode_finds(vm, name, says):
    """slab_check=1 does in the release image what the debug build always does."""
    text = run_selftest(vm, name, "slab_check=1", status=2)
    assert re.search(says, text)
    assert re.search(rb"allocated by selftest_\w+\+0x", text)


def test_leaks_are_named_with_their_place(vm):
    text = run_selftest(vm, "leak", "slab_check=1")
    assert re.search(rb"LEAK: cache kmalloc-128: 3 objects", text)
    assert re.search(rb"LEAK:   3 allocated by selftest_leak\+0x", text)
    assert re.search(rb"LEAK: cache kmalloc-large: 1 objects", text)


@pytest.mark.parametrize("words", ["", "slab_check=1"])
@pytest.mark.parametrize("mem", ["16", "256"])
def test_allocators_under_load(vm, mem, words):
    text = run_selftest(vm, "mm", words, mem=mem)
    before, after = re.search(rb"(\d+) pages free before, (\d+) after", text).groups()
    assert before == after


def test_call_chain_crosses_the_interrupt(vm):
    text = run_selftest(vm, "irqwarn").decode(errors="replace")
    chain = re.search(r"selftest_timer.*?interrupt_entry\+.*?--- interrupted ---.*?selftest_irqwarn\+",
                      text, re.S)
    assert chain, text[-2000:]


@pytest.mark.parametrize("machine", ["pc", "q35", "microvm"])
def test_acpi_powers_off(vm, machine):
    """Without the debug exit device QEMU ends by itself with status 0."""
    guest = vm.boot(app="nosuch", ready=None, machine=machine, exit_device=False)
    assert guest.process.wait(60) == 0
    guest.expected_status = harness.qemu.translate_status(0)


@pytest.mark.parametrize("cpu", ["486", "qemu32"])
def test_32_bit_processor_is_told(vm, cpu):
    guest = vm.boot(ready=None, cpu=cpu)
    guest.console.expect(rb"needs a 64-bit", 30)
    guest.expected_status = guest.wait_exit()
    assert guest.expected_status == 1


@pytest.mark.parametrize("cpu", ["qemu64,-nx", "qemu64,-pge", "max,-apic"])
def test_lesser_processors(vm, cpu):
    """What is missing is told or done without; `-apic` leaves the 8259 pair and the PIT."""
    run_selftest(vm, "wx", cpu=cpu)


@pytest.mark.parametrize("machine", ["pc", "q35", "microvm"])
@pytest.mark.parametrize("word", ["panic=-1", "panic=1", "panic=off"])
def test_panic_word_restarts_or_powers_off(vm, machine, word):
    """Without the debug exit device; -no-reboot makes QEMU end where the machine would restart."""
    guest = vm.boot(words=f"selftest=panic {word}", ready=None, machine=machine, exit_device=False,
                    extra=["-no-reboot"])
    guest.expect_trouble("a panic")
    assert guest.process.wait(60) == 0
    assert b"Kernel panic: asked for by selftest=panic" in guest.console.text


def test_panic_waits_without_the_word(vm):
    guest = vm.boot(words="selftest=panic", ready=None, exit_device=False)
    guest.expect_trouble("a panic")
    guest.console.expect(rb"Kernel panic: asked for", 60)
    assert guest.process.poll() is None
    used = guest.cpu_seconds()
    time.sleep(1)
    assert guest.cpu_seconds() - used < 0.2, "a panicked machine must not spin"
