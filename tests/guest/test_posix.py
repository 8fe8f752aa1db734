# SPDX-License-Identifier: BSD-2-Clause
"""The C library as a user's own program finds it: programs/posix.c, on the machine and on Linux."""

import os
import re
import shutil
import subprocess

import harness
import pytest

SOURCE = os.path.join(harness.ROOT, "tests/guest/programs/posix.c")
BUILD = os.path.join(harness.ROOT, "build/posix")
PARTS = ["threads", "memory", "stack", "streams", "descriptors", "waiting", "stream sockets",
         "datagram sockets", "names", "dates"]


def build():
    """An image with the program linked in; the objects of the ordinary build are taken over."""
    objects = os.path.join(harness.ROOT, "build/obj")
    if os.path.isdir(objects):
        shutil.copytree(objects, os.path.join(BUILD, "obj"), dirs_exist_ok=True)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(["make", "-s", "-C", harness.ROOT, "BUILD=build/posix", f"APP_SRC={SOURCE}"],
                          capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr[-3000:]
    return os.path.join(BUILD, "barewire.elf")


@pytest.mark.timeout(400)
def test_own_posix_program(vm):
    guest = vm.boot(app=None, args=["COLOUR=blue", "x"], kernel=build(), ready=None)
    assert guest.wait_exit(120) == 0
    text = guest.console.text.decode(errors="replace")
    assert "posix: 1 arguments, COLOUR is blue" in text
    assert re.findall(r"^ok ([\w ]+)\r?$", text, re.M) == PARTS, text[-2000:]


def test_same_program_on_linux(tmp_path):
    binary = str(tmp_path / "posix")
    subprocess.run(["gcc", "-std=gnu11", "-D_GNU_SOURCE", "-w", "-pthread",
                    "-I", os.path.dirname(SOURCE), SOURCE, "-o", binary], check=True)
    done = subprocess.run([binary, "x"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and re.findall(r"^ok ([\w ]+)$", done.stdout, re.M) == PARTS, done.stdout
