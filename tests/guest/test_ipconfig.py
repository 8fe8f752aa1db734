# SPDX-License-Identifier: BSD-2-Clause
"""The command line's ip= and what it makes of the machine: address, routes, /proc/net/pnp, host name.

What the DHCP client says on the wire is in test_dhcp.py; ip='s words one by one in the hosted tests.
"""

import harness
import pytest
from harness import GUEST_IP, HOST_IP
from test_dhcp import ACK, DISCOVER, NAK, REQUEST, Server, option, wait_reachable
from scapy.layers.dhcp import BOOTP


def boot_shell(vm, words, **options):
    """A shell on QEMU's user network with these words; its console after the prompt."""
    guest = vm.boot(app="sh", words=words, static=False, ready=harness.PROMPT, **options)
    return guest


def ask(guest, command):
    """What a command of the shell prints."""
    guest.console.send(command + "\n")
    guest.console.expect(rb"\n")
    start = guest.console.seen
    guest.console.expect(harness.PROMPT)
    return guest.console.text[start:guest.console.seen].decode(errors="replace")


def test_everything_said(vm):
    guest = boot_shell(vm, "ip=10.0.2.77:10.0.2.3:10.0.2.2:255.255.255.0:web.example.org:eth0:off:"
                           "8.8.8.8:9.9.9.9:10.0.2.4")
    assert b"eth0: 10.0.2.77/24 gateway 10.0.2.2 configured by ip=" in guest.console.text
    assert "inet 10.0.2.77/24 brd 10.0.2.255" in ask(guest, "ip addr")
    assert "default via 10.0.2.2 dev eth0" in ask(guest, "ip route")
    pnp = ask(guest, "cat /proc/net/pnp").replace("\r", "")
    assert pnp.startswith("#MANUAL\ndomain example.org\nnameserver 8.8.8.8\nnameserver 9.9.9.9\n"
                          "bootserver 10.0.2.3\n")
    assert ask(guest, "cat /proc/net/ipconfig/ntp_servers").startswith("10.0.2.4")


def test_default_is_dhcp(vm):
    guest = boot_shell(vm, "")
    assert b"eth0: 10.0.2.15/24 gateway 10.0.2.2 by DHCP from 10.0.2.2" in guest.console.text
    pnp = ask(guest, "cat /proc/net/pnp").replace("\r", "")
    assert pnp.startswith("#PROTO: DHCP\n") and "nameserver 10.0.2.3\n" in pnp


def test_name_server_of_the_command_line_comes_first(vm):
    guest = boot_shell(vm, "ip=::::::dhcp:9.9.9.9")
    pnp = ask(guest, "cat /proc/net/pnp").replace("\r", "")
    assert "nameserver 9.9.9.9\nnameserver 10.0.2.3\n" in pnp


@pytest.mark.parametrize("word", ["off", "none"])
def test_off(vm, word):
    guest = boot_shell(vm, f"ip={word}")
    assert "10.0.2." not in ask(guest, "ip addr")
    assert "10.0.2." not in ask(guest, "ip route")


@pytest.mark.parametrize("words, says", [
    ("ip=10.0.2.77::10.0.2.2:255.0.255.0::eth0:off", rb"netmask is wrong, asking by DHCP"),
    ("ip=10.0.2.777", rb"client address is wrong, asking by DHCP"),
    ("ip=rarp", rb"method is wrong, asking by DHCP"),
])
def test_bad_words_are_told_and_dhcp_helps(vm, words, says):
    guest = boot_shell(vm, words)
    assert says in guest.console.text
    assert b"by DHCP from 10.0.2.2" in guest.console.text


def test_unknown_device(vm):
    guest = boot_shell(vm, "ip=:::::eth7:dhcp")
    assert b"there is no Ethernet device eth7" in guest.console.text
    assert "10.0.2." not in ask(guest, "ip addr")


SECOND_NIC = ["-netdev", "user,id=net1,net=10.9.0.0/24", "-device",
              "virtio-net-pci,romfile=,netdev=net1,mac=52:54:00:12:34:57"]


@pytest.mark.parametrize("words, address", [("", "10.0.2.15/24"),
                                            ("ip=:::::eth1:dhcp", "10.9.0.15/24"),
                                            ("ip=10.9.0.9::10.9.0.2:255.255.255.0::eth1:off",
                                             "10.9.0.9/24")])
def test_one_of_two_devices(vm, words, address):
    """The first that gets an answer, or the named one; the other stays down."""
    guest = boot_shell(vm, words, extra=SECOND_NIC)
    text = ask(guest, "ip addr")
    assert f"inet {address}" in text
    assert text.count("inet ") == 2, "loopback's and one more"
    assert ask(guest, "ip route").count("default") == 1


def test_late_server(vm):
    """The program runs already when the server comes: then there is an address all the same."""
    ns = vm.netns()
    guest = vm.boot_tap(ns=ns, app="httpd", static=False,
                        ready=rb"no answer by DHCP yet, going on without an address")
    guest.wait_ready()
    ns.popen(["dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts", "--port=0",
              "--interface=tap0", "--bind-interfaces", "--user=root", "--pid-file=",
              "--dhcp-leasefile=/dev/null", "--dhcp-authoritative", "--domain=lab.test",
              "--dhcp-option=26,1400", f"--dhcp-option=121,10.88.0.0/16,{HOST_IP},0.0.0.0/0,{HOST_IP}",
              f"--dhcp-range={GUEST_IP},{GUEST_IP},255.255.255.0,1h"])
    guest.console.expect(rb"eth0: 10\.77\.0\.2/24 gateway 10\.77\.0\.1 by DHCP", 30)
    assert "domain lab.test" in guest.http_get("/proc/net/pnp")[2].decode()
    # Classless routes (RFC 3442) in the kernel's own words: 10.88.0.0/16 by the host.
    assert "0000580A\t01004D0A" in guest.http_get("/proc/net/route")[2].decode()


def test_link_returns(vm):
    """The cable is pulled and put back: the lease is asked about (RFC 2131 section 3.2)."""
    guest, wire = vm.boot_wire(app="echo", static=False, ready=None)
    server = Server(wire)
    server.lease_once()
    wait_reachable(wire)
    guest.monitor("set_link nic0 off")
    guest.console.expect(rb"link down")
    guest.monitor("set_link nic0 on")
    reboot = server.wait(REQUEST, 10)
    assert reboot[BOOTP].ciaddr == "0.0.0.0"
    assert option(reboot, "requested_addr") == GUEST_IP and option(reboot, "server_id") is None
    server.answer(reboot, ACK, broadcast=True)
    wait_reachable(wire)
    # Another network behind it: the address goes, another one is asked for.
    guest.monitor("set_link nic0 off")
    guest.console.expect(rb"link down")
    guest.monitor("set_link nic0 on")
    server.answer(server.wait(REQUEST, 10), NAK, broadcast=True)
    server.wait(DISCOVER, 10)
