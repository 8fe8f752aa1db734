# SPDX-License-Identifier: BSD-2-Clause
"""nginx and lighttpd of Debian: files by sendfile, ranges, keep-alive, wrk."""

import hashlib
import os
import re
import subprocess

import pytest
from harness import GUEST_IP
from service import LOAD_SECONDS, Service, pattern

# The README's example starts with it, too; so do the benchmarks.
with open(os.path.join(os.path.dirname(os.path.realpath(__file__)), "nginx.conf")) as conf:
    NGINX = conf.read()
LIGHTTPD = """
server.document-root = "/www"
server.port = 80
server.errorlog = "/dev/stderr"
server.max-keep-alive-requests = 1000000
"""
FILES = {"small": 120, "64k": 65536, "1m": 1 << 20, "empty": 0}
ARGS = {"nginx": ["-p", "/tmp", "-c", "/etc/web.conf"], "lighttpd": ["-D", "-f", "/etc/web.conf"]}
CONFIG = {"nginx": NGINX, "lighttpd": LIGHTTPD}


@pytest.fixture(params=["nginx", "lighttpd"])
def web(request, vm, tmp_path):
    (tmp_path / "web.conf").write_text(CONFIG[request.param])
    files = [f"{tmp_path}/web.conf=/etc/web.conf"]
    for name, size in FILES.items():
        (tmp_path / name).write_bytes(pattern(size, size + 1))
        files.append(f"{tmp_path}/{name}=/www/{name}")
    service = Service(vm, request.param, ARGS[request.param], files)
    service.wait_port(80)
    return service


def curl(web, path, *words):
    done = web.ns.run(["curl", "-sS", "--max-time", "60", *words, f"http://{GUEST_IP}/{path}"],
                      text=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_files_and_ranges(web):
    for name, size in FILES.items():
        assert curl(web, name) == pattern(size, size + 1)
    whole = pattern(1 << 20, (1 << 20) + 1)
    for first, last in [(0, 0), (1, 4096), (65535, 65537), (1 << 19, (1 << 20) - 1)]:
        assert curl(web, "1m", "-r", f"{first}-{last}") == whole[first:last + 1]
    assert curl(web, "1m", "-r", "-10") == whole[-10:]
    head = curl(web, "1m", "-I").decode()
    assert re.search(r"(?i)^content-length: 1048576\r$", head, re.M), head
    code = ["-o", "/dev/null", "-w", "%{http_code}"]
    etag = re.search(r"(?i)^etag: (.*)\r$", head, re.M)
    # This lighttpd gives none for such files, on Linux either.
    assert bool(etag) == (web.name == "nginx"), head
    if etag:
        assert curl(web, "1m", *code, "-H", f"If-None-Match: {etag.group(1)}") == b"304"
    assert curl(web, "absent", *code) == b"404"
    assert curl(web, "1m", *code, "-r", "2000000-") == b"416"
    web.power_button()


def wrk(web, path, connections):
    seconds = round(max(2, LOAD_SECONDS / 3))
    text = web.run(f"wrk -t2 -c{connections} -d{seconds}s http://{GUEST_IP}/{path}")
    assert "Socket errors" not in text and "Non-2xx" not in text, text
    return int(re.search(r"(\d+) requests in", text).group(1))


def test_load(web):
    wrk(web, "small", 64)
    with web.steady_memory(1024):
        for name in ("small", "64k", "1m"):
            assert wrk(web, name, 64) > 0
    digest = hashlib.sha256(curl(web, "1m")).hexdigest()
    assert digest == hashlib.sha256(pattern(1 << 20, (1 << 20) + 1)).hexdigest()
    web.power_button()


def test_clients_that_leave_in_the_middle(web):
    """Downloads cut off by the client: what sendfile had queued must come back."""
    with web.steady_memory():
        for _ in range(20):
            web.ns.run(["curl", "-sS", "-o", "/dev/null", "-r", "0-", "--max-filesize", "1000",
                        f"http://{GUEST_IP}/1m"])
            cut = web.ns.popen(["curl", "-sS", "--limit-rate", "10k", "-o", "/dev/null",
                                f"http://{GUEST_IP}/1m"], stderr=subprocess.DEVNULL)
            web.run(f"curl -sS -o /dev/null http://{GUEST_IP}/64k")
            cut.terminate()
            cut.wait()
    web.power_button()
