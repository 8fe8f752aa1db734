#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks that a floor includes only its own headers and those of lower floors.

  tools/check_layers.py [ROOT]

FLOORS below is the picture of docs' architecture as a table: the first row whose prefix matches a
file tells which headers it may include.  Headers of libc/include and of the compiler are POSIX's
and open to everybody.  Besides, `ip_*` files never call `tcp_*` functions by name.
"""

import os
import re
import sys
from dataclasses import dataclass

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import csource  # noqa: E402

# The kernel services that net/ runs on; tests/hosted supplies the same in virtual time.
SERVICES = (
    "kernel/mm/slab.h", "kernel/mm/page_alloc.h", "kernel/mm/uaccess.h",
    "kernel/time/clock.h", "kernel/time/timer.h", "kernel/time/hrtimer.h",
    "kernel/sched/wait.h", "kernel/sched/softirq.h", "kernel/sched/lock.h",
    "kernel/sched/thread.h", "kernel/sched/workqueue.h",
    "kernel/fs/dirent.h", "kernel/fs/file.h", "kernel/fs/iov_iter.h", "kernel/fs/procfs.h", "kernel/fs/sysctl.h",
    "kernel/fs/poll.h", "kernel/fs/mmap.h", "kernel/fs/unix_node.h",
    "kernel/mm/mm_types.h", "kernel/sys.h", "kernel/lib/",
)

# Headers in net/ that belong to a floor above the device: named by protocol.
TRANSPORT = r"net/(?:tcp|udp|raw|ping|inet_(?:connection_sock|hashtables|timewait_sock))\w*\.h"
NETWORK = r"net/(?:ip|ipv4|route|icmp|igmp|arp|inet_frag|inet_ecn|devinet)\w*\.h|net/ipv4/.*"
SOCKETS = r"net/(?:sock|request_sock|inet_sock)\.h"


@dataclass
class Floor:
    """Files below prefix include what starts with one of allowed and matches none of forbidden."""

    prefix: str
    allowed: tuple
    forbidden: str = ""
    why: str = ""


_STACK = ("net/",) + SERVICES
FLOORS = (
    # The table of init steps names every floor; so does the machine's own list of programs.
    Floor("kernel/main.c", ("kernel/", "boot/", "drivers/", "net/", "libc/", "apps/")),
    Floor("kernel/init", ("kernel/", "boot/", "drivers/", "net/", "libc/", "apps/")),
    # The end of the program closes its files.
    Floor("kernel/exit.c", ("kernel/",)),
    Floor("kernel/abi/", ("kernel/", "net/", "libc/")),
    Floor("kernel/fs/", ("kernel/",), r"kernel/abi/.*", "files know no system call table"),
    Floor("kernel/", ("kernel/", "boot/"), r"kernel/(?:fs|abi)/.*",
          "the machine knows no files"),
    Floor("boot/", ("boot/", "kernel/")),
    Floor("drivers/net/", ("drivers/", "net/", "kernel/"), f"{TRANSPORT}|{NETWORK}|{SOCKETS}",
          "a driver knows devices and sk_buffs only"),
    Floor("drivers/", ("drivers/", "kernel/", "boot/")),
    Floor("net/core/", _STACK, f"{TRANSPORT}|{NETWORK}",
          "net/core reaches protocols only through what registered with it"),
    Floor("net/ethernet/", _STACK, f"{TRANSPORT}|{NETWORK}|{SOCKETS}", "a link layer"),
    Floor("net/socket.c", _STACK, f"{TRANSPORT}|{NETWORK}",
          "the socket layer knows no family"),
    # The families' own registration names all of its protocols.
    Floor("net/ipv4/af_inet", _STACK),
    Floor("net/ipv4/ip_sockglue.c", _STACK, TRANSPORT, "IP knows no transport"),
    Floor("net/ipv4/ip_", _STACK, TRANSPORT, "IP knows no transport"),
    Floor("net/ipv4/route", _STACK, TRANSPORT, "routing knows no transport"),
    Floor("net/ipv4/arp", _STACK, TRANSPORT, "ARP knows no transport"),
    Floor("net/ipv4/icmp.c", _STACK, r"net/tcp\w*\.h|net/udp\w*\.h",
          "ICMP reaches transports through inet_protos[]"),
    Floor("net/", _STACK),
    Floor("libc/", ("libc/", "kernel/")),
    Floor("apps/", ("apps/",)),
    Floor("tests/", ("tests/", "net/", "kernel/", "drivers/", "boot/", "libc/", "apps/")),
    Floor("tools/", ("tools/",)),
)

# Reasons for single edges that the table forbids.  Each was looked at; the list stays short.
EXCEPTIONS = {}

OURS = ("kernel/", "boot/", "drivers/", "net/", "libc/", "apps/", "tests/", "tools/")
COMPILER = {"stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "stdalign.h", "stdnoreturn.h",
            "float.h", "iso646.h", "limits.h", "cpuid.h", "immintrin.h", "x86intrin.h"}

_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*[<\"]([^>\"]+)[>\"]", re.M)
_TCP_CALL = re.compile(r"\btcp_\w+\s*\(")
_IP_FILES = re.compile(r"net/ipv[46]/(?:ip6?_\w+|route)\.c$")


def floor_of(path):
    """The row of the table for a file, or None."""
    for floor in FLOORS:
        if path.startswith(floor.prefix):
            return floor
    return None


def check_edge(path, header, libc_headers):
    """What is wrong with path including header, or None."""
    if (path, header) in EXCEPTIONS or header in libc_headers or header in COMPILER:
        return None
    if not header.startswith(OURS):
        # Tests run on the host and include its headers too.
        if path.startswith(("tests/", "tools/")):
            return None
        return f"<{header}> is neither ours nor in libc/include"
    floor = floor_of(path)
    if floor is None:
        return "belongs to no floor of tools/check_layers.py"
    if not header.startswith(floor.allowed):
        return f"may not include <{header}>: {floor.prefix} includes {', '.join(floor.allowed[:3])}..."
    if floor.forbidden and re.fullmatch(floor.forbidden, header):
        return f"may not include <{header}>: {floor.why}"
    return None


def check_text(path, text, libc_headers=frozenset()):
    """Complaints (line, what) about one file."""
    found = []
    code = csource.strip_comments(text, keep_strings=True)
    for match in _INCLUDE.finditer(code):
        what = check_edge(path, match.group(1), libc_headers)
        if what:
            found.append((code.count("\n", 0, match.start(1)) + 1, what))
    if _IP_FILES.match(path):
        bare = csource.strip(text)
        for match in _TCP_CALL.finditer(bare):
            line = bare.count("\n", 0, match.start()) + 1
            found.append((line, f"{match.group(0).rstrip('(').strip()}() called from IP"))
    return found


def headers_below(folder):
    """Every header below a folder, relative to it."""
    found = set()
    for where, _, names in os.walk(folder):
        found |= {os.path.relpath(os.path.join(where, n), folder) for n in names if n.endswith(".h")}
    return found


def check_tree(root):
    """All complaints below the root as 'path:line: what', and the number of files read."""
    libc_headers = headers_below(os.path.join(root, "libc/include"))
    lines, count = [], 0
    for top in OURS:
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = sorted(d for d in folders if d not in ("build", "__pycache__"))
            for name in sorted(names):
                if not name.endswith((".c", ".h")):
                    continue
                full = os.path.join(folder, name)
                path = os.path.relpath(full, root)
                with open(full, encoding="utf-8") as f:
                    found = check_text(path, f.read(), libc_headers)
                lines += [f"{path}:{line}: {what}" for line, what in found]
                count += 1
    return lines, count


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(
        os.path.realpath(__file__)), "..")
    lines, count = check_tree(root)
    for line in lines:
        print(line)
    print(f"layers: {count} files, {len(lines)} complaints")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
