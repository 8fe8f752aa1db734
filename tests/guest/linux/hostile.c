// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a program may do to the registers before it enters the kernel, and places it may send itself
 * to: each case prints the signal it gets (number, code, address) or what came back. The same on
 * Linux; the cases behind "own" on the command line are those where a kernel without 32-bit programs
 * and without the vsyscall page differs. Built static, run by test_ring3.py on both.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define NON_CANONICAL 0x0000800000000000ul
#define KERNEL_TEXT 0xffffffff80101000ul
#define LAST_PAGE 0x00007fffffffe000ul
#define FLAG_TF 0x100ul
#define FLAG_DF 0x400ul
#define FLAG_NT 0x4000ul
#define FLAG_AC 0x40000ul
#define FLAG_RF 0x10000ul

static sigjmp_buf env;
static volatile int got_sig, got_code;
static void *volatile got_addr;
static unsigned long fs_base;
static volatile int steps;
static volatile unsigned long step_rip[64];
static void (*volatile edit)(ucontext_t *);

static long raw(long nr, long a, long b, long c)
{
	long ret;

	__asm__ volatile("syscall" : "=a"(ret) : "a"(nr), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return ret;
}

static void on_fault(int sig, siginfo_t *info, void *context)
{
	raw(SYS_arch_prctl, 0x1002, (long)fs_base, 0); /* a case may have changed it */
	got_sig = sig;
	got_code = info->si_code;
	got_addr = info->si_addr;
	siglongjmp(env, 1);
}

static void on_step(int sig, siginfo_t *info, void *context)
{
	ucontext_t *uc = context;

	if (steps < 64)
		step_rip[steps] = (unsigned long)uc->uc_mcontext.gregs[REG_RIP];
	steps++;
}

static void on_edit(int sig, siginfo_t *info, void *context)
{
	edit(context);
}

static void handle(int sig, void (*fn)(int, siginfo_t *, void *))
{
	struct sigaction sa = { .sa_sigaction = fn,
				.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

	sigaction(sig, &sa, NULL);
}

static void report(const char *name)
{
	printf("%s: signal %d code %d", name, got_sig, got_code);
	if (got_sig == SIGSEGV || got_sig == SIGBUS)
		printf(" address %p", got_addr);
	printf("\n");
}

/* Runs the statement; says which signal it got, or "no signal". */
#define CASE(name, statement)                                                                      \
	do {                                                                                       \
		if (!sigsetjmp(env, 1)) {                                                          \
			statement;                                                                 \
			printf("%s: no signal\n", name);                                           \
		} else {                                                                           \
			report(name);                                                              \
		}                                                                                  \
	} while (0)

#define ASM_CASE(text) CASE(text, __asm__ volatile(text ::: "rax", "rbx", "rcx", "rdx", "memory"))

static void privileged(void)
{
	ASM_CASE("hlt");
	ASM_CASE("cli");
	ASM_CASE("sti");
	ASM_CASE("mov %%cr3, %%rax");
}

static unsigned long flags_across_syscall(unsigned long set)
{
	unsigned long after, pid;

	__asm__ volatile("pushfq; orq %2, (%%rsp); popfq\n\t"
			 "movl $39, %%eax; syscall\n\t"
			 "pushfq; popq %0\n\t"
			 "pushfq; andq %3, (%%rsp); popfq"
			 : "=&r"(after), "=&a"(pid)
			 : "r"(set), "r"(~set)
			 : "rcx", "r11", "memory", "cc");
	return (pid == (unsigned long)getpid()) ? after & set : ~0ul;
}

static void flags(void)
{
	printf("DF across a call: %#lx\n", flags_across_syscall(FLAG_DF));
	printf("NT across a call: %#lx\n", flags_across_syscall(FLAG_NT));
	printf("AC across a call: %#lx\n", flags_across_syscall(FLAG_AC));
	CASE("NT and a fault", __asm__ volatile("pushfq; orq $0x4000, (%%rsp); popfq; ud2" ::: "cc"));
	__asm__ volatile("pushfq; andq $~0x4000, (%%rsp); popfq" ::: "cc");
	CASE("DF and a fault", __asm__ volatile("std; ud2"));
	__asm__ volatile("cld");
}

/* Every register but rax, rcx and r11 comes back as it was. */
static void registers_kept(void)
{
	unsigned long bad;

	__asm__ volatile(
		"pushq %%rbp\n\t"
		"movq $0x11, %%rbx; movq $0x12, %%rbp; movq $0x13, %%r12; movq $0x14, %%r13\n\t"
		"movq $0x15, %%r14; movq $0x16, %%r15; movq $0x17, %%rdi; movq $0x18, %%rsi\n\t"
		"movq $0x19, %%rdx; movq $0x1a, %%r10; movq $0x1b, %%r8; movq $0x1c, %%r9\n\t"
		"movl $39, %%eax; syscall\n"
		"9:\n\t"
		"xorl %%eax, %%eax\n\t"
		"cmpq $0x11, %%rbx; jne 1f; cmpq $0x12, %%rbp; jne 1f; cmpq $0x13, %%r12; jne 1f\n\t"
		"cmpq $0x14, %%r13; jne 1f; cmpq $0x15, %%r14; jne 1f; cmpq $0x16, %%r15; jne 1f\n\t"
		"cmpq $0x17, %%rdi; jne 1f; cmpq $0x18, %%rsi; jne 1f; cmpq $0x19, %%rdx; jne 1f\n\t"
		"cmpq $0x1a, %%r10; jne 1f; cmpq $0x1b, %%r8; jne 1f; cmpq $0x1c, %%r9; jne 1f\n\t"
		"leaq 9b(%%rip), %%rbx; cmpq %%rbx, %%rcx; jne 1f\n\t"
		"jmp 2f\n"
		"1:	movl $1, %%eax\n"
		"2:	popq %%rbp"
		: "=&a"(bad)
		:
		: "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14",
		  "r15", "memory", "cc");
	printf("registers across a call: %s\n", bad ? "changed" : "kept");
}

/* A call with no stack at all. */
static void no_stack(void)
{
	long pid;

	__asm__ volatile("movq %%rsp, %%rbx; xorl %%esp, %%esp\n\t"
			 "movl $39, %%eax; syscall\n\t"
			 "movq $0x8000000000000000, %%rsp; movl $39, %%eax; syscall\n\t"
			 "movq %%rbx, %%rsp"
			 : "=a"(pid)
			 :
			 : "rbx", "rcx", "r11", "memory");
	printf("a call without a stack: %s\n", pid == getpid() ? "right" : "wrong");
}

static void numbers(void)
{
	printf("call -1: %ld\n", raw(-1, 0, 0, 0));
	printf("call 511: %ld\n", raw(511, 0, 0, 0));
	printf("call 512: %ld\n", raw(512, 0, 0, 0));
	printf("call 100000: %ld\n", raw(100000, 0, 0, 0));
	printf("x32 getpid: %ld\n", raw(0x40000000 + 39, 0, 0, 0));
	printf("getpid with high bits: %d\n", raw(0x700000000 + 39, 0, 0, 0) == getpid());
	printf("high bits alone: %ld\n", raw(1l << 63, -1, 0, 0));
}

static void single_step(void)
{
	unsigned long first;

	handle(SIGTRAP, on_step);
	__asm__ volatile("leaq 1f(%%rip), %0\n\t"
			 "pushfq; orq $0x100, (%%rsp); popfq\n"
			 "1:	nop\n\t"
			 "movl $39, %%eax\n\t"
			 "syscall\n\t"
			 "nop\n\t"
			 "nop\n\t"
			 "pushfq; andq $~0x100, (%%rsp); popfq\n\t"
			 "nop"
			 : "=&r"(first)
			 :
			 : "rax", "rcx", "r11", "memory", "cc");
	printf("single steps:");
	for (int i = 0; i < steps && i < 64; i++)
		printf(" %lu", step_rip[i] - first);
	printf("\n");
	handle(SIGTRAP, on_fault);
}

static void to_noncanonical(ucontext_t *uc)
{
	uc->uc_mcontext.gregs[REG_RIP] = (long long)NON_CANONICAL;
}
static void to_kernel(ucontext_t *uc)
{
	uc->uc_mcontext.gregs[REG_RIP] = (long long)KERNEL_TEXT;
}
static void bad_rsp(ucontext_t *uc)
{
	uc->uc_mcontext.gregs[REG_RSP] = (long long)NON_CANONICAL;
}
static void kernel_cs(ucontext_t *uc)
{
	uc->uc_mcontext.gregs[REG_CSGSFS] &= ~0xffffll;
	uc->uc_mcontext.gregs[REG_CSGSFS] |= 0x13;
}
static void null_cs(ucontext_t *uc)
{
	uc->uc_mcontext.gregs[REG_CSGSFS] &= ~0xffffll;
}
static void resume_flag(ucontext_t *uc)
{
	uc->uc_mcontext.gregs[REG_EFL] |= (long long)FLAG_RF;
}
static void all_flags(ucontext_t *uc)
{
	uc->uc_mcontext.gregs[REG_EFL] |= 0xffffffffll & ~(long long)(FLAG_TF | FLAG_AC);
}

static void return_with(const char *name, void (*fn)(ucontext_t *))
{
	edit = fn;
	CASE(name, raise(SIGUSR1));
	__asm__ volatile("cld; pushfq; andq $~0x4000, (%%rsp); popfq" ::: "cc");
}

static void returns(void)
{
	handle(SIGUSR1, on_edit);
	return_with("return to no address", to_noncanonical);
	return_with("return into the kernel", to_kernel);
	edit = bad_rsp; /* an emulator may say general protection instead of stack fault */
	if (!sigsetjmp(env, 1))
		raise(SIGUSR1);
	printf("return without a stack: %d\n", got_sig == SIGBUS || got_sig == SIGSEGV);
	return_with("return with the kernel's cs", kernel_cs);
	return_with("return with cs 0", null_cs);
	return_with("return with RF", resume_flag);
	return_with("return with all flags", all_flags);
	ASM_CASE("hlt"); /* still not privileged */
}

static void places(void)
{
	static const char read_only[] = "x";
	static char data[16] = { (char)0xc3 };
	char *last = mmap((void *)LAST_PAGE, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	CASE("jump to no address", ((void (*)(void))NON_CANONICAL)());
	CASE("jump into the kernel", ((void (*)(void))KERNEL_TEXT)());
	CASE("jump to 0", ((void (*)(void))0)());
	CASE("jump into data", ((void (*)(void))data)());
	CASE("read at no address", (void)*(volatile char *)NON_CANONICAL);
	CASE("read of the kernel", (void)*(volatile char *)KERNEL_TEXT);
	CASE("write to the kernel", *(volatile char *)KERNEL_TEXT = 0);
	CASE("write to 8", *(volatile char *)8 = 0);
	CASE("write to read-only data", *(volatile char *)(uintptr_t)read_only = 0);
	if (last != (char *)LAST_PAGE) {
		printf("no last page\n");
		return;
	}
	memcpy(last + 4094, "\x0f\x05", 2);
	CASE("a call at the end of memory", {
		__asm__ volatile("jmp *%0" : : "r"(last + 4094), "a"(39) : "rcx", "r11", "memory");
	});
}

static void faults(void)
{
	ASM_CASE("ud2");
	ASM_CASE("int3");
	ASM_CASE("int $3");
	ASM_CASE("int $4");
	ASM_CASE("int $14");
	ASM_CASE("int $32");
	ASM_CASE("int $255");
	ASM_CASE("xorl %%ecx, %%ecx; xorl %%edx, %%edx; divl %%ecx");
	ASM_CASE("movw $0x08, %%ax; movw %%ax, %%ds");
	ASM_CASE("movw $0x43, %%ax; movw %%ax, %%es");
	ASM_CASE("movl $0x12345678, %%ecx; rdmsr");
	ASM_CASE("xorl %%ecx, %%ecx; wrmsr");
	ASM_CASE("inb $0x60, %%al");
	ASM_CASE("outb %%al, $0xf4");
	ASM_CASE("swapgs");
	ASM_CASE("sysretq");
	ASM_CASE("invlpg (%%rsp)");
	ASM_CASE("ltr %%ax");
	ASM_CASE("clts");
	ASM_CASE("pushfq; orq $0x3200, (%%rsp); popfq; cli");
}

static void floating_point(void)
{
	static const unsigned short unmasked = 0x37b; /* all but division by zero masked */

	CASE("x87 division by zero",
	     __asm__ volatile("fninit; fldcw %0; fld1; fldz; fdivrp; fwait" : : "m"(unmasked)));
	__asm__ volatile("fninit");
}

static void segment_bases(void)
{
	unsigned long gs = 0;

	printf("arch_prctl(SET_GS, no address): %ld\n", raw(SYS_arch_prctl, 0x1001, (long)NON_CANONICAL, 0));
	printf("arch_prctl(SET_FS, kernel): %ld\n", raw(SYS_arch_prctl, 0x1002, (long)KERNEL_TEXT, 0));
	printf("arch_prctl(GET_FS, bad pointer): %ld\n", raw(SYS_arch_prctl, 0x1003, 8, 0));
	printf("arch_prctl(77): %ld\n", raw(SYS_arch_prctl, 77, 0, 0));
	raw(SYS_arch_prctl, 0x1001, 0x12345000, 0);
	raw(SYS_arch_prctl, 0x1004, (long)&gs, 0);
	printf("gs base: %#lx\n", gs);
	CASE("a load by gs", __asm__ volatile("movb %%gs:5, %%al" ::: "rax"));
	CASE("fs null", __asm__ volatile("xorl %%eax, %%eax; movw %%ax, %%fs; movq %%fs:8, %%rax" ::: "rax"));
	raw(SYS_arch_prctl, 0x1002, (long)fs_base, 0);
}

/*
 * 32-bit code by a far jump: its SYSCALL (of AMD's processors, and QEMU's) and its INT 0x80. The
 * way back is a far jump, too.
 */
static void code32(const char *name, const char *insn)
{
	unsigned char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE | PROT_EXEC,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	unsigned int at = (unsigned int)(uintptr_t)page, back = at + 64;
	struct __attribute__((packed)) {
		unsigned int offset;
		unsigned short cs;
	} to = { at, 0x23 };
	long result = 0;

	memcpy(page, "\xb8\x14\0\0\0", 5); /* mov $20, %eax */
	memcpy(page + 5, insn, 2);
	page[7] = 0xea;
	memcpy(page + 8, &back, 4);
	memcpy(page + 12, "\x33\0", 2);
	memcpy(page + 64, "\xff\xe3", 2); /* jmp *%rbx */
	CASE(name, {
		__asm__ volatile("movq %%rsp, %%r12\n\t"
				 "leaq 1f(%%rip), %%rbx\n\t"
				 "ljmpl *%1\n"
				 "1:	movq %%r12, %%rsp"
				 : "=&a"(result)
				 : "m"(to)
				 : "rbx", "rcx", "r11", "r12", "memory");
		printf("%s: result %d\n", name, (int)result);
	});
}

/* A kernel without 32-bit programs and without the vsyscall page. */
static void own(void)
{
	ASM_CASE("movl $20, %%eax; int $0x80");
	CASE("vsyscall", ((long (*)(long *))0xffffffffff600400ul)(NULL));
	CASE("read of vsyscall", (void)*(volatile char *)0xffffffffff600000ul);
	ASM_CASE("sysenter");
	code32("32-bit int 0x80", "\xcd\x80");
	code32("32-bit syscall", "\x0f\x05");
}

int main(int argc, char **argv)
{
	static char stack[65536];
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof(stack) };

	raw(SYS_arch_prctl, 0x1003, (long)&fs_base, 0);
	sigaltstack(&ss, NULL);
	handle(SIGSEGV, on_fault);
	handle(SIGBUS, on_fault);
	handle(SIGILL, on_fault);
	handle(SIGFPE, on_fault);
	handle(SIGTRAP, on_fault);
	registers_kept();
	no_stack();
	numbers();
	flags();
	single_step();
	returns();
	places();
	privileged();
	faults();
	floating_point();
	segment_bases();
	if (argc > 1 && !strcmp(argv[1], "own"))
		own();
	printf("hostile: done\n");
	return 0;
}
