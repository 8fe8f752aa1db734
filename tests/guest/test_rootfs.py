# SPDX-License-Identifier: BSD-2-Clause
"""Boot modules as the root file system: unpacked, read and changed by the shell, served by httpd."""

import gzip
import os
import subprocess

import harness
import pytest
from harness import GUEST_IP

BIG = bytes(i * i >> 3 & 0xff for i in range(700_000))


def cpio(folder):
    """What cpio(1) makes of a folder."""
    names = subprocess.run(["find", "."], cwd=folder, check=True, capture_output=True).stdout
    return subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=folder, input=names,
                          check=True, capture_output=True).stdout


@pytest.fixture
def modules(tmp_path):
    """Two archives, the second one lies over the first: a gzip one and a plain one."""
    one, two = tmp_path / "one", tmp_path / "two"
    (one / "www" / "sub").mkdir(parents=True)
    (one / "www" / "index.html").write_text("<h1>under</h1>\n")
    (one / "www" / "big.bin").write_bytes(BIG)
    (one / "www" / "sub" / "index.html").write_text("<h1>sub</h1>\n")
    (one / "www" / "a b.txt").write_text("blank\n")
    (one / "www" / "link.css").symlink_to("a b.txt")
    os.link(one / "www" / "a b.txt", one / "hard")
    (one / "init").write_text("#!/bin/sh\n")
    (two / "www").mkdir(parents=True)
    (two / "www" / "index.html").write_text("<h1>over</h1>\n")
    (tmp_path / "one.gz").write_bytes(gzip.compress(cpio(one)) + bytes(64))
    (tmp_path / "two.cpio").write_bytes(cpio(two))
    return f"{tmp_path}/one.gz,{tmp_path}/two.cpio"


class Shell:
    """As in test_shell.py: types a command, reads up to the next prompt."""

    def __init__(self, guest):
        self.console = guest.console
        self.console.expect(harness.PROMPT, 60)

    def run(self, command):
        start = self.console.seen
        self.console.send(command + "\n")
        self.console.expect(harness.PROMPT, 20)
        text = self.console.text[start:self.console.seen].decode(errors="replace")
        return text.replace("\r", "").split("\n", 1)[-1].rpartition("\n")[0]


def test_the_shell_reads_and_changes(vm, modules):
    guest = vm.boot(app="sh", ready=None, initrd=modules, words="root=/dev/ram rdinit=/init")
    shell = Shell(guest)
    assert shell.run("cat /www/index.html") == "<h1>over</h1>"
    assert shell.run("cat /www/sub/index.html /www/link.css /hard") == "<h1>sub</h1>\nblank\nblank"
    assert "link.css -> a b.txt" in shell.run("ls -l /www")
    assert str(len(BIG)) in shell.run("ls -l /www")
    shell.run("mkdir -p /tmp/x/y; cd /tmp/x/y; echo one > f; echo two >> f; cp f g; mv g ../h")
    assert shell.run("pwd") == "/tmp/x/y"
    assert shell.run("cat f ../h") == "one\ntwo\none\ntwo"
    shell.run("ln -s ../h s; ln f t; cd ..")
    assert shell.run("ls y") == "f\ns\nt"
    assert shell.run("cat y/s") == "one\ntwo"
    assert "not empty" in shell.run("rmdir y")
    shell.run("rm -r y")
    assert shell.run("ls") == "h"
    assert "No such file" in shell.run("cat y/f")


def get(guest, path, *options):
    done = guest.ns.run(["curl", "-sS", "--path-as-is", "--max-time", "20", "-w", "\n%{http_code}",
                         *options, f"http://{GUEST_IP}{path}"], text=False)
    assert done.returncode == 0, done.stderr
    body, _, status = done.stdout.rpartition(b"\n")
    return int(status), body


def test_httpd_serves_the_archive(vm, modules):
    guest = vm.boot_tap(app="httpd", args=["/www"], initrd=modules)
    assert get(guest, "/") == (200, b"<h1>over</h1>\n")
    assert get(guest, "/a%20b.txt") == (200, b"blank\n")
    assert get(guest, "/sub/") == (200, b"<h1>sub</h1>\n")
    assert get(guest, "/sub")[0] == 301
    assert get(guest, "/sub", "-L") == (200, b"<h1>sub</h1>\n")
    assert get(guest, "/big.bin") == (200, BIG)
    assert b"text/css" in get(guest, "/link.css", "-i")[1]
    for path in ("/none", "/../hard", "/%2e%2e/hard", "/sub/../../hard", "/%00", "/%4", "/proc/version"):
        assert get(guest, path)[0] == 404, path


def test_grub_hands_modules_over(vm, modules, tmp_path):
    """Multiboot 2 modules, as GRUB loads them."""
    boot = tmp_path / "iso" / "boot"
    (boot / "grub").mkdir(parents=True)
    one, two = modules.split(",")
    for source, name in ((harness.KERNEL, "k.elf"), (one, "one"), (two, "two")):
        (boot / name).write_bytes(open(source, "rb").read())
    (boot / "grub" / "grub.cfg").write_text(
        "serial --unit=0\nterminal_output serial\nset timeout=0\nmenuentry x {\n"
        "multiboot2 /boot/k.elf app=sh\nmodule2 --nounzip /boot/one\nmodule2 /boot/two\nboot\n}\n")
    subprocess.run(["grub-mkrescue", "-o", tmp_path / "x.iso", tmp_path / "iso"], check=True,
                   capture_output=True)
    guest = vm.boot(app="sh", ready=None, iso=str(tmp_path / "x.iso"))
    assert Shell(guest).run("cat /www/index.html /hard") == "<h1>over</h1>\nblank"


def test_a_damaged_archive_is_told(vm, modules, tmp_path):
    data = open(modules.split(",")[0], "rb").read()
    (tmp_path / "cut.gz").write_bytes(data[:len(data) // 2])
    guest = vm.boot(app="sh", ready=None, initrd=str(tmp_path / "cut.gz"))
    shell = Shell(guest)
    assert "module 0 is damaged: it ends too early" in guest.console.text.decode(errors="replace")
    assert "tmp/" in shell.run("ls /")
