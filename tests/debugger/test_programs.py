# SPDX-License-Identifier: BSD-2-Clause
"""gdb and a Linux program in ring 3: its functions by name, and call chains from its system calls."""

import re
import subprocess

SOURCE = r"""
#include <stdio.h>
#include <unistd.h>
int answer;
__attribute__((noinline)) void find_answer(int n) { answer = n * 6; }
int main(void)
{
	find_answer(7);
	if (write(1, "answer\n", 7) != 7)
		return 1;
	return answer != 42;
}
"""


def build(tmp_path, link):
    source, path = tmp_path / "asked.c", tmp_path / "asked"
    source.write_text(SOURCE)
    subprocess.run(["gcc", "-g", "-O1", *link, "-o", path, source], check=True)
    return path


def test_a_breakpoint_in_the_program_and_a_trace_from_its_call(debug, tmp_path):
    program = build(tmp_path, ["-static"])
    session = debug(initrd=str(program), append="ip=off", net="none")
    out = session.gdb([
        f"add-symbol-file {program}",
        "tbreak find_answer", "continue", "bt", "info args",
        "tbreak sys_write", "continue", 'printf "KERNEL\\n"', "bt",
        # The program's side of the same thread, by its saved registers.
        'printf "RING3 "', "info symbol sched_cpu.curr->user->regs->rip", "kill"])
    before, _, after = out.partition("KERNEL")
    assert "find_answer (n=" in before and "n = 7" in before, out
    assert "main () at" in before, out
    chain, _, ring3 = after.partition("RING3")
    for name in ("sys_write", "syscall_dispatch", "do_syscall_64", "entry_SYSCALL_64"):
        assert re.search(rf"^#\d+ .*\b{name} \(", chain, re.M), out
    assert "??" not in chain and "Backtrace stopped" not in chain, out
    assert "write" in ring3, out


def test_a_program_that_is_loaded_anywhere(debug, tmp_path):
    program = build(tmp_path, ["-static-pie", "-fPIE"])
    session = debug(initrd=str(program), append="ip=off", net="none")
    out = session.gdb(["hbreak enter_user_mode", "continue", f"bw-program {program}", "delete",
                       "tbreak find_answer", "continue", "info args",
                       "tbreak sys_write", "continue", 'printf "USER\\n"', "bw-user",
                       'printf "AGAIN\\n"', "bt 1", "kill"])
    before, _, rest = out.partition("USER")
    user, _, again = rest.partition("AGAIN")
    assert "n = 7" in before, out
    assert re.search(r"^rax +0x0*1$", user, re.M), out
    assert re.search(r"^#\d+ .*\bmain \(\)", user, re.M), out
    assert re.search(r"^#0 .*\bsys_write \(", again, re.M), "the kernel's registers are back: " + out


def test_bw_user_in_the_program_itself(debug, tmp_path):
    """Too early bw-program says what to do; in ring 3 bw-user shows what the processor has."""
    program = build(tmp_path, ["-static-pie", "-fPIE"])
    session = debug(initrd=str(program), append="ip=off", net="none")
    out = session.gdb(["python\ntry:\n"
                       f"  gdb.execute('bw-program {program}')\n"
                       "except gdb.error as e:\n  print('said:', e)\nend",
                       "hbreak enter_user_mode", "continue", f"bw-program {program}", "delete",
                       "tbreak find_answer", "continue", 'printf "RIP %#018lx\\n", $rip',
                       'printf "USER\\n"', "bw-user", "kill"])
    before, _, user = out.partition("USER")
    assert "said: no program runs yet" in before, out
    rip = re.search(r"RIP (0x[0-9a-f]+)", before)
    assert rip and re.search(rf"^rip +{rip[1]}$", user, re.M), out
    assert re.search(r"^rdi +0x0*7$", user, re.M), out
    assert re.search(r"^#1 .*\bmain \(\)", user, re.M), out
