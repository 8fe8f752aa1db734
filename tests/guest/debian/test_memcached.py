# SPDX-License-Identifier: BSD-2-Clause
"""memcached of Debian with four threads, and a text protocol client of 64 connections."""

import random
import threading
import time

import pytest
from service import LOAD_SECONDS, Service, pattern

CONNECTIONS = 64


@pytest.fixture
def memcached(vm):
    service = Service(vm, "memcached", ["-u", "root", "-t", "4", "-m", "32", "-c", "256"])
    service.wait_port(11211)
    return service


class Client:
    """One connection that knows what the server must answer."""

    def __init__(self, service, number):
        self.stream = service.guest.connect(11211, 60)
        self.file = self.stream.makefile("rb")
        self.number = number
        self.random = random.Random(number)
        self.stored = {}
        self.counted = 0
        self.requests = 0

    def line(self):
        text = self.file.readline()
        assert text.endswith(b"\r\n"), text
        return text[:-2]

    def ask(self, request):
        self.stream.sendall(request)
        self.requests += 1
        return self.line()

    def set(self):
        key = b"k%d-%d" % (self.number, self.random.randrange(20))
        size = self.random.choice([0, 1, 100, 1400, 5000, 40000])
        value = pattern(size, self.random.getrandbits(32))
        assert self.ask(b"set %s 7 0 %d\r\n%s\r\n" % (key, len(value), value)) == b"STORED"
        self.stored[key] = value

    def get(self):
        if not self.stored:
            assert self.ask(b"get absent-%d\r\n" % self.number) == b"END"
            return
        key = self.random.choice(sorted(self.stored))
        head = self.ask(b"get %s\r\n" % key)
        value = self.stored[key]
        assert head == b"VALUE %s 7 %d" % (key, len(value)), head
        assert self.file.read(len(value) + 2) == value + b"\r\n"
        assert self.line() == b"END"

    def count(self):
        key = b"n%d" % self.number
        if not self.counted:
            assert self.ask(b"set %s 0 0 1\r\n0\r\n" % key) == b"STORED"
        self.counted += 3
        assert self.ask(b"incr %s 3\r\n" % key) == b"%d" % self.counted

    def wrong(self):
        assert self.ask(b"no such command\r\n") == b"ERROR"

    def step(self):
        self.random.choices([self.set, self.get, self.count, self.wrong], [3, 5, 1, 1])[0]()


def drive(client, end, failures):
    try:
        while time.monotonic() < end or client.requests < 20:
            client.step()
    except Exception as e:  # told by the test's own thread
        failures.append(f"connection {client.number}: {e!r}")


def load(service, seconds):
    clients = [Client(service, n) for n in range(CONNECTIONS)]
    failures = []
    end = time.monotonic() + seconds
    threads = [threading.Thread(target=drive, args=(c, end, failures)) for c in clients]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for c in clients:
        c.file.close()
        c.stream.close()
    assert not failures, failures[:3]
    return sum(c.requests for c in clients)


def stats(service):
    with service.guest.connect(11211, 20) as s:
        s.sendall(b"stats\r\n")
        text = b""
        while not text.endswith(b"END\r\n"):
            text += s.recv(4096)
    return dict(line.split(b" ", 2)[1:] for line in text.split(b"\r\n") if line.startswith(b"STAT"))


def test_64_connections(memcached):
    load(memcached, 1)  # fills its slabs, makes its buffers
    with memcached.steady_memory(2048):
        requests = load(memcached, LOAD_SECONDS)
    assert requests >= 20 * CONNECTIONS
    said = stats(memcached)
    assert said[b"threads"] == b"4"
    assert int(said[b"curr_connections"]) <= 3, said[b"curr_connections"]
    assert int(said[b"total_connections"]) >= 2 * CONNECTIONS
    memcached.power_button()


def test_large_values_and_errors(memcached):
    client = Client(memcached, 0)
    value = pattern(1_000_000)
    assert client.ask(b"set big 0 0 %d\r\n%s\r\n" % (len(value), value)) == b"STORED"
    assert client.ask(b"get big\r\n") == b"VALUE big 0 %d" % len(value)
    assert client.file.read(len(value) + 7) == value + b"\r\nEND\r\n"
    assert client.ask(b"set x 0 0 abc\r\n") == b"CLIENT_ERROR bad command line format"
    client.stream.close()
    memcached.power_button()
