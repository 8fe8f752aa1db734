# SPDX-License-Identifier: BSD-2-Clause
"""A program's memory: linux/mm.c says the same here as on Linux; linux/hunger.c never hurts the kernel."""

import os
import re
import subprocess

import harness
import pytest
import ring3

SOURCES = os.path.join(harness.ROOT, "tests/guest/linux")


def build(tmp_path, name, *flags, cc="gcc"):
    """A static program from linux/NAME.c."""
    binary = str(tmp_path / name)
    subprocess.run([cc, "-static", "-O1", "-w", *flags, "-o", binary,
                    os.path.join(SOURCES, name + ".c")], check=True)
    return binary


def run(vm, module, timeout=120, words="", **options):
    """Boot the program alone: exit status and what it wrote, without the kernel's lines."""
    guest = vm.boot(app=None, words=("ip=none loglevel=4 " + words).strip(), ready=None, net="none",
                    initrd=module, **options)
    status = guest.wait_exit(timeout)
    guest.expected_status = status  # each test says what it must be
    text = guest.console.text.decode(errors="replace").replace("\r", "")
    return status, text


@pytest.mark.parametrize("words", ["", "norandmaps"])
def test_the_same_as_on_linux(vm, tmp_path, words):
    ring3.needs_four_levels()
    binary = build(tmp_path, "mm")
    linux = subprocess.run([binary], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert linux.returncode == 0, linux.stdout[-1000:] + linux.stderr
    status, text = run(vm, binary, words=words)
    here = text[text.index("length 0"):] if "length 0" in text else text
    assert here.splitlines() == linux.stdout.splitlines()
    assert status == 0


@pytest.mark.parametrize("mode", ["touch", "copy"])
def test_out_of_memory_ends_the_program(vm, tmp_path, mode):
    binary = build(tmp_path, "hunger")
    status, text = run(vm, f"{binary} {mode}", mem="48")
    assert status == 1
    assert re.search(r"out of memory: killed hunger\b", text), text[-2000:]
    assert "it never ended" not in text and "the read returned" not in text


@pytest.mark.parametrize("mode, words", [
    ("malloc", ["refused: ENOMEM", "had most of it: 1"]),
    ("files", ["the file system says No space left on device", "and gives it back"]),
    ("huge", ["huge: 8192 kB, then 2048 kB"]),
    ("many", ["many areas"]),
    ("chaos", ["chaos over, little left 1"]),
])
def test_a_program_that_wants_much(vm, tmp_path, mode, words):
    binary = build(tmp_path, "hunger")
    status, text = run(vm, f"{binary} {mode}", mem="64")
    assert [line for line in text.splitlines() if line in words] == words, text[-2000:]
    assert status == 0 and "LEAK" not in text
