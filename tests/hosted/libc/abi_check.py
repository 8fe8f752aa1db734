#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compare libc/include with the host's Linux headers: every numeric macro that both define must
have the same value, and every structure that both define the same size and member offsets.

Run from the root of the tree. Prints 'N passed, N failed' and exits non-zero on a difference."""
import os
import re
import subprocess
import sys
import tempfile

CC = os.environ.get("HOSTCC", "gcc")
OURS = "libc/include"
# Extra host headers that hold what ours keep under the libc name.
EXTRA = {
    "netinet/tcp.h": ["linux/tcp.h"], 
    "sys/ioctl.h": ["linux/sockios.h", "asm/ioctls.h", "termios.h"],
    "netinet/ip_icmp.h": ["linux/icmp.h"], "netinet/igmp.h": ["linux/igmp.h"],
    "net/ethernet.h": ["linux/if_ether.h"], "bits/in_opts.h": ["netinet/in.h"],
    "bits/tcp_info.h": ["linux/tcp.h"],
    "bits/types.h": ["sys/types.h", "sys/uio.h", "sys/time.h"], "netinet/ip.h": ["netinet/ip.h"],
    "bits/inet_types.h": ["netinet/in.h"], 
    "bits/termios.h": ["termios.h"], "bits/siginfo.h": ["signal.h"],
}
# Replaces the libc header altogether, where glibc's has an older shape or clashes with the kernel's.
INSTEAD = {"netinet/tcp.h": ["linux/tcp.h"], "bits/tcp_info.h": ["linux/tcp.h"],
           "netinet/ip_icmp.h": ["linux/icmp.h"],
           "bits/sockopt.h": ["netinet/in.h", "netinet/tcp.h", "netinet/udp.h", "linux/sock_diag.h"], "netinet/igmp.h": ["linux/igmp.h"],
           "linux/route.h": ["net/route.h"], "linux/errqueue.h": ["time.h", "sys/socket.h", "linux/errqueue.h"]}
# AF_EXAMPLE is ours alone.
SKIP_HEADERS = {"linux/example.h", "setjmp.h", "bits/inet_types.h", "bits/types.h", "assert.h"}
# Deliberately different: name -> reason.
SKIP = {
    "BUFSIZ": "buffer size is ours", "FILENAME_MAX": "ours", "RAND_MAX": "same", "EOF": "same",
    "PTHREAD_MUTEX_INITIALIZER": "not a number", "NCCS": "glibc pads",
    "O_LARGEFILE": "glibc hides the kernel's value",
    "TCP_MAX_STATES": "enum", "NFDBITS": "type", "FD_MASK": "macro with other argument",
}


def run(args, text):
    return subprocess.run(args, input=text, capture_output=True, text=True)


def macros(flags, headers):
    text = "".join(f"#include <{h}>\n" for h in headers)
    r = run([CC, "-D_GNU_SOURCE", *flags, "-dM", "-E", "-xc", "-"], text)
    if r.returncode:
        return None
    return {m[1] for m in re.finditer(r"^#define ([A-Z]\w*) (?!.*__attribute)", r.stdout, re.M)}


def enums(path):
    text = open(path).read()
    out = set()
    for body in re.findall(r"^enum \w*\s*\{(.*?)\}", text, re.S | re.M):
        out |= set(re.findall(r"\b([A-Z]\w+)\b\s*[,=\n]", body))
    return out


def structs(path):
    """(struct, [members]) of the simple members of each structure in a header of ours."""
    text = re.sub(r"/\*.*?\*/", "", open(path).read(), flags=re.S)
    for m in re.finditer(r"^struct (\w+) \{\n(.*?)^\}", text, re.S | re.M):
        body = re.sub(r"(union|struct)\s*\{.*?\n\t\}", "", m[2], flags=re.S)
        fields = re.findall(r"(\w+)(?:\[[^\]]*\])?;", body)
        fields = [f for f in fields if not f.startswith("_") and f != "resv"]
        bits = set(re.findall(r"(\w+) : \d", body))
        yield m[1], [f for f in fields if f not in bits]


def values(flags, headers, exprs, must=False):
    """Evaluate each expression alone-tolerant: drop those that the headers do not know."""
    exprs = list(exprs)
    while exprs:
        text = "".join(f"#include <{h}>\n" for h in headers)
        if "-nostdinc" not in flags:
            text += "#include <stddef.h>\n"
        text += "const long long v_bw[] = {\n"
        for e in exprs:
            text += f"(long long)({e}),\n"
        text += "};\n"
        first = len(headers) + (0 if "-nostdinc" in flags else 1) + 2
        with tempfile.TemporaryDirectory() as d:
            r = run([CC, "-D_GNU_SOURCE", *flags, "-w", "-fmax-errors=0", "-xc", "-c", "-o", f"{d}/o", "-"], text)
            if r.returncode == 0:
                subprocess.run(["objcopy", "-O", "binary", "-j", ".rodata", f"{d}/o", f"{d}/b"], check=True)
                raw = open(f"{d}/b", "rb").read()
                nums = [int.from_bytes(raw[i * 8:i * 8 + 8], "little", signed=True) for i in range(len(exprs))]
                return dict(zip(exprs, nums))
        bad = {int(n) for n in re.findall(r"^<stdin>:(\d+):", r.stderr, re.M)}
        drop = {n - first for n in bad if n - first >= 0}
        if not drop:
            sys.exit(f"cannot compile {headers}: {r.stderr[:2000]}")
        exprs = [e for i, e in enumerate(exprs) if i not in drop]
    return {}


def host_has(header):
    return run([CC, "-E", "-xc", "-"], f"#include <{header}>\n").returncode == 0


def main():
    inc = subprocess.run([CC, "-print-file-name=include"], capture_output=True, text=True).stdout.strip()
    ours = ["-nostdinc", "-isystem", inc, f"-I{OURS}"]
    good = bad = 0
    for root, _, files in os.walk(OURS):
        for f in sorted(files):
            h = os.path.relpath(os.path.join(root, f), OURS)
            if h in SKIP_HEADERS:
                continue
            if h not in INSTEAD and not h.startswith("bits/") and not host_has(h):
                continue  # ours alone, such as <linux/example.h>
            host = INSTEAD.get(h, [h] if not h.startswith("bits/") else []) + EXTRA.get(h, [])
            names = {n for n in macros(ours, [h]) if not n.startswith("_")} | enums(f"{OURS}/{h}")
            text = open(f"{OURS}/{h}").read()
            names = {n for n in names if n not in SKIP and re.search(rf"\b{n}\b", text)}
            exprs = sorted(names)
            for s, fields in structs(f"{OURS}/{h}"):
                exprs.append(f"sizeof(struct {s})")
                exprs += [f"__builtin_offsetof(struct {s}, {x})" for x in fields]
            a = values(ours, ["stddef.h", h], exprs)
            b = values([], host, a)
            for e in a:
                if e not in b:
                    if "-v" in sys.argv:
                        print(f"{h}: {e}: the host does not have it")
                elif a[e] != b[e]:
                    print(f"{h}: {e} is {a[e]:#x} here and {b[e]:#x} on the host")
                    bad += 1
                else:
                    good += 1
    print(f"{good} passed, {bad} failed")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
