# SPDX-License-Identifier: BSD-2-Clause
"""The host's TCP and ours over a cable that loses, doubles and reorders frames: no byte is wrong."""

import hashlib
import os
import socket
import threading

import harness
import pytest
from wire import Cable

CABLES = {
    "loss 1%": {"loss": 0.01},
    "loss 5%": {"loss": 0.05},
    "reorder 10%": {"reorder": 0.1},
    "double 10%": {"double": 0.1},
    "everything": {"loss": 0.02, "reorder": 0.05, "double": 0.05},
}


@pytest.mark.parametrize("name", CABLES)
def test_echo_over_a_bad_cable(vm, name):
    ns = harness.netns.NetNs()
    vm.namespaces.append(ns)
    cable = Cable(ns, seed=len(name), **CABLES[name])
    vm.wires.append(cable)
    guest = vm.boot(ns=ns, net=cable.net_option(), app="echo")
    data = os.urandom(1 << 20)
    with guest.connect(7, 120) as s:
        def pump():
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
        sender = threading.Thread(target=pump)
        sender.start()
        back = harness.read_all(s)
        sender.join()
    assert hashlib.sha256(back).digest() == hashlib.sha256(data).digest()
    spoiled = cable.counts["lost"] + cable.counts["doubled"] + cable.counts["reordered"]
    assert spoiled > 0, cable.counts
