# SPDX-License-Identifier: BSD-2-Clause
"""The linked-in programs, compiled for this machine under ASan and UBSan (make hosted-apps)."""

import os
import re
import socket
import subprocess

import pytest

APPS = os.path.join(os.path.dirname(__file__), "..", "..", "build", "hosted", "apps")


class Program:
    """A running program; its end is checked for complaints of the sanitizers."""

    def __init__(self, name, *args, ready=None, nofile=None):
        def limit():
            import resource
            if nofile:
                resource.setrlimit(resource.RLIMIT_NOFILE, (nofile, nofile))
        self.process = subprocess.Popen([os.path.join(APPS, name), *args], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        preexec_fn=limit,
                                        env={**os.environ, "PATH": APPS + ":" + os.environ["PATH"]})
        self.said = b""
        while ready and not re.search(ready, self.said):
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read().decode()
            self.said += line

    def finish(self):
        self.process.terminate()
        out, err = self.process.communicate(timeout=20)
        assert b"Sanitizer" not in err and b"runtime error" not in err, err.decode()
        return out, err


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@pytest.fixture(scope="session", autouse=True)
def built():
    if not os.path.exists(os.path.join(APPS, "httpd")):
        pytest.exit("build/hosted/apps is not there; run make hosted-apps first", 3)
