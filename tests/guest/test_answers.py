# SPDX-License-Identifier: BSD-2-Clause
"""Same answer as Linux, and no harm from nonsense: nine thousand lines of calls with right, wrong and
hostile arguments, equal to what Debian's kernel said but for what differences.txt argues; random
calls by a seed (BAREWIRE_FUZZ_CALLS=1000000 for the long run, with the debug build as
BAREWIRE_KERNEL)."""

import glob
import os
import re
import subprocess
import sys

import harness
import pytest
import ring3

sys.path.insert(0, os.path.join(ring3.SOURCES, "answers"))
import compare  # noqa: E402

FUZZ_CALLS = int(os.environ.get("BAREWIRE_FUZZ_CALLS", "60000"))


@pytest.mark.slow
def test_answers_are_linuxs(vm, tmp_path):
    program = str(tmp_path / "answers")
    compare.build(program)
    text = ring3.run(vm, program, words="loglevel=3", mem="256", timeout=250)
    with open(os.path.join(harness.LOGS, "answers.txt"), "w", encoding="utf-8") as f:
        f.write(text)
    wrong = compare.complaints(text)
    assert not wrong, f"{len(wrong)} lines (build/test-logs/answers.txt):\n" + "\n".join(wrong[:60])


@pytest.fixture(name="fuzz", scope="module")
def fuzz_fixture(tmp_path_factory):
    program = str(tmp_path_factory.mktemp("fuzz") / "fuzz")
    sources = sorted(glob.glob(os.path.join(ring3.SOURCES, "fuzz/*.c")))
    subprocess.run(["gcc", "-O1", "-Wall", "-Wextra", "-static", "-pthread", "-idirafter", harness.ROOT,
                    "-o", program, *sources], check=True)
    return program


@pytest.mark.slow
@pytest.mark.parametrize("seed, threads", [(1, 4), (2, 1), (3, 8)])
def test_random_calls_do_no_harm(vm, fuzz, seed, threads):
    text = ring3.run(vm, f"{fuzz} {seed} {FUZZ_CALLS} {threads}", words="loglevel=4", mem="256",
                     timeout=240 + FUZZ_CALLS // 500)
    done = re.search(r"fuzz: seed \d+: (\d+) calls, (\d+) without error", text)
    assert done, text[-2000:]
    stuck = len(re.findall(r"stays in call", text))
    assert int(done.group(1)) == FUZZ_CALLS // threads * threads or stuck
    assert int(done.group(2)) > int(done.group(1)) // 20
