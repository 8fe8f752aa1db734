# SPDX-License-Identifier: BSD-2-Clause
"""Linux programs for guest tests: built from tests/guest/linux, booted as a module or out of an
archive, and what they said."""

import os
import subprocess
import sys

import harness
import pytest

sys.path.insert(0, os.path.join(harness.ROOT, "tools/bench"))
from linux_guest import Cpio  # noqa: E402

SOURCES = os.path.join(harness.ROOT, "tests/guest/linux")
MKROOTFS = os.path.join(harness.ROOT, "tools/mkrootfs")

# How to link: compiler and flags.
KINDS = {
    "musl": ["musl-gcc", "-static"],
    "musl-dynamic": ["musl-gcc"],
    "static": ["gcc", "-static"],
    "static-pie": ["gcc", "-static-pie", "-fPIE"],
    "dynamic": ["gcc"],
    "no-pie": ["gcc", "-no-pie"],
    "c++": ["g++"],
}


def build(folder, source, kind="musl", *flags, name=None):
    """Compile tests/guest/linux/SOURCE (or a path) into the folder; gives the program's path."""
    source = source if os.path.isabs(source) else os.path.join(SOURCES, source)
    program = os.path.join(folder, name or os.path.splitext(os.path.basename(source))[0])
    subprocess.run([*KINDS[kind], "-O2", "-g", "-Wall", "-I", harness.ROOT, "-o", program, source,
                    *flags], check=True)
    return program


def pack(folder, program, *files):
    """An archive of the program with its libraries, as tools/mkrootfs makes it."""
    archive = os.path.join(folder, os.path.basename(program) + ".cpio")
    subprocess.run([MKROOTFS, "-o", archive, program, *files], check=True)
    return archive


def archive(folder, files, name="root.cpio"):
    """An archive of {path: bytes, or (bytes, mode)}; mode is 0755 where not said."""
    cpio = Cpio()
    for path, content in files.items():
        content = content if isinstance(content, tuple) else (content, 0o755)
        cpio.file(path, *content)
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(cpio.bytes())
    return path


def run(vm, initrd, words="", args=(), status=0, timeout=60, **options):
    """Boot, wait for the end with this status (0 success, 1 failure); the console's text."""
    options.setdefault("net", "none")
    append = " ".join(["ip=off", words, *(["--", *args] if args else [])])
    guest = vm.boot(app=None, ready=None, initrd=initrd, append=append, **options)
    got = guest.wait_exit(timeout)
    text = guest.console.text.decode(errors="replace").replace("\r", "")
    guest.expected_status = status
    assert got == status, f"the guest ended with {got}, not {status}; it said:\n{text[-3000:]}"
    return text


def needs_four_levels():
    """Skip where this machine's Linux has 5-level page tables: other addresses are none there."""
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        if " la57" in f.read():
            pytest.skip("this machine's Linux has 5-level page tables, Barewire has 4-level ones")
