# SPDX-License-Identifier: BSD-2-Clause
"""Commands for gdb that know the kernel's structures; `make debug` loads them.

  bw-threads [bt]   every thread, its state and where it sleeps; with bt its whole call chain
  bw-socks          TCP sockets of the first namespace: listeners, connections, half-open ones
  bw-dmesg          the kernel log, also before the console works or after it is broken
  bw-program FILE   symbols of the Linux program that runs in ring 3, wherever it was loaded
  bw-user           its registers and call chain in ring 3, of the thread that is on the CPU
  tcp_sk(sk), inet_csk(sk), tcp_hdr(skb) ...  work in expressions as they do in the source
  bw-code32 [ADDR]  disassemble 32-bit start-up code, which gdb takes for 64-bit (by objdump)
"""

import os
import re
import struct
import subprocess
import tempfile

import gdb

TCP_STATES = ("", "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE",
              "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "NEW_SYN_RECV")


def container_of(pointer, type_name, member):
    """The structure around a member, as the macro."""
    structure = gdb.lookup_type(type_name)
    offset = structure[member].bitpos // 8
    return (pointer.cast(gdb.lookup_type("char").pointer()) - offset).cast(structure.pointer())


def list_entries(head, type_name, member):
    """The entries of a list_head."""
    node = head["next"]
    while node != head.address:
        yield container_of(node, type_name, member)
        node = node["next"]


def hlist_nodes(head):
    """The nodes of an hlist_head."""
    node = head["first"]
    while node:
        yield node
        node = node["next"]


def address_text(value):
    """A be32 as dotted decimal."""
    return ".".join(str(b) for b in int(value).to_bytes(4, "little"))


def swap16(value):
    return int.from_bytes(int(value).to_bytes(2, "little"), "big")


def symbol_at(pc):
    """function+offset of a program counter."""
    text = gdb.execute(f"info symbol {pc:#x}", to_string=True)
    return text.split(" in section")[0].strip().replace(" + ", "+")


class Threads(gdb.Command):
    """bw-threads [bt]: every thread, its state and where it sleeps; with bt its call chain."""

    def __init__(self):
        super().__init__("bw-threads", gdb.COMMAND_STATUS)

    def chain(self, thread):
        """Return addresses of a thread that does not run, by its frame pointers."""
        # thread_switch leaves r15 r14 r13 r12 rbx rbp return-address.
        words = gdb.lookup_type("unsigned long").pointer()
        frame = thread["sp"].cast(words)
        rbp, pc = int(frame[5]), int(frame[6])
        pcs = [pc]
        for _ in range(64):
            if rbp == 0:
                break
            frame = gdb.Value(rbp).cast(words)
            try:
                rbp, pc = int(frame[0]), int(frame[1])
            except gdb.MemoryError:
                break
            if pc == 0:
                break
            pcs.append(pc)
        return pcs

    def invoke(self, argument, _from_tty):
        cpu = gdb.parse_and_eval("sched_cpu")
        for thread in list_entries(cpu["threads"], "struct thread", "all_node"):
            name = thread["name"].string()
            state = str(thread["state"]).replace("TASK_", "")
            if thread == cpu["curr"]:
                print(f"{int(thread['tid']):4} {name:24} {state:16} on the CPU, or the last one there")
                continue
            pcs = self.chain(thread)
            if argument.strip() == "bt":
                print(f"{int(thread['tid']):4} {name:24} {state}")
                for pc in pcs:
                    print(f"       {pc:#018x} {symbol_at(pc)}")
            else:
                where = [symbol_at(pc) for pc in pcs]
                shown = [w for w in where if not re.match(r"(schedule|switch_to)", w)][:2]
                print(f"{int(thread['tid']):4} {name:24} {state:16} {' < '.join(shown)}")


class Socks(gdb.Command):
    """bw-socks: TCP sockets of the first namespace."""

    def __init__(self):
        super().__init__("bw-socks", gdb.COMMAND_DATA)

    def show(self, common):
        state = int(common["skc_state"])
        local = f"{address_text(common['skc_rcv_saddr'])}:{int(common['skc_num'])}"
        peer = f"{address_text(common['skc_daddr'])}:{swap16(common['skc_dport'])}"
        name = TCP_STATES[state] if state < len(TCP_STATES) else str(state)
        print(f"{name:13} {local:22} {peer:22} {common.address}")

    def invoke(self, _argument, _from_tty):
        info = gdb.parse_and_eval("init_net.ipv4.tcp_hashinfo")
        if not info:
            print("TCP is not set up yet")
            return
        for i in range(int(info["lhash2_mask"]) + 1):
            for node in hlist_nodes(info["lhash2"][i]):
                self.show(container_of(node, "struct sock_common", "skc_node").dereference())
        for i in range(int(info["ehash_mask"]) + 1):
            for node in hlist_nodes(info["ehash"][i]["chain"]):
                self.show(container_of(node, "struct sock_common", "skc_node").dereference())


def code_segment(path):
    """(whether an ELF file is loaded anywhere, the page that its first code is linked at)."""
    with open(path, "rb") as f:
        header = f.read(64)
        if header[:5] != b"\x7fELF\x02":
            raise gdb.GdbError(f"{path} is not a 64-bit ELF file")
        kind, = struct.unpack_from("<H", header, 16)
        table, = struct.unpack_from("<Q", header, 32)
        size, count = struct.unpack_from("<HH", header, 54)
        code = []
        for i in range(count):
            f.seek(table + i * size)
            what, flags, _, vaddr = struct.unpack_from("<IIQQ", f.read(size))
            if what == 1 and flags & 1:
                code.append(vaddr & ~0xfff)
    if not code:
        raise gdb.GdbError(f"{path} has no code")
    return kind == 3, min(code)


class Program(gdb.Command):
    """bw-program FILE: symbols of the Linux program in ring 3, at the place where it was loaded."""

    def __init__(self):
        super().__init__("bw-program", gdb.COMMAND_FILES, gdb.COMPLETE_FILENAME)

    def invoke(self, argument, _from_tty):
        path = os.path.expanduser(argument.strip())
        anywhere, linked = code_segment(path)
        offset = 0
        if anywhere:
            try:
                process = gdb.parse_and_eval("the_process")
                mm = process and process["mm"]
            except gdb.MemoryError:
                mm = None  # before the first instruction in long mode
            if not mm:
                raise gdb.GdbError("no program runs yet: break at enter_user_mode first")
            offset = (int(mm["start_code"]) & ~0xfff) - linked
        gdb.execute(f"add-symbol-file {path} -o {offset:#x}")


class User(gdb.Command):
    """bw-user: ring 3's registers and call chain, of the thread that is on the CPU."""

    NAMES = ("r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx", "rdx",
             "rsi", "rdi", "rip", "rsp")

    def __init__(self):
        super().__init__("bw-user", gdb.COMMAND_STACK)

    def invoke(self, _argument, _from_tty):
        user = gdb.parse_and_eval("sched_cpu.curr->user")
        if not user:
            raise gdb.GdbError("the thread on the CPU has no side in ring 3")
        regs = user["regs"]
        gdb.execute("select-frame 0")
        if int(gdb.parse_and_eval("$cs")) & 3:
            # What entry saved is from the last time: the processor has them now.
            for name in self.NAMES[-2:] + self.NAMES[:-2]:
                value = int(gdb.parse_and_eval(f"${name}")) & (1 << 64) - 1
                print(f"{name:4} {value:#018x}")
            gdb.execute("backtrace")
            return
        saved = {name: int(gdb.parse_and_eval(f"${name}")) & (1 << 64) - 1 for name in self.NAMES}
        for name in self.NAMES[-2:] + self.NAMES[:-2]:
            print(f"{name:4} {int(regs[name]):#018x}")
        # gdb unwinds from registers only: lend it the program's for a moment.
        try:
            for name in self.NAMES:
                gdb.execute(f"set ${name} = {int(regs[name]):#x}", to_string=True)
            gdb.execute("backtrace")
        finally:
            for name in self.NAMES:
                gdb.execute(f"set ${name} = {saved[name]:#x}", to_string=True)


class Dmesg(gdb.Command):
    """bw-dmesg: the kernel log."""

    def __init__(self):
        super().__init__("bw-dmesg", gdb.COMMAND_DATA)

    def invoke(self, _argument, _from_tty):
        ring = gdb.parse_and_eval("'printk.c'::ring")
        size = ring["text"].type.sizeof
        end = int(ring["end"])
        memory = bytes(gdb.selected_inferior().read_memory(ring["text"].address, size))
        if end <= size:
            text = memory[:end]
        else:
            text = memory[end % size:] + memory[:end % size]
            text = text.split(b"\n", 1)[-1]
        for line in text.decode(errors="replace").rstrip("\n").split("\n"):
            print(re.sub(r"^<\d>", "", line))


class Code32(gdb.Command):
    """bw-code32 [ADDRESS [BYTES]]: disassemble start-up code as 32-bit, from $pc by default."""

    def __init__(self):
        super().__init__("bw-code32", gdb.COMMAND_DATA)

    def invoke(self, argument, _from_tty):
        words = gdb.string_to_argv(argument)
        start = int(gdb.parse_and_eval(words[0] if words else "$pc"))
        length = int(words[1], 0) if len(words) > 1 else 48
        memory = bytes(gdb.selected_inferior().read_memory(start, length))
        with tempfile.NamedTemporaryFile(delete=False) as f:
            f.write(memory)
        try:
            done = subprocess.run(["objdump", "-D", "-b", "binary", "-m", "i386",
                                   f"--adjust-vma={start:#x}", f.name], capture_output=True, text=True)
        finally:
            os.unlink(f.name)
        for line in done.stdout.split("\n"):
            if re.match(r"\s*[0-9a-f]+:", line):
                print(line)


# The casts that the source makes by inline functions, which are not there to be called.
MACROS = (
    ("tcp_sk(sk)", "((struct tcp_sock *)(sk))"),
    ("inet_sk(sk)", "((struct inet_sock *)(sk))"),
    ("inet_csk(sk)", "((struct inet_connection_sock *)(sk))"),
    ("inet_rsk(req)", "((struct inet_request_sock *)(req))"),
    ("tcp_rsk(req)", "((struct tcp_request_sock *)(req))"),
    ("TCP_SKB_CB(skb)", "((struct tcp_skb_cb *)(skb)->cb)"),
    ("tcp_hdr(skb)", "((struct tcphdr *)((skb)->head + (skb)->transport_header))"),
    ("ip_hdr(skb)", "((struct iphdr *)((skb)->head + (skb)->network_header))"),
)
for name, text in MACROS:
    gdb.execute(f"macro define {name} {text}")

Threads()
Socks()
Dmesg()
Program()
User()
Code32()
