# SPDX-License-Identifier: BSD-2-Clause
"""httpd on this machine: framing, pipelining, limits, errors, slow and rude clients."""

import os
import re
import socket
import struct
import threading
import time

import pytest
from conftest import Program, free_port


class Server:
    def __init__(self, **options):
        self.port = free_port()
        self.program = Program("httpd", "-p", str(self.port), "-a", "127.0.0.1", ready=b"listening",
                               **options)

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), 10)

    def raw(self, request):
        """Send, read until the server closes."""
        with self.connect() as s:
            try:
                s.sendall(request)
            except (BrokenPipeError, ConnectionResetError):
                pass
            data = b""
            while True:
                try:
                    part = s.recv(65536)
                except ConnectionResetError:
                    break
                if not part:
                    break
                data += part
            return data

    def get(self, path, head=b"", method=b"GET"):
        return self.raw(method + b" " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + head
                        + b"\r\n")


@pytest.fixture(scope="module")
def server():
    s = Server()
    yield s
    s.program.finish()


def split(data):
    head, _, body = data.partition(b"\r\n\r\n")
    return int(head.split()[1]), head, body


def read_answer(s):
    """One answer with Content-Length from a connection that stays open."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = s.recv(1)
        assert part, data
        data += part
    length = int(re.search(rb"Content-Length: (\d+)", data).group(1))
    body = b""
    while len(body) < length:
        part = s.recv(length - len(body))
        assert part
        body += part
    return int(data.split()[1]), data, body


def test_pages(server):
    status, head, body = split(server.get(b"/"))
    assert status == 200 and b"text/html" in head and b"Barewire" in body and body.endswith(b"</html>\n")
    assert b"/proc/net/tcp" in body
    status, head, body = split(server.get(b"/1k"))
    assert status == 200 and len(body) == 1024
    status, head, body = split(server.get(b"/proc/net/dev"))
    assert status == 200 and b"text/plain" in head and b"lo:" in body
    assert re.search(rb"Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", head)


@pytest.mark.parametrize("n", [0, 1, 65535, 65536, 65537, 3000000])
def test_bytes(server, n):
    status, head, body = split(server.get(b"/bytes/%d" % n))
    assert status == 200 and len(body) == n and b"Content-Length: %d\r" % n in head + b"\r"


def test_slow_reader_of_many_bytes(server):
    with server.connect() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 100000)
        s.sendall(b"GET /bytes/30000000 HTTP/1.1\r\nHost: x\r\n\r\nGET /1k HTTP/1.1\r\nHost: x\r\n\r\n")
        time.sleep(0.3)
        # Others are served meanwhile.
        assert split(server.get(b"/1k"))[0] == 200
        assert len(read_answer(s)[2]) == 30000000
        assert len(read_answer(s)[2]) == 1024


@pytest.mark.parametrize("path", [b"/nosuch", b"/proc", b"/proc/", b"/proc/net", b"/proc/net/nosuch",
                                  b"/../etc/passwd", b"/proc/../etc/passwd", b"/proc//net/dev", b"/%00",
                                  b"/proc/self/environ", b"/proc/1/cmdline", b"/proc/kmsg", b"/bytes/",
                                  b"/bytes/x", b"/bytes/-1", b"/bytes/99999999999999999999", b"/1k/",
                                  b"/proc/" + b"a" * 200])
def test_not_found(server, path):
    assert split(server.get(path))[0] == 404


def test_query_and_absolute_form(server):
    assert split(server.get(b"/1k?x=/y"))[0] == 200
    assert split(server.get(b"http://other.example/1k"))[0] == 200
    assert split(server.get(b"http://other.example"))[0] == 200
    assert split(server.get(b"HTTP://other.example?x"))[0] in (200, 400)


def test_head(server):
    for path in (b"/", b"/1k", b"/bytes/100000", b"/proc/net/dev", b"/nosuch"):
        status, head, body = split(server.get(path, method=b"HEAD"))
        assert status in (200, 404) and body == b"" and b"Content-Length: " in head


def test_keep_alive_and_its_end(server):
    with server.connect() as s:
        for _ in range(5):
            s.sendall(b"GET /1k HTTP/1.1\r\nHost: x\r\n\r\n")
            assert read_answer(s)[0] == 200
        s.sendall(b"GET /1k HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        assert b"Connection: keep-alive" in read_answer(s)[1]
        s.sendall(b"GET /1k HTTP/1.0\r\n\r\n")
        assert b"Connection: close" in read_answer(s)[1]
        assert s.recv(1) == b""


def test_connection_header_lists(server):
    for value, closes in ((b"close", True), (b"Close", True), (b"x, close ,y", True), (b"closed", False),
                          (b"keep-alive, Upgrade", False), (b",,close", True)):
        with server.connect() as s:
            s.sendall(b"GET /1k HTTP/1.1\r\nHost: x\r\nConnection: " + value + b"\r\n\r\n")
            assert (b"Connection: close" in read_answer(s)[1]) == closes


@pytest.mark.parametrize("count", [2, 33, 1000])
def test_pipelining(server, count):
    """Answers come in order, whatever they are."""
    kinds = [(b"/1k", 1024, 200), (b"/nosuch", None, 404), (b"/bytes/100000", 100000, 200),
             (b"/proc/net/dev", None, 200), (b"/", None, 200)]
    with server.connect() as s:
        requests = b"".join(b"GET " + kinds[i % 5][0] + b" HTTP/1.1\r\nHost: x\r\n\r\n"
                            for i in range(count))
        sender = threading.Thread(target=s.sendall, args=(requests,))
        sender.start()
        for i in range(count):
            status, _, body = read_answer(s)
            assert status == kinds[i % 5][2]
            assert kinds[i % 5][1] in (None, len(body))
        sender.join()


def test_byte_by_byte(server):
    request = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\nT: x\r\n\r\n" \
              b"GET /1k HTTP/1.1\r\nHost: x\r\n\r\n"
    with server.connect() as s:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for i in range(len(request)):
            s.sendall(request[i:i + 1])
            time.sleep(0.0005)
        assert read_answer(s)[0] == 405
        assert read_answer(s)[0] == 200


@pytest.mark.parametrize("body, head", [
    (b"x" * 100000, b"Content-Length: 100000\r\n"),
    (b"", b"Content-Length: 0\r\n"),
    (b"".join(b"1000\r\n" + b"y" * 4096 + b"\r\n" for _ in range(40)) + b"0\r\n\r\n",
     b"Transfer-Encoding: chunked\r\n"),
    (b"0\r\n\r\n", b"Transfer-Encoding: CHUNKED\r\n"),
    (b"a \r\n0123456789\r\n000\r\nTrailer: 1\r\n\r\n", b"Transfer-Encoding: chunked\r\n"),
])
@pytest.mark.parametrize("method, status", [(b"POST", 405), (b"GET", 200)])
def test_bodies_are_skipped(server, method, status, body, head):
    with server.connect() as s:
        request = method + b" /1k HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n" + body
        sender = threading.Thread(target=s.sendall,
                                  args=((request + b"GET /bytes/7 HTTP/1.1\r\nHost: x\r\n\r\n") * 3,))
        sender.start()
        for _ in range(3):
            assert read_answer(s)[0] == status
            assert len(read_answer(s)[2]) == 7
        sender.join()


H = b"Host: x\r\n"
BAD = {
    "no version": (b"GET /\r\n\r\n", 400),
    "method alone": (b"GET\r\n\r\n", 400),
    "empty": (b"\r\n\r\n\r\n\r\n", 400),
    "two blanks": (b"GET  / HTTP/1.1\r\n" + H + b"\r\n", 400),
    "tab": (b"GET\t/ HTTP/1.1\r\n" + H + b"\r\n", 400),
    "blank behind": (b"GET / HTTP/1.1 \r\n" + H + b"\r\n", 400),
    "unknown method": (b"BREW / HTTP/1.1\r\n" + H + b"\r\n", 501),
    "lower case method": (b"get / HTTP/1.1\r\n" + H + b"\r\n", 501),
    "delete": (b"DELETE / HTTP/1.1\r\n" + H + b"\r\n", 405),
    "options star": (b"OPTIONS * HTTP/1.1\r\n" + H + b"\r\n", 405),
    "connect": (b"CONNECT x:80 HTTP/1.1\r\n" + H + b"\r\n", 405),
    "post without length": (b"POST / HTTP/1.1\r\n" + H + b"\r\n", 411),
    "version 2": (b"GET / HTTP/2.0\r\n" + H + b"\r\n", 505),
    "version 0.9": (b"GET / HTTP/0.9\r\n" + H + b"\r\n", 505),
    "bad version": (b"GET / HTTP/1.1.1\r\n" + H + b"\r\n", 400),
    "http lower": (b"GET / http/1.1\r\n" + H + b"\r\n", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "two hosts": (b"GET / HTTP/1.1\r\n" + H + H + b"\r\n", 400),
    "bad host": (b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400),
    "host with slash": (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
    "no colon": (b"GET / HTTP/1.1\r\n" + H + b"nonsense\r\n\r\n", 400),
    "blank before colon": (b"GET / HTTP/1.1\r\n" + H + b"A : b\r\n\r\n", 400),
    "no name": (b"GET / HTTP/1.1\r\n" + H + b": b\r\n\r\n", 400),
    "folded": (b"GET / HTTP/1.1\r\n" + H + b"A: b\r\n c\r\n\r\n", 400),
    "folded first": (b"GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400),
    "bare lf": (b"GET / HTTP/1.1\nHost: x\n\n", 400),
    "lf in header": (b"GET / HTTP/1.1\r\n" + H + b"A: b\nC: d\r\n\r\n", 400),
    "bare cr": (b"GET / HTTP/1.1\r\n" + H + b"A: b\rC: d\r\n\r\n", 400),
    "zero in target": (b"GET /\0 HTTP/1.1\r\n" + H + b"\r\n", 400),
    "zero in value": (b"GET / HTTP/1.1\r\n" + H + b"A: \0\r\n\r\n", 400),
    "high byte in target": (b"GET /\xe4 HTTP/1.1\r\n" + H + b"\r\n", 400),
    "fragment": (b"GET /#a HTTP/1.1\r\n" + H + b"\r\n", 400),
    "relative target": (b"GET x HTTP/1.1\r\n" + H + b"\r\n", 400),
    "other scheme": (b"GET ftp://x/ HTTP/1.1\r\n" + H + b"\r\n", 400),
    "tls": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 400),
    "length x": (b"GET / HTTP/1.1\r\n" + H + b"Content-Length: x\r\n\r\n", 400),
    "length empty": (b"GET / HTTP/1.1\r\n" + H + b"Content-Length:\r\n\r\n", 400),
    "length plus": (b"GET / HTTP/1.1\r\n" + H + b"Content-Length: +1\r\n\r\n", 400),
    "length negative": (b"GET / HTTP/1.1\r\n" + H + b"Content-Length: -1\r\n\r\n", 400),
    "length list": (b"GET / HTTP/1.1\r\n" + H + b"Content-Length: 1, 1\r\n\r\n", 400),
    "length twice": (b"GET / HTTP/1.1\r\n" + H + b"Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400),
    "length huge": (b"POST / HTTP/1.1\r\n" + H + b"Content-Length: 99999999999999999999999\r\n\r\n", 413),
    "length too large": (b"POST / HTTP/1.1\r\n" + H + b"Content-Length: 100000000\r\n\r\n", 413),
    "both framings": (b"POST / HTTP/1.1\r\n" + H + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
                      400),
    "both, other order": (b"POST / HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
                          400),
    "chunked twice": (b"POST / HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"
                      b"\r\n\r\n", 400),
    "chunked in 1.0": (b"POST / HTTP/1.0\r\n" + H + b"Transfer-Encoding: chunked\r\n\r\n", 400),
    "other coding": (b"POST / HTTP/1.1\r\n" + H + b"Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
    "strange coding": (b"POST / HTTP/1.1\r\n" + H + b"Transfer-Encoding: xchunked\r\n\r\n", 501),
    "coding with tab": (b"POST / HTTP/1.1\r\n" + H + b"Transfer-Encoding: \x0bchunked\r\n\r\n", 400),
    "expectation": (b"GET / HTTP/1.1\r\n" + H + b"Expect: wonders\r\nConnection: close\r\n\r\n", 417),
    "long target": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + H + b"\r\n", 414),
    "endless target": (b"GET /" + b"a" * 60000, 414),
    "long header": (b"GET / HTTP/1.1\r\n" + H + b"X: " + b"a" * 20000 + b"\r\n\r\n", 431),
    "endless header": (b"GET / HTTP/1.1\r\n" + H + b"X: " + b"a" * 60000, 431),
    "many headers": (b"GET / HTTP/1.1\r\n" + H + b"X: y\r\n" * 200 + b"\r\n", 431),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_request(server, what):
    request, status = BAD[what]
    with server.connect() as s:
        s.sendall(request)
        assert read_answer(s)[0] == status
        if status not in (405, 411, 501):
            s.settimeout(5)
            assert s.recv(1) == b""


def test_smuggled_request_is_not_run(server):
    """Nothing behind a request of unsure length is looked at."""
    for framing in (b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: xchunked\r\n",
                    b"Content-Length: 5\r\nContent-Length: 0\r\n", b"Transfer-Encoding : chunked\r\n",
                    b"Content-Length: 0\nX: y\r\n"):
        data = server.raw(b"POST / HTTP/1.1\r\n" + H + framing + b"\r\n0\r\n\r\nGET /1k HTTP/1.1\r\n" + H + b"\r\n")
        assert data.count(b"HTTP/1.1 ") == 1 and split(data)[0] in (400, 501)


@pytest.mark.parametrize("chunks", [b"x\r\n", b"\r\n", b"5\r\nhelloX", b"5\nhello\r\n", b"-1\r\n", b"0x5\r\nhello\r\n",
                                    b"1" * 20 + b"\r\n", b"5;" + b"e" * 300 + b"\r\n", b"0\r\n" + b"T: " + b"t" * 9000,
                                    b"5\r\nhello\r\n0\r\nX\n\r\n"])
def test_bad_chunks_end_the_connection(server, chunks):
    data = server.raw(b"POST / HTTP/1.1\r\n" + H + b"Transfer-Encoding: chunked\r\n\r\n" + chunks
                      + b"GET /1k HTTP/1.1\r\n" + H + b"\r\n")
    assert data.count(b"HTTP/1.1 ") == 1 and split(data)[0] == 405


def test_expect_continue(server):
    data = server.raw(b"POST / HTTP/1.1\r\n" + H + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    assert split(data)[0] == 405 and b"Connection: close" in data


def test_resets_in_all_places(server):
    get = b"GET /bytes/5000000 HTTP/1.1\r\nHost: x\r\n\r\n"
    for request in (b"", b"GE", get, get * 100, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nab"):
        for wait in (0, 0.02):
            s = server.connect()
            s.sendall(request)
            time.sleep(wait)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            s.close()
    assert split(server.get(b"/1k"))[0] == 200


def test_half_closed_client_gets_its_answers(server):
    with server.connect() as s:
        s.sendall(b"GET /bytes/2000000 HTTP/1.1\r\nHost: x\r\n\r\nGET /1k HTTP/1.1\r\nHost: x\r\n\r\n")
        s.shutdown(socket.SHUT_WR)
        assert len(read_answer(s)[2]) == 2000000
        assert len(read_answer(s)[2]) == 1024
        assert s.recv(1) == b""


def test_out_of_descriptors():
    server = Server(nofile=50)
    try:
        crowd = [server.connect() for _ in range(100)]
        time.sleep(0.3)
        alive = 0
        for s in crowd:
            try:
                s.sendall(b"GET /1k HTTP/1.1\r\nHost: x\r\n\r\n")
                alive += read_answer(s)[0] == 200
            except (AssertionError, ConnectionResetError, BrokenPipeError):
                pass
        assert 20 < alive < 50
        for s in crowd:
            s.close()
        time.sleep(0.2)
        assert split(server.get(b"/1k"))[0] == 200
    finally:
        server.program.finish()


# httpd FOLDER: a static web server (apps/httpd/site.c).

BIG = bytes(i * 7 & 0xff for i in range(5_000_000))


class Site(Server):
    def __init__(self, folder):
        self.port = free_port()
        self.program = Program("httpd", "-p", str(self.port), str(folder), ready=rb"listening")


@pytest.fixture
def site(tmp_path):
    (tmp_path / "www" / "sub").mkdir(parents=True)
    (tmp_path / "www" / "index.html").write_bytes(b"index")
    (tmp_path / "www" / "sub" / "a b.css").write_bytes(b"style")
    (tmp_path / "www" / "big").write_bytes(BIG)
    (tmp_path / "www" / "empty").write_bytes(b"")
    os.mkfifo(tmp_path / "www" / "fifo")
    (tmp_path / "outside").write_bytes(b"secret")
    s = Site(tmp_path / "www")
    yield s
    s.program.finish()


def test_site_serves_files(site):
    status, head, body = split(site.get(b"/"))
    assert (status, body) == (200, b"index") and b"text/html" in head
    status, head, body = split(site.get(b"/sub/a%20b.css"))
    assert (status, body) == (200, b"style") and b"text/css" in head
    status, head, body = split(site.get(b"/sub"))
    assert status == 301 and b"Location: /sub/\r\n" in head
    assert split(site.get(b"/empty"))[::2] == (200, b"")
    assert split(site.get(b"/big"))[::2] == (200, BIG)
    status, head, body = split(site.get(b"/big", method=b"HEAD"))
    assert b"Content-Length: 5000000\r\n" in head and not body


@pytest.mark.parametrize("path", [b"/../outside", b"/sub/../../outside", b"/%2e%2e/outside", b"/..%2foutside",
                                  b"/fifo", b"/none", b"/sub/", b"/%", b"/%0", b"/%00", b"/big/x",
                                  b"//sub", b"/" + b"a" * 300, b"/" + b"a/" * 1500, b"/proc/version"])
def test_site_refuses(site, path):
    status, head, body = split(site.get(path))
    assert status == 404 and b"secret" not in body


def test_site_answers_in_order(site):
    """Large and small files in one burst of requests; the peer reads late."""
    paths = [b"/", b"/big", b"/sub/a%20b.css", b"/big", b"/empty", b"/"]
    with site.connect() as s:
        s.sendall(b"".join(b"GET " + p + b" HTTP/1.1\r\nHost: x\r\n\r\n" for p in paths))
        time.sleep(0.3)
        assert split(site.get(b"/"))[2] == b"index"
        bodies = [read_answer(s)[2] for _ in paths]
    assert bodies == [b"index", BIG, b"style", BIG, b"", b"index"]


def test_site_file_that_shrinks(site, tmp_path):
    """The promised length cannot be kept: the connection ends, the server goes on."""
    with site.connect() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        s.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        s.recv(1000)
        os.truncate(tmp_path / "www" / "big", 10)
        n = 1000
        while part := s.recv(65536):
            n += len(part)
        assert n < len(BIG)
    assert split(site.get(b"/"))[0] == 200


def test_site_that_is_not_there():
    program = Program("httpd", "-p", str(free_port()), "/nosuch")
    assert program.process.wait(20) == 1
    assert b"/nosuch" in program.process.stderr.read()
