# SPDX-License-Identifier: BSD-2-Clause
"""AF_UNIX as a program sees it: programs/unix.c prints the same on the machine and on Linux."""

import os
import re
import shutil
import subprocess

import harness
import pytest

SOURCE = os.path.join(harness.ROOT, "tests/guest/programs/unix.c")
BUILD = os.path.join(harness.ROOT, "build/unix")


def build():
    """An image with the program linked in; the objects of the ordinary build are taken over."""
    objects = os.path.join(harness.ROOT, "build/obj")
    if os.path.isdir(objects):
        shutil.copytree(objects, os.path.join(BUILD, "obj"), dirs_exist_ok=True)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(["make", "-s", "-C", harness.ROOT, "BUILD=build/unix", f"APP_SRC={SOURCE}"],
                          capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr[-3000:]
    return os.path.join(BUILD, "barewire.elf")


def lines(text):
    return re.findall(r"^unix: .*?(?=\r?$)", text, re.M)


def on_linux(folder):
    """What the program prints on this machine."""
    binary = str(folder / "unix")
    subprocess.run(["gcc", "-std=gnu11", "-D_GNU_SOURCE", "-w", "-pthread", SOURCE, "-o", binary],
                   check=True)
    done = subprocess.run([binary], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return lines(done.stdout)


@pytest.mark.timeout(400)
def test_same_as_on_linux(vm, tmp_path):
    want = on_linux(tmp_path)
    assert len(want) > 110 and want[-1].startswith("unix: done")
    guest = vm.boot(app=None, kernel=build(), ready=None)
    assert guest.wait_exit(120) == 0
    assert lines(guest.console.text.decode(errors="replace")) == want
