# SPDX-License-Identifier: BSD-2-Clause
"""Threads of Linux programs: what they print must be what they print on this machine's Linux.
A thousand that talk to each other, every POSIX and C++ primitive, thousands, the end by each road,
and the small calls about threads, limits, identity and time."""

import os
import subprocess

import harness
import pytest
import ring3


def on_linux(program, *args):
    done = subprocess.run([program, *args], stdout=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 0
    return done.stdout


def same_as_linux(vm, program, *args, **options):
    """Run as a module with its arguments; the program's lines (those of the kernel taken out)."""
    want = on_linux(program, *args)
    text = ring3.run(vm, " ".join([program, *args]), words="loglevel=3", **options)
    compare(text, want)


def compare(text, want):
    got = [line for line in text.split("\n") if not line.startswith("[")]
    assert "\n".join(got) == want


@pytest.mark.parametrize("mem", ["64", "128"])
def test_a_thousand(vm, tmp_path, mem):
    program = ring3.build(str(tmp_path), "thousand.c", "musl", "-Wextra", "-Werror")
    same_as_linux(vm, program, mem=mem)


@pytest.mark.parametrize("kind", ["musl", "static"])
def test_pthreads(vm, tmp_path, kind):
    same_as_linux(vm, ring3.build(str(tmp_path), "pthreads.c", kind, "-pthread"))


def test_pthreads_dynamic(vm, tmp_path):
    program = ring3.build(str(tmp_path), "pthreads.c", "dynamic", "-pthread")
    text = ring3.run(vm, ring3.pack(str(tmp_path), program), words="loglevel=3")
    compare(text, on_linux(program))


def test_cpp_threads(vm, tmp_path):
    program = ring3.build(str(tmp_path), "cxx_threads.cpp", "c++", "-std=c++20", "-pthread")
    text = ring3.run(vm, ring3.pack(str(tmp_path), program), words="loglevel=3")
    compare(text, on_linux(program))


def test_two_thousand(vm, tmp_path):
    """Started and ended three times over, in the memory that the README names."""
    program = ring3.build(str(tmp_path), "many.c")
    text = ring3.run(vm, f"{program} 2000", mem="128")
    assert text.count("2000 threads at once") == 3
    assert "FAILED" not in text and "refused" not in text


@pytest.mark.parametrize("mem", ["24", "64"])
def test_until_it_is_refused(vm, tmp_path, mem):
    """No more memory for threads: EAGAIN, and everything goes on."""
    program = ring3.build(str(tmp_path), "many.c")
    text = ring3.run(vm, f"{program} limit", mem=mem)
    assert "refused: Resource temporarily unavailable" in text
    assert "after the limit: 10 threads" in text


def test_proc(vm, tmp_path):
    same_as_linux(vm, ring3.build(str(tmp_path), "proc_threads.c", "static", "-pthread"))


def test_reboot_from_a_thread(vm, tmp_path):
    """The other threads are brought to an end before their files go."""
    program = ring3.build(str(tmp_path), "exits.c")
    text = ring3.run(vm, f"{program} reboot")
    assert "by reboot" in text and "power off" in text


ROADS = {"return": 0, "exit": 1, "thread": 1, "leader": 0, "crash": 1, "abort": 1, "kill": 1,
         "term": 1, "exec": 0}


@pytest.mark.parametrize("road", ROADS)
def test_the_end(vm, tmp_path, road):
    """With threads asleep in every kind of call and others computing."""
    program = ring3.build(str(tmp_path), "exits.c")
    text = ring3.run(vm, f"{program} {road}", status=ROADS[road])
    assert f"by {road}" in text
    assert "FAILED" not in text
    if road == "exec":
        assert "by return" in text


def test_no_second_process(vm, tmp_path):
    """ENOSYS each time, one line on the console for each kind."""
    program = ring3.build(str(tmp_path), "exits.c")
    text = ring3.run(vm, f"{program} fork")
    assert text.count("fork: -1 Function not implemented") == 3
    assert "posix_spawn: Function not implemented" in text
    assert "wait: -1 No child process" in text
    assert text.count("] fork: refused") == 1
    assert text.count("] vfork: refused") == 1
    assert "a machine runs one program" in text


CALLS = ["static", "-Wno-nonnull", f"-I{harness.ROOT}"]


def test_thread_calls(vm, tmp_path):
    same_as_linux(vm, ring3.build(str(tmp_path), "thread_calls.c", *CALLS))


@pytest.mark.skipif(os.geteuid() != 0, reason="Linux must let the program change who it is")
def test_id_calls(vm, tmp_path):
    same_as_linux(vm, ring3.build(str(tmp_path), "id_calls.c", *CALLS))


def test_thread_calls_as_root(vm, tmp_path):
    program = ring3.build(str(tmp_path), "thread_calls.c", "static", "-Wno-nonnull")
    same_as_linux(vm, program, "root")


def test_restartable_sequences(vm, tmp_path):
    same_as_linux(vm, ring3.build(str(tmp_path), "rseq.c", "musl", "-pthread"))


def test_a_restartable_sequence_that_is_none(vm, tmp_path):
    program = ring3.build(str(tmp_path), "rseq.c", "musl", "-pthread")
    text = ring3.run(vm, f"{program} hostile", status=1)
    assert "segmentation fault" in text.lower() and "still here" not in text
