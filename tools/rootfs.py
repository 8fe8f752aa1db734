# SPDX-License-Identifier: BSD-2-Clause
"""A root file system in the making: what lies where, and the newc archive of it.

Archive is a tree of paths; host files are named, not read, until write().  Paths are laid down as the
kernel will walk them: a parent that is a symbolic link in the archive is followed.  The format is
the kernel's documentation of initramfs (Documentation/driver-api/early-userspace/buffer-format.rst):
a header of thirteen 8-digit hexadecimal numbers, the name, the data, each padded to four bytes.
Everything belongs to root; modes and times are the host's.  Used by tools/mkrootfs.
"""

import gzip
import os
import stat
from dataclasses import dataclass

MAX_LINKS = 40


class CannotPack(Exception):
    """Something that was asked for cannot be put into the archive; the text says what."""


@dataclass
class Entry:
    mode: int
    source: str = ""  # a host file, or
    data: bytes = b""  # a file's content, a link's target
    mtime: int = 0


def normal(path):
    """An absolute path without '.', '..' and double slashes."""
    return "/" + os.path.normpath("/" + path).lstrip("/")


class Archive:
    def __init__(self):
        self.entries = {"/": Entry(stat.S_IFDIR | 0o755)}
        self.inputs = {}  # host path -> (size, mtime in ns): what the archive was made of

    # --- laying down ---------------------------------------------------------------------------

    def resolve_parent(self, path):
        """The path with symbolic links of the archive in its folders followed; makes the folders."""
        for _ in range(MAX_LINKS):
            path = normal(path)
            at = "/"
            for part in path.strip("/").split("/")[:-1]:
                at = normal(at + "/" + part)
                entry = self.entries.get(at)
                if entry is None:
                    self.entries[at] = Entry(stat.S_IFDIR | 0o755)
                elif stat.S_ISLNK(entry.mode):
                    target = os.path.join(os.path.dirname(at), entry.data.decode())
                    path = target + path[len(at):]
                    break
                elif not stat.S_ISDIR(entry.mode):
                    raise CannotPack(f"{at} is a file, so {path} cannot lie in it")
            else:
                return path
        raise CannotPack(f"{path}: too many symbolic links")

    def _put(self, path, entry):
        path = self.resolve_parent(path)
        old = self.entries.get(path)
        if old and stat.S_ISDIR(old.mode) != stat.S_ISDIR(entry.mode):
            if stat.S_ISLNK(old.mode) and stat.S_ISDIR(entry.mode):
                return  # a folder that is a link in the archive (/lib)
            raise CannotPack(f"{path} is wanted as a folder and as a file")
        self.entries[path] = entry

    def folder(self, path, mode=0o755):
        self._put(path, Entry(stat.S_IFDIR | mode))

    def link(self, path, target):
        self._put(path, Entry(stat.S_IFLNK | 0o777, data=target.encode()))

    def text(self, path, text, mode=0o644):
        self._put(path, Entry(stat.S_IFREG | mode, data=text.encode()))

    def has(self, path):
        return self.resolve_parent(path) in self.entries

    # --- from the host -------------------------------------------------------------------------

    def add_one(self, source, place):
        """One host file, folder (without what is in it) or link at a place."""
        try:
            st = os.lstat(source)
        except OSError as error:
            raise CannotPack(f"{source}: {error.strerror}") from None
        mtime = int(st.st_mtime)
        if stat.S_ISLNK(st.st_mode):
            target = os.readlink(source)
            if self.resolve_parent(place) != normal(os.path.join(os.path.dirname(place), target)):
                self._put(place, Entry(st.st_mode, data=target.encode(), mtime=mtime))
        elif stat.S_ISDIR(st.st_mode):
            self._put(place, Entry(st.st_mode, mtime=mtime))
        elif stat.S_ISREG(st.st_mode):
            if not os.access(source, os.R_OK):
                raise CannotPack(f"{source} cannot be read")
            self._put(place, Entry(st.st_mode, source=source, mtime=mtime))
        else:
            return  # sockets, devices: nothing to pack
        self.inputs[source] = (st.st_size if stat.S_ISREG(st.st_mode) else 0, st.st_mtime_ns)

    def add_path(self, path):
        """A host path at its own place, with every symbolic link on the way; the real path."""
        path = normal(path)
        for _ in range(MAX_LINKS):
            at = "/"
            for part in path.strip("/").split("/"):
                at = normal(at + "/" + part)
                if os.path.islink(at):
                    self.add_one(at, at)
                    target = os.path.join(os.path.dirname(at), os.readlink(at))
                    path = normal(target + path[len(at):])
                    break
            else:
                self.add_one(path, path)
                return path
        raise CannotPack(f"{path}: too many symbolic links")

    def add_tree(self, source, place):
        """A host file, or a folder with everything in it. Yields the host's plain files.

        Links in the folder may lead to plain files outside of it (nginx's modules-enabled): these come
        along at their own path.
        """
        if not os.path.isdir(source):
            self.add_one(os.path.realpath(source) if not os.path.islink(source) else source, place)
            if os.path.isfile(source):
                yield source
            return
        self.add_one(os.path.realpath(source), place)
        for folder, folders, files in os.walk(source):
            folders.sort()
            for name in sorted(folders + files):
                inner = os.path.join(folder, name)
                self.add_one(inner, normal(place + "/" + os.path.relpath(inner, source)))
                if not os.path.isfile(inner):
                    continue
                if os.path.islink(inner):
                    real = os.path.realpath(inner)
                    if (real.startswith(os.path.realpath(source) + "/") or self.has(real)
                            or not os.access(real, os.R_OK)):
                        continue
                    target = os.path.join(os.path.realpath(folder), os.readlink(inner))
                    inner = self.add_path(target)
                yield inner

    # --- writing -------------------------------------------------------------------------------

    @staticmethod
    def _record(number, name, entry, data):
        name = name.encode() + b"\0"
        links = 2 if stat.S_ISDIR(entry.mode) else 1
        fields = (number, entry.mode, 0, 0, links, entry.mtime & 0xffffffff, len(data), 0, 0, 0, 0,
                  len(name), 0)
        head = b"070701" + b"".join(b"%08X" % f for f in fields) + name
        return head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)

    def _records(self):
        number = 1
        # A folder sorts before what lies in it.
        for path in sorted(self.entries):
            if path == "/":
                continue
            entry, data = self.entries[path], self.entries[path].data
            if entry.source:
                with open(entry.source, "rb") as f:
                    data = f.read()
            if len(data) > 0xffffffff:
                raise CannotPack(f"{path} is too large for a cpio archive")
            yield self._record(number, path[1:], entry, data)
            number += 1
        yield self._record(0, "TRAILER!!!", Entry(0), b"")

    def write(self, path):
        """The archive as a file, gzip when its name ends in .gz; complete or not at all."""
        part = f"{path}.{os.getpid()}.part"
        try:
            with open(part, "wb") as raw:
                out = gzip.GzipFile("", "wb", 6, raw, 0) if path.endswith(".gz") else raw
                for record in self._records():
                    out.write(record)
                if out is not raw:
                    out.close()
            os.replace(part, path)
        finally:
            if os.path.exists(part):
                os.unlink(part)
