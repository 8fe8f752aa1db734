# SPDX-License-Identifier: BSD-2-Clause
"""A Linux program of this machine, made ready to boot: `make run PROGRAM="redis-server --save ''"`.

prepare() splits the line as a shell would, packs the program (tools/mkrootfs) into build/rootfs, and
says with which words of the kernel's command line it starts and which ports it serves.  An archive
is used again while no file that it was made of has changed.  Arguments go through the kernel's
command line, where double quotes keep blanks together and make empty arguments; Linux has no way to
write a double quote there, nor have we.
"""

import hashlib
import importlib.machinery
import importlib.util
import json
import os
import shlex
from dataclasses import dataclass, field

HERE = os.path.dirname(os.path.realpath(__file__))
FOLDER = os.path.join(os.path.dirname(HERE), "build/rootfs")
COMMAND_LINE_MAX = 2047

# What well-known servers listen on, and the options that say otherwise.
SERVERS = {
    "redis-server": ([6379], ["--port"]),
    "memcached": ([11211], ["-p", "--port"]),
    "nginx": ([80], []),
    "lighttpd": ([80], []),
    "haproxy": ([80], []),
    "iperf3": ([5201], ["-p", "--port"]),
}


class CannotRun(Exception):
    """The program cannot be packed or started; the text says why."""


@dataclass
class Packed:
    initrd: str
    append: str  # words of the kernel
    args: str  # the program's, quoted
    ports: list = field(default_factory=list)


def load_mkrootfs():
    """tools/mkrootfs as a module."""
    path = os.path.join(HERE, "mkrootfs")
    loader = importlib.machinery.SourceFileLoader("mkrootfs", path)
    spec = importlib.util.spec_from_loader("mkrootfs", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def quote(word):
    """One argument as the kernel's command line wants it."""
    if '"' in word:
        raise CannotRun(f"the kernel's command line cannot carry a double quote: {word!r}")
    return f'"{word}"' if not word or any(c.isspace() for c in word) else word


def is_fresh(archive, inputs):
    """Whether the archive is there and made of the files as they are now."""
    try:
        with open(inputs, encoding="utf-8") as f:
            known = json.load(f)["inputs"]
        for tool in ("mkrootfs", "rootfs.py", "elf_file.py"):
            if os.stat(os.path.join(HERE, tool)).st_mtime > os.stat(archive).st_mtime:
                return False
        for path, (size, mtime) in known.items():
            st = os.lstat(path)
            if st.st_mtime_ns != mtime or (size and st.st_size != size):
                return False
    except (OSError, ValueError, KeyError):
        return False
    return True


def pack(program, files, folder=FOLDER):
    """The archive with the program and files, made if it is not there or not fresh."""
    mkrootfs = load_mkrootfs()
    try:
        program = mkrootfs.find_program(program)
        key = json.dumps([program, files, os.getcwd()])
        name = os.path.join(folder, os.path.basename(program) + "-" +
                            hashlib.sha256(key.encode()).hexdigest()[:12])
        archive, inputs = name + ".cpio", name + ".json"
        if not is_fresh(archive, inputs):
            os.makedirs(folder, exist_ok=True)
            packed, _ = mkrootfs.build(program, files)
            packed.write(archive)
            with open(inputs, "w", encoding="utf-8") as f:
                json.dump({"program": program, "inputs": packed.inputs}, f)
    except (mkrootfs.CannotPack, mkrootfs.elf_file.BadElf) as error:
        raise CannotRun(str(error)) from None
    return archive, program


def ports_of(program, args):
    ports, options = SERVERS.get(os.path.basename(program), ([], []))
    for option, value in zip(args, args[1:]):
        if option in options and value.isdigit():
            ports = [int(value)]
    return ports


def prepare(line, files, folder=FOLDER):
    """Everything that run-qemu needs for the program in this line."""
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise CannotRun(f"{line}: {error}") from None
    if not words:
        raise CannotRun("PROGRAM is empty")
    quoted = " ".join(quote(w) for w in words[1:])
    archive, program = pack(words[0], files, folder)
    append = "rdinit=" + quote(program)
    if len(append) + len(quoted) > COMMAND_LINE_MAX - 200:
        raise CannotRun("the arguments are too long for the kernel's command line (2048 bytes)")
    return Packed(archive, append, quoted, ports_of(program, words[1:]))
