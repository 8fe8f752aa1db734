# SPDX-License-Identifier: BSD-2-Clause
"""Threads, clock and timers on the emulated machine, and what they cost in instructions.

Under -icount shift=0 the time stamp counter counts instructions, so selftest=sched reports figures
that are the same on every host; the limits stand a little above what was measured.
"""

import re
import time

import pytest

DONE = rb"selftest: sched: all right"

# Instructions, measured when this was written: 14, 266, 91, 609, 72, 32, 33.
LIMITS = {
    "clock read": 20,
    "wake-up, wait and switch": 300,
    "yield": 110,
    "thread created, run and joined": 800,
    "timer armed": 90,
    "timer moved": 45,
    "timer stopped": 45,
}


def figures(text):
    return {what.decode(): int(n)
            for what, n in re.findall(rb"selftest: ([^:\n]+): (\d+) cycles", text)}


def test_instructions_of_threads_and_timers(vm):
    guest = vm.boot(words="selftest=sched", ready=DONE, net="none",
                    extra=["-icount", "shift=0"])
    found = figures(guest.console.text)
    assert set(found) == set(LIMITS)
    over = {what: n for what, n in found.items() if n > LIMITS[what]}
    assert not over, f"more instructions than allowed: {over} (limits {LIMITS})"


@pytest.mark.parametrize("options", [
    {"machine": "q35"},
    {"machine": "microvm"},
    {"machine": "microvm,pit=off"},  # no counter of known rate but the local APIC's
    {"cpu": "qemu64,-apic"},  # timer interrupts from the 8254
], ids=["q35", "microvm", "microvm-no-pit", "no-apic"])
def test_timers_on_other_machines(vm, options):
    guest = vm.boot(words="selftest=sched", ready=DONE, net="none", **options)
    late = re.search(rb"sleeps were at most (\d+) us late", guest.console.text)
    assert int(late.group(1)) < 200_000


def test_clock_keeps_the_hosts_pace(vm):
    """The TSC's rate is right to a thousandth: two log lines ten seconds apart."""
    guest = vm.boot(words="selftest=clock", ready=rb"selftest: clock: start", net="none")
    start = time.monotonic()
    end = guest.console.expect(rb"\[ *([0-9.]+)\] selftest: clock: end after (\d+) ms", 60)
    took = time.monotonic() - start
    assert abs(int(end.group(2)) / 1000 - took) < 0.1 + took / 500
