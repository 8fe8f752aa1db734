# SPDX-License-Identifier: BSD-2-Clause
"""From the reset vector through the 32-bit entry and long mode into C, as `make debug` shows it."""

import re
import subprocess

import harness
import pytest
from roads import ACTIVE, DATA, PASSIVE, REGISTERING


def field(text, name):
    """The value printed as NAME=0x..."""
    return int(re.search(rf"\b{name}=(0x[0-9a-f]+|\d+)", text).group(1), 0)


def test_reset_vector(debug):
    """Stopped before the first instruction: CS:IP f000:fff0 in real mode."""
    out = debug().gdb(['printf "rip=%#lx cs=%#lx cr0=%#lx\\n", $rip, $cs, $cr0'])
    assert field(out, "rip") == 0xFFF0
    assert field(out, "cs") == 0xF000
    assert field(out, "cr0") & 0x80000001 == 0


@pytest.mark.parametrize("machine", ["pc", "q35", "microvm"])
@pytest.mark.parametrize("how", ["hbreak", "break"])
def test_next_stop_is_the_multiboot_entry(debug, machine, how):
    """In 32-bit code, with its source line."""
    out = debug(machine=machine).gdb([
        f"{how} *multiboot_entry", "continue", "info line *$pc",
        'printf "rip=%#lx cr0=%#lx efer=%#lx\\n", $rip, $cr0, $efer', "bt"])
    assert "boot/multiboot.S" in out
    assert re.search(r"#0 .*multiboot_entry", out)
    cr0 = field(out, "cr0")
    assert cr0 & 1 and not cr0 & 0x80000000, "protected mode without paging"
    assert field(out, "efer") == 0


def test_steps_through_the_switch_to_long_mode(debug):
    """Single steps: 32-bit entry, paging on, the far jump, 64-bit code, C. Each has its line."""
    # The loop that fills 2,048 table entries is left by a breakpoint behind the call (gdb takes the
    # code for 64-bit, so `finish` would look for an 8-byte return address); the rest is stepped.
    out = debug().gdb([
        "hbreak *multiboot_entry", "continue", "delete",
        "python",
        "import gdb",
        "def where():",
        "    frame = gdb.selected_frame()",
        "    line = frame.find_sal()",
        "    print('STEP', frame.name(), line.symtab, line.line)",
        "    return frame.name()",
        "for _ in range(600):",
        "    name = where()",
        "    if name == 'kernel_main':",
        "        break",
        "    if name in ('fill_boot_tables', 'check_long_mode'):",
        "        back = int(gdb.parse_and_eval('*(unsigned int *)$rsp'))",
        "        gdb.execute('thbreak *%d' % back, to_string=True)",
        "        gdb.execute('continue', to_string=True)",
        "    else:",
        "        gdb.execute('stepi', to_string=True)",
        "gdb.execute('next')",
        "where()",
        "end",
        'printf "cr0=%#lx efer=%#lx cr4=%#lx\\n", $cr0, $efer, $cr4', "bt"], 200)
    steps = re.findall(r"STEP (\S+) (\S+) (\d+)", out)
    names = [s[0] for s in steps]
    for name in ("multiboot_entry", "fill_boot_tables", "start64", "kernel_main"):
        assert name in names, f"{name} was not stepped through:\n{out[-3000:]}"
    order = [names.index(n) for n in ("multiboot_entry", "start64", "kernel_main")]
    assert order == sorted(order)
    assert all("boot/multiboot.S" in s[1] for s in steps if s[0] in ("multiboot_entry", "start64"))
    assert names[-1] == "kernel_main", "`next` steps over a line of C"
    assert field(out, "cr0") & 0x80000001 == 0x80000001
    assert field(out, "efer") & 0x500 == 0x500, "long mode enabled and active"


def test_first_words_of_c(debug):
    """In kernel_main: arguments and the whole call chain."""
    out = debug().gdb(["hbreak kernel_main", "continue", "info args", "bt"])
    assert re.search(r"#0 .*kernel_main .*kernel/main\.c:\d+", out)
    assert "0x2badb002" in out or "732803074" in out, "the Multiboot magic is its first argument"
    chain = [line for line in out.split("\n") if line.startswith("#")]
    assert len(chain) == 2 and "start64_high" in chain[1]


def test_every_landmark_is_a_symbol_in_both_builds(debug_kernel):
    """No landmark is inlined away: breakpoints on all of them bind in the release build as well."""
    wanted = set()
    for road in (REGISTERING, PASSIVE, ACTIVE, DATA):
        for names in road:
            wanted.add(tuple(names.split("|")))
    for kernel in (harness.KERNEL, debug_kernel):
        listing = subprocess.run(["nm", kernel], check=True, capture_output=True, text=True).stdout
        have = {line.split()[-1].split(".")[0] for line in listing.split("\n") if line}
        missing = [" or ".join(names) for names in sorted(wanted) if not have & set(names)]
        assert not missing, f"{kernel}: {', '.join(missing)}"
