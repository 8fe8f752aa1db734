# SPDX-License-Identifier: BSD-2-Clause
"""Programs of Debian as clients and in between: curl, busybox, haproxy, tcpdump."""

import http.server
import os
import re
import subprocess
import threading

import harness
import pytest
from harness import GUEST_IP, HOST_IP
from service import Service, for_load, pattern

BIG = pattern(3_000_000)


class Files(http.server.BaseHTTPRequestHandler):
    """Answers with BIG, with text, or with what was posted."""

    protocol_version = "HTTP/1.1"

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/text")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.answer(BIG if self.path == "/big" else b"some text\n")

    def do_POST(self):
        self.answer(self.rfile.read(int(self.headers["Content-Length"]))[::-1])

    def log_message(self, *words):
        pass


@pytest.fixture
def server(vm):
    """A web server in a namespace, as server.ns, at http://HOST_IP:8000/."""
    ns = vm.netns()
    with ns.inside():
        httpd = http.server.ThreadingHTTPServer((HOST_IP, 8000), Files)
    httpd.ns = ns
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield httpd
    httpd.shutdown()
    httpd.server_close()


def ends_with(service, status):
    """The console's text of a program that ends by itself with this status."""
    service.guest.expected_status = status
    got = service.guest.wait_exit(120)
    text = service.guest.console.text.decode(errors="replace").replace("\r", "")
    assert got == status, text[-2000:]
    return text


def test_curl_downloads(vm, server):
    url = f"http://{HOST_IP}:8000"
    text = ends_with(Service(vm, "curl", ["-sSL", "-w", "%{http_code} %{size_download}\\n",
                                          "-o", "/tmp/big", f"{url}/big", f"{url}/text",
                                          f"{url}/moved"], ns=server.ns), 0)
    assert f"200 {len(BIG)}" in text
    assert text.count("some text") == 2


def test_curl_uploads_and_fails(vm, server, tmp_path):
    (tmp_path / "up").write_bytes(b"0123456789")
    post = ["-sS", "--data-binary", "@/up", f"http://{HOST_IP}:8000/"]
    text = ends_with(Service(vm, "curl", post, [f"{tmp_path}/up=/up"], ns=server.ns), 0)
    assert "9876543210" in text
    text = ends_with(Service(vm, "curl", ["-sS", f"http://{HOST_IP}:9/"], ns=server.ns), 1)
    assert "(7) Failed to connect" in text


def test_curl_resolves_names(vm, server, tmp_path):
    """The name server that DHCP told reaches glibc's resolver."""
    dns = server.ns.popen(
        ["dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-hosts", "--no-resolv",
         "--user=root", "--no-ping", f"--dhcp-range={GUEST_IP},{GUEST_IP},1h",
         f"--dhcp-leasefile={tmp_path}/leases",
         "--dhcp-authoritative", f"--dhcp-option=option:dns-server,{HOST_IP}",
         f"--address=/files.example/{HOST_IP}", "--pid-file"], stderr=subprocess.DEVNULL)
    def fetch(url, status):
        return ends_with(Service(vm, "curl", ["-sS", url], ns=server.ns, static=False), status)

    assert "some text" in fetch("http://www.files.example:8000/text", 0)
    text = fetch("http://absent.invalid/", 1)
    assert "Could not resolve host: absent.invalid" in text
    dns.terminate()
    dns.wait()


def busybox(vm, server, *words, status=0):
    return ends_with(Service(vm, "busybox", words, ns=server.ns), status)


def test_busybox(vm, server):
    url = f"http://{HOST_IP}:8000/text"
    assert "some text" in busybox(vm, server, "wget", "-q", "-O", "-", url)
    text = busybox(vm, server, "sh", "-c",
                   "i=0; while [ $i -lt 1000 ]; do i=$((i+1)); done; echo sum $i; cd /tmp; pwd; "
                   "echo a b c > f; read x y < f; echo $y; [ -d /proc ] && echo proc; exit 3",
                   status=1)
    for expected in ("sum 1000\n", "/tmp\n", "b c\n", "proc\n"):
        assert expected in text
    busybox(vm, server, "wget", "-q", "-O", "/tmp/f", f"http://{HOST_IP}:9/", status=1)
    assert "1 packets received" in busybox(vm, server, "ping", "-c", "1", HOST_IP)
    assert "inet addr:10.77.0.2" in busybox(vm, server, "ifconfig", "eth0")
    assert "10.77.0.1" in busybox(vm, server, "route", "-n")


def test_busybox_has_no_second_process(vm, server):
    """fork() fails with an error that the program reports, and one line that says why."""
    text = busybox(vm, server, "sh", "-c", "ls | cat; echo after", status=1)
    assert re.search(r"one program", text), text


def test_busybox_nc(vm):
    ns = vm.netns()
    service = Service(vm, "busybox", ["nc", "-l", "-p", "7000"], ns=ns)
    service.guest.console.expect(rb"eth0: 10\.77\.0\.2")
    peer = None
    for _ in range(200):
        try:
            peer = service.guest.connect(7000)
            break
        except OSError:
            threading.Event().wait(0.1)
    peer.sendall(b"to the guest\n")
    service.guest.console.expect(rb"to the guest")
    service.guest.console.send("from the guest\n")
    assert harness.read_exactly(peer, 15) == b"from the guest\n"
    peer.close()
    assert service.guest.wait_exit(60) == 0


HAPROXY = f"""
global
    maxconn 500
defaults
    mode http
    timeout connect 5s
    timeout client 30s
    timeout server 30s
frontend in
    bind :80
    default_backend servers
backend servers
    server s1 {HOST_IP}:8000
frontend tcp
    mode tcp
    bind :81
    default_backend raw
backend raw
    mode tcp
    server s1 {HOST_IP}:8000
"""


def test_haproxy(vm, server, tmp_path):
    (tmp_path / "haproxy.cfg").write_text(HAPROXY)
    service = Service(vm, "haproxy", ["-db", "-f", "/haproxy.cfg"],
                      [f"{tmp_path}/haproxy.cfg=/haproxy.cfg"], ns=server.ns)
    service.wait_port(80)
    for port in (80, 81):
        got = server.ns.run(["curl", "-sS", f"http://{GUEST_IP}:{port}/big"], text=False)
        assert got.stdout == BIG
    service.run(f"wrk -t1 -c16 -d2s http://{GUEST_IP}/text")

    def load():
        text = service.run(f"wrk -t2 -c32 -d2s http://{GUEST_IP}/text")
        assert "Non-2xx" not in text and "Socket errors" not in text, text

    with service.steady_memory(1024):
        for_load(load)
    # It leaves with 128 + SIGTERM, on Linux as well.
    service.power_button(status=1)


def test_tcpdump_writes_to_the_second_port(vm, tmp_path):
    ns = vm.netns()
    capture = tmp_path / "capture.pcap"
    service = Service(vm, "tcpdump", ["-i", "eth0", "-U", "-w", "/dev/ttyS1", "-Z", "root",
                                      "-c", "20", "icmp"], ns=ns, serial2=f"file:{capture}")
    service.guest.console.expect(rb"listening on eth0")
    service.run(["ping", "-c", "10", "-i", "0.2", "-s", "1000", GUEST_IP])
    assert service.guest.wait_exit(60) == 0
    assert os.path.getsize(capture) > 20 * 1000
    text = subprocess.run(["tcpdump", "-nr", str(capture)], capture_output=True, text=True).stdout
    assert text.count("ICMP echo request") == text.count("ICMP echo reply") == 10, text
