# SPDX-License-Identifier: BSD-2-Clause
"""Network namespaces with TAP devices, for guests that talk to real servers and clients.

Everything happens inside namespaces made here and removed at the end; the host's own network is
never touched.  Needs root.  A socket made within `with ns.inside():` belongs to the namespace for
good; programs are started with ns.popen() and ns.run().
"""

import contextlib
import ctypes
import itertools
import os
import socket
import subprocess

_libc = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000
_numbers = itertools.count()


def require_root():
    """Say clearly what is missing rather than fail somewhere below."""
    if os.geteuid() != 0:
        raise PermissionError("network namespaces and TAP devices need root: run this as root")


def _ip(*words):
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


class NetNs:
    """One namespace: loopback up, TAP devices on request."""

    def __init__(self, name=None):
        require_root()
        self.name = name or f"bw-{os.getpid()}-{next(_numbers)}"
        self.children = []
        _ip("netns", "add", self.name)
        self.path = f"/run/netns/{self.name}"
        self.ip("link", "set", "lo", "up")

    def ip(self, *words):
        """Run iproute2's ip inside."""
        return _ip("-n", self.name, *words)

    def add_tap(self, name, address=None):
        """A TAP device, up, with an address such as 10.9.0.1/24."""
        self.ip("tuntap", "add", "dev", name, "mode", "tap")
        # No chatter of the host on the wire that tests look at.
        self.run(["sh", "-c", f"echo 1 >/proc/sys/net/ipv6/conf/{name}/disable_ipv6"])
        self.ip("link", "set", name, "up")
        if address:
            self.ip("addr", "add", address, "dev", name)

    def wrap(self, command):
        """The command as it runs inside the namespace."""
        return ["ip", "netns", "exec", self.name, *command]

    def run(self, command, **kw):
        """Run to the end inside; like subprocess.run with text output captured."""
        kw.setdefault("capture_output", True)
        kw.setdefault("text", True)
        kw.setdefault("timeout", 120)
        return subprocess.run(self.wrap(command), **kw)

    def popen(self, command, **kw):
        """Start a program inside; it is ended with the namespace."""
        kw.setdefault("stdin", subprocess.DEVNULL)
        child = subprocess.Popen(self.wrap(command), **kw)
        self.children.append(child)
        return child

    @contextlib.contextmanager
    def inside(self):
        """Let this thread make sockets in the namespace."""
        with open("/proc/thread-self/ns/net", "rb") as home, open(self.path, "rb") as there:
            if _libc.setns(there.fileno(), _CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")
            try:
                yield self
            finally:
                if _libc.setns(home.fileno(), _CLONE_NEWNET):
                    raise OSError(ctypes.get_errno(), "setns back")

    def socket(self, *args):
        """A socket of the namespace."""
        with self.inside():
            return socket.socket(*args)

    def connect(self, address, timeout=10.0):
        """A connected TCP socket."""
        s = self.socket(socket.AF_INET, socket.SOCK_STREAM)
        s.settimeout(timeout)
        try:
            s.connect(address)
        except BaseException:
            s.close()
            raise
        return s

    def close(self):
        """End what was started inside and remove the namespace."""
        for child in self.children:
            if child.poll() is None:
                child.terminate()
        for child in self.children:
            try:
                child.wait(5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self.children.clear()
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
