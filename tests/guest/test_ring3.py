# SPDX-License-Identifier: BSD-2-Clause
"""Ring 3: what a program may do to its registers, busy threads, and strace=1.

The programs of tests/guest/linux are built for Linux; what they print here is compared with what
they print on the machine that runs the tests.
"""

import os
import re
import socket
import subprocess

import harness
import pytest
import qemu
import ring3

SOURCES = os.path.join(harness.ROOT, "tests/guest/linux")
CFLAGS = ["-O1", "-static", "-pthread", "-mno-red-zone", "-fno-stack-protector",
          "-fcf-protection=none", "-w"]
OLD_CPU = "qemu64"  # neither XSAVE nor FSGSBASE, SMAP, SMEP
# QEMU 7.2 itself falls over some malformed AVX instructions.
NO_AVX = "max,-erms,-fsrm,-avx,-avx2,-f16c,-fma"
OWN = [
    "movl $20, %%eax; int $0x80: signal 11 code 128 address (nil)",
    "vsyscall: signal 11 code 1 address 0xffffffffff600400",
    "read of vsyscall: signal 11 code 1 address 0xffffffffff600000",
    "sysenter: signal 4 code 2",
    "32-bit int 0x80: signal 11 code 128 address (nil)",
    "32-bit syscall: result -38",
    "32-bit syscall: no signal",
    "hostile: done",
]


def build(tmp_path, name, source=None, cflags=CFLAGS):
    program = str(tmp_path / name)
    source = source or os.path.join(SOURCES, name + ".c")
    subprocess.run(["gcc", *cflags, "-o", program, source], check=True)
    return program


def run(vm, program, *args, words="", status=0, **options):
    """Boot with the program as a boot module until the machine ends with status: its lines."""
    guest = vm.boot(ready=None, initrd=" ".join([program, *args]), net="none",
                    append=f"loglevel=4 ip=off {words}", **options)
    guest.expected_status = status
    assert guest.wait_exit(120) == status
    return guest.console.text.decode(errors="replace").replace("\r", "").split("\n")


def lines_from(lines, first):
    """From the first line that is `first` on; SeaBIOS's words may stand before it on its line."""
    for i, line in enumerate(lines):
        if line.endswith(first):
            return [first] + [x for x in lines[i + 1:] if x]
    raise AssertionError(f"no line {first!r} in {lines}")


def on_linux(program, *args):
    done = subprocess.run([program, *args], stdout=subprocess.PIPE, text=True, timeout=60, check=False)
    return [line for line in done.stdout.split("\n") if line]


@pytest.mark.parametrize("cpu", ["max,-erms,-fsrm", OLD_CPU])
def test_hostile_registers(vm, tmp_path, cpu):
    ring3.needs_four_levels()
    program = build(tmp_path, "hostile")
    want = on_linux(program)
    lines = run(vm, program, "own", cpu=cpu)
    got = lines_from(lines, want[0])
    common = len(want) - 1  # the last line is behind the kernel's own cases
    assert got[:common] == want[:common]
    own = got[common:common + len(OWN)]
    if cpu == OLD_CPU:  # QEMU's model of an AMD processor has SYSENTER in long mode no more either
        own = [x for x in own if not x.startswith("sysenter")]
        assert own == [x for x in OWN if not x.startswith("sysenter")]
    else:
        assert own == OWN


@pytest.mark.parametrize("cpu", ["max,-erms,-fsrm", OLD_CPU])
def test_busy_threads_share_the_processor(vm, tmp_path, cpu):
    program = build(tmp_path, "busy")
    want = on_linux(program)
    lines = run(vm, program, cpu=cpu)
    assert lines_from(lines, want[0])[:len(want)] == want
    assert want[-1] == "busy: right"


STRACED = r"""
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>
int main(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(4711), .sin_addr = { 0x100007f } };
	struct epoll_event ev = { .events = EPOLLIN, .data.u64 = 77 };
	struct iovec v[2] = { { "on\tce", 5 }, { "twice", 5 } };
	char buf[100], text[101];
	socklen_t len = sizeof(a);
	int one = 1, p[2];
	struct stat st;

	write(-1, "BEGIN", 5);
	open("/no/such\n\"file\"", O_RDONLY | O_CLOEXEC);
	open("/dev/null", O_RDWR | O_NONBLOCK);
	write(3, v[0].iov_base, 5);
	writev(3, v, 2);
	read(3, buf, sizeof(buf));
	memset(text, 'x', 100); text[100] = 0;
	write(3, text, 100);
	access(text, R_OK | X_OK);
	lseek(3, 5, SEEK_CUR);
	fcntl(3, F_GETFD);
	close(3);
	close(3);
	pipe2(p, O_CLOEXEC);
	write(p[1], "\1\0022\377", 4);
	read(p[0], buf, 100);
	fstat(p[0], &st);
	socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP);
	setsockopt(5, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	bind(5, (void *)&a, sizeof(a));
	listen(5, 7);
	getsockname(5, (void *)&a, &len);
	accept4(5, NULL, NULL, SOCK_CLOEXEC);
	connect(5, (void *)&a, 3);
	epoll_create1(EPOLL_CLOEXEC);
	epoll_ctl(6, EPOLL_CTL_ADD, p[0], &ev);
	epoll_wait(6, &ev, 1, 0);
	write(p[1], "x", 1);
	epoll_wait(6, &ev, 1, -1);
	shutdown(5, SHUT_WR);
	sendto(5, "hi", 2, MSG_DONTWAIT | MSG_NOSIGNAL, NULL, 0);
	syscall(SYS_mmap, 0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap((void *)0x10000, 4095);
	signal(SIGUSR1, SIG_IGN);
	clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ 0, 1000 }, NULL);
	syscall(SYS_read, 3, 8, 100);
	syscall(SYS_open, 8, 0, 0);
	_exit(3);
}
"""
# What is another number, or another machine's, on each run.
CHANGES = [(re.compile(r"0x[0-9a-f]{5,}"), "ADDRESS"), (re.compile(r"\b(tgkill|kill)\(.*?SIG"), r"\1(PID, SIG"),
           (re.compile(r"\b(gettid|getpid)\(\)( *)= \d+"), r"\1()\2= PID")]


def normalized(lines):
    """The lines of strace from BEGIN on, addresses and process ids made equal."""
    text = "\n".join(lines)
    text = text[text.index("write(-1"):].split("\n")
    for regex, by in CHANGES:
        text = [regex.sub(by, line) for line in text]
    return [" ".join(line.split()) for line in text if line]


@pytest.mark.skipif(not os.path.exists("/usr/bin/strace"), reason="strace is not installed")
def test_strace_prints_what_strace_prints(vm, tmp_path):
    source = tmp_path / "straced.c"
    source.write_text(STRACED)
    program = build(tmp_path, "straced", str(source))
    log = tmp_path / "strace.log"
    done = subprocess.run(["/usr/bin/strace", "-o", str(log), program], timeout=60, check=False)
    if done.returncode != 3:
        pytest.skip("strace may not trace here")
    lines = run(vm, program, words="strace=1", status=1)
    got = normalized(lines)
    want = normalized(log.read_text().split("\n"))
    assert got[:len(want)] == want


def test_strace_of_some_calls(vm, tmp_path):
    source = tmp_path / "straced.c"
    source.write_text(STRACED)
    program = build(tmp_path, "straced", str(source))
    lines = run(vm, program, words="loglevel=5 strace=listen,shutdown,nonsense", status=1)
    text = "\n".join(lines)
    assert "strace=: there is no system call nonsense" in text
    assert [x.split("(")[0] for x in lines if " = " in x and "(" in x][-2:] == ["listen", "shutdown"]
    assert "epoll_wait" not in text


THREADS = r"""
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>
static int p[2];
static void *reader(void *arg)
{
	char b[10];

	read(p[0], b, 10);
	return NULL;
}
int main(void)
{
	struct timespec ms = { 0, 20000000 };
	pthread_t t;

	pipe(p);
	pthread_create(&t, NULL, reader, NULL);
	nanosleep(&ms, NULL);
	write(p[1], "hello", 5);
	pthread_join(t, NULL);
	abort();
}
"""


def test_strace_of_threads_and_of_the_end(vm, tmp_path):
    source = tmp_path / "threads.c"
    source.write_text(THREADS)
    program = build(tmp_path, "threads", str(source))
    text = "\n".join(run(vm, program, words="strace=1", status=1))
    assert re.search(r"^\[pid     2\] read\(3,  <unfinished ...>$", text, re.M)
    assert re.search(r'^\[pid     1\] write\(4, "hello", 5\) +(= 5|<unfinished ...>)$', text, re.M)
    assert re.search(r'^\[pid     2\] <... read resumed>"hello", 10\) += 5$', text, re.M)
    assert re.search(r"^\[pid     2\] exit\(0\) +(= \?|<unfinished ...>)$", text, re.M)
    assert re.search(r"^\[pid     2\] \+\+\+ exited with 0 \+\+\+$", text, re.M)
    assert "--- SIGABRT {si_signo=SIGABRT, si_code=SI_TKILL, si_pid=1, si_uid=0} ---" in text
    assert re.search(r"^\+\+\+ killed by SIGABRT", text, re.M)


UNKNOWN = r"""
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void)
{
	char line[200];
	FILE *f;

	for (int i = 0; i < 3; i++)
		syscall(SYS_bpf, 0, 0, 0);
	syscall(SYS_close, -1);
	syscall(400);
	syscall(5000);
	f = fopen("/proc/syscalls", "r");
	while (f && fgets(line, sizeof(line), f))
		fputs(line, stdout);
	return 0;
}
"""


def test_calls_are_counted_and_absent_ones_named(vm, tmp_path):
    source = tmp_path / "unknown.c"
    source.write_text(UNKNOWN)
    program = build(tmp_path, "unknown", str(source))
    text = "\n".join(run(vm, program, words="loglevel=7"))
    assert text.count("syscall: bpf is not implemented (ENOSYS)") == 1
    assert re.search(r"^\d+ bpf 3 3$", text, re.M)
    assert re.search(r"^3 close \d+ [1-9]\d*$", text, re.M)
    assert re.search(r"^400 - 1 1$", text, re.M)
    assert re.search(r"^- unknown 1 1$", text, re.M)


@pytest.mark.parametrize("busy", [1, 5])
def test_a_server_answers_beside_busy_threads(vm, tmp_path, busy):
    program = build(tmp_path, "busynet")
    port = qemu.free_port()
    guest = vm.boot(initrd=f"{program} {busy}", append="ip=dhcp",
                    hostfwd=[f"tcp:127.0.0.1:{port}-:7"])
    with socket.create_connection(("127.0.0.1", port), 60) as s:
        s.settimeout(60)
        for i in range(20):
            want = bytes([i]) * 100
            s.sendall(want)
            got = b""
            while len(got) < len(want):
                got += s.recv(100)
            assert got == want
    assert guest.wait_exit(60) == 0
    assert b"echo: beside busy threads" in guest.console.text


def test_the_stack_works_beneath_a_program_that_only_computes(vm, tmp_path):
    program = build(tmp_path, "busynet")
    _, lan = vm.boot_wire(initrd=program + " alone")
    lan.resolve()
    for i in range(5):
        lan.ping(ident=0x3000 + i, data=b"are you there?")


def test_what_a_call_costs(vm, tmp_path):
    """Linux 6.1 needs 307 instructions for a call that does nothing, on the same machine."""
    program = build(tmp_path, "nullcall")
    lines = run(vm, program, extra=["-icount", "shift=0"])
    cost = int(re.search(r"a call: (\d+) instructions", "\n".join(lines)).group(1))
    assert 50 < cost < 150


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_instructions(vm, tmp_path, seed):
    """They may ruin the program, not the kernel; nearly always it gets to its end."""
    program = build(tmp_path, "insns")
    guest = vm.boot(ready=None, initrd=f"{program} {seed} 10000", net="none",
                    append="loglevel=4 ip=off", cpu=NO_AVX)
    status = guest.wait_exit(120)
    text = guest.console.text
    if status < 0:  # the emulator fell over the instructions, not the kernel
        guest.expected_status = status
        pytest.skip(f"QEMU ended by signal {-status}")
    assert status in (0, 1) and b"insns: begin" in text and b"Oops" not in text
    guest.expected_status = status
    assert status == 1 or re.search(rb"insns: SEGV \d{3,}", text)
