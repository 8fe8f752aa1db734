# SPDX-License-Identifier: BSD-2-Clause
"""What a person types: make run, make debug, make APP_SRC=..., two builds that are equal."""

import os
import shutil
import signal
import subprocess
import urllib.request

import harness
import pexpect
import pytest
import qemu


def environment():
    """Without the make that runs us, and with a terminal for which nothing is coloured."""
    mine = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    return mine | {"TERM": "dumb"}


def make_run(*words):
    harness.make("all")
    return pexpect.spawn("make", ["-C", harness.ROOT, "run", *words], env=environment(), timeout=90)


@pytest.mark.parametrize("end", [b"\x03", b"\x01x"], ids=["Ctrl-C", "Ctrl-a x"])
def test_make_run(end):
    """It prints the URL to open, the URL works, and both keys end it."""
    port = qemu.free_port()
    child = make_run(f"PORT={port}")
    try:
        child.expect(f"open http://127.0.0.1:{port}/")
        child.expect("listening on")
        page = urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=20).read()
        assert b"Barewire" in page
        child.send(end)
        child.expect(pexpect.EOF)
        child.close()
        # Ctrl-C reaches make, too, which ends by the same signal.
        assert child.exitstatus == 0 or (end == b"\x03" and child.signalstatus == signal.SIGINT)
    finally:
        child.close(force=True)


def test_make_run_another_program():
    child = make_run("APP=sh", "NET=none")
    try:
        child.expect("barewire# ")
        child.send("poweroff\r")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0
    finally:
        child.close(force=True)


def test_make_run_tells_of_failure():
    """The program's failure is make's."""
    child = make_run("APP=fetch", "ARGS=nonsense")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus != 0


def test_make_debug():
    """gdb at the reset vector; `continue` arrives at the 32-bit entry with its source line."""
    harness.make("DEBUG=1", "all")
    child = pexpect.spawn("make", ["-C", harness.ROOT, "debug"], env=environment(), timeout=90,
                          dimensions=(50, 200))
    try:
        child.expect(r"\(gdb\) ")
        child.sendline("print $rip")
        child.expect("0xfff0")
        child.sendline("continue")
        child.expect(r"multiboot_entry .*boot/multiboot.S:\d+")
        child.sendline("bw-code32")
        child.expect(r"\bcli\b")
        child.sendline("break kernel_main")
        child.sendline("continue")
        child.expect(r"kernel_main \(.*kernel/main.c:\d+")
        child.sendline("quit")
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)


# Builds elsewhere.

def build_copy(folder, *words):
    """The image built in a copy of the tree (or again in one that is there)."""
    if not folder.exists():
        ignore = shutil.ignore_patterns("build", ".git", "__pycache__", ".pytest_cache")
        shutil.copytree(harness.ROOT, folder, ignore=ignore, symlinks=True)
    subprocess.run(["make", "-s", "-j2", "-C", str(folder), "all", *words], check=True,
                   env=environment())
    return folder / "build/barewire.elf"


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A built copy of the tree."""
    folder = tmp_path_factory.mktemp("copies") / "a"
    build_copy(folder)
    return folder


@pytest.mark.timeout(600)
def test_builds_are_equal(copy):
    """Two folders, the same bytes."""
    other = copy.parent / "a-much-longer-name/with/more/folders"
    second = build_copy(other).read_bytes()
    assert (copy / "build/barewire.elf").read_bytes() == second, "the image depends on its folder"
    shutil.rmtree(other)


PROGRAM = r"""
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	printf("hello from %s with %d arguments, last %s\n", argv[0], argc - 1, argv[argc - 1]);
	if (listen(fd, 1) < 0)
		printf("listen: %s\n", strerror(errno));
	return strcmp(argv[argc - 1], "good") != 0;
}
"""


@pytest.mark.timeout(600)
@pytest.mark.parametrize("word, status", [("good", 0), ("bad", 1)])
def test_own_program(vm, copy, tmp_path, word, status):
    """make APP_SRC=hello.c links it in as the default program; its exit status is the machine's."""
    source = tmp_path / "hello.c"
    source.write_text(PROGRAM)
    kernel = build_copy(copy, f"APP_SRC={source}")
    guest = vm.boot(app=None, args=["one", word], kernel=str(kernel), ready=None)
    guest.console.expect(rb"hello from hello with 2 arguments, last " + word.encode(), 60)
    guest.expected_status = status
    assert guest.wait_exit() == status


def test_setup_is_content_here():
    """Everything that the tests use is in the package lists of tools/setup."""
    done = subprocess.run([os.path.join(harness.ROOT, "tools/setup"), "--check", "test"],
                          capture_output=True, text=True)
    assert done.returncode == 0, f"missing: {done.stdout}"
