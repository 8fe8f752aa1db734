# SPDX-License-Identifier: BSD-2-Clause
"""fetch on this machine: framings, redirects, and answers no server should give."""

import hashlib
import os
import socket
import threading

import pytest
from conftest import Program


class Answers:
    """A server that gives each path a fixed answer, in pieces, and hangs up."""

    def __init__(self, answers):
        self.answers = answers
        self.requests = []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                s, _ = self.socket.accept()
            except OSError:
                return
            with s:
                request = b""
                while b"\r\n\r\n" not in request:
                    request += s.recv(1000)
                self.requests.append(request)
                answer = self.answers.get(request.split()[1].decode(), b"")
                try:
                    for i in range(0, len(answer), 5000):
                        s.sendall(answer[i:i + 5000])
                except OSError:
                    pass


BODY = os.urandom(300000)


def chunked(data, size):
    parts = [data[i:i + size] for i in range(0, len(data), size)]
    return b"".join(b"%x;e=1\r\n%s\r\n" % (len(p), p) for p in parts) + b"0\r\nT: x\r\n\r\n"


OK = b"HTTP/1.1 200 OK\r\n"
GOOD = {
    "/length": OK + b"Content-Length: 300000\r\n\r\n" + BODY,
    "/more": OK + b"Content-Length: 300000\r\n\r\n" + BODY + b"garbage",
    "/close": OK + b"\r\n" + BODY,
    "/http10": b"HTTP/1.0 200 OK\nServer: old\n\n" + BODY,
    "/chunked": OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(BODY, 7001),
    "/small-chunks": OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(BODY, 13),
    "/both": OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked(BODY, 999),
    "/continue": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nA: b\r\n\r\n" + OK
                 + b"Content-Length: 300000\r\n\r\n" + BODY,
    "/redirect": b"HTTP/1.1 302 Found\r\nLocation: /dir/next?x\r\nContent-Length: 3\r\n\r\nabc",
    "/dir/next?x": b"HTTP/1.1 308 Permanent\r\nLocation: last\r\n\r\n",
    "/dir/last": OK + b"Content-Length: 300000\r\n\r\n" + BODY,
}
BAD = {
    "/missing": (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", b"404 Not Found"),
    "/short": (OK + b"Content-Length: 300001\r\n\r\n" + BODY, b"too early"),
    "/short-chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(BODY, 100)[:-5], b"too early"),
    "/bad-chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n", b"malformed"),
    "/not-http": (b"SSH-2.0-x\r\n\r\n", b"not HTTP"),
    "/nothing": (b"", b"ended"),
    "/half-head": (OK + b"Content-Le", b"ended"),
    "/long-head": (OK + b"A: " + b"b" * 100000 + b"\r\n\r\n", b"too long"),
    "/loop": (b"HTTP/1.1 302 Found\r\nLocation: /loop\r\n\r\n", b"too many redirects"),
    "/to-https": (b"HTTP/1.1 302 Found\r\nLocation: https://x/\r\n\r\n", b"https"),
    "/two-lengths": (OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", b"not HTTP"),
    "/not-modified": (b"HTTP/1.1 304 Not Modified\r\n\r\n", b"304"),
}


@pytest.fixture(scope="module")
def server():
    return Answers({**GOOD, **{k: v[0] for k, v in BAD.items()}})


def run(*args):
    program = Program("fetch", *args)
    out, err = program.process.communicate(timeout=40)
    assert b"Sanitizer" not in err and b"runtime error" not in err, err.decode()
    return program.process.returncode, out, err


@pytest.mark.parametrize("path", [p for p in GOOD if "dir" not in p])
def test_good_answers(server, path):
    status, out, err = run(f"http://127.0.0.1:{server.port}{path}")
    assert status == 0, err
    assert b"300000 bytes in" in out and hashlib.sha256(BODY).hexdigest().encode() in out


@pytest.mark.parametrize("path", BAD)
def test_bad_answers(server, path):
    status, out, err = run(f"http://127.0.0.1:{server.port}{path}")
    assert status == 1 and BAD[path][1] in err, (out, err)


def test_output(server, tmp_path):
    status, out, err = run("-o", "-", f"http://127.0.0.1:{server.port}/chunked")
    assert status == 0 and out == BODY and hashlib.sha256(BODY).hexdigest().encode() in err
    status, out, err = run("-o", str(tmp_path / "x"), f"http://127.0.0.1:{server.port}/length")
    assert status == 0 and (tmp_path / "x").read_bytes() == BODY


def test_request_is_well_formed(server):
    run(f"http://localhost:{server.port}/length#fragment")
    head = server.requests[-1]
    assert head.startswith(b"GET /length HTTP/1.1\r\n") and f"Host: localhost:{server.port}\r\n".encode() in head


@pytest.mark.parametrize("args, says", [
    ([], b"usage"), (["a", "b"], b"usage"), (["-x"], b"usage"), (["nonsense"], b"nonsense"),
    (["https://a/"], b"https"), (["http://127.0.0.1:1/"], b"refused"),
    (["http://nosuch.invalid/"], b"nosuch.invalid"), (["-o", "/nosuch/dir", "http://127.0.0.1:1/"], b"/nosuch"),
])
def test_wrong_use(args, says):
    status, out, err = run(*args)
    assert status == 1 and says in err
