# SPDX-License-Identifier: BSD-2-Clause
"""Guests for pytest: boot an image, talk to its console and monitor, check that it ended clean.

A Guest is one QEMU process.  Its console is captured whole (and written to build/test-logs), and
close() fails the test if the console shows a warning, a panic or a leak that the test did not
announce.  Ports, names and folders are made per guest, so tests may run side by side.
"""

import contextlib
import fcntl
import functools
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(__file__)), "../.."))
sys.path.insert(0, os.path.join(ROOT, "tools"))
import netns  # noqa: E402
import qemu  # noqa: E402

LOGS = os.path.join(ROOT, "build/test-logs")
KERNEL = os.environ.get("BAREWIRE_KERNEL", os.path.join(ROOT, "build/barewire.elf"))
# The same tests can be run against Linux, to learn whether a test is right: its vmlinuz as
# BAREWIRE_KERNEL, and here an initramfs of tools/bench/linux_guest.py.
INITRD = os.environ.get("BAREWIRE_INITRD", "")

# TCG on a shared machine is slow at times; nothing here waits for the clock unless it must.
BOOT_TIMEOUT = 60

GUEST_IP, HOST_IP, NETMASK = "10.77.0.2", "10.77.0.1", "255.255.255.0"
GUEST_MAC = "52:54:00:12:34:56"
STATIC_IP = f"ip={GUEST_IP}::{HOST_IP}:{NETMASK}::eth0:off"

# A program that serves says so once its sockets are open.
READY = rb"listening on (port|UDP port)"
# The shell's line editor clears the rest of the line behind its prompt.
PROMPT = rb"barewire# (?:\x1b\[K)?$"
HAS_ADDRESS = rb"eth0: \d+\.\d+\.\d+\.\d+/\d+"

TROUBLE = [
    (re.compile(rb"WARNING:[^\n]*"), "a warning"),
    (re.compile(rb"(?i)kernel panic[^\n]*|panic:[^\n]*"), "a panic"),
    (re.compile(rb"(?i)BUG[: ][^\n]*"), "a failed assertion"),
    (re.compile(rb"(?i)[^\n]*\bleak(?:ed|s)?\b[^\n]*"), "a leak report"),
]


class Console:
    """The guest's serial console: everything it said, and expect() over it."""

    def __init__(self, stream_out, stream_in, log_path):
        self.text = b""
        self.seen = 0
        self.closed = False
        self.changed = threading.Condition()
        self._in = stream_in
        self._out = stream_out
        self._log = open(log_path, "wb")
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        while True:
            data = os.read(self._out.fileno(), 65536)
            with self.changed:
                if data:
                    self.text += data
                    self._log.write(data)
                    self._log.flush()
                else:
                    self.closed = True
                self.changed.notify_all()
            if not data:
                self._log.close()
                return

    def expect(self, pattern, timeout=10.0):
        """Wait for a pattern (bytes) after what was matched last; gives the match."""
        regex = re.compile(pattern)
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                found = regex.search(self.text, self.seen)
                if found:
                    self.seen = found.end()
                    return found
                left = deadline - time.monotonic()
                if self.closed or left <= 0:
                    why = "the guest ended" if self.closed else f"not within {timeout} s"
                    tail = self.text[-1500:].decode(errors="replace")
                    raise AssertionError(f"console: no {pattern!r}: {why}; it said last:\n{tail}")
                self.changed.wait(left)

    def send(self, text):
        """Type text (str or bytes); lines end with \\n."""
        self._in.write(text.encode() if isinstance(text, str) else text)
        self._in.flush()

    def wait_end(self, timeout):
        """Until QEMU has closed its side."""
        self._thread.join(timeout)


class Guest:
    """One QEMU with Barewire in it."""

    def __init__(self, name, ns=None, **options):
        self.name = name
        self.ns = ns
        self.folder = tempfile.mkdtemp(prefix="bw-")
        options.setdefault("kernel", KERNEL)
        if INITRD:
            options.setdefault("initrd", INITRD)
            options["append"] = "console=ttyS0 " + options.get("append", "")
        options.setdefault("serial", "stdio-plain")
        options.setdefault("monitor", f"unix:{self.folder}/mon,server=on,wait=off")
        if options.get("net", "user") == "user":
            options.setdefault("hostfwd", ["tcp:127.0.0.1:0-:80"])
        self.options = qemu.QemuOptions(**options)
        self.process = None
        self.console = None
        self.expected_trouble = set()
        self.expected_status = None
        self._monitor = None

    # Starting and ending.

    def start(self):
        """Start QEMU; the guest boots (or waits for gdb)."""
        command = self.options.command()
        if self.ns:
            command = self.ns.wrap(command)
        os.makedirs(LOGS, exist_ok=True)
        log = os.path.join(LOGS, re.sub(r"\W+", "_", self.name)[:150])
        self._errors = open(log + ".err", "w+b")
        self._errors.write(self.options.command_text().encode() + b"\n")
        self._errors.flush()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self._errors)
        self.console = Console(self.process.stdout, self.process.stdin, log + ".log")
        return self

    def wait_ready(self, pattern=READY, timeout=BOOT_TIMEOUT):
        """Until the console shows that the program serves."""
        self.console.expect(pattern, timeout)
        return self

    def wait_exit(self, timeout=60):
        """Wait for the guest to end by itself: 0 success, 1 failure, 2 panic, QEMU's own else."""
        status = self.process.wait(timeout)
        self.console.wait_end(5)
        return qemu.translate_status(status)

    def expect_trouble(self, *kinds):
        """Announce what the console may show: 'a warning', 'a panic', 'a leak report' ..."""
        self.expected_trouble |= set(kinds)

    def trouble(self):
        """What the console shows that was not announced."""
        text = self.console.text if self.console else b""
        found = []
        for regex, kind in TROUBLE:
            match = regex.search(text)
            if match and kind not in self.expected_trouble:
                found.append(f"{kind}: {match.group(0).decode(errors='replace').strip()}")
        return found

    def close(self, check=True):
        """End the guest; with check, fail if it showed trouble or ended with another status."""
        status = None
        if self.process:
            if self.process.poll() is None:
                with contextlib.suppress(OSError, AssertionError):
                    self.monitor("quit")
                try:
                    self.process.wait(5)
                except subprocess.TimeoutExpired:
                    self.process.kill()
                    self.process.wait()
            else:
                status = qemu.translate_status(self.process.returncode)
            self.console.wait_end(5)
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
            self.process.stdout.close()
            self._errors.seek(0)
            errors = self._errors.read().split(b"\n", 1)[1].decode(errors="replace")
            self._errors.close()
        if self._monitor:
            self._monitor.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        if not check or not self.process:
            return
        found = self.trouble()
        assert not found, f"the guest showed {'; '.join(found)}"
        if status is not None:
            want = self.expected_status or 0
            assert status == want, f"the guest ended with {status}, not {want}: {errors}"

    # Talking to it.

    def monitor(self, command, timeout=10):
        """Run a command of QEMU's human monitor; gives its output."""
        if self._monitor is None:
            self._monitor = self._connect_monitor(timeout)
            self._read_prompt()
        self._monitor.sendall(command.encode() + b"\n")
        if command == "quit":
            return ""
        return self._read_prompt().split("\n", 1)[-1]

    def read_u64(self, expression):
        """The 64-bit value of a C expression of the kernel, such as "zone.free_pages"."""
        address = address_of(self.options.kernel, expression)
        answer = self.monitor(f"x /1gx {address:#x}")
        return int(answer.split(":")[1].strip(), 16)

    def _connect_monitor(self, timeout):
        deadline = time.monotonic() + timeout
        while True:
            s = socket.socket(socket.AF_UNIX)
            try:
                s.connect(f"{self.folder}/mon")
                s.settimeout(timeout)
                return s
            except OSError:
                s.close()
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.05)

    def _read_prompt(self):
        text = b""
        while not text.endswith(b"(qemu) "):
            data = self._monitor.recv(65536)
            if not data:
                raise OSError("monitor closed")
            text += data
        return text[:-len(b"(qemu) ")].decode(errors="replace").replace("\r", "")

    def forwarded_port(self, guest_port=80, protocol="TCP"):
        """The host port that user networking forwards to a guest port."""
        for line in self.monitor("info usernet").split("\n"):
            fields = line.split()
            if fields and fields[0] == f"{protocol}[HOST_FORWARD]" and int(fields[5]) == guest_port:
                return int(fields[3])
        raise AssertionError(f"{guest_port} is not forwarded")

    def address(self, port=80):
        """Where a client of the test reaches a port of the guest."""
        if self.ns:
            return (GUEST_IP, port)
        return ("127.0.0.1", self.forwarded_port(port))

    def connect(self, port=80, timeout=20.0):
        """A TCP connection to the guest."""
        if self.ns:
            return self.ns.connect(self.address(port), timeout)
        return socket.create_connection(self.address(port), timeout)

    def http(self, request, timeout=20.0):
        """Send raw bytes to port 80 and give everything until the guest closes."""
        with self.connect(80, timeout) as s:
            s.sendall(request)
            return read_all(s)

    def http_get(self, path="/", timeout=20.0):
        """GET with Connection: close; gives (status, headers, body)."""
        request = f"GET {path} HTTP/1.1\r\nHost: guest\r\nConnection: close\r\n\r\n"
        return parse_response(self.http(request.encode(), timeout))

    def cpu_seconds(self):
        """Processor time that QEMU has used."""
        pid = self._qemu_pid()
        with open(f"/proc/{pid}/stat") as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _qemu_pid(self):
        # `ip netns exec` replaces itself by the program, so the child is QEMU in both cases.
        return self.process.pid


@functools.lru_cache(maxsize=None)
def address_of(kernel, expression):
    """Where a static variable of the image, or a member of one, lies."""
    script = f'printf "%lx\\n", &({expression})'
    done = subprocess.run(["gdb", "-nx", "-batch", "-ex", script, kernel], capture_output=True,
                          text=True, check=True)
    return int(done.stdout.split()[-1], 16)


def make(*words):
    """Run make for something the tests need; one at a time, though tests run side by side."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    os.makedirs(os.path.join(ROOT, "build"), exist_ok=True)
    with open(os.path.join(ROOT, "build/.tests-lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(["make", "-s", "-j2", "-C", ROOT, *words], env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout[-3000:]


def read_all(s):
    """Everything that a socket gives until its end."""
    data = b""
    while True:
        more = s.recv(65536)
        if not more:
            return data
        data += more


def read_exactly(s, count):
    """Exactly count bytes of a socket."""
    data = b""
    while len(data) < count:
        more = s.recv(count - len(data))
        assert more, f"the connection ended after {len(data)} of {count} bytes"
        data += more
    return data


def parse_response(data):
    """(status, {header: value}, body) of one HTTP response with the end of the stream behind it."""
    head, sep, body = data.partition(b"\r\n\r\n")
    assert sep, f"no end of the response's head: {data[:200]!r}"
    lines = head.decode("latin-1").split("\r\n")
    match = re.match(r"HTTP/1\.[01] (\d{3})", lines[0])
    assert match, f"no status line: {lines[0]!r}"
    headers = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    if "content-length" in headers:
        assert len(body) == int(headers["content-length"]), "Content-Length does not fit the body"
    return int(match.group(1)), headers, body


def read_response(s):
    """One response with Content-Length from a connection that stays open."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = s.recv(65536)
        assert more, f"the connection ended in a response's head: {data!r}"
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?im)^content-length:\s*(\d+)", head).group(1))
    body += read_exactly(s, length - len(body)) if len(body) < length else b""
    assert len(body) == length, "more bytes than the response has"
    return int(head.split()[1]), head, body


def new_netns():
    """A namespace with a TAP device for one guest."""
    ns = netns.NetNs()
    ns.add_tap("tap0", f"{HOST_IP}/24")
    return ns


def kernel_words(app=None, args=(), static=True, extra=""):
    """A kernel command line."""
    words = [STATIC_IP] if static else []
    if extra:
        words.append(extra)
    if app:
        words.append(f"app={app}")
    if args:
        words += ["--", *args]
    return " ".join(words)
