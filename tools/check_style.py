#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Checks that the source reads as docs and reviewers expect: lengths, nesting, heads, habits.

  tools/check_style.py [ROOT]

Prints FILE:LINE: what is wrong, one line each, and ends with a count; exit status 1 if there is any.
A function that must stand longer (or deeper, or with more parameters) is listed with its reason in
tools/style_exceptions.txt; at most ten may be, and an entry that is not needed any more is an error.
"""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import csource  # noqa: E402

MAX_SOURCE_LINES = 800
MAX_HEADER_LINES = 250
MAX_FUNCTION_LINES = 60
MAX_NESTING = 4
MAX_PARAMETERS = 5
MAX_INCLUDES = 15
# The table of init steps names every floor.
INCLUDES_EVERYTHING = ("kernel/main.c",)
MAX_COLUMNS = 100
MAX_EXCEPTIONS = 10
HEAD_LINES = (2, 15)

# Signatures that POSIX or the Linux system call table fixes with six or seven parameters.
FIXED_SIGNATURES = {"sendto", "recvfrom", "mmap", "pselect", "pselect6", "epoll_pwait", "epoll_pwait2",
                    "getnameinfo", "posix_spawn", "posix_spawnp", "preadv2", "pwritev2", "splice",
                    "copy_file_range", "futex"}

SOURCE_DIRS = ("boot", "kernel", "drivers", "net", "libc", "apps", "tests", "tools")
CODE_DIRS = ("boot", "kernel", "drivers", "net", "libc", "apps")
OTHER_SUFFIXES = (".py", ".sh", ".mk", ".ld", ".S", ".gdb")

SEQUENCE_NAMES = ("seq|end_seq|ack_seq|ack|start_seq|snd_una|snd_nxt|snd_wl1|snd_sml|rcv_nxt|"
                  "rcv_wup|write_seq|copied_seq|pushed_seq|high_seq|undo_marker|retrans_stamp_seq|"
                  "prior_snd_una|prior_una|mdev_max_seq|rtt_seq|urg_seq|snd_up|tlp_high_seq|"
                  "snt_isn|rcv_isn|snt_synack_seq|fack|high_sack|lost_seq")
_OPERAND = r"(?:\w+(?:\([^()]*\))?(?:\[[^\]]*\])?(?:->|\.))*"
_COMPARE = r"(?<![-<>])[<>](?![<>])=?"
_SEQ_LEFT = re.compile(rf"\b{_OPERAND}(?:{SEQUENCE_NAMES})\s*{_COMPARE}")
_SEQ_RIGHT = re.compile(rf"{_COMPARE}\s*{_OPERAND}(?:{SEQUENCE_NAMES})\b(?!\s*(?:->|\.|\(|\[|-))")

_CONDITIONAL = re.compile(r"^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif)\b")
_QUOTED_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"')
_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include\b")
_PASTING = re.compile(r"##(?!\s*__VA_ARGS__)")
# Licence line, a header's guard, then the comment.
_HEAD = re.compile(r"\s*(?:(?://|#) [^\n]*SPDX[^\n]*\n|/\*[^\n]*SPDX[^\n]*\*/[ \t]*\n)?"
                   r"\s*(?:#ifndef[^\n]*\n\s*#define[^\n]*\n|#pragma once\n)?\s*(/\*.*?\*/)", re.S)
_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b")


class Report:
    """The complaints of one run; exceptions that were used are remembered."""

    def __init__(self, exceptions=()):
        self.lines = []
        self.exceptions = {entry: False for entry in exceptions}

    def add(self, path, line, what):
        self.lines.append(f"{path}:{line}: {what}")

    def excepted(self, path, function):
        key = (path, function)
        if key in self.exceptions:
            self.exceptions[key] = True
            return True
        return False


def read_exceptions(text):
    """Entries 'path function: reason' of the exceptions file, and complaints about its form."""
    entries, complaints = [], []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        match = re.match(r"(\S+)\s+(\w+):\s+(\S.*)", line)
        if not match:
            complaints.append((number, "expected 'path function: reason'"))
        else:
            entries.append((match.group(1), match.group(2)))
    if len(entries) > MAX_EXCEPTIONS:
        complaints.append((1, f"{len(entries)} exceptions, at most {MAX_EXCEPTIONS} may stand"))
    return entries, complaints


def head_comment_lines(text):
    """How many lines of text the comment at the head of a file has, 0 if there is none.

    The licence line and the comment's own empty first and last lines do not count.
    """
    match = _HEAD.match(text)
    if not match:
        return 0
    lines = [re.sub(r"^\s*/?\*+/?|\*+/\s*$", "", part).strip()
             for part in match.group(1).split("\n")]
    return sum(1 for part in lines if part and "SPDX" not in part)


def check_head(report, path, text):
    if "SPDX-License-Identifier: BSD-2-Clause" not in "\n".join(text.split("\n")[:3]):
        report.add(path, 1, "no SPDX-License-Identifier: BSD-2-Clause in the first three lines")
    if not path.startswith(CODE_DIRS):
        return
    have = head_comment_lines(text)
    if path.endswith(".c") and have < HEAD_LINES[0]:
        report.add(path, 1, f"file head comment of {have} lines, it needs {HEAD_LINES[0]} to "
                   f"{HEAD_LINES[1]} (what, which RFC, who calls, context, what is left out)")
    elif path.endswith((".c", ".h")) and have > HEAD_LINES[1]:
        report.add(path, 1, f"file head comment of {have} lines, at most {HEAD_LINES[1]}")
    elif path.endswith((".h", ".S")) and have == 0:
        report.add(path, 1, "no file head comment")


def compares_sequences(code):
    """Does the line compare sequence numbers by < or >?  Differences (a - b > n) are lengths."""
    left = [m for m in _SEQ_LEFT.finditer(code) if not code[:m.start()].rstrip().endswith("-")]
    return bool(left or _SEQ_RIGHT.search(code))


def check_lines(report, path, text, bare):
    """Checks that look at one line at a time; bare is the text without comments and strings."""
    is_source, is_test = path.endswith(".c"), path.startswith("tests")
    rows = zip(text.split("\n"), bare.split("\n"))
    for number, (line, code) in enumerate(rows, 1):
        if is_source and not is_test and _CONDITIONAL.match(code):
            report.add(path, number, "#if in a .c file")
        if _QUOTED_INCLUDE.match(line) and "/host_" not in path:
            report.add(path, number, 'include "..."; write it from the root, <net/sock.h>')
        if _PASTING.search(code):
            report.add(path, number, "token pasting")
        if is_source and re.match(r"\s*extern\b", code):
            report.add(path, number, "extern in a .c file; declare it in a header")
        if len(line.expandtabs(8)) > MAX_COLUMNS and '"' not in line:
            report.add(path, number, f"more than {MAX_COLUMNS} columns")
        if line.startswith("        "):
            report.add(path, number, "indented by spaces")
        if line != line.rstrip():
            report.add(path, number, "blanks at the end of the line")
        if _UNFINISHED.search(line):
            report.add(path, number, "a note of unfinished work")
        if path.startswith("net") and compares_sequences(code):
            report.add(path, number, "sequence numbers compared by < or >; use before() or after()")


def check_lengths(report, path, text, bare):
    count = text.count("\n")
    limit = MAX_SOURCE_LINES if path.endswith(".c") else MAX_HEADER_LINES
    if count > limit:
        report.add(path, count, f"{count} lines, at most {limit}")
    includes = sum(1 for line in bare.split("\n") if _INCLUDE.match(line))
    if path.endswith(".c") and includes > MAX_INCLUDES and path not in INCLUDES_EVERYTHING:
        report.add(path, 1, f"{includes} includes, at most {MAX_INCLUDES}")


def check_function(report, path, function):
    complaints = []
    length = function.close_line - function.open_line
    if length > MAX_FUNCTION_LINES:
        complaints.append(f"has {length} lines, at most {MAX_FUNCTION_LINES}")
    depth, depth_line = csource.nesting(function)
    if depth > MAX_NESTING:
        complaints.append(f"nests {depth} deep (line {depth_line}), at most {MAX_NESTING}")
    if function.parameters > MAX_PARAMETERS and not has_fixed_signature(function):
        complaints.append(f"has {function.parameters} parameters, at most {MAX_PARAMETERS}")
    if complaints and report.excepted(path, function.name):
        complaints = []
    for what in complaints:
        report.add(path, function.line, f"{function.name}() {what}")
    for label, line in csource.backward_gotos(function):
        report.add(path, line, f"{function.name}() jumps backward to {label}")


def has_fixed_signature(function):
    """POSIX calls and the system calls behind them have the parameters that they have."""
    name = re.sub(r"^(?:__sys_|sys_)", "", function.name)
    return function.parameters <= 7 and name in FIXED_SIGNATURES


def check_text(report, path, text):
    """All checks of one C file; path is relative to the root."""
    check_head(report, path, text)
    if not path.endswith((".c", ".h")):
        return
    bare = csource.strip_comments(text)
    check_lines(report, path, text, bare)
    check_lengths(report, path, text, bare)
    for function in csource.functions(csource.strip(text)):
        check_function(report, path, function)


def source_files(root):
    """Paths, relative to the root, of everything that is checked."""
    for top in SOURCE_DIRS:
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = sorted(d for d in folders if d not in ("build", "__pycache__", "samples"))
            for name in sorted(names):
                if name.endswith((".c", ".h") + OTHER_SUFFIXES):
                    yield os.path.relpath(os.path.join(folder, name), root)


def check_tree(root):
    """Check everything under the root; gives the report and the number of files read."""
    listing = os.path.join(root, "tools/style_exceptions.txt")
    text = ""
    if os.path.exists(listing):
        with open(listing, encoding="utf-8") as f:
            text = f.read()
    entries, complaints = read_exceptions(text)
    report = Report(entries)
    for line, what in complaints:
        report.add("tools/style_exceptions.txt", line, what)
    count = 0
    for path in source_files(root):
        with open(os.path.join(root, path), encoding="utf-8") as f:
            check_text(report, path, f.read())
        count += 1
    for (path, function), used in report.exceptions.items():
        if not used:
            report.add("tools/style_exceptions.txt", 1, f"{path} {function} needs no exception")
    return report, count


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(
        os.path.realpath(__file__)), "..")
    report, count = check_tree(root)
    for line in report.lines:
        print(line)
    print(f"style: {count} files, {len(report.lines)} complaints")
    return 1 if report.lines else 0


if __name__ == "__main__":
    sys.exit(main())
