# SPDX-License-Identifier: BSD-2-Clause
"""Linux programs in ring 3: every way to link and to boot one, what it finds, how it ends, how it
crashes, broken files, execve, the vDSO."""

import os
import re
import shutil
import struct
import subprocess

import harness
import pytest
import ring3


def lines(text, prefix):
    return [line for line in text.split("\n") if line.startswith(prefix)]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Programs by (source, kind), each built once."""
    folder = tmp_path_factory.mktemp("programs")
    done = {}

    def get(source, kind="musl", *flags):
        if (source, kind) not in done:
            own = folder / kind
            own.mkdir(exist_ok=True)
            done[source, kind] = ring3.build(own, source, kind, *flags)
        return done[source, kind]
    return get


def check_new_program(text, name, args, execfn):
    assert lines(text, "argc ") == [f"argc {len(args) + 1}"]
    assert lines(text, "argv[") == [f"argv[{i}] <{a}>" for i, a in enumerate([name, *args])]
    assert lines(text, "env ") == ["env <HOME=/>", "env <TERM=linux>"]
    assert "aux pagesz 4096 clktck 100 uid 0 euid 0 secure 0 flags 0" in text
    assert f"aux execfn {execfn} platform x86_64 random yes vdso yes" in text
    assert "aux phent 56 hwcap yes minsigstksz yes" in text
    assert "data 11 22 bss zero tls 33" in text
    assert "brk grows" in text
    assert "stack 16-aligned yes" in text


# --- every way to link and boot ------------------------------------------------------------------

@pytest.mark.parametrize("kind", ["musl", "static", "static-pie"])
def test_a_module(vm, built, kind):
    """The module's string is the command line, its first word argv[0] as it stands."""
    program = built("elf_args.c", kind)
    text = ring3.run(vm, f"{program} 3 two  \"with blank\"", status=1)
    check_new_program(text, program, ["3", "two", "with blank"], "/elf_args")
    assert "program ended with status 3" in text


@pytest.mark.parametrize("kind", ["dynamic", "no-pie", "musl"])
def test_an_archive(vm, built, tmp_path, kind):
    """/init out of an archive, its arguments behind --."""
    archive = ring3.pack(tmp_path, built("elf_args.c", kind))
    text = ring3.run(vm, archive, words="root=/dev/ram rdinit=/init noapic", args=["0", "x"])
    check_new_program(text, "/init", ["0", "x"], "/init")


def test_musl_dynamic(vm, built, tmp_path):
    """The interpreter of musl is its C library."""
    archive = ring3.pack(tmp_path, built("elf_args.c", "musl-dynamic"))
    text = ring3.run(vm, archive, args=["0"])
    check_new_program(text, "/init", ["0"], "/init")


def test_cpp(vm, built, tmp_path):
    archive = ring3.pack(tmp_path, built("elf_cpp.cpp", "c++", "-pthread"))
    text = ring3.run(vm, archive, status=1)
    assert "constructed before main" in text
    assert "caught thrown" in text
    assert "sum 36" in text
    assert "status 5" in text


@pytest.mark.parametrize("kind", ["static", "static-pie", "dynamic"])
def test_alignment(vm, built, tmp_path, kind):
    """p_align of 2 MiB; and /proc/self/exe can be executed."""
    program = built("elf_align.c", kind, "-Wl,-z,max-page-size=0x200000")
    text = ring3.run(vm, ring3.pack(tmp_path, program))
    assert "/init: aligned at offset 0\n" in text
    assert "again: aligned at offset 0\n" in text


def test_no_randomness(vm, built, tmp_path):
    """norandmaps: two boots give the same addresses; without it they differ."""
    archive = ring3.pack(tmp_path, built("elf_crash.c", "dynamic"))
    seen = [re.findall(r"rip 0x(\w+) ", ring3.run(vm, archive, words=words, args=["null"], status=1))
            for words in ("norandmaps", "norandmaps", "", "")]
    assert seen[0] == seen[1]
    assert int(seen[0][0], 16) >> 28 == 0x55555
    assert seen[2] != seen[3]


def test_pvh_and_grub(vm, built, tmp_path):
    """Other loaders: PVH gives no string, so the arguments stand behind --."""
    harness.make("pvh")
    kernel = os.path.join(harness.ROOT, "build/barewire-pvh.elf")
    text = ring3.run(vm, built("elf_args.c"), args=["0", "b"], kernel=kernel)
    assert lines(text, "argv[")[1:] == ["argv[1] <0>", "argv[2] <b>"]


@pytest.mark.slow
@pytest.mark.parametrize("protocol", ["multiboot", "multiboot2"])
def test_grub(vm, built, tmp_path, protocol):
    """A CD with GRUB, which gives the module's string without the file's name."""
    boot = tmp_path / "iso/boot"
    (boot / "grub").mkdir(parents=True)
    shutil.copy(harness.KERNEL, boot / "barewire.elf")
    shutil.copy(built("elf_args.c"), boot / "program")
    module = "module2" if protocol == "multiboot2" else "module"
    (boot / "grub/grub.cfg").write_text(
        "serial --unit=0\nterminal_output serial\nset timeout=0\nmenuentry a {\n"
        f"{protocol} /boot/barewire.elf ip=off\n{module} /boot/program elf_args 0 'two words'\n}}\n")
    iso = str(tmp_path / "boot.iso")
    subprocess.run(["grub-mkrescue", "-o", iso, tmp_path / "iso"], check=True, capture_output=True)
    text = ring3.run(vm, "", iso=iso)
    assert lines(text, "argv[") == ["argv[0] <elf_args>", "argv[1] <0>", "argv[2] <two words>"]


def test_environment(vm, built):
    """Words NAME=VALUE that the kernel does not know go to the program, as on Linux."""
    text = ring3.run(vm, f"{built('elf_args.c')} 0", words="FOO=bar some.module=1 LANG=C noapic")
    assert lines(text, "env ") == ["env <HOME=/>", "env <TERM=linux>", "env <FOO=bar>",
                                   "env <LANG=C>"]


def test_sixteen_mebibytes(vm, built):
    text = ring3.run(vm, f"{built('elf_args.c')} 0", mem="16")
    assert "data 11 22" in text


def test_modules_do_not_take_their_size_twice(vm, built, tmp_path):
    """An archive of 40 MiB and an ELF file of 40 MiB, in 64 MiB."""
    with open(built("elf_args.c"), "rb") as f:
        program = f.read()
    filling = os.urandom(40 << 20)
    archive = ring3.archive(tmp_path, {"filling": filling, "init": program})
    check_new_program(ring3.run(vm, archive, args=["0"], mem="64"), "/init", ["0"], "/init")
    long = tmp_path / "long"
    long.write_bytes(program + filling)
    check_new_program(ring3.run(vm, f"{long} 0", mem="64"), str(long), ["0"], "/long")


def test_archives_and_a_program(vm, built, tmp_path):
    """Archives lie over each other; the ELF module is the program, unless rdinit= names another."""
    with open(built("elf_args.c"), "rb") as f:
        program = f.read()
    one = ring3.archive(tmp_path, {"bin/run": b"#!/bin/missing\n", "init": program}, "one.cpio")
    two = ring3.archive(tmp_path, {"bin/run": b"#!/elf_args 0\n"}, "two.cpio")
    modules = f"{one},{built('elf_args.c')} 0 x,{two}"
    text = ring3.run(vm, modules)
    assert "argv[2] <x>" in text
    text = ring3.run(vm, modules, words="rdinit=/bin/run")
    assert "argv[2] </bin/run>" in text


def test_long_arguments(vm, built):
    """More than a module's string used to hold."""
    args = [f"argument-number-{i}" for i in range(50)]
    text = ring3.run(vm, " ".join([built("elf_args.c"), "0", *args]))
    assert lines(text, "argv[")[-1] == "argv[51] <argument-number-49>"


# --- what cannot be run --------------------------------------------------------------------------

def broken(program, change):
    with open(program, "rb") as f:
        data = bytearray(f.read())
    change(data)
    return bytes(data)


def poke(offset, form, value):
    return lambda data: struct.pack_into(form, data, offset, value)


@pytest.mark.parametrize("change, message", [
    (lambda d: d.__delitem__(slice(40, None)), "too short for a program"),
    (lambda d: d.__delitem__(slice(100, None)), "its program headers are missing"),
    (lambda d: d.__delitem__(slice(6000, None)), "a segment lies beyond its end"),
    (poke(18, "<H", 183), "a program for another machine"),
    (poke(4, "B", 1), "no 64-bit program"),
    (poke(16, "<H", 1), "an ELF file, but no program"),
    (poke(56, "<H", 0), "no usable program headers"),
    (poke(64 + 16, "<Q", 1 << 63), "outside of the address space"),
])
def test_broken_files(vm, built, tmp_path, change, message):
    path = tmp_path / "broken"
    path.write_bytes(broken(built("elf_args.c"), change))
    text = ring3.run(vm, f"{path} 0", status=1)
    assert message in text
    assert "cannot run the program" in text


def test_missing_interpreter(vm, built, tmp_path):
    with open(built("elf_args.c", "dynamic"), "rb") as f:
        archive = ring3.archive(tmp_path, {"init": f.read()})
    text = ring3.run(vm, archive, status=1)
    assert ("/init: its program interpreter /lib64/ld-linux-x86-64.so.2 is not in the root file "
            "system") in text


def test_missing_program(vm, tmp_path):
    archive = ring3.archive(tmp_path, {"other": b"x"})
    text = ring3.run(vm, archive, words="rdinit=/sbin/init", status=1)
    assert "init: /sbin/init is not in the root file system" in text


def test_a_script_as_init(vm, built, tmp_path):
    with open(built("elf_args.c"), "rb") as f:
        archive = ring3.archive(tmp_path, {"init": b"#!/bin/args  0 \nrest\n", "bin/args": f.read()})
    text = ring3.run(vm, archive, args=["more"])
    assert lines(text, "argv[") == [f"argv[{i}] <{a}>" for i, a in
                                    enumerate(["/bin/args", "0", "/init", "more"])]


@pytest.mark.parametrize("seed", [0, 1000, 2000, 3000, 4000, 5000])
def test_changed_headers(vm, built, seed):
    """Whatever a program executes, the kernel goes on: it refuses, or the new program may die."""
    guest = vm.boot(app=None, ready=None, net="none", append="ip=off",
                    initrd=f"{built('elf_fuzz.c')} {seed}")
    guest.expected_status = guest.wait_exit()
    assert guest.expected_status in (0, 1)
    assert re.search(r"program (ended with status|killed by signal)", guest.console.text.decode())


# --- how it ends ---------------------------------------------------------------------------------

CRASHES = [
    ("null", "segmentation fault at 0x8 (not mapped)", "null_write"),
    ("data", "(not executable)", "jump_into_data"),
    ("jump", "segmentation fault at 0x0 (not mapped)", "jump_to_null"),
    ("constant", "(not writable)", "write_constant"),
    ("divide", "divide error", "divide_by_zero"),
    ("trap", "illegal instruction", "middle"),
    ("gp", "(general protection)", "non_canonical"),
    ("bus", "bus error", "behind_the_file"),
    ("abort", "SIGABRT", "abort"),
    ("stack", "stack overflow?", "deep"),
]


@pytest.mark.parametrize("how, headline, function", CRASHES)
def test_crash(vm, built, how, headline, function):
    """The report names the place; the call chain goes through middle() to main()."""
    text = ring3.run(vm, f"{built('elf_crash.c', 'musl', '-fno-omit-frame-pointer')} {how}", status=1)
    assert "elf_crash[1]: " in text
    assert headline in text
    trace = text.partition("Call trace of the program:")[2].partition("mappings:")
    assert f"({function}" in trace[0]
    if how != "stack":
        assert "(middle" in trace[0]
        assert "main+0x" in trace[0]
    assert "[stack]" in trace[2] and "/elf_crash" in trace[2]
    assert "survived" not in text


def test_crash_in_a_library(vm, built, tmp_path):
    """A stripped C library has its dynamic symbols."""
    archive = ring3.pack(tmp_path, built("elf_crash.c", "dynamic"))
    text = ring3.run(vm, archive, args=["abort"], status=1)
    assert re.search(r"libc\.so\.6\+0x\w+ \(\w+\+0x", text)


def test_killed(vm, built):
    text = ring3.run(vm, f"{built('elf_crash.c')} term", status=1)
    assert "SIGTERM" in text
    assert "Call trace" not in text


def test_survival(vm, built):
    assert "survived" in ring3.run(vm, f"{built('elf_crash.c')} not-at-all")


# --- execve, vDSO --------------------------------------------------------------------------------

def test_execve(vm, built, tmp_path):
    path = built("elf_exec.c", "static", "-pthread")
    with open(path, "rb") as f:
        program = f.read()
    phoff, phnum = struct.unpack_from("<Q", program, 32)[0], struct.unpack_from("<H", program, 56)[0]
    loads = [at for at in range(phoff, phoff + 56 * phnum, 56)
             if struct.unpack_from("<I", program, at)[0] == 1]
    low = broken(path, poke(loads[0] + 16, "<Q", 0))
    huge = broken(path, poke(loads[-1] + 40, "<Q", 1 << 40))
    archive = ring3.archive(tmp_path, {
        "elf_exec": program, "garbage": b"\x01\x02\x03 no program", "plain": (b"x", 0o644),
        "low": low, "huge": huge, "badscript": b"#!/nothing\n", "loop": b"#!/loop\n",
        "script": b"#! /elf_exec -s arg\n"})
    text = ring3.run(vm, archive, words="rdinit=/elf_exec", status=1)
    for line in ["none ENOENT", "directory EACCES", "garbage ENOEXEC", "badscript ENOENT",
                 "loop ELOOP", "plain EACCES", "badpath EFAULT", "badarg EFAULT", "badargv EFAULT",
                 "bigarg E2BIG", "flags 1", "low EPERM", "huge ENOMEM"]:
        assert line in text.split("\n"), line
    for i in range(1, 6):
        assert f"round {i} kept 1 closed 1 reset 1 ignored 1 mark yes tid 1" in text
    assert "by descriptor" in text
    assert "script closed ENOENT" in text
    assert lines(text, "script argv") == ["script argv[0] </elf_exec>", "script argv[1] <-s arg>",
                                          "script argv[2] </script>", "script argv[3] <end>"]
    assert "status 7" in text


def test_self(vm, built, tmp_path):
    """/proc/self and the terminal of a program that was started through a symbolic link."""
    archive = ring3.pack(tmp_path, built("elf_self.c", "dynamic"))
    text = ring3.run(vm, archive, args=["one", "two"], words="X=y")
    assert "isatty 1111" in text
    assert "pid 1 sid 1 pgrp 1 foreground 1 tcsid 1" in text
    assert re.search(r"exe /.*/elf_self comm init\n", text)
    assert "/proc/self/cmdline </init|one|two|>" in text
    assert "/proc/self/environ <HOME=/|TERM=linux|X=y|>" in text
    assert "auxv long wrong 0" in text
    maps = text.partition("/proc/self/maps <")[2]
    for name in ["/elf_self;", "libc.so.6;", "ld-linux-x86-64.so.2;", "[vvar];", "[vdso];",
                 "[heap];", "[stack];"]:
        assert name in maps, name


@pytest.mark.parametrize("kind", ["static", "musl"])
def test_vdso(vm, built, kind):
    text = ring3.run(vm, built("elf_vdso.c", kind))
    assert "missing" not in text
    assert "monotonic 1 realtime 1 boottime 1" in text
    assert "raw 1 not zero 1" in text
    assert "cpu time 1" in text
    assert "bad clock -22" in text
    assert "getres 0 1" in text
    assert "getcpu 0 0 0" in text
    assert "settimeofday 0" in text
    assert "follows 1 1 1" in text
