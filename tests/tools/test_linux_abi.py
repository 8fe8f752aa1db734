# SPDX-License-Identifier: BSD-2-Clause
"""The tables of system calls: every number of Linux once, under its name, with letters that exist."""
import os
import pathlib
import re
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import linux_abi  # noqa: E402

HEADER = pathlib.Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
LAST_OF_6_1 = 450
CALLS = linux_abi.read_calls()


def linux_numbers():
    if not HEADER.exists():
        pytest.skip("the kernel's headers are not installed")
    found = re.findall(r"#define __NR_(\w+) (\d+)", HEADER.read_text())
    return {int(number): name for name, number in found if int(number) <= LAST_OF_6_1}


def test_every_number_once():
    numbers = [c.number for c in CALLS]
    assert len(numbers) == len(set(numbers)), \
        [n for n in numbers if numbers.count(n) > 1]


def test_numbers_and_names_are_linuxs():
    ours = {c.number: c.name for c in CALLS}
    assert ours == linux_numbers()


@pytest.mark.parametrize("path", sorted({c.path for c in CALLS}))
def test_rows_are_sorted(path):
    text = (ROOT / path).read_text()
    numbers = [int(n) for n in re.findall(r'^\t\{ (\d+), "', text, re.M)]
    assert numbers == sorted(numbers)
    assert len(numbers) == sum(c.path == path for c in CALLS), "a row that the tool cannot read"


def test_letters_are_known():
    known = linux_abi.read_letters()
    assert len(known) > 40
    for call in CALLS:
        spec, _, result = call.letters.partition("=")
        assert set(spec) <= known, f"{call.name}: {set(spec) - known}"
        assert result in ("", "p"), call.name
        assert len(spec) <= 6, call.name


def test_absent_calls_have_no_letters():
    assert not [c.name for c in CALLS if not c.function and c.letters]


def test_a_row_over_several_lines(tmp_path):
    folder = tmp_path / "kernel" / "abi"
    os.makedirs(folder)
    (folder / "table_x.c").write_text(
        '\t{ 7, "poll", SYSCALL_FN(sys_poll), "pud",\n\t  "one thing, "\n\t  "and another" },\n'
        '\t{ 9, "mmap", NULL, NULL, NULL },\n')
    poll, mmap = linux_abi.read_calls(tmp_path)
    assert (poll.state, poll.missing) == ("partial", "one thing, and another")
    assert mmap.state == "absent"
    assert "1 partial, 1 absent" in linux_abi.page([poll, mmap])
    assert "| 7 | `poll` | partial | one thing, and another |" in linux_abi.page([poll, mmap])


def test_the_page_is_up_to_date():
    """Otherwise: make docs-abi."""
    assert (ROOT / linux_abi.PAGE).read_text() == linux_abi.page(CALLS)
