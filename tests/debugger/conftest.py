# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures of the debugger level: a guest stopped at the reset vector and gdb in batch mode."""

import os
import re
import subprocess
import sys
import threading
import time

import pytest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "../guest"))
import harness  # noqa: E402

DEBUG_KERNEL = os.path.join(harness.ROOT, "build/debug/barewire.elf")
GDB = "/usr/bin/gdb"


@pytest.fixture(scope="session")
def debug_kernel():
    """The -Og build that `make debug` uses."""
    harness.make("DEBUG=1", "all")
    return DEBUG_KERNEL


class Session:
    """One stopped guest, and gdb runs against it."""

    def __init__(self, name, kernel, **options):
        self.kernel = kernel
        self.guest = harness.Guest(name, kernel=kernel, stopped=True, **options)
        self.guest.options.gdb = f"unix:{self.guest.folder}/gdb,server=on,wait=off"
        self.guest.start()
        self.guest.monitor("info status")

    def gdb(self, commands, timeout=120):
        """Run gdb commands after connecting; gives gdb's output (both streams)."""
        script = os.path.join(self.guest.folder, "script.gdb")
        with open(script, "w") as f:
            f.write("set pagination off\nset confirm off\nset width 0\n"
                    f"source {harness.ROOT}/tools/gdb/barewire.py\n"
                    f"target remote {self.guest.folder}/gdb\n")
            f.write("\n".join(commands) + "\n")
        done = subprocess.run([GDB, "-nx", "-batch", "-x", script, self.kernel],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=timeout,
                              cwd=harness.ROOT)
        assert "Remote connection closed" not in done.stdout, done.stdout
        return done.stdout

    def when_ready(self, action, pattern=harness.READY):
        """Run action(guest) in the background as soon as the guest's program serves."""
        def run():
            try:
                self.guest.console.expect(pattern, 300)
                time.sleep(0.2)
                action(self.guest)
            except (AssertionError, OSError):
                pass
        threading.Thread(target=run, daemon=True).start()


@pytest.fixture
def debug(request, debug_kernel):
    """Start a Session; its guest is ended with the test (it may be in the middle of anything)."""
    sessions = []

    def start(**options):
        name = re.sub(r"\W+", "_", request.node.nodeid.split("/")[-1])
        sessions.append(Session(name, options.pop("kernel", debug_kernel), **options))
        return sessions[-1]
    yield start
    for session in sessions:
        session.guest.close(check=False)
