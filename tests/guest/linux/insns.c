// SPDX-License-Identifier: BSD-2-Clause
/*
 * Random instructions with random registers and flags, by seed: insns SEED ROUNDS. What they do to
 * the program is nobody's concern, the kernel must not mind. A timer ends what would go on for
 * ever. Prints how often each signal came. Run by test_ring3.py.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#define CODE_BYTES 32
#define ROUND_US 3000
#define ALARMS_MAX 3000

static sigjmp_buf env;
static unsigned long fs_base, state;
static unsigned long counts[65], total, limit;
static unsigned char *page, *stack_page;

static unsigned long random64(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static long raw(long nr, long a, long b)
{
	long ret;

	__asm__ volatile("syscall" : "=a"(ret) : "a"(nr), "D"(a), "S"(b) : "rcx", "r11", "memory");
	return ret;
}

static void on_signal(int sig, siginfo_t *info, void *context)
{
	raw(SYS_arch_prctl, 0x1002, (long)fs_base);
	counts[sig]++;
	if (++total > limit || counts[SIGALRM] > ALARMS_MAX)
		_exit(2); /* the code ruined the program, which goes round in its own handler */
	siglongjmp(env, 1);
}

/* What a register begins with: small, anything, in the page, no address, the kernel's. */
static unsigned long value(void)
{
	unsigned long r = random64();

	switch (r & 7) {
	case 0:
		return r >> 56;
	case 1:
		return (unsigned long)stack_page + (r >> 52);
	case 2:
		return 0x0000800000000000ul + (r >> 40);
	case 3:
		return 0xffffffff80000000ul + (r >> 40);
	default:
		return r;
	}
}

static void make_code(void)
{
	for (int i = 0; i < CODE_BYTES; i += 8) {
		unsigned long r = random64();

		memcpy(page + i, &r, 8);
	}
	/* Often one of the rarer maps: 0f, 0f 01, f3 0f ae ..., far jumps, INT. */
	switch (random64() & 15) {
	case 0 ... 4:
		page[0] = 0x0f;
		break;
	case 5:
		memcpy(page, "\x0f\x01", 2);
		break;
	case 6:
		memcpy(page, "\xf3\x0f\xae", 3);
		break;
	case 7:
		page[0] = 0xcd;
		break;
	case 8:
		page[0] = 0xff;
		break;
	case 9:
		page[0] = 0x8e; /* a segment register */
		break;
	}
	memset(page + CODE_BYTES, 0xcc, 64);
	/* No system calls: one could stop the timer. Those have a test of their own. */
	for (int i = 0; i < CODE_BYTES; i++) {
		if ((page[i] == 0x0f && (page[i + 1] == 0x05 || page[i + 1] == 0x34)) ||
		    (page[i] == 0xcd && page[i + 1] == 0x80))
			page[i + 1] = 0x0b;
	}
}

static void run_code(void)
{
	static unsigned long v[14];
	unsigned long flags = 0x202 | (random64() & 0x245cd5); /* among them TF, DF, NT, AC, ID */

	for (int i = 0; i < 14; i++)
		v[i] = value();
	__asm__ volatile("movq %0, %%rax; movq %1, %%rcx; movq %2, %%rsp\n\t"
			 "pushq %%rcx; pushq %3\n\t"
			 "movq (%%rax), %%rbx; movq 8(%%rax), %%rcx; movq 16(%%rax), %%rdx\n\t"
			 "movq 24(%%rax), %%rsi; movq 32(%%rax), %%rdi; movq 40(%%rax), %%rbp\n\t"
			 "movq 48(%%rax), %%r8; movq 56(%%rax), %%r9; movq 64(%%rax), %%r10\n\t"
			 "movq 72(%%rax), %%r11; movq 80(%%rax), %%r12; movq 88(%%rax), %%r13\n\t"
			 "movq 96(%%rax), %%r14; movq 104(%%rax), %%rax\n\t"
			 "popfq; ret"
			 :
			 : "r"(v), "r"(page), "r"(stack_page + 2048), "r"(flags)
			 : "memory", "rax", "rcx");
	__builtin_unreachable();
}

int main(int argc, char **argv)
{
	static char stack[65536];
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGALRM };
	struct itimerval timer = { { 0, ROUND_US }, { 0, ROUND_US } };
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction sa = { .sa_sigaction = on_signal,
				.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	volatile long rounds = argc > 2 ? atol(argv[2]) : 1000;

	limit = (unsigned long)rounds * 4;
	state = (argc > 1 ? strtoul(argv[1], NULL, 0) : 1) * 0x9e3779b97f4a7c15ul + 1;
	raw(SYS_arch_prctl, 0x1003, (long)&fs_base);
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		    -1, 0);
	stack_page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sigaltstack(&ss, NULL);
	for (unsigned int i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &sa, NULL);
	printf("insns: begin\n");
	fflush(stdout);
	setitimer(ITIMER_REAL, &timer, NULL);
	sigsetjmp(env, 1);
	while (rounds-- > 0) {
		make_code();
		run_code();
	}
	memset(&timer, 0, sizeof(timer));
	setitimer(ITIMER_REAL, &timer, NULL);
	printf("insns: SEGV %lu BUS %lu ILL %lu FPE %lu TRAP %lu ALRM %lu\n", counts[SIGSEGV],
	       counts[SIGBUS], counts[SIGILL], counts[SIGFPE], counts[SIGTRAP], counts[SIGALRM]);
	return 0;
}
