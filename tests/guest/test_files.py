# SPDX-License-Identifier: BSD-2-Clause
"""Files as programs of Linux see them: the same calls here and on Linux, line by line, and what
/proc, /sys and /dev tell."""

import os
import re
import shutil
import subprocess

import pytest
import ring3

SHM = "/dev/shm"


def is_tmpfs(path):
    """Whether a directory lies on a tmpfs."""
    with open("/proc/mounts") as f:
        return any(line.split()[1] == path and line.split()[2] == "tmpfs" for line in f)


def program_lines(text):
    """What the program printed, without the kernel's lines."""
    return [line for line in text.split("\n") if line and not re.match(r"\[ *\d+\.\d+\]", line)]


@pytest.mark.skipif(not os.path.isdir(SHM) or not is_tmpfs(SHM), reason="no tmpfs to compare with")
def test_same_answers_as_linux(vm, tmp_path):
    program = ring3.build(tmp_path, "file_calls.c", "static")
    work = os.path.join(SHM, f"barewire-{os.getpid()}")
    try:
        linux = subprocess.run([program, work], capture_output=True, text=True, check=True).stdout
    finally:
        shutil.rmtree(work, ignore_errors=True)
    text = ring3.run(vm, f"{program} /work", "loglevel=1")
    expected, got = linux.split("\n"), program_lines(text)
    different = [f"Linux: {a}\nhere:  {b}" for a, b in zip(expected, got) if a != b]
    assert not different, "\n".join(different)
    assert len(got) == len([line for line in expected if line])
    assert len(got) > 390


def test_proc_sys_and_dev(vm, tmp_path):
    program = ring3.build(tmp_path, "file_proc.c", "static")
    text = ring3.run(vm, f"{program} one two", net="user")
    assert "exe -> /file_proc" in text
    assert re.search(r"fd/0 -> /dev/console", text)
    assert "stdin isatty 1 /dev/console" in text
    assert "cmdline: " in text and "one two" in text
    assert re.search(r"^Name:\tfile_proc$", text, re.M) and re.search(r"^Threads:\t1$", text, re.M)
    assert re.search(r"^processor\t: 0$", text, re.M)
    assert re.search(r"^MemTotal: +\d+ kB$", text, re.M)
    assert re.search(r"^mac ([0-9a-f]{2}:){5}[0-9a-f]{2}$", text, re.M)
    assert "mtu 1500" in text and "online 0" in text and "cpus 1" in text
    assert "comm renamed" in text and "task 1" in text
    assert "all there" in text
