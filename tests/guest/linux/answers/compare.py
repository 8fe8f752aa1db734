#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Compares what the program said on Barewire with what it said on Linux, line by line.

  compare.py BAREWIRE.txt              with linux.txt.gz and differences.txt; exit status 1 if not equal
  compare.py --update BAREWIRE.txt     write differences.txt anew, each under its reason
  compare.py --record                  run the program on Debian's kernel and write linux.txt.gz

differences.txt holds every line that differs, under the reason why it does:

  # the reason, in one line or more
  ? what such lines look like, a regular expression on both lines joined by a newline
  - the line of Linux
  + the line of Barewire

Lines are matched by what stands before their ':' or '->', and by their order.  A listed difference that
is gone is no error; --update takes it out.
"""

import collections
import glob
import gzip
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.realpath(os.path.join(HERE, "../../../.."))
LINUX = os.path.join(HERE, "linux.txt.gz")
DIFFERENCES = os.path.join(HERE, "differences.txt")
OTHER = "Not looked at yet."
# Values that are chance on Linux: a port that IP_PROTOCOL shows a part of, the Fast Open key.
CHANCE = re.compile(r"opt \w+ (0 52|6 33) ")
RECORD_TIMEOUT = 900


def build(program):
    """Compile the program."""
    subprocess.run(["gcc", "-O1", "-Wall", "-Wextra", "-Wno-unused-result", "-static", "-pthread",
                    "-idirafter", ROOT, "-o", program, *sorted(glob.glob(HERE + "/*.c"))], check=True)


def without_chance(line):
    """The line with N for what is different each time."""
    return re.sub(r"/-?\d+", "/N", line) if CHANCE.match(line) else line


def answers(text):
    """The program's lines out of a console's text."""
    lines = [without_chance(line.rstrip("\r")) for line in text.split("\n")]
    if "answers: begin" not in lines or "answers: end" not in lines:
        raise ValueError("the program did not come to its end")
    return lines[lines.index("answers: begin"):lines.index("answers: end") + 1]


def keyed(lines):
    """{(part, call, how many times before): line}, in order."""
    found, count, part = collections.OrderedDict(), collections.Counter(), ""
    for line in lines:
        if line.startswith("== "):
            part = line[3:]
        call = line.split(" ->")[0] if " ->" in line else line.split(":")[0]
        count[part, call] += 1
        found[part, call, count[part, call]] = line
    return found


def differing(linux, barewire):
    """[(Linux's line, Barewire's)]; '' for a line that one of them does not have."""
    theirs, ours = keyed(linux), keyed(barewire)
    pairs = [(line, ours.get(key, "")) for key, line in theirs.items() if ours.get(key, "") != line]
    return pairs + [("", line) for key, line in ours.items() if key not in theirs]


def read_differences():
    """[[reason lines, pattern, [pairs]]]"""
    groups = []
    with open(DIFFERENCES, encoding="utf-8") as f:
        for line in f.read().splitlines():
            mark, text = line[:1], line[2:]
            if mark == "#" and (not groups or groups[-1][1]):
                groups.append([[text], "", []])
            elif mark == "#":
                groups[-1][0].append(text)
            elif mark == "?":
                groups[-1][1] = text
            elif mark == "-":
                groups[-1][2].append([without_chance(text), ""])
            elif mark == "+":
                groups[-1][2][-1][1] = without_chance(text)
    return groups


def write_differences(groups, pairs):
    """Every pair under the first reason that it looks like."""
    for group in groups:
        group[2] = []
    if not any(group[0] == [OTHER] for group in groups):
        groups.append([[OTHER], ".", []])
    for pair in pairs:
        for group in groups:
            if re.search(group[1], "\n".join(pair)):
                group[2].append(pair)
                break
    with open(DIFFERENCES, "w", encoding="utf-8") as f:
        for reason, pattern, found in groups:
            if not found and reason == [OTHER]:
                continue
            f.writelines(f"# {line}\n" for line in reason)
            f.write(f"? {pattern}\n")
            f.writelines(f"- {a}\n+ {b}\n" for a, b in found)
            f.write("\n")
    return sum(len(g[2]) for g in groups if g[0] == [OTHER])


def complaints(console):
    """What is wrong with a console's text: a list of lines, empty when all is as expected."""
    with gzip.open(LINUX, "rt", encoding="utf-8") as f:
        linux = answers(f.read())
    pairs = set(differing(linux, answers(console)))
    known = {tuple(pair) for group in read_differences() for pair in group[2]}
    wrong = []
    for linux_line, our_line in sorted(pairs - known):
        wrong += ["- " + linux_line, "+ " + our_line]
    return wrong


def record():
    """Ask Linux: Debian's cloud kernel with the program as its init."""
    sys.path.insert(0, os.path.join(ROOT, "tools/bench"))
    import linux_guest  # pylint: disable=import-outside-toplevel
    vmlinuz, _ = linux_guest.fetch_kernel(os.path.join(ROOT, "build/bench"))
    folder = tempfile.mkdtemp(prefix="bw-answers-")
    try:
        build(os.path.join(folder, "init"))
        archive = linux_guest.Cpio()
        for name in ("tmp", "proc", "dev"):
            archive.folder(name)
        with open(os.path.join(folder, "init"), "rb") as f:
            archive.file("init", f.read())
        with open(os.path.join(folder, "initrd"), "wb") as f:
            f.write(archive.bytes())
        console = os.path.join(folder, "console")
        subprocess.run(
            ["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max,-la57", "-m", "256", "-nodefaults",
             "-display", "none", "-no-reboot", "-serial", "file:" + console, "-kernel", vmlinuz,
             "-initrd", os.path.join(folder, "initrd"), "-append",
             "console=ttyS0 quiet loglevel=1 panic=-1 ipv6.disable=1 -- poweroff"],
            check=True, timeout=RECORD_TIMEOUT, stdin=subprocess.DEVNULL)
        with open(console, encoding="utf-8", errors="replace") as f:
            lines = answers(f.read())
        with open(LINUX, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, 0) as f:
            f.write("\n".join(lines).encode() + b"\n")
    finally:
        shutil.rmtree(folder)


def main():
    if sys.argv[1:] == ["--record"]:
        record()
        return 0
    with open(sys.argv[-1], encoding="utf-8", errors="replace") as f:
        console = f.read()
    if sys.argv[1] == "--update":
        with gzip.open(LINUX, "rt", encoding="utf-8") as f:
            pairs = differing(answers(f.read()), answers(console))
        left = write_differences(read_differences(), pairs)
        print(f"{len(pairs)} lines differ, {left} of them without a reason")
        return 0
    wrong = complaints(console)
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
