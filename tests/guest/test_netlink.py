# SPDX-License-Identifier: BSD-2-Clause
"""Netlink as unmodified programs use it: the C libraries' getifaddrs(), Debian's ip and ss, busybox;
what they print is compared with what the test knows of the machine and of its sockets."""

import json
import re

import pytest
import ring3

IP, SS, BUSYBOX = "/usr/sbin/ip", "/usr/bin/ss", "/usr/bin/busybox"
MAC = "52:54:00:12:34:56"


def run(vm, archive, program, *args, status=0):
    """Boot on user networking (10.0.2.15/24 by DHCP); what the program said."""
    append = " ".join([f"root=/dev/ram rdinit={program}", "loglevel=4", "--", *args])
    guest = vm.boot(app=None, ready=None, initrd=str(archive), append=append, net="user")
    got = guest.wait_exit(120)
    guest.expected_status = status
    text = guest.console.text.decode(errors="replace").replace("\r", "")
    assert got == status, text[-3000:]
    return text.split("Booting from ROM..")[-1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("netlink")


@pytest.fixture(scope="module")
def socks(folder):
    """An archive with ss, ip, and the program that has one socket of each kind."""
    return ring3.pack(folder, ring3.build(folder, "socks_then.c", "dynamic"), SS, IP)


# --- the C libraries -----------------------------------------------------------------------------

@pytest.mark.parametrize("kind", ["musl", "dynamic"])
def test_interfaces_of_the_c_library(vm, tmp_path, kind):
    program = ring3.build(tmp_path, "ifaddrs.c", kind)
    text = run(vm, ring3.pack(tmp_path, program), "/init")
    assert sorted(re.findall(r"^ifaddrs: (.*)$", text, re.M)) == [
        "eth0 10.0.2.15 255.255.255.0 10.0.2.255 up 1", "eth0 link - - up 1",
        "lo 127.0.0.1 255.0.0.0 - up 1", "lo link - - up 1"]
    assert re.findall(r"^nameindex: (.*)$", text, re.M) == ["1 lo 1 lo", "2 eth0 2 eth0"]
    assert "nosuch: 0\nifconf: 2\ndriver: virtio_net\ndriver of lo: 95\nunknown: 25\n" in text


def test_same_errors_as_linux(vm, tmp_path):
    """What wrong requests get, here and from this machine's kernel."""
    program = ring3.build(tmp_path, "netlink_errors.c", "static", "-w")
    on_linux = ring3.subprocess.run(["unshare", "-n", program], capture_output=True, text=True)
    if on_linux.returncode:  # not allowed to: none of the requests changes anything
        on_linux = ring3.subprocess.run([program], capture_output=True, text=True, check=True)
    want = re.findall(r"^nl: .*$", on_linux.stdout, re.M)
    assert len(want) > 80 and want[-1] == "nl: done"
    text = run(vm, ring3.pack(tmp_path, program), "/init")
    assert re.findall(r"^nl: .*$", text, re.M) == want


# --- ip ------------------------------------------------------------------------------------------

def batch(folder, name, commands):
    """An archive with ip and a file of its commands."""
    path = folder / name
    path.write_text("\n".join(commands) + "\n")
    archive = folder / f"{name}.cpio"
    ring3.subprocess.run([ring3.MKROOTFS, "-o", archive, IP, f"{path}=/commands"], check=True)
    return archive


def test_ip_shows_the_machine(vm, tmp_path):
    archive = batch(tmp_path, "show", ["addr", "route", "rule", "neigh", "route get 8.8.8.8",
                                       "route get 127.0.0.1", "maddr", "link show dev lo"])
    text = run(vm, archive, IP, "-batch", "/commands")
    assert ("1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default "
            "qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n"
            "    inet 127.0.0.1/8 scope host lo\n"
            "       valid_lft forever preferred_lft forever\n"
            "2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast state UP group "
            f"default qlen 1000\n    link/ether {MAC} brd ff:ff:ff:ff:ff:ff\n"
            "    inet 10.0.2.15/24 brd 10.0.2.255 scope global eth0\n") in text
    assert re.search(r"^default via 10\.0\.2\.2 dev eth0 proto dhcp src 10\.0\.2\.15 *$", text, re.M)
    assert "10.0.2.0/24 dev eth0 proto kernel scope link src 10.0.2.15" in text
    assert "0:\tfrom all lookup local\n32766:\tfrom all lookup main\n32767:\tfrom all" in text
    assert "8.8.8.8 via 10.0.2.2 dev eth0 src 10.0.2.15 uid 0" in text
    assert "local 127.0.0.1 dev lo src 127.0.0.1 uid 0 \n    cache <local>" in text
    assert "inet  224.0.0.1" in text and "inet6" not in text


def test_ip_shows_counters_and_details(vm, tmp_path):
    text = run(vm, batch(tmp_path, "none", []), IP, "-s", "-d", "link")
    assert re.search(r"RX: +bytes packets errors dropped +missed +mcast *\n +\d{3,} +\d+ +0 +0", text)
    assert "promiscuity 0  allmulti 0 minmtu 68 maxmtu 65535 numtxqueues 1" in text


def test_there_is_no_ipv6(vm, tmp_path):
    for what in ("addr", "route", "neigh"):
        assert not re.search(r"\d", run(vm, batch(tmp_path, "none", []), IP, "-6", what))


def test_ip_prints_json(vm, tmp_path):
    text = run(vm, batch(tmp_path, "none", []), IP, "-j", "addr")
    links = json.loads(text[text.index("["):text.rindex("]") + 1])
    assert [link["ifname"] for link in links] == ["lo", "eth0"]
    assert links[1]["address"] == MAC and links[1]["operstate"] == "UP"
    assert links[1]["addr_info"][0]["local"] == "10.0.2.15"


def test_ip_changes_the_machine(vm, tmp_path):
    archive = batch(tmp_path, "change", [
        "link add v0 type veth peer name v1",
        "link set v0 address 02:00:00:00:00:01 mtu 1400",
        "link set v1 name w1",
        "addr add 10.9.0.1/24 brd + dev v0 label v0:x",
        "link set v0 up", "link set w1 up",
        "addr add 10.8.0.1 peer 10.8.0.2 dev w1",
        "route add 10.7.0.0/16 via 10.9.0.9 metric 7 mtu 1300",
        "route replace 10.7.0.0/16 via 10.9.0.8 metric 7",
        "route add blackhole 10.6.0.0/16",
        "neigh add 10.9.0.9 lladdr 02:00:00:00:00:09 dev v0",
        "addr show dev v0", "addr show dev w1",
        "route", "neigh",
        "neigh del 10.9.0.9 dev v0", "route del 10.7.0.0/16", "addr del 10.9.0.1/24 dev v0",
        "link del v0", "link"])
    text = run(vm, archive, IP, "-batch", "/commands")
    assert re.search(r"^\d+: v0@w1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1400 qdisc noqueue "
                     r"state UP group default qlen 1000\n    link/ether 02:00:00:00:00:01", text, re.M)
    assert "inet 10.9.0.1/24 brd 10.9.0.255 scope global v0:x" in text
    assert "inet 10.8.0.1 peer 10.8.0.2/32 scope global w1" in text
    assert re.search(r"^\d+: w1@v0: ", text, re.M)
    assert "10.7.0.0/16 via 10.9.0.8 dev v0 metric 7" in text and "via 10.9.0.9 dev" not in text
    assert "blackhole 10.6.0.0/16" in text
    assert "10.9.0.9 dev v0 lladdr 02:00:00:00:00:09 PERMANENT" in text
    assert re.findall(r"^\d+: (\w+)", text.split("10.9.0.9 dev v0 lladdr")[-1], re.M) == ["lo", "eth0"]


@pytest.mark.parametrize("command,says", [
    ("link set lo master 7", "does not exist"),
    ("link del eth0", "RTNETLINK answers: Operation not supported"),
    ("link add b0 type bridge", "Unknown device type"),
    ("route add 10.9.0.0/24 via 192.168.1.1", "Nexthop has invalid gateway"),
    ("addr add 10.0.2.15/24 dev eth0", "RTNETLINK answers: File exists|already assigned"),
    ("tcp_metrics", "No such file or directory"),
])
def test_ip_is_told_why_not(vm, tmp_path, command, says):
    text = run(vm, batch(tmp_path, "none", []), IP, *command.split(), status=1)
    assert re.search(says, text), text


def test_ip_monitor_hears_news(vm, tmp_path):
    append = f"root=/dev/ram rdinit={IP} loglevel=4 strace=1 -- monitor"
    guest = vm.boot(app=None, ready=None, initrd=str(batch(tmp_path, "none", [])), append=append,
                    net="user")
    guest.console.expect(rb"recvmsg\(\d", 60)  # strace shows a call when it is over: the groups
    guest.monitor("set_link nic0 off")
    guest.console.expect(rb"2: eth0: <NO-CARRIER,BROADCAST,MULTICAST,UP> .*state DOWN", 30)
    guest.monitor("set_link nic0 on")
    guest.console.expect(rb"2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> .*state UP", 30)


# --- ss ------------------------------------------------------------------------------------------

def rows(text):
    """Words of each line that has a local and a peer address."""
    return [line.split() for line in text.split("\n") if re.search(r"127\.0\.0\.1:70\d\d", line)]


def test_ss_lists_tcp(vm, socks):
    got = rows(run(vm, socks, "/init", SS, "-tan"))
    assert sorted(r[:5] for r in got) == sorted([
        ["LISTEN", "1", "9", "127.0.0.1:7001", "0.0.0.0:*"],
        ["ESTAB", "0", "0", "127.0.0.1:7002", "127.0.0.1:7001"],
        ["ESTAB", "5", "0", "127.0.0.1:7001", "127.0.0.1:7002"],
        ["TIME-WAIT", "0", "0", "127.0.0.1:7003", "127.0.0.1:7001"],
        ["ESTAB", "0", "0", "127.0.0.1:7004", "127.0.0.1:7001"],
        ["ESTAB", "0", "0", "127.0.0.1:7001", "127.0.0.1:7004"]])


def test_ss_shows_all_of_a_connection(vm, socks):
    text = run(vm, socks, "/init", SS, "-tiemn", "sport", "=", ":7002")
    assert len(rows(text)) == 1
    for part in (r"ino:\d+", r"sk:[0-9a-f]+", r"skmem:\(r0,rb\d+,t0,tb\d+,f\d+,w0,o0,bl0,d0\)", r"cubic",
                 r"wscale:\d+,\d+", r"rto:\d+", r"mss:\d+", r"cwnd:10", r"bytes_acked:6", r"data_segs_out:1"):
        assert re.search(part, text), (part, text)


def test_ss_lists_the_other_families(vm, socks):
    text = run(vm, socks, "/init", SS, "-an")
    lines = [line.split() for line in text.split("\n")]
    assert ["udp", "UNCONN", "0", "0", "127.0.0.1:7005", "0.0.0.0:*"] in lines
    assert ["udp", "ESTAB", "0", "0", "127.0.0.1:7006", "127.0.0.1:7005"] in lines
    assert any(line[1:5] == ["UNCONN", "0", "0", "0.0.0.0:253"] for line in lines)
    assert any(line[:4] == ["p_raw", "UNCONN", "0", "0"] for line in lines)
    assert any(line[:5] == ["u_str", "LISTEN", "0", "5", "@listener"] for line in lines)
    dgram = [line for line in lines if line[:1] == ["u_dgr"]]
    assert sorted(int(line[2]) for line in dgram) == [0, 5]
    assert sum(line[0] == "nl" for line in lines if line) == 6


def test_ss_sums_up(vm, socks):
    text = run(vm, socks, "/init", SS, "-s")
    assert re.search(r"^TCP: +6 \(estab 4, closed 1, orphaned 0, timewait 1\)", text, re.M)
    assert re.search(r"^UDP\s+3 +3 +0", text, re.M) and re.search(r"^RAW\s+1 +1 +0", text, re.M)


def test_ss_kills_a_connection(vm, socks):
    text = run(vm, socks, "/init", SS, "-K", "-n", "sport", "=", ":7004")
    assert [r[4:6] for r in rows(text)] == [["127.0.0.1:7004", "127.0.0.1:7001"]]


# --- busybox -------------------------------------------------------------------------------------

@pytest.mark.parametrize("command,says", [
    ("ifconfig", r"eth0 +Link encap:Ethernet  HWaddr 52:54:00:12:34:56 *\n"
                 r" +inet addr:10\.0\.2\.15  Bcast:10\.0\.2\.255  Mask:255\.255\.255\.0"),
    ("route -n", r"0\.0\.0\.0 +10\.0\.2\.2 +0\.0\.0\.0 +UG +0 +0 +0 eth0\n10\.0\.2\.0 "),
    ("ip addr", r"inet 10\.0\.2\.15/24 brd 10\.0\.2\.255 scope global eth0"),
    ("ip route", r"default via 10\.0\.2\.2 dev eth0"),
    ("netstat -rn", r"0\.0\.0\.0 +10\.0\.2\.2 +0\.0\.0\.0 +UG"),
])
def test_busybox(vm, folder, command, says):
    archive = folder / "busybox.cpio"
    if not archive.exists():
        ring3.pack(folder, BUSYBOX)
    assert re.search(says, run(vm, archive, BUSYBOX, *command.split()))
