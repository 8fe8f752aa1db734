#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""docs/linux-abi.md from the tables of system calls in kernel/abi/table_*.c.

  tools/linux_abi.py           writes the page
  tools/linux_abi.py --check   says whether it is up to date

A row of a table is {number, name, SYSCALL_FN(function) or NULL, letters or NULL, what is missing}.
"""

import argparse
import dataclasses
import glob
import os
import re
import sys

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))
PAGE = "docs/linux-abi.md"
# Rows of the strace letters: kernel/abi/strace_args.c.
LETTERS = "kernel/abi/strace_args.c"

_TEXT = r'(?:"(?:[^"\\]|\\.)*"\s*)+'
_ROW = re.compile(
    rf'\{{\s*(\d+),\s*"(\w+)",\s*(?:SYSCALL_FN\((\w+)\)|NULL),\s*({_TEXT}|NULL),\s*({_TEXT}|\w+),?\s*\}}')

HEAD = """# Linux system calls

Every system call of Linux 6.1 for x86-64, and what becomes of it when a program in ring 3 makes it. Written by
`make docs-abi` from the tables in `kernel/abi/table_*.c`; a test checks that it is up to date. An absent call
answers `ENOSYS`, is named once on the console, and is counted in `/proc/syscalls` like all others. Numbers
that Linux never gave or has taken back for all programs answer `ENOSYS`, too.

{counts}

| number | call | state | what is missing |
|---:|---|---|---|
"""


@dataclasses.dataclass
class Call:
    """One row."""

    number: int
    name: str
    function: str  # "" when absent
    letters: str
    missing: str
    path: str

    @property
    def state(self):
        """In one word."""
        if not self.function:
            return "absent"
        return "partial" if self.missing else "implemented"


def _text(literal, macros):
    """A C string literal, or several in a row, or a macro's, or NULL."""
    literal = macros.get(literal.strip(), literal)
    if literal.strip() == "NULL":
        return ""
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', literal)).replace('\\"', '"')


def read_calls(root=ROOT):
    """All rows of all tables, by number."""
    calls = []
    for path in sorted(glob.glob(os.path.join(root, "kernel/abi/table_*.c"))):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        macros = dict(re.findall(rf"^#define\s+(\w+)\s+({_TEXT})$", text.replace("\\\n", ""), re.M))
        for number, name, function, letters, missing in _ROW.findall(text):
            calls.append(Call(int(number), name, function, _text(letters, macros),
                              _text(missing, macros), os.path.relpath(path, root)))
    return sorted(calls, key=lambda c: c.number)


def read_letters(root=ROOT):
    """The letters that strace=1 knows."""
    with open(os.path.join(root, LETTERS), encoding="utf-8") as f:
        return set(re.findall(r"\{ '(.)', (?:true|false), arg_\w+ \}", f.read()))


def page(calls):
    """The text of the page."""
    count = {state: sum(c.state == state for c in calls)
             for state in ("implemented", "partial", "absent")}
    counts = (f"Of {len(calls)} calls {count['implemented']} are implemented, {count['partial']} "
              f"partial, {count['absent']} absent.")
    rows = [f"| {c.number} | `{c.name}` | {c.state} | {c.missing} |\n" for c in calls]
    return HEAD.format(counts=counts) + "".join(rows)


def main():
    """Write the page, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    options = parser.parse_args()
    path = os.path.join(ROOT, PAGE)
    text = page(read_calls())
    if options.check:
        with open(path, encoding="utf-8") as f:
            if f.read() == text:
                return 0
        print(f"{PAGE} is not what the tables say: run `make docs-abi`", file=sys.stderr)
        return 1
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
