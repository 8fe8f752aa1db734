# SPDX-License-Identifier: BSD-2-Clause
"""The QEMU command lines and the small runners: what they build, and how they report."""

import os
import socket
import subprocess
import sys

import pytest

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../.."))
sys.path.insert(0, os.path.join(ROOT, "tools"))
sys.path.insert(0, os.path.join(ROOT, "tools/bench"))
import linux_guest  # noqa: E402
import qemu  # noqa: E402


def words(**options):
    return " ".join(qemu.QemuOptions(**options).command())


@pytest.mark.parametrize("value, status", [(0x10, 0), (0x11, 1), (0x7F, 2)])
def test_exit_device_values(value, status):
    assert qemu.translate_status(value << 1 | 1) == status


@pytest.mark.parametrize("status", [0, 1, 2, -9, 4])
def test_other_statuses_stay(status):
    assert qemu.translate_status(status) == status


def test_machines_have_their_devices():
    assert "virtio-net-pci" in words(machine="pc") and "virtio-net-pci" in words(machine="q35")
    text = words(machine="microvm", force_legacy=False)
    assert "virtio-net-device" in text and "force-legacy=off" in text


def test_networks():
    assert "-nic none" in words(net="none")
    assert "tap,id=net0,ifname=t7,script=no" in words(net="tap:t7")
    assert "hostfwd=tcp:127.0.0.1:1-:80" in words(hostfwd=["tcp:127.0.0.1:1-:80"])
    assert "local.path=/a,remote.type=unix,remote.path=/b" in words(net="dgram:/a:/b")
    with pytest.raises(ValueError):
        words(net="carrier pigeon")


def test_no_guest_is_told_of_fast_string_moves():
    assert "-erms,-fsrm" in words()


def test_debugging():
    text = words(gdb="tcp:127.0.0.1:7", stopped=True)
    assert "-gdb tcp:127.0.0.1:7" in text and text.endswith("-S")


def test_free_port_prefers():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        s.listen()
        taken = s.getsockname()[1]
        assert qemu.free_port(taken) != taken
    assert qemu.free_port(taken) == taken


def test_run_qemu_command_line():
    done = subprocess.run([f"{ROOT}/tools/run-qemu", "--print", "--app", "fetch", "--args",
                           "http://a/ b", "--net", "none", "--", "-smp", "2"],
                          capture_output=True, text=True, check=True)
    assert "'app=fetch -- http://a/ b'" in done.stdout and done.stdout.rstrip().endswith("-smp 2")


def test_run_qemu_without_an_image():
    done = subprocess.run([f"{ROOT}/tools/run-qemu", "--kernel", "/nonexistent"],
                          capture_output=True, text=True)
    assert done.returncode == 1 and "run make first" in done.stderr


def cmocka(tmp_path, name, text, status):
    program = tmp_path / name
    program.write_text(f"#!/bin/sh\nprintf '{text}'\nexit {status}\n")
    program.chmod(0o755)
    return str(program)


def test_hosted_runner_counts(tmp_path):
    good = cmocka(tmp_path, "good", r"[  PASSED  ] 3 test(s).\n", 0)
    bad = cmocka(tmp_path, "bad", r"[  PASSED  ] 2 test(s).\n[  FAILED  ] 1 test(s), listed below:\n"
                 r"[  FAILED  ] name\n", 1)
    crash = cmocka(tmp_path, "crash", r"[  PASSED  ] 4 test(s).\nAddressSanitizer\n", 99)
    empty = cmocka(tmp_path, "empty", "", 0)

    def run(*programs):
        done = subprocess.run([f"{ROOT}/tests/hosted/run", *programs], capture_output=True, text=True)
        return done.returncode, done.stdout.rstrip().split("\n")[-1]
    assert run(good) == (0, "3 passed, 0 failed")
    assert run(good, bad) == (1, "5 passed, 1 failed")
    assert run(crash) == (1, "4 passed, 1 failed")
    assert run(empty) == (1, "0 passed, 1 failed")
    assert run()[0] == 1


def test_cpio_is_read_by_cpio(tmp_path):
    archive = linux_guest.Cpio()
    archive.folder("bin")
    archive.file("bin/odd", b"12345")
    archive.link("bin/link", "odd")
    (tmp_path / "a.cpio").write_bytes(archive.bytes())
    subprocess.run("cpio -id --quiet <a.cpio", shell=True, check=True, cwd=tmp_path)
    assert (tmp_path / "bin/link").read_bytes() == b"12345"
    assert os.access(tmp_path / "bin/odd", os.X_OK)
