# SPDX-License-Identifier: BSD-2-Clause
"""redis-server of Debian as a machine: redis-benchmark with and without pipelining, redis-cli."""

import re

import pytest
from harness import GUEST_IP
from service import Service, for_load


@pytest.fixture
def redis(vm):
    args = ["--save", "", "--appendonly", "no", "--protected-mode", "no"]
    service = Service(vm, "redis-server", args)
    service.guest.wait_ready(rb"Ready to accept connections")
    return service


def cli(redis, *words, **kw):
    return redis.run(["redis-cli", "-h", GUEST_IP, *words], **kw).rstrip("\n")


def benchmark(redis, pipeline, requests):
    text = redis.run(f"redis-benchmark -h {GUEST_IP} -c 50 -P {pipeline} -n {requests} -q "
                     "-t ping_inline,set,get,incr,lpush,lrange_100,mset")
    rates = re.findall(r"([\w ()]+?): ([\d.]+) requests per second", text.replace("\r", "\n"))
    assert len({name for name, _ in rates}) >= 7, text
    assert "rror" not in text, text


def test_answers(redis):
    assert cli(redis, "ping") == "PONG"
    assert cli(redis, "set", "k", "v", "px", "100000") == "OK"
    assert cli(redis, "get", "k") == "v"
    big = "x" * 1_000_000
    assert cli(redis, "-x", "set", "big", input=big) == "OK"
    assert cli(redis, "strlen", "big") == str(len(big))
    assert cli(redis, "get", "big") == big
    assert cli(redis, "eval", "local s=0 for i=1,100000 do s=s+i end return s", "0") == "5000050000"
    assert cli(redis, "rpush", "l", *map(str, range(500))) == "500"
    assert cli(redis, "lrange", "l", "0", "-1").split("\n") == [str(n) for n in range(500)]
    assert cli(redis, "get", "absent") == ""
    info = cli(redis, "info", "server")
    assert "os:Linux" in info and "multiplexing_api:epoll" in info
    assert cli(redis, "config", "get", "maxclients").split("\n")[1] == "10000"
    redis.guest.expected_status = 0
    redis.ns.run(["redis-cli", "-h", GUEST_IP, "shutdown", "nosave"])
    assert redis.guest.wait_exit(60) == 0


@pytest.mark.parametrize("pipeline", [1, 16])
def test_benchmark(redis, pipeline):
    requests = 1000 * pipeline
    benchmark(redis, pipeline, requests)  # what the allocator keeps is there from now on
    cli(redis, "flushall")
    with redis.steady_memory(1024):
        for_load(lambda: benchmark(redis, pipeline, requests))
        cli(redis, "flushall")
        cli(redis, "memory", "purge")
    assert cli(redis, "ping") == "PONG"
    redis.power_button()


def test_many_clients_come_and_go(redis):
    """A connection for each request, which is where sockets would leak."""
    command = f"redis-benchmark -h {GUEST_IP} -c 50 -n 500 -k 0 -q -t set,get"
    redis.run(command)
    with redis.steady_memory():
        for_load(lambda: redis.run(command))
    clients = cli(redis, "info", "clients")
    assert "connected_clients:1\r" in clients or "connected_clients:1\n" in clients, clients
    redis.power_button()
