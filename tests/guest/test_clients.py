# SPDX-License-Identifier: BSD-2-Clause
"""Real peers over TAP: ping, the small services, and active opens to nginx and Python's server."""

import functools
import hashlib
import http.server
import os
import re
import socket
import subprocess
import threading

import harness
import pytest
from harness import GUEST_IP, HOST_IP

MIB = 1 << 20
SIZE = 100 * MIB


# ping from the namespace.

@pytest.fixture(scope="module")
def guest(shared_vm):
    return shared_vm.boot_tap(app="echo")


@pytest.mark.parametrize("options", [
    ["-c", "5", "-i", "0.2"], ["-c", "3", "-i", "0.2", "-s", "1472", "-M", "do"],
    ["-c", "3", "-i", "0.2", "-s", "8000"], ["-c", "3", "-i", "0.2", "-s", "65507"],
    ["-c", "500", "-f", "-q"],
], ids=["plain", "full frame", "fragments", "largest", "flood"])
def test_ping(guest, options):
    done = guest.ns.run(["ping", "-W", "5", *options, GUEST_IP])
    assert done.returncode == 0, done.stdout
    assert " 0% packet loss" in done.stdout


# The small services, byte for byte.

def exchange(s, data):
    """Send all of data while receiving; gives what came back until the end."""
    def pump():
        s.sendall(data)
        s.shutdown(socket.SHUT_WR)
    sender = threading.Thread(target=pump)
    sender.start()
    back = harness.read_all(s)
    sender.join()
    return back


def test_tcp_echo_of_16_mib(guest):
    data = os.urandom(16 * MIB)
    with guest.connect(7, 60) as s:
        back = exchange(s, data)
    assert hashlib.sha256(back).digest() == hashlib.sha256(data).digest()


def test_nc_through_echo(guest, tmp_path):
    data = os.urandom(MIB)
    (tmp_path / "in").write_bytes(data)
    done = guest.ns.run(["sh", "-c", f"nc -N -w 20 {GUEST_IP} 7 <{tmp_path}/in >{tmp_path}/out"])
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out").read_bytes() == data


def test_udp_echo_by_socat(guest):
    done = guest.ns.run(["socat", "-t", "2", "-", f"UDP:{GUEST_IP}:7"], input="datagram\n")
    assert done.stdout == "datagram\n"


def test_discard(vm):
    guest = vm.boot_tap(app="discard")
    with guest.connect(9, 60) as s:
        s.sendall(bytes(32 * MIB))
        s.shutdown(socket.SHUT_WR)
        assert s.recv(1) == b""


def test_chargen(vm):
    """RFC 864: lines of 72 printable characters, each a step further in the pattern."""
    guest = vm.boot_tap(app="chargen")
    with guest.connect(19, 60) as s:
        data = harness.read_exactly(s, 4 * MIB)
    lines = data.split(b"\r\n")
    assert all(len(line) == 72 for line in lines[:-1])
    assert lines[0][1:] == lines[1][:71]


# Active open: fetch.

class Servers:
    """nginx, Python's server and dnsmasq in the namespace of one guest."""

    def __init__(self, ns, folder):
        self.ns, self.folder = ns, folder
        folder.chmod(0o755)
        self.data = folder / "data"
        with open(self.data, "wb") as f:
            block = os.urandom(MIB)
            for i in range(SIZE // MIB):
                f.write(block[i:] + block[:i])
        self.digest = hashlib.sha256(self.data.read_bytes()).hexdigest()

    def nginx(self, port=80):
        config = self.folder / "nginx.conf"
        config.write_text(f"""
daemon off; worker_processes 1; pid {self.folder}/nginx.pid; error_log {self.folder}/error.log;
user root;
events {{ worker_connections 64; }}
http {{
	access_log off; sendfile on;
	client_body_temp_path {self.folder}/b; proxy_temp_path {self.folder}/p;
	fastcgi_temp_path {self.folder}/f; uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;
	server {{ listen {HOST_IP}:{port}; root {self.folder};
		location /moved {{ return 302 http://{HOST_IP}:{port}/data; }} }}
}}
""")
        self.ns.popen(["nginx", "-e", f"{self.folder}/error.log", "-c", str(config)])
        self.wait_port(port)

    def python(self, port=8000):
        self.ns.popen(["/usr/bin/python3", "-m", "http.server", "-b", HOST_IP, "-d",
                       str(self.folder), str(port)], stdout=subprocess.DEVNULL,
                      stderr=subprocess.DEVNULL)
        self.wait_port(port)

    def dnsmasq(self, *more):
        """DHCP with ourselves as router and name server, and some names."""
        self.ns.popen(["dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts", "--no-ping",
                       "--interface=tap0", "--bind-interfaces", "--user=root", "--pid-file=",
                       f"--dhcp-leasefile={self.folder}/leases", "--dhcp-authoritative",
                       f"--dhcp-range={GUEST_IP},{GUEST_IP},255.255.255.0,1h",
                       f"--dhcp-option=option:router,{HOST_IP}",
                       f"--host-record=files.test,{HOST_IP}", "--cname=mirror.test,files.test",
                       "--local=/test/", *more])

    def wait_port(self, port):
        for _ in range(100):
            try:
                self.ns.connect((HOST_IP, port), 1).close()
                return
            except OSError:
                threading.Event().wait(0.1)
        raise AssertionError(f"no server at port {port}")


@pytest.fixture(scope="module")
def servers(shared_vm, tmp_path_factory):
    s = Servers(shared_vm.netns(), tmp_path_factory.mktemp("www"))
    s.nginx()
    s.python()
    s.dnsmasq()
    return s


def fetch(vm, servers, url, **options):
    """Boot with fetch; gives exit status and console."""
    guest = vm.boot_tap(ns=servers.ns, app="fetch", args=[url], static=False, ready=None, **options)
    status = guest.wait_exit(240)
    guest.expected_status = status
    return status, guest.console.text.decode(errors="replace")


@pytest.mark.parametrize("url", [
    "http://files.test/data", "http://mirror.test/data", "http://files.test:8000/data",
    f"http://{HOST_IP}/data",
], ids=["nginx by name", "nginx by alias", "python", "by address"])
def test_fetch_100_mib(vm, servers, url):
    status, text = fetch(vm, servers, url)
    assert status == 0, text[-2000:]
    assert servers.digest in text


@pytest.mark.parametrize("url, says", [
    (f"http://{HOST_IP}:81/data", "refused"),
    (f"http://{HOST_IP}/nosuch", "404"),
    ("http://nosuch.test/data", "nosuch.test"),
    ("http://10.77.0.99/data", "(unreachable|No route|timed out)"),
    ("nonsense", "nonsense"),
])
def test_fetch_that_fails_says_why(vm, servers, url, says):
    status, text = fetch(vm, servers, url)
    assert status == 1
    assert re.search(says, text), text[-1000:]


def test_fetch_over_user_networking(vm, tmp_path):
    """The host's server behind QEMU's gateway address, without root."""
    (tmp_path / "data").write_bytes(os.urandom(5 * MIB))
    digest = hashlib.sha256((tmp_path / "data").read_bytes()).hexdigest()
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://10.0.2.2:{server.server_address[1]}/data"
        guest = vm.boot(app="fetch", args=[url], ready=None)
        status = guest.wait_exit(120)
        server.shutdown()
    assert status == 0
    assert digest in guest.console.text.decode(errors="replace")
