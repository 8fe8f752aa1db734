# SPDX-License-Identifier: BSD-2-Clause
"""The NIC with each feature on and off: pages, bulk data both ways with checksums of the bytes.

The TAP carries offloaded frames (vnet headers), so partial checksums and 64 KiB segments really
cross between the guest and the host's stack.
"""

import hashlib
import os
import socket
import threading
import time

import harness
import pytest

MIB = 1 << 20

OFF = {
    "all on": "",
    "no csum": "csum=off",
    "no guest_csum": "guest_csum=off",
    "no gso": "gso=off",
    "no guest_tso4": "guest_tso4=off",
    "no host_tso4": "host_tso4=off",
    "no ecn": "guest_ecn=off,host_ecn=off",
    "no mrg_rxbuf": "mrg_rxbuf=off",
    "no mrg_rxbuf, no tso": "mrg_rxbuf=off,guest_tso4=off,guest_tso6=off,guest_ufo=off",
    "no event_idx": "event_idx=off",
    "no indirect_desc": "indirect_desc=off",
    "no ctrl_vq": "ctrl_vq=off",
    "no status": "status=off",
    "no any_layout": "any_layout=off",
    "mtu": "host_mtu=1400",
    "small queues": "rx_queue_size=256,tx_queue_size=256",
    "packed asked for": "packed=on",
    "multiqueue asked for": "mq=on",
    "all off": "csum=off,guest_csum=off,gso=off,guest_tso4=off,guest_tso6=off,guest_ecn=off,"
               "guest_ufo=off,host_tso4=off,host_tso6=off,host_ecn=off,host_ufo=off,mrg_rxbuf=off,"
               "event_idx=off,indirect_desc=off,ctrl_vq=off,status=off",
}


def echo_bulk(guest, size):
    """size random bytes through the echo service; they must come back the same."""
    data = os.urandom(size)
    with guest.connect(7, 60) as s:
        def pump():
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
        sender = threading.Thread(target=pump)
        sender.start()
        back = harness.read_all(s)
        sender.join()
    assert hashlib.sha256(back).digest() == hashlib.sha256(data).digest()


@pytest.mark.parametrize("transport", ["disable-legacy=on", "disable-modern=on"],
                         ids=["modern", "legacy"])
@pytest.mark.parametrize("name", OFF)
def test_feature(vm, name, transport):
    nic = ",".join(filter(None, [OFF[name], transport]))
    if "packed" in nic and "disable-modern" in nic:
        nic = nic.replace("packed=on,", "")
    guest = vm.boot_tap(app="echo", nic=nic)
    done = guest.ns.run(["ping", "-c", "2", "-i", "0.2", "-W", "5", "-s", "3000", harness.GUEST_IP])
    assert done.returncode == 0, done.stdout
    echo_bulk(guest, 3 * MIB)


@pytest.mark.parametrize("machine, force_legacy", [("microvm", True), ("microvm", False)])
def test_mmio(vm, machine, force_legacy):
    guest = vm.boot_tap(app="echo", machine=machine, force_legacy=force_legacy)
    echo_bulk(guest, 3 * MIB)


def carrier(guest, up):
    guest.monitor(f"set_link nic0 {'on' if up else 'off'}")


def test_link_down_and_up(vm):
    """The cable is pulled for two seconds in the middle of a transfer; it goes on afterwards."""
    guest = vm.boot_tap(app="echo")
    data, back = os.urandom(8 * MIB), []
    with guest.connect(7, 60) as s:
        def pump():
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
        threads = [threading.Thread(target=pump),
                   threading.Thread(target=lambda: back.append(harness.read_all(s)))]
        for t in threads:
            t.start()
        time.sleep(0.3)
        carrier(guest, False)
        guest.console.expect(rb"(?i)eth0: link (is )?down", 5)
        time.sleep(2)
        carrier(guest, True)
        guest.console.expect(rb"(?i)eth0: link (is )?up", 5)
        for t in threads:
            t.join(60)
    assert back and back[0] == data


def test_features_are_shown(vm):
    """`ip link` names what was negotiated."""
    guest = vm.boot_tap(app="sh", ready=None, nic="mrg_rxbuf=off")
    guest.console.expect(harness.PROMPT, 60)
    guest.console.send("ip link\n")
    guest.console.expect(harness.PROMPT)
    text = guest.console.text.decode(errors="replace").lower()
    assert "csum" in text and "mrg" not in text.split("ip link")[-1]
    guest.console.send("poweroff\n")
    assert guest.wait_exit() == 0


def test_jumbo_mtu(vm):
    """The device offers an MTU of 9,000 and the TAP has it too."""
    ns = vm.netns()
    ns.ip("link", "set", "tap0", "mtu", "9000")
    guest = vm.boot_tap(ns=ns, app="echo", nic="host_mtu=9000")
    done = ns.run(["ping", "-c", "2", "-i", "0.2", "-W", "5", "-M", "do", "-s", "8972", harness.GUEST_IP])
    assert done.returncode == 0, done.stdout
    echo_bulk(guest, 3 * MIB)
