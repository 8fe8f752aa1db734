#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Copies a Barewire image and clears its Multiboot 1 magic.

QEMU's -kernel prefers Multiboot; without the magic it takes the PVH note, so the copy tests that
way in.  Usage: mkpvh.py IMAGE COPY
"""

import struct
import sys

MULTIBOOT_MAGIC = 0x1BADB002
SEARCH_BYTES = 8192  # Multiboot 0.6.96, section 3.1


def main():
    source, target = sys.argv[1:]
    with open(source, "rb") as f:
        image = bytearray(f.read())
    for at in range(0, SEARCH_BYTES, 4):
        magic, flags, checksum = struct.unpack_from("<III", image, at)
        if magic == MULTIBOOT_MAGIC and (magic + flags + checksum) & 0xFFFFFFFF == 0:
            break
    else:
        sys.exit(f"mkpvh: {source} has no Multiboot header")
    struct.pack_into("<I", image, at, 0)
    with open(target, "wb") as f:
        f.write(image)


if __name__ == "__main__":
    main()
