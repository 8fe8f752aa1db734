# SPDX-License-Identifier: BSD-2-Clause
"""Every way in: loaders, machines, NIC generations, memory sizes; each boots and serves a page."""

import gzip
import os
import re
import shutil
import subprocess
import sys

import harness
import pytest

sys.path.insert(0, os.path.join(harness.ROOT, "tools/bench"))
from linux_guest import Cpio  # noqa: E402

PVH_KERNEL = os.path.join(harness.ROOT, "build/barewire-pvh.elf")
ISO = os.path.join(harness.ROOT, "build/barewire.iso")


def check_page(guest):
    status, headers, body = guest.http_get()
    assert status == 200
    assert "content-type" in headers
    assert body


# The loader by -kernel: multiboot 1 and PVH, on each machine.

@pytest.mark.parametrize("machine", ["pc", "q35", "microvm"])
def test_multiboot(vm, machine):
    check_page(vm.boot(machine=machine))


@pytest.mark.parametrize("machine", ["pc", "q35", "microvm"])
def test_pvh(vm, machine):
    """The same image with its Multiboot header spoiled, so that QEMU takes the PVH note."""
    harness.make("pvh")
    check_page(vm.boot(machine=machine, kernel=PVH_KERNEL))


@pytest.mark.parametrize("force_legacy", [True, False])
def test_microvm_mmio_layouts(vm, force_legacy):
    check_page(vm.boot(machine="microvm", force_legacy=force_legacy))


def test_microvm_without_acpi(vm):
    """Then the devices are told on the kernel command line only."""
    check_page(vm.boot(machine="microvm,acpi=off"))


# GRUB, from a CD.

GRUB_CFG = """\
serial --unit=0 --speed=115200
terminal_input serial
terminal_output serial
set timeout=0
menuentry barewire {{
	{command} /boot/barewire.elf {words}
	{module} /boot/module.txt first module
	boot
}}
"""


def make_iso(folder, command, module, words):
    boot = folder / "iso/boot"
    (boot / "grub").mkdir(parents=True)
    shutil.copy(harness.KERNEL, boot / "barewire.elf")
    (boot / "module.txt").write_text("a boot module\n")
    (boot / "grub/grub.cfg").write_text(GRUB_CFG.format(command=command, module=module, words=words))
    iso = folder / "test.iso"
    subprocess.run(["grub-mkrescue", "-o", str(iso), str(folder / "iso")], check=True,
                   capture_output=True)
    return str(iso)


@pytest.mark.parametrize("machine", ["pc", "q35"])
@pytest.mark.parametrize("command, module", [("multiboot", "module"), ("multiboot2", "module2")])
def test_grub(vm, tmp_path, machine, command, module):
    iso = make_iso(tmp_path, command, module, "app=httpd")
    check_page(vm.boot(machine=machine, iso=iso))


def test_make_iso(vm):
    """What `make iso` makes boots by itself."""
    harness.make("iso")
    check_page(vm.boot(iso=ISO))


# The command line that people know from Linux, as it stands.

def test_the_classic_line(vm, tmp_path, monkeypatch):
    """-S -s waits for gdb; noapic is noted; the address comes by DHCP; /init runs."""
    source = tmp_path / "init.c"
    source.write_text('#include <stdio.h>\nint main(void) { puts("this is init"); return 0; }\n')
    subprocess.run(["musl-gcc", "-static", "-o", tmp_path / "init", source], check=True)
    archive = Cpio()
    archive.file("init", (tmp_path / "init").read_bytes())
    (tmp_path / "rootfs.cpio.gz").write_bytes(gzip.compress(archive.bytes()))
    ns = harness.netns.NetNs()
    vm.namespaces.append(ns)
    line = ["qemu-system-x86_64", "-S", "-kernel", harness.KERNEL, "-initrd", "rootfs.cpio.gz",
            "-append", "root=/dev/ram rdinit=/init noapic", "-net", "nic,model=virtio", "-net", "tap",
            "-m", "1024", "-s"]
    guest = harness.Guest("test_the_classic_line", ns=ns)
    # Only what a machine without a screen adds: where the console and the monitor are.
    guest.options.command = lambda: [*line, "-accel", "tcg", "-display", "none", "-serial", "stdio",
                                     "-monitor", f"unix:{guest.folder}/mon,server=on,wait=off"]
    guest.options.command_text = lambda: " ".join(line)
    vm.guests.append(guest)
    monkeypatch.chdir(tmp_path)
    guest.start()
    guest.monitor("info status")
    # QEMU made tap0 itself; now it gets an address and a DHCP server.
    ns.ip("addr", "add", f"{harness.HOST_IP}/24", "dev", "tap0")
    ns.ip("link", "set", "tap0", "up")
    ns.popen(["dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts", "--no-ping", "--port=0",
              "--interface=tap0", "--bind-interfaces", f"--dhcp-range={harness.GUEST_IP},"
              f"{harness.GUEST_IP},255.255.255.0,1h", f"--dhcp-leasefile={tmp_path}/leases",
              "--user=root", "--pid-file="])
    assert guest.console.text == b"", "it ran before gdb said so"
    gdb = ns.run(["gdb", "-batch", "-ex", "target remote :1234", "-ex", "detach", harness.KERNEL])
    assert gdb.returncode == 0, gdb.stderr
    guest.console.expect(harness.HAS_ADDRESS, harness.BOOT_TIMEOUT)
    guest.console.expect(b"this is init", harness.BOOT_TIMEOUT)
    guest.wait_exit(timeout=30)
    text = guest.console.text.decode(errors="replace")
    assert "initrd" in text.lower() or "module" in text.lower()
    assert "noapic" in text


# The NIC's generations and interrupts.

@pytest.mark.parametrize("nic", ["disable-legacy=on,disable-modern=off",
                                 "disable-legacy=off,disable-modern=on",
                                 "disable-legacy=off,disable-modern=off"],
                         ids=["modern", "legacy", "transitional"])
@pytest.mark.parametrize("machine", ["pc", "q35"])
def test_virtio_generations(vm, machine, nic):
    check_page(vm.boot(machine=machine, nic=nic))


@pytest.mark.parametrize("nic", ["vectors=0", "vectors=0,disable-modern=on"])
def test_without_msix(vm, nic):
    """INTx, shared and level-triggered."""
    check_page(vm.boot(nic=nic))


# Processors and memory.

@pytest.mark.parametrize("cpu", ["qemu64", "max", "Nehalem", "max,-smep,-smap,-rdrand,-rdseed,-tsc-deadline"])
def test_processors(vm, cpu):
    check_page(vm.boot(cpu=cpu))


def test_second_processor_stays_parked(vm):
    check_page(vm.boot(extra=["-smp", "2"]))


@pytest.mark.parametrize("mem", ["16", "64", "2048", "6144"])
def test_memory_sizes(vm, mem):
    """16 MiB is enough to serve; memory beyond 4 GiB is used."""
    guest = vm.boot(mem=mem)
    for _ in range(3):
        check_page(guest)


@pytest.mark.parametrize("mem", ["2", "3"])
def test_too_little_memory_says_so(vm, mem):
    guest = vm.boot(mem=mem, ready=None)
    guest.console.expect(rb"(?i)(not enough|too little) memory", 30)
    guest.expect_trouble("a panic")
    guest.expected_status = guest.wait_exit()
    assert guest.expected_status != 0


# The kernel command line.

def test_wrong_settings_say_why(vm):
    guest = vm.boot(words="sysctl.net.ipv4.nosuch=1 sysctl.net.ipv4.tcp_ecn=77 "
                    "sysctl.net.ipv4.tcp_congestion_control=vegas sysctl.net.ipv4.tcp_sack")
    text = guest.console.text.decode(errors="replace")
    assert "sysctl.net.ipv4.nosuch=1: no such setting, ignored" in text
    assert "sysctl.net.ipv4.tcp_ecn=77: invalid value, ignored" in text
    assert "sysctl.net.ipv4.tcp_congestion_control=vegas: no such value, ignored" in text
    assert "sysctl.net.ipv4.tcp_sack: NAME=VALUE is wanted, ignored" in text
    check_page(guest)


def test_unknown_words_are_noted_once(vm):
    guest = vm.boot(words="frobnicate=7 quux")
    text = guest.console.text.decode(errors="replace")
    assert len(re.findall("frobnicate.*ignored", text)) == 1
    assert len(re.findall("quux.*ignored", text)) == 1
    check_page(guest)


def test_no_nic(vm):
    """Without a NIC the machine still boots, has its loopback and runs its program."""
    guest = vm.boot(net="none", app="sh", ready=None)
    guest.console.expect(harness.PROMPT, 30)
    guest.console.send("poweroff\n")
    assert guest.wait_exit() == 0


def test_unknown_program_fails_clearly(vm):
    guest = vm.boot(app="nosuch", ready=None)
    guest.console.expect(rb"nosuch", 30)
    guest.expected_status = guest.wait_exit()
    assert guest.expected_status == 1
