# SPDX-License-Identifier: BSD-2-Clause
"""The linked-in HTTP server with real clients over TAP, and with requests no client should send."""

import re
import socket
import time

import harness
import pytest
from harness import GUEST_IP, parse_response, read_response

URL = f"http://{GUEST_IP}/"
GET = b"GET / HTTP/1.1\r\nHost: guest\r\n\r\n"


@pytest.fixture(scope="module")
def guest(shared_vm):
    return shared_vm.boot_tap(app="httpd")


@pytest.mark.parametrize("command", [
    ["curl", "-sS", "--fail", "--max-time", "20", URL],
    ["curl", "-sS", "--fail", "--http1.0", "--max-time", "20", URL],
    ["wget", "-q", "-T", "20", "-t", "1", "-O", "-", URL],
], ids=["curl", "curl-1.0", "wget"])
def test_clients(guest, command):
    done = guest.ns.run(command)
    assert done.returncode == 0, done.stderr
    assert "Barewire" in done.stdout


def test_curl_reuses_its_connection(guest):
    done = guest.ns.run(["curl", "-sS", "-v", "--max-time", "20", "-o", "/dev/null", URL,
                         "-o", "/dev/null", URL])
    assert done.returncode == 0 and "Re-using existing connection" in done.stderr


@pytest.mark.parametrize("command", [
    ["nc", "-q", "5", "-w", "10", GUEST_IP, "80"],
    ["socat", "-t", "5", "-", f"TCP:{GUEST_IP}:80"],
], ids=["nc", "socat"])
def test_piped_request(guest, command):
    request = "GET / HTTP/1.1\r\nHost: guest\r\nConnection: close\r\n\r\n"
    done = guest.ns.run(command, input=request)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("HTTP/1.1 200")


def wrk(guest, connections, seconds):
    done = guest.ns.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", URL],
                        timeout=seconds + 60)
    assert done.returncode == 0, done.stderr
    assert "Socket errors" not in done.stdout, done.stdout
    assert "Non-2xx" not in done.stdout, done.stdout
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1))


def test_wrk_256_connections_for_30_seconds(guest):
    rate = wrk(guest, 256, 30)
    print(f"{rate:.0f} requests a second at 256 connections")
    assert rate > 50
    assert guest.http_get()[0] == 200


def test_many_short_connections(guest):
    for _ in range(300):
        assert guest.http_get()[0] == 200


def test_keep_alive(guest):
    with guest.connect() as s:
        for _ in range(20):
            s.sendall(GET)
            assert read_response(s)[0] == 200


def test_pipelining(guest):
    """Twenty requests in one write: twenty answers, in order."""
    with guest.connect() as s:
        s.sendall(b"".join(b"GET /%s HTTP/1.1\r\nHost: g\r\n%s\r\n"
                           % ((b"nosuch", b"") if i % 2 else (b"", b"")) for i in range(19))
                  + b"GET / HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n")
        data = harness.read_all(s)
    found = [int(n) for n in re.findall(rb"HTTP/1\.1 (\d{3})", data)]
    assert found == [404 if i % 2 else 200 for i in range(19)] + [200]


def test_request_byte_by_byte(guest):
    with guest.connect() as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for i in range(len(GET)):
            s.sendall(GET[i:i + 1])
            time.sleep(0.002)
        assert read_response(s)[0] == 200


def test_head_has_no_body(guest):
    head = guest.http(b"HEAD / HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200") and head.endswith(b"\r\n\r\n")
    assert re.search(rb"(?i)content-length: \d+", head)


def test_http_10_closes(guest):
    status, headers, _ = parse_response(guest.http(b"GET / HTTP/1.0\r\n\r\n"))
    assert status == 200 and headers.get("connection", "close") == "close"


@pytest.mark.parametrize("path", ["/proc/net/dev", "/proc/net/tcp", "/proc/net/snmp",
                                  "/proc/net/route", "/proc/net/sockstat", "/proc/net/protocols",
                                  "/proc/net/arp", "/proc/net/udp", "/proc/net/netstat"])
def test_proc_net_as_text(guest, path):
    status, headers, body = guest.http_get(path)
    assert status == 200 and headers["content-type"].startswith("text/plain") and body


@pytest.mark.parametrize("path", ["/nosuch", "/proc", "/../etc/passwd", "/proc/net/../../x", "/%00"])
def test_not_found(guest, path):
    assert guest.http_get(path)[0] in (400, 403, 404)


MALFORMED = {
    "no version": (b"GET /\r\n\r\n", {400}),
    "nothing but a method": (b"GET\r\n\r\n", {400}),
    "unknown method": (b"BREW / HTTP/1.1\r\nHost: g\r\nConnection: close\r\n\r\n",
                       {400, 405, 501}),
    "unknown version": (b"GET / HTTP/7.3\r\nHost: g\r\n\r\n", {400, 505}),
    "not HTTP": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n", {400}),
    "no host in 1.1": (b"GET / HTTP/1.1\r\n\r\n", {400}),
    "two hosts": (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", {400}),
    "header without colon": (b"GET / HTTP/1.1\r\nHost: g\r\nnonsense\r\n\r\n", {400}),
    "blank before colon": (b"GET / HTTP/1.1\r\nHost : g\r\n\r\n", {400}),
    "folded first header": (b"GET / HTTP/1.1\r\n Host: g\r\n\r\n", {400}),
    "zero byte": (b"GET /\0 HTTP/1.1\r\nHost: g\r\n\r\n", {400}),
    "length that is no number": (b"GET / HTTP/1.1\r\nHost: g\r\nContent-Length: x\r\n\r\n", {400}),
    "negative length": (b"POST / HTTP/1.1\r\nHost: g\r\nContent-Length: -1\r\n\r\n", {400, 405, 501}),
    "two lengths": (b"POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                    {400, 405, 501}),
    "target of another form": (b"GET nowhere HTTP/1.1\r\nHost: g\r\n\r\n", {400, 404}),
    "very long target": (b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: g\r\n\r\n", {400, 414, 431}),
    "very long header": (b"GET / HTTP/1.1\r\nHost: g\r\nX: " + b"a" * 70000 + b"\r\n\r\n",
                         {400, 413, 431}),
    "very many headers": (b"GET / HTTP/1.1\r\nHost: g\r\n" + b"X: y\r\n" * 20000 + b"\r\n",
                          {400, 413, 431}),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_malformed_request(guest, what):
    """An error and the end of the connection, or the end alone; never silence, never a crash."""
    request, wanted = MALFORMED[what]
    with guest.connect() as s:
        try:
            s.sendall(request)
            answer = harness.read_all(s)
        except (ConnectionResetError, BrokenPipeError):
            answer = b""
    if answer:
        assert int(answer.split()[1]) in wanted, answer[:100]
    else:
        assert len(request) > 8192, "no answer at all"
    assert guest.http_get()[0] == 200


def test_client_that_goes_away(guest):
    """Resets in the middle of requests and of answers."""
    for request in (b"", b"GE", GET, GET * 50):
        for _ in range(10):
            with guest.connect() as s:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                s.sendall(request)
    assert guest.http_get()[0] == 200


def test_client_that_says_nothing(guest):
    """Idle connections do not keep others from being served."""
    idle = [guest.connect() for _ in range(100)]
    try:
        assert guest.http_get()[0] == 200
    finally:
        for s in idle:
            s.close()


def test_over_user_networking(vm):
    """No TAP, no root: the forwarded port on the host's loopback."""
    guest = vm.boot(app="httpd")
    for _ in range(20):
        assert guest.http_get()[0] == 200
