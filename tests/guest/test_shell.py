# SPDX-License-Identifier: BSD-2-Clause
"""The shell on the console: every command does what it says, wrong use is told, editing works."""

import re
import socket
import subprocess
import threading
import time

import harness
import pytest
from harness import GUEST_IP, GUEST_MAC, HOST_IP


class Shell:
    """Types commands and reads what comes before the next prompt."""

    def __init__(self, guest):
        self.guest, self.console = guest, guest.console
        self.console.expect(harness.PROMPT, 60)

    def run(self, command, timeout=20):
        start = self.console.seen
        self.console.send(command + "\n")
        self.console.expect(harness.PROMPT, timeout)
        text = self.console.text[start:self.console.seen].decode(errors="replace")
        # Without the echo of the command and the prompt itself.
        return text.replace("\r", "").split("\n", 1)[-1].rpartition("\n")[0]


@pytest.fixture(scope="module")
def shell(shared_vm):
    guest = shared_vm.boot_tap(app="sh", ready=None)
    return Shell(guest)


def test_help_lists_every_command(shell):
    text = shell.run("help")
    for word in ("help", "ip", "ping", "ss", "sysctl", "cat", "dmesg", "mem", "nc", "fetch",
                 "kill-connection", "poweroff"):
        assert re.search(rf"\b{word}\b", text), word


@pytest.mark.parametrize("command, wants", [
    ("ip addr", [GUEST_IP, "127.0.0.1", "eth0", "lo"]),
    ("ip link", ["eth0", GUEST_MAC, "lo"]),
    ("ip route", ["10.77.0.0", "default", HOST_IP]),
    ("ss", ["State|Netid|Local"]),
    ("sysctl net.ipv4.ip_nonlocal_bind", ["0"]),
    ("sysctl net.ipv4.ip_local_port_range", ["32768.*60999"]),
    ("sysctl net.ipv4.tcp_*", [r"net\.ipv4\.tcp_abort_on_overflow = 0.*net\.ipv4\.tcp_wmem = 4096"]),
    ("sysctl net.ipv4", [r"net\.ipv4\.ip_forward = .*net\.ipv4\.tcp_ecn = 2"]),
    ("sysctl net.ipv4.tcp_congestion_control=vegas", ["cannot be .vegas.: No such file"]),
    ("sysctl net.ipv4.nosuch*", ["No such file"]),
    ("cat /proc/net/dev", ["eth0:", "lo:"]),
    ("cat /proc/net/protocols", ["TCP", "UDP"]),
    ("dmesg", ["eth0"]),
    ("mem", [r"\d+"]),
])
def test_command(shell, command, wants):
    text = shell.run(command)
    for want in wants:
        assert re.search(want, text, re.S), text


def test_ping(shell):
    text = shell.run(f"ping -c 3 {HOST_IP}", 30)
    assert len(re.findall(r"icmp_seq|bytes from", text)) >= 3, text
    assert re.search(r"\b0% (packet )?loss", text), text


def test_ping_loopback(shell):
    assert re.search(r"\b0% (packet )?loss", shell.run("ping -c 2 127.0.0.1", 30))


def test_ping_nobody(shell):
    text = shell.run("ping -c 1 10.77.0.99", 30)
    assert re.search(r"100% (packet )?loss|nreachable", text), text


def test_neighbours_are_shown(shell):
    shell.run(f"ping -c 1 {HOST_IP}", 30)
    assert re.search(rf"{HOST_IP}.*(REACHABLE|STALE|DELAY)", shell.run("ip neigh"))


def test_sysctl_is_set(shell):
    shell.run("sysctl net.ipv4.ip_nonlocal_bind=1")
    assert "1" in shell.run("sysctl net.ipv4.ip_nonlocal_bind")
    assert shell.run("cat /proc/sys/net/ipv4/ip_nonlocal_bind").strip() == "1"
    shell.run("sysctl net.ipv4.ip_nonlocal_bind=0")


def test_nc_as_client(shell):
    with shell.guest.ns.inside():
        server = socket.create_server((HOST_IP, 5555))
    with server:
        heard = []

        def serve():
            s, _ = server.accept()
            with s:
                s.sendall(b"from the host\n")
                heard.append(harness.read_all(s))
        thread = threading.Thread(target=serve)
        thread.start()
        shell.console.send(f"nc {HOST_IP} 5555\n")
        shell.console.expect(rb"from the host")
        shell.console.send("from the guest\n")
        shell.console.send(b"\x04")
        shell.console.expect(harness.PROMPT, 20)
        thread.join(20)
        assert heard == [b"from the guest\n"]


def test_nc_as_server(shell):
    shell.console.send("nc -l 6666\n")
    for _ in range(50):
        try:
            s = shell.guest.connect(6666, 5)
            break
        except ConnectionRefusedError:
            threading.Event().wait(0.1)
    with s:
        s.sendall(b"hello guest\n")
        shell.console.expect(rb"hello guest")
        shell.console.send("hello host\n")
        assert harness.read_exactly(s, 11) == b"hello host\n"
    shell.console.expect(harness.PROMPT, 20)


def test_fetch(shell, tmp_path):
    (tmp_path / "page").write_text("fetched\n")
    shell.guest.ns.popen(["/usr/bin/python3", "-m", "http.server", "-b", HOST_IP, "-d",
                          str(tmp_path), "8001"], stderr=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL)
    for _ in range(50):
        try:
            shell.guest.ns.connect((HOST_IP, 8001), 1).close()
            break
        except OSError:
            threading.Event().wait(0.1)
    text = shell.run(f"fetch http://{HOST_IP}:8001/page", 30)
    assert "fetched" in text or re.search("[0-9a-f]{64}", text), text


def test_kill_connection(shell):
    """A connection is listed by ss and ended by a reset."""
    shell.console.send("nc -l 6667\n")
    threading.Event().wait(0.5)
    # The listener holds the shell; what can be killed is tried on a connection to nobody.
    with shell.guest.connect(6667, 5) as s:
        s.sendall(b"x\n")
        shell.console.expect(rb"x")
    shell.console.expect(harness.PROMPT, 20)
    text = shell.run("kill-connection 10.77.0.1:1 10.77.0.2:2")
    assert re.search("(?i)no such|not found|usage", text), text


def test_ss_tells_of_a_connection(shell):
    """What TCP_INFO knows, in ss's words."""
    shell.console.send("/echo -o 7000 &\n")
    shell.console.expect(rb"UDP port 7007")
    shell.run("")
    with shell.guest.connect(7007, 5) as s:
        s.sendall(b"x" * 5000)
        assert len(harness.read_exactly(s, 5000)) == 5000
        text = shell.run("ss -tiom")
    assert re.search(rf"ESTAB .*{GUEST_IP}:7007 .*{HOST_IP}:\d+", text), text
    for want in (r"\b(cubic|reno)\b", r"wscale:\d+,\d+", r"rto:\d+\.\d+", r"rtt:\d+\.\d+/\d+\.\d+",
                 r"mss:1448", r"cwnd:\d+", r"bytes_sent:5000", r"bytes_acked:5000",
                 r"bytes_received:5000", r"pacing_rate \d+bps", r"delivery_rate \d+bps",
                 r"minrtt:\d", r"skmem:\(r0,rb\d+,t0,tb\d+,f\d+,w0,bl0,d0\)"):
        assert re.search(want, text), (want, text)
    text = shell.run("ss -tli")
    assert re.search(r"LISTEN .*:7007", text) and "cwnd:10" in text, text


def test_tcp_metrics(shell):
    """What a closed connection leaves in the metrics cache, in ip's words, and how to forget it."""
    shell.run("ip tcp_metrics flush")
    assert "age" not in shell.run("ip tcp_metrics")
    shell.console.send("/echo -o 7010 &\n")
    shell.console.expect(rb"UDP port 7017")
    shell.run("")
    with shell.guest.connect(7017, 5) as s:
        s.sendall(b"x" * 5000)
        assert len(harness.read_exactly(s, 5000)) == 5000
        s.shutdown(socket.SHUT_WR)
        assert s.recv(1) == b""
    line = rf"{HOST_IP} age \d+\.\d+sec cwnd \d+ rtt \d+us rttvar \d+us source {GUEST_IP}"
    assert re.search(line, shell.run("ip tcp_metrics show"))
    assert "No such process" in shell.run("ip tcp_metrics del 10.99.99.99")
    shell.run(f"ip tcp_metrics del {HOST_IP}")
    assert "age" not in shell.run("ip tcp_metrics")


def test_namespaces(shell):
    """Two namespaces in one machine, joined by a veth pair; the other sees nothing of this one."""
    def quiet(line):
        """The command says nothing; links and a program that ended may be reported meanwhile."""
        text = re.sub(r"\[ *[\d.]+\] (v\d: link (up|down)|ended with \d+)\n?", "", shell.run(line))
        assert text.strip() == "", (line, text)
    for line in ("ip netns add red", "ip link add v0 type veth peer name v1 netns red",
                 "ip addr add 10.99.0.1/24 dev v0", "ip link set v0 up",
                 "ip netns exec red ip addr add 10.99.0.2/24 dev v1",
                 "ip netns exec red ip link set v1 up"):
        quiet(line)
    text = shell.run("ip netns")
    assert re.search(r"red +\d+ +\d+ +2$", text, re.M), text
    assert re.search(r"\b0% (packet )?loss", shell.run("ping -c 2 10.99.0.2", 30))
    text = shell.run("ip netns exec red ip addr")
    assert "10.99.0.2" in text and GUEST_IP not in text, text
    assert "10.99.0.2" in shell.run("ip neigh")
    assert GUEST_IP in shell.run("ip addr")
    assert re.search("(?i)busy", shell.run("ip netns exec red ip netns del red"))
    shell.console.send("ip netns exec red /echo -o 7100 &\n")
    shell.console.expect(rb"UDP port 7107")
    shell.run("")
    assert "the shell's own" in shell.run("ip netns exec red ss &")
    assert re.search(r"LISTEN .*:7107", shell.run("ip netns exec red ss -tl"))
    assert ":7107" not in shell.run("ss -tl")
    assert re.search("(?i)busy", shell.run("ip netns del red")), "a program is inside"
    shell.run("kill " + re.findall(rb"\[(\d+)\]\r?\n", shell.console.text)[-1].decode())
    quiet("ip netns del red")
    assert not re.search(r"^\d+: v0", shell.run("ip link"), re.M)
    assert "red" in shell.run("ip netns del red")
    assert re.search("(?i)no such", shell.run("ip netns exec red ss")), "entered nothing"


@pytest.mark.parametrize("line", ["nosuchcommand", "ip", "ip nosuch", "ping", "ping nosuch.invalid",
                                  "cat", "cat /proc/nosuch", "sysctl", "sysctl no.such.name",
                                  "sysctl net.ipv4.ip_nonlocal_bind=potato", "nc", "nc 10.77.0.1",
                                  "nc 10.77.0.1 notaport", "fetch", "kill-connection"])
def test_wrong_use_is_told(shell, line):
    text = shell.run(line, 60)
    assert text.strip() != "", "not a word"


def test_line_editing(shell):
    """Backspace, cursor keys, kill line, history."""
    shell.console.send(b"hexp\x7f\x7f\x7felp\n")
    shell.console.expect(rb"poweroff")
    shell.console.expect(harness.PROMPT)
    shell.console.send(b"elp\x1b[D\x1b[D\x1b[Dh\n")
    shell.console.expect(rb"poweroff")
    shell.console.expect(harness.PROMPT)
    shell.console.send(b"rubbish\x15help\n")
    shell.console.expect(rb"poweroff")
    shell.console.expect(harness.PROMPT)
    shell.console.send(b"\x1b[A\n")
    shell.console.expect(rb"poweroff")
    shell.console.expect(harness.PROMPT)


def test_very_long_line(shell):
    """Typed faster than it is read, some of it may be lost (there is no flow control); no harm."""
    shell.console.send("x" * 5000)
    time.sleep(3)
    shell.console.send("\n")
    shell.console.expect(harness.PROMPT, 30)
    assert "poweroff" in shell.run("help")


def test_poweroff(vm):
    """The machine is off, with status 0 at the exit device."""
    guest = vm.boot_tap(app="sh", ready=None)
    Shell(guest).console.send("poweroff\n")
    assert guest.wait_exit() == 0


def test_poweroff_by_acpi(vm):
    """Without the exit device QEMU ends by ACPI, with its own status 0."""
    for machine in ("pc", "q35"):
        guest = vm.boot_tap(app="sh", ready=None, exit_device=False, machine=machine)
        Shell(guest).console.send("poweroff\n")
        assert guest.wait_exit() == 0
