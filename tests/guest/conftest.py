# SPDX-License-Identifier: BSD-2-Clause
"""Fixtures of the guest level: guests in a namespace, behind user networking, or on a raw wire."""

import os

import harness
import pytest
from wire import Wire


def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes more than about ten seconds")


def pytest_sessionstart(session):
    if not os.path.exists(harness.KERNEL):
        pytest.exit(f"{harness.KERNEL} is not there; run make first", 3)


class Booter:
    """Boots guests for one test and checks all of them when the test ends."""

    def __init__(self, name):
        self.name = name
        self.guests = []
        self.namespaces = []
        self.wires = []

    def netns(self):
        """A new namespace with tap0 at HOST_IP."""
        ns = harness.new_netns()
        self.namespaces.append(ns)
        return ns

    def boot(self, app="httpd", args=(), words="", static=None, ready=harness.READY, **options):
        """Boot with the program; ready=None does not wait for it."""
        if static is None:
            static = options.get("net", "user") != "user"
        options.setdefault("append", harness.kernel_words(app, args, static, words))
        guest = harness.Guest(f"{self.name}-{len(self.guests)}", **options)
        self.guests.append(guest)
        guest.start()
        if ready:
            guest.wait_ready(ready)
        return guest

    def boot_tap(self, ns=None, **options):
        """Boot on a TAP device in a namespace of its own."""
        return self.boot(ns=ns or self.netns(), net="tap:tap0", **options)

    def boot_wire(self, **options):
        """Boot with the test itself at the other end of the cable: (guest, wire)."""
        wire = Wire()
        self.wires.append(wire)
        guest = self.boot(net=f"dgram:{wire.qemu_path}:{wire.our_path}", **options)
        return guest, wire

    def finish(self, check):
        """End everything; the first complaint of a guest is raised when all are gone."""
        complaint = None
        for guest in self.guests:
            try:
                guest.close(check)
            except AssertionError as e:
                complaint = complaint or e
        for thing in self.wires + self.namespaces:
            thing.close()
        if complaint:
            raise complaint


@pytest.hookimpl(tryfirst=True, hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    setattr(item, "report_" + call.when, outcome.get_result())


@pytest.fixture
def vm(request):
    """The Booter of a test."""
    booter = Booter(request.node.nodeid.split("/")[-1])
    yield booter
    report = getattr(request.node, "report_call", None)
    # A test that failed already has its reason; the guest's end would only hide it.
    booter.finish(check=report is not None and report.passed)


@pytest.fixture(scope="module")
def shared_vm(request):
    """A Booter for guests that a module's tests share."""
    booter = Booter(request.node.nodeid.split("/")[-1])
    yield booter
    booter.finish(check=True)
