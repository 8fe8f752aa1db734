# SPDX-License-Identifier: BSD-2-Clause
"""Comparing traces, and the reviewed list of differences that stay.

differences.txt has a paragraph for each scenario that differs: its name, the reason, and the lines that
differ: `-` only Linux, `+` only Barewire, `~` the same at another time.  A difference is explained if
its lines are these and no others.  A line `*` stands for any lines: for traces that follow the size of
the driver's buffers and therefore vary.
"""

import difflib
import os

import script

LIST = os.path.join(os.path.dirname(os.path.realpath(__file__)), "differences.txt")


class Difference:
    """A scenario's lines that differ; equal if the lines are."""

    def __init__(self, lines, shown=()):
        self.lines, self.shown = list(lines), list(shown)


def line_of(entry):
    return f"{entry.kind} {entry.text}"


def shown_line(mark, entry, other=None):
    also = f" (Linux +{other.delay * 1000:.0f} ms)" if other else ""
    return f"{mark} +{entry.delay * 1000:6.0f} ms {line_of(entry)}{also}"


def compare(linux, ours):
    """None if two traces are the same, else a Difference."""
    a = [line_of(e) for e in linux]
    b = [line_of(e) for e in ours]
    for i, (x, y) in enumerate(zip(linux, ours)):
        b[i] = a[i] if x.kind == y.kind and script.same_text(x, y) else b[i]
    lines, shown = [], []
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            for x, y in zip(linux[i1:i2], ours[j1:j2]):
                late = x.kind == ">" and not script.same_time(x, y)
                lines += [f"~ {line_of(y)}"] if late else []
                shown.append(shown_line("~" if late else " ", y, x if late else None))
            continue
        lines += [f"- {line}" for line in a[i1:i2]] + [f"+ {line}" for line in b[j1:j2]]
        shown += [shown_line("-", e) for e in linux[i1:i2]]
        shown += [shown_line("+", e) for e in ours[j1:j2]]
    return Difference(lines, shown) if lines else None


def best(linux_traces, our_traces):
    """The smallest difference between any two of the traces, None if two are the same."""
    found = []
    for x in linux_traces:
        for y in our_traces:
            difference = compare(x, y)
            if difference is None:
                return None
            found.append(difference)
    return min(found, key=lambda d: len(d.lines))


def read_list(path=LIST):
    """{scenario: (reason, [lines])}"""
    known, name = {}, None
    with open(path) as f:
        for line in f:
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            if not line.startswith(" "):
                name = line.rstrip(":")
                known[name] = ([], [])
            elif line.strip()[:2] in ("- ", "+ ", "~ ", "*"):
                known[name][1].append(line.strip())
            else:
                known[name][0].append(line.strip())
    return {n: (" ".join(reason), lines) for n, (reason, lines) in known.items()}


def judge(name, difference, known):
    """(word, ok) for the report's line."""
    varies = name in known and known[name][1] == ["*"]
    if difference is None:
        if varies:
            return f"same this time; varies: {known[name][0]}", True
        if name in known:
            return "STALE: differs no more, but differences.txt has it", False
        return "same", True
    if name not in known:
        return "DIFFERENT, not explained", False
    if not varies and known[name][1] != difference.lines:
        return "DIFFERENT in another way than differences.txt says", False
    return f"different: {known[name][0]}", True
