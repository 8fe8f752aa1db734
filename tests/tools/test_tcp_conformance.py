# SPDX-License-Identifier: BSD-2-Clause
"""docs/tcp-conformance.md is whole and right: every requirement of RFC 9293 has a row, and every
script and test that a row names is there."""
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOSTED = ROOT / "tests" / "hosted"
# RFC 9293 appendix B numbers its requirements without gaps.
NUMBERED = [f"{kind}-{n}" for kind, last in (("MUST", 69), ("SHLD", 31), ("REC", 1))
            for n in range(1, last + 1)]
OTHERS = ("RFC 5681", "RFC 6298", "RFC 7323", "RFC 2018", "RFC 2883", "RFC 5961", "RFC 6675",
          "RFC 8985", "RFC 3168")
WITHOUT_PROOF = re.compile(r"^(does not apply|not followed): \S.{10,}")
C_TEST = re.compile(r"^([\w./-]+\.(?:c|py)): (\w+)$")


def rows():
    """(section heading, cells) of each row of each table."""
    heading, found = "", []
    for line in (ROOT / "docs" / "tcp-conformance.md").read_text().split("\n"):
        if line.startswith("## "):
            heading = line[3:]
        elif line.startswith("| ") and not line.startswith(("| ---", "| requirement")):
            found.append((heading, [cell.strip() for cell in line.strip("|").split("|")]))
    return found


def proofs():
    """Each thing in backquotes of a last cell."""
    return sorted({name for _, cells in rows() for name in re.findall(r"`([^`]+)`", cells[-1])})


def test_every_number_of_rfc_9293_has_a_row():
    named = {word for heading, cells in rows() if heading.startswith("RFC 9293")
             for word in re.findall(r"\b(?:MUST|SHLD|REC)-\d+\b", cells[0])}
    assert sorted(set(NUMBERED) - named) == []
    assert sorted(named - set(NUMBERED)) == []


@pytest.mark.parametrize("rfc", OTHERS)
def test_the_other_rfcs_have_rows(rfc):
    assert sum(heading.startswith(rfc) for heading, _ in rows()) >= 3


def test_each_row_has_a_proof_or_says_why_not():
    for heading, cells in rows():
        assert len(cells) == 4, f"{heading}: {cells}"
        assert "`" in cells[3] or WITHOUT_PROOF.match(cells[3]), f"{heading}: {cells}"


@pytest.mark.parametrize("name", proofs())
def test_the_proof_is_there(name):
    test = C_TEST.match(name)
    if test:
        path = ROOT / "tests" / test[1] if test[1].endswith(".py") else HOSTED / test[1]
        assert re.search(rf"\b{test[2]}\(", path.read_text()), f"{name} is not in {path}"
    elif "." in name:
        assert (HOSTED / name).is_file()
    else:
        assert (HOSTED / "scripts" / f"{name}.pkt").is_file()
