# SPDX-License-Identifier: BSD-2-Clause
"""Two builds in two folders give the same bytes."""

import os
import shutil
import subprocess

import harness


def build_copy(folder):
    ignore = shutil.ignore_patterns("build", ".git", "__pycache__", ".pytest_cache")
    shutil.copytree(harness.ROOT, folder, ignore=ignore, symlinks=True)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    subprocess.run(["make", "-s", "-j2", "-C", str(folder), "all"], check=True, env=environment)
    return (folder / "build/barewire.elf").read_bytes()


def test_builds_are_equal(tmp_path):
    first = build_copy(tmp_path / "a")
    second = build_copy(tmp_path / "a-much-longer-name/with/more/folders")
    assert first == second, "the image depends on where it is built"
