# SPDX-License-Identifier: BSD-2-Clause
"""docs/linux-map.md is right: each name stands in the file that the page gives for it."""
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| `(\w+)` \| `([\w./-]+)` \| `[^`]+` \|$", re.M)


def rows():
    page = (ROOT / "docs" / "linux-map.md").read_text()
    return ROW.findall(page)


def test_the_page_has_rows():
    assert len(rows()) > 150


@pytest.mark.parametrize("name,path", rows())
def test_the_name_is_defined_there(name, path):
    text = (ROOT / path).read_text()
    definition = re.compile(
        rf"^struct {name} \{{|^(?!\s|extern)[^;\n]*\b{name}\b[^;]*?(\{{|=|;|\))", re.M)
    assert definition.search(text), f"{name} is not defined in {path}"
