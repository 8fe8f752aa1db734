# SPDX-License-Identifier: BSD-2-Clause
"""The layer check lets the allowed edges through and names the forbidden ones."""

import os
import sys

import pytest

TOOLS = os.path.join(os.path.dirname(os.path.realpath(__file__)), "../../tools")
sys.path.insert(0, TOOLS)
import check_layers  # noqa: E402

LIBC = {"net/if.h", "sys/socket.h", "errno.h", "netinet/tcp.h"}


def complaints(path, *headers, code=""):
    text = "".join(f"#include <{h}>\n" for h in headers) + code
    return check_layers.check_text(path, text, LIBC)


@pytest.mark.parametrize("path, header", [
    ("net/ipv4/tcp_input.c", "net/tcp.h"),
    ("net/ipv4/tcp.c", "kernel/mm/slab.h"),
    ("net/ipv4/tcp.c", "kernel/lib/list.h"),
    ("net/ipv4/tcp.c", "netinet/tcp.h"),
    ("net/ipv4/tcp.c", "stddef.h"),
    ("net/core/dev.c", "net/if.h"),
    ("net/core/dev.c", "net/netdevice.h"),
    ("net/ipv4/af_inet.c", "net/tcp.h"),
    ("drivers/net/virtio_net.c", "net/skbuff.h"),
    ("drivers/net/virtio_net.c", "drivers/virtio/virtio.h"),
    ("kernel/main.c", "net/protocol.h"),
    ("kernel/fs/poll.c", "kernel/sched/wait.h"),
    ("apps/httpd.c", "sys/socket.h"),
    ("libc/socket.c", "kernel/sys.h"),
    ("tests/hosted/tcp/test_ack.c", "net/tcp.h"),
    ("tests/hosted/tcp/test_ack.c", "cmocka.h"),
])
def test_allowed(path, header):
    assert complaints(path, header) == []


@pytest.mark.parametrize("path, header", [
    ("net/ipv4/tcp.c", "kernel/cpu/apic.h"),
    ("net/ipv4/tcp.c", "drivers/virtio/virtio.h"),
    ("net/ipv4/tcp.c", "linux/skbuff.h"),
    ("net/ipv4/ip_input.c", "net/tcp.h"),
    ("net/ipv4/ip_output.c", "net/udp.h"),
    ("net/ipv4/route.c", "net/tcp.h"),
    ("net/ipv4/icmp.c", "net/tcp.h"),
    ("net/core/dev.c", "net/tcp.h"),
    ("net/core/neighbour.c", "net/arp.h"),
    ("net/core/sock.c", "net/ip.h"),
    ("net/socket.c", "net/inet_hashtables.h"),
    ("net/ethernet/eth.c", "net/sock.h"),
    ("drivers/net/virtio_net.c", "net/sock.h"),
    ("drivers/pci/pci.c", "net/skbuff.h"),
    ("kernel/mm/slab.c", "kernel/fs/file.h"),
    ("kernel/sched/thread.c", "net/sock.h"),
    ("kernel/fs/file.c", "net/socket.h"),
    ("apps/httpd.c", "kernel/sys.h"),
    ("apps/httpd.c", "net/sock.h"),
])
def test_forbidden(path, header):
    assert complaints(path, header)


def test_comments_do_not_count():
    assert complaints("net/core/dev.c", code="/*\n#include <net/tcp.h>\n*/\n") == []


def test_line_is_told():
    assert complaints("net/core/dev.c", "net/sock.h", "net/tcp.h")[0][0] == 2


def test_ip_calls_no_tcp():
    call = "int ip_rcv(void)\n{\n\treturn tcp_v4_rcv(skb);\n}\n"
    assert complaints("net/ipv4/ip_input.c", code=call) == [(3, "tcp_v4_rcv() called from IP")]
    assert complaints("net/ipv4/tcp_ipv4.c", code=call) == []
    assert complaints("net/ipv4/ip_input.c", code="/* as tcp_v4_rcv() does */\n") == []


def test_tree(tmp_path):
    (tmp_path / "net/core").mkdir(parents=True)
    (tmp_path / "net/core/dev.c").write_text("#include <net/tcp.h>\n#include <net/dev.h>\n")
    lines, count = check_layers.check_tree(tmp_path)
    assert count == 1 and len(lines) == 1 and lines[0].startswith("net/core/dev.c:1: ")
