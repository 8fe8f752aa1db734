# SPDX-License-Identifier: BSD-2-Clause
"""iperf3 of Debian as a server: both directions, one and eight streams, UDP."""

import json

import pytest
from harness import GUEST_IP
from service import LOAD_SECONDS, Service

SECONDS = max(2, round(LOAD_SECONDS / 3))


@pytest.fixture
def iperf(vm):
    service = Service(vm, "iperf3", ["-s", "--forceflush"])
    service.guest.wait_ready(rb"Server listening on 5201")
    return service


def client(iperf, *words):
    out = json.loads(iperf.run(["iperf3", "-c", GUEST_IP, "-J", "-t", str(SECONDS), *words]))
    assert "error" not in out, out["error"]
    iperf.guest.console.expect(rb"Server listening on 5201", 30)
    return out["end"]


def test_tcp(iperf):
    client(iperf)
    with iperf.steady_memory(512):
        for words in ([], ["-R"], ["-P", "8"], ["-P", "8", "-R"], ["--bidir"]):
            end = client(iperf, *words)
            assert len(end["streams"]) == (8 if "8" in words else 2 if "--bidir" in words else 1)
            for stream in end["streams"]:
                assert stream["receiver"]["bytes"] > 0, words
    # iperf3 says itself that a signal ended it, with status 1 (on Linux as well).
    iperf.power_button(status=1)


def test_udp(iperf):
    for words in (["-b", "5M"], ["-b", "5M", "-R"], ["-b", "2M", "-P", "4"]):
        summary = client(iperf, "-u", *words)["sum"]
        assert summary["packets"] > 0
        assert summary["lost_percent"] < 50, summary
    iperf.power_button(status=1)
