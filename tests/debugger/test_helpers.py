# SPDX-License-Identifier: BSD-2-Clause
"""The gdb commands of tools/gdb/barewire.py, on a stopped and on a running kernel."""

import re

from test_roads import echo_session


def test_code32_disassembles_the_entry(debug):
    out = debug().gdb(["hbreak *multiboot_entry", "continue", "bw-code32"])
    assert re.search(r"^\s*[0-9a-f]+:\s.*\bcli\b", out, re.M), out
    assert "(bad)" not in out


def test_helpers_on_a_serving_guest(debug):
    """Stopped in the accept path: threads with their places, the listener, the log."""
    session = echo_session(debug)
    out = session.gdb(["tbreak inet_csk_accept", "continue", "bw-threads", "bw-threads bt",
                       "bw-socks", "bw-dmesg"], 200)
    assert re.search(r"^\s*\d+ \S+.*(RUNNING|INTERRUPTIBLE)", out, re.M), out
    assert re.search(r"^LISTEN\s+0\.0\.0\.0:7\b", out, re.M), out
    assert re.search(r"^(ESTABLISHED|CLOSE_WAIT)\s+10\.0\.2\.15:7\s+10\.0\.2\.2:\d+", out, re.M), out
    assert "Barewire" in out and "schedule" in out
    assert "Error" not in out and "Traceback" not in out, out
