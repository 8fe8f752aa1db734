# SPDX-License-Identifier: BSD-2-Clause
"""The shell on this machine: words, editing on a terminal, commands that wait, programs."""

import os
import re
import socket
import subprocess
import threading
import time

import pexpect
import pytest
from conftest import APPS, free_port

SH = os.path.join(APPS, "sh")
ENV = {**os.environ, "PATH": os.path.abspath(APPS) + ":" + os.environ["PATH"], "PROGRAMS": "httpd fetch"}


def run(script, **options):
    done = subprocess.run([SH, "-c", script], capture_output=True, timeout=30, env=ENV, **options)
    assert b"Sanitizer" not in done.stderr and b"runtime error" not in done.stderr, done.stderr.decode()
    return done


@pytest.mark.parametrize("line, says", [
    ("echo a  b", b"a b\n"), ("echo 'a  b' \"c  d\"", b"a  b c  d\n"), (r"echo a\ \ b \\ \"", b"a  b \\ \"\n"),
    ("echo a;echo b", b"a\nb\n"), ("echo a # b", b"a\n"), ("echo a#b", b"a#b\n"), (";;;", b""), ("", b""),
    ("X=5; echo $X ${X}y \"$X\" '$X' $nosuch. $", b"5 5y 5 $X . $\n"), ("cat /nosuch; echo $?", b"1\n"),
    ("echo ''", b"\n"), ("echo \"a'b\" 'c\"d'", b"a'b c\"d\n"), ("echo $", b"$\n"), ("echo ${", b"${\n"),
])
def test_words(line, says):
    assert run(line).stdout == says


@pytest.mark.parametrize("line", ["echo 'a", 'echo "a', "echo >", "echo > ;", "echo " + "a " * 100,
                                  "echo " + "b" * 3000, "nosuch", "poweroff x", "exit 300", "exit 1 2"])
def test_bad_lines(line):
    done = run(line)
    assert done.stderr and done.returncode != 0


def test_statuses():
    assert run("exit 7; echo not").returncode == 7
    assert run("poweroff 3").returncode == 3
    assert run("cat /nosuch; exit").returncode == 1
    assert run("true").returncode == 0
    assert run("sh -c 'exit 9'").returncode == 9


def test_redirection(tmp_path):
    done = run(f"echo one two > {tmp_path}/x; cat {tmp_path}/x; ls {tmp_path}; echo no > /nosuch/x")
    assert done.stdout == b"one two\nx\n" and b"/nosuch/x" in done.stderr
    assert (tmp_path / "x").read_text() == "one two\n"


def test_standard_input():
    done = subprocess.run([SH], input=b"echo a\necho b\nexit 4\necho c", capture_output=True, env=ENV, timeout=20)
    assert done.stdout == b"a\nb\n" and done.returncode == 4


def test_time_and_programs():
    done = run("time /bin/echo x; httpd -x; sleep 0 & echo y")
    assert b"x\n" in done.stdout and b"real 0." in done.stderr and b"usage: httpd" in done.stderr
    assert re.search(rb"\[\d+\]", done.stdout)


def test_network_commands():
    done = run("ip a; ip l; ip r; ip n; ss -tan; netstat -s; ping -c 1 127.0.0.1; sysctl -n net.ipv4.ip_default_ttl")
    for want in (b"inet 127.0.0.1/8", b"RX: bytes", b"Netid", b"InReceives", b" 0% packet loss", b"\n64\n"):
        assert want in done.stdout, want


def test_sysctl_all():
    out = run("sysctl -a").stdout
    assert b"net.ipv4.tcp_syncookies = " in out and out.count(b" = ") > 200


@pytest.fixture
def term():
    child = pexpect.spawn(SH, env=ENV, timeout=10, dimensions=(24, 80))
    child.expect("barewire# ")
    yield child
    child.close(force=True)


def ask(term, keys, says):
    term.send(keys)
    term.expect(says)
    term.expect("barewire# ")


@pytest.mark.parametrize("keys", [
    "echo okay", "ech okay\x01\x06\x06\x06o", "xecho okay\x01\x04", "echo okayy\x7f", "echo okayy\x08",
    "garbage\x15echo okay", "echo okay garbage\x17\x7f", "o okay\x01ech", "echo okaXYZ\x02\x02\x02\x0by",
    "echo kay\x1b[D\x1b[D\x1b[Do", "cho okay\x1b[He\x1b[F", "cho okay\x1bOHe\x1bOF", "cho okay\x1b[1~e\x1b[4~",
    "echo xokay\x1b[H\x06\x06\x06\x06\x06\x1b[3~", "echo okya\x14", "echo okay\x1b[99z\x1b\x1b",
    "ech\t okay",
], ids=str)
def test_editing(term, keys):
    ask(term, keys + "\r", r"\nokay\r")


def test_history(term):
    ask(term, "echo first\r", r"\nfirst\r")
    ask(term, "echo second\r", r"\nsecond\r")
    ask(term, "\x1b[A\x1b[A\r", r"\nfirst\r")
    ask(term, "\x10\x10\x10\x0e\x0e\r", r"\nfirst\r")
    ask(term, "echo typed\x1b[A\x1b[A\x1b[B\x1b[B\r", r"\ntyped\r")
    for i in range(150):
        ask(term, f"echo n{i}\r", rf"\nn{i}\r")


def test_completion(term):
    term.send("net\t")
    term.expect("netstat ")
    term.send("\x15")
    term.send("p\t\t")
    term.expect("ping *pwd *poweroff")
    term.send("\x15cat /proc/ver\t\r")
    term.expect("Linux version")
    term.expect("barewire# ")
    term.send("sysctl net.ipv4.ip_def\t\r")
    term.expect("net.ipv4.ip_default_ttl = 64")


def test_long_line(term):
    ask(term, "echo " + "x" * 300 + "y\r", "x{300}y\r")
    term.send("z" * 5000 + "\r")
    term.expect("no such command|name too long")
    term.expect("barewire# ")
    ask(term, "echo fine\r", r"\nfine\r")


def test_ctrl_c_at_the_prompt(term):
    term.send("echo nothing\x03")
    term.expect(r"\^C")
    ask(term, "echo okay\r", r"\nokay\r")


def test_ctrl_c_ends_ping(term):
    term.send("ping -i 0.1 127.0.0.1\r")
    term.expect("icmp_seq=3")
    term.send("\x03")
    term.expect("packet loss")
    term.expect("barewire# ")


def test_ctrl_c_ends_a_program(term):
    port = free_port()
    term.send(f"httpd -p {port}; echo status $?\r")
    term.expect("listening")
    term.send("\x03")
    term.expect("status 130")
    term.expect("barewire# ")
    ask(term, "echo okay\r", r"\nokay\r")


def test_typing_ahead(term):
    term.send("ping -c 2 -i 0.3 127.0.0.1\recho ahead\r")
    term.expect("packet loss")
    term.expect(r"\nahead\r")


def test_end_of_input(term):
    term.send("\x04")
    term.expect(pexpect.EOF)


def test_nc_on_a_terminal(term):
    server = socket.create_server(("127.0.0.1", 0))
    heard = []

    def serve():
        s, _ = server.accept()
        with s:
            s.sendall(b"from the server\n")
            while True:
                data = s.recv(100)
                if not data:
                    break
                heard.append(data)
    thread = threading.Thread(target=serve)
    thread.start()
    term.send(f"nc 127.0.0.1 {server.getsockname()[1]}\r")
    term.expect("from the server")
    term.send("from tx\x7fhe client\r\x04")
    term.expect("barewire# ")
    thread.join()
    assert b"".join(heard) == b"from the client\n"


def test_nc_server_and_ctrl_c(term):
    port = free_port()
    term.send(f"nc -l {port}\r")
    for _ in range(100):
        try:
            s = socket.create_connection(("127.0.0.1", port))
            break
        except ConnectionRefusedError:
            time.sleep(0.02)
    s.sendall(b"hello\n")
    term.expect("hello")
    s.close()
    term.expect("barewire# ")
    term.send(f"nc -l {port}\r")
    time.sleep(0.2)
    term.send("\x03")
    term.expect("barewire# ")


def test_nc_with_pipes():
    server = socket.create_server(("127.0.0.1", 0))

    def serve():
        s, _ = server.accept()
        with s:
            while True:
                data = s.recv(65536)
                if not data:
                    break
                s.sendall(data)
    threading.Thread(target=serve, daemon=True).start()
    data = os.urandom(3000000).replace(b"\x03", b"")
    done = subprocess.run([SH, "-c", f"nc 127.0.0.1 {server.getsockname()[1]}"], input=data, capture_output=True,
                          timeout=30, env=ENV)
    assert done.stdout == data


def test_nc_udp():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def serve():
        data, peer = server.recvfrom(1000)
        server.sendto(data.upper(), peer)
    threading.Thread(target=serve, daemon=True).start()
    done = subprocess.run([SH, "-c", f"nc -u 127.0.0.1 {server.getsockname()[1]}"], input=b"datagram\n",
                          capture_output=True, timeout=30, env=ENV)
    assert done.stdout == b"DATAGRAM\n"




@pytest.mark.parametrize("script, says", [
    ("echo a > f; echo b >> f; cat f", "a\nb\n"), ("echo a > f; echo b > f; cat f", "b\n"), (">> f; ls", ""),
    ("mkdir d; cd d; pwd", "{here}/d\n"), ("mkdir -p a/b/c; mkdir -p a/b/c; ls a/b", "c/\n"),
    ("echo x > f; cp f g; echo y > f; cat g", "x\n"), ("echo x > f; ln f g; echo y > f; cat g", "y\n"),
    ("echo x > f; ln -s f l; cat l; mkdir d; mv f d; cat d/f; ls", "x\nx\nd/\nl\n"),
    ("mkdir -p d/e/f; echo x > d/e/x; ln -s / d/e/l; rm -r d; ls", ""), ("rm -f none; echo $?", "0\n"),
    ("echo 1 > a; echo 2 > b; mkdir d; cp a b d; cat d/a d/b; rmdir d; echo $?", "1\n2\n1\n"),
    ("mkdir d; rm d; echo $?", "1\n"), ("echo x > f; cp f f; cat f", "x\n"), ("cp a; mkdir; rm; ln x; echo $?", "1\n"),
])
def test_file_commands(script, says, tmp_path):
    assert run(script, cwd=tmp_path).stdout.decode() == says.replace("{here}", str(tmp_path))
