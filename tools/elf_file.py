# SPDX-License-Identifier: BSD-2-Clause
"""What an ELF file says about the other files it needs, and where the dynamic linkers look for them.

read_elf() takes PT_INTERP and the dynamic section (System V ABI, chapter 5: DT_NEEDED, DT_SONAME,
DT_RPATH, DT_RUNPATH).  Libraries.find() looks in the order of glibc's ld.so(8): DT_RPATH of the
object and of those that loaded it unless there is a DT_RUNPATH, DT_RUNPATH, ldconfig's cache, the
default folders; for programs of musl in musl's own.  Used by tools/mkrootfs; the program is never
run, so packing it is safe.  Left out: LD_LIBRARY_PATH, glibc-hwcaps, 32-bit files.
"""

import os
import struct
from dataclasses import dataclass, field

EM_X86_64 = 62
PT_LOAD, PT_DYNAMIC, PT_INTERP = 1, 2, 3
DT_NEEDED, DT_STRTAB, DT_STRSZ, DT_SONAME, DT_RPATH, DT_RUNPATH = 1, 5, 10, 14, 15, 29
ET_EXEC, ET_DYN = 2, 3

# Where Debian's glibc looks when nothing else says where.
GLIBC_FOLDERS = ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64",
                 "/lib", "/usr/lib"]
MUSL_FOLDERS = ["/lib", "/usr/local/lib", "/usr/lib"]
CACHE_MAGIC = b"glibc-ld.so.cache1.1"
CACHE_X86_64_LIBC6 = 0x0303


class BadElf(Exception):
    """Not a file that can run on x86-64 Linux; the text says why."""


@dataclass
class Elf:
    path: str
    kind: int = 0
    interp: str = ""
    needed: list = field(default_factory=list)
    soname: str = ""
    rpath: list = field(default_factory=list)
    runpath: list = field(default_factory=list)
    strings: bytes = b""  # of the dynamic symbols, too

    @property
    def is_musl(self):
        return os.path.basename(self.interp).startswith("ld-musl")

    def mentions(self, symbol):
        return b"\0" + symbol.encode() + b"\0" in self.strings


def is_elf(path):
    with open(path, "rb") as f:
        return f.read(4) == b"\x7fELF"


def _program_headers(data, path):
    if data[:4] != b"\x7fELF":
        raise BadElf(f"{path} is not an ELF program")
    if len(data) < 64 or data[4] != 2 or data[5] != 1:
        raise BadElf(f"{path} is not a 64-bit little-endian program")
    kind, machine = struct.unpack_from("<HH", data, 16)
    if machine != EM_X86_64 or kind not in (ET_EXEC, ET_DYN):
        raise BadElf(f"{path} is not an x86-64 program")
    offset, = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    try:
        headers = [struct.unpack_from("<IIQQQQQQ", data, offset + i * size) for i in range(count)]
    except struct.error:
        raise BadElf(f"{path} is cut off") from None
    # type, offset in the file, address, bytes in the file
    return kind, [(h[0], h[2], h[3], h[5]) for h in headers]


def _file_offset(headers, address):
    for kind, offset, start, size in headers:
        if kind == PT_LOAD and start <= address < start + size:
            return offset + address - start
    return None


def read_elf(path):
    """The Elf of a file, or BadElf."""
    with open(path, "rb") as f:
        data = f.read()
    kind, headers = _program_headers(data, path)
    elf = Elf(path, kind)
    entries = []
    for header_kind, offset, _, size in headers:
        if header_kind == PT_INTERP:
            elf.interp = data[offset:offset + size].rstrip(b"\0").decode()
        elif header_kind == PT_DYNAMIC:
            entries = [struct.unpack_from("<QQ", data, at)
                       for at in range(offset, min(offset + size, len(data) - 15), 16)]
    values = dict(entries)
    strtab = _file_offset(headers, values.get(DT_STRTAB, 0)) if DT_STRTAB in values else None
    if strtab is None:
        return elf
    elf.strings = data[strtab:strtab + values.get(DT_STRSZ, 0)]

    def text(at):
        return elf.strings[at:elf.strings.index(b"\0", at)].decode()

    elf.needed = [text(value) for tag, value in entries if tag == DT_NEEDED]
    elf.soname = text(values[DT_SONAME]) if DT_SONAME in values else ""
    here = os.path.dirname(os.path.realpath(path))
    for tag, folders in ((DT_RPATH, elf.rpath), (DT_RUNPATH, elf.runpath)):
        if tag in values:
            words = text(values[tag]).replace("${ORIGIN}", here).replace("$ORIGIN", here)
            folders += [w for w in words.split(":") if w]
    return elf


def read_ld_cache(path="/etc/ld.so.cache"):
    """{soname: path} of ldconfig's cache; empty when there is none."""
    try:
        with open(path, "rb") as f:
            data = f.read()
    except OSError:
        return {}
    start = data.find(CACHE_MAGIC)
    if start < 0:
        return {}
    data = data[start:]
    count, = struct.unpack_from("<I", data, 20)
    libraries = {}
    for i in range(count):
        flags, key, value, _, hwcap = struct.unpack_from("<iIIIQ", data, 48 + i * 24)
        if flags != CACHE_X86_64_LIBC6 or hwcap:
            continue
        name, where = (data[at:data.index(b"\0", at)].decode() for at in (key, value))
        libraries.setdefault(name, where)
    return libraries


class Libraries:
    """Finds shared libraries as the dynamic linker of a program would."""

    def __init__(self, cache=None):
        self.cache = read_ld_cache() if cache is None else cache

    @staticmethod
    def _musl_folders():
        try:
            with open("/etc/ld-musl-x86_64.path", encoding="utf-8") as f:
                return f.read().replace("\n", ":").split(":")
        except OSError:
            return MUSL_FOLDERS

    def find(self, name, elf, inherited_rpath, musl=False):
        """Path of a DT_NEEDED word of elf, or None."""
        if "/" in name:
            return name if os.path.exists(name) else None
        folders = [] if elf.runpath else elf.rpath + inherited_rpath
        folders = folders + elf.runpath
        cached = [] if musl else [self.cache.get(name, "")]
        candidates = [os.path.join(folder, name) for folder in folders] + cached
        candidates += [os.path.join(folder, name)
                       for folder in (self._musl_folders() if musl else GLIBC_FOLDERS) if folder]
        for path in candidates:
            if path and os.path.isfile(path) and is_elf(path):
                try:
                    read_elf(path)
                except BadElf:
                    continue  # another machine's: the linker goes on, too
                return path
        return None

    @staticmethod
    def found_by_default(name, folder, elf, musl=False):
        """Whether the linker finds name in this folder without a cache."""
        known = elf.runpath + elf.rpath + (Libraries._musl_folders() if musl else GLIBC_FOLDERS)
        return "/" in name or os.path.realpath(folder) in map(os.path.realpath, known)
