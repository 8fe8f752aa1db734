// SPDX-License-Identifier: BSD-2-Clause
/*
 * Frames of handlers: what is kept over one, what a handler may change, and frames that
 * rt_sigreturn must not believe. Runs on Linux and on Barewire; the outputs must be equal.
 */
#include <tests/guest/linux/signal_test.h>

#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>

static sigjmp_buf back;
static void (*change)(ucontext_t *uc);
static char alt[65536];

static void on_segv(int sig, siginfo_t *i, void *context)
{
	printf("  SIGSEGV code %d\n", i->si_code);
	(void)sig;
	(void)context;
	siglongjmp(back, 1);
}

static void on_usr1(int sig, siginfo_t *i, void *context)
{
	(void)sig;
	(void)i;
	change(context);
}

static void install(int sig, void (*fn)(int, siginfo_t *, void *), int flags)
{
	struct sigaction sa = { .sa_sigaction = fn, .sa_flags = SA_SIGINFO | flags };

	sigaction(sig, &sa, NULL);
}

static void attempt(const char *name, void (*fn)(ucontext_t *uc))
{
	printf("%s\n", name);
	change = fn;
	if (!sigsetjmp(back, 1)) {
		raise(SIGUSR1);
		printf("  went on\n");
	}
}

#define G(r) uc->uc_mcontext.gregs[r]

static void nothing(ucontext_t *uc)
{
	(void)uc;
}

static void rip_not_canonical(ucontext_t *uc)
{
	G(REG_RIP) = 0x1234567890abcdef;
}

static void rip_edge(ucontext_t *uc)
{
	G(REG_RIP) = 0x800000000000;
}

static void rip_kernel(ucontext_t *uc)
{
	G(REG_RIP) = (long long)0xffffffff80100000;
}

static void rip_null(ucontext_t *uc)
{
	G(REG_RIP) = 0;
}

static void rsp_not_canonical(ucontext_t *uc)
{
	G(REG_RSP) = 0x4000000000000000;
}

static void rsp_kernel(ucontext_t *uc)
{
	G(REG_RSP) = (long long)0xffffffff80100000;
}

static void cs_null(ucontext_t *uc)
{
	G(REG_CSGSFS) &= ~0xffffLL;
}

static void cs_kernel(ucontext_t *uc)
{
	G(REG_CSGSFS) = (G(REG_CSGSFS) & ~0xffffLL) | 0x10;
}

static void cs_odd(ucontext_t *uc)
{
	G(REG_CSGSFS) = (G(REG_CSGSFS) & ~0xffffLL) | 0xfff8;
}

static void ss_odd(ucontext_t *uc)
{
	G(REG_CSGSFS) = (G(REG_CSGSFS) & ~(0xffffLL << 48)) | 0xfff8LL << 48;
}

static void flags_all(ucontext_t *uc)
{
	/* Everything but the trap flag and alignment checks. */
	G(REG_EFL) = (long long)~0x40100ull;
}

static void flags_none(ucontext_t *uc)
{
	G(REG_EFL) = 0;
}

static void trap_flag(ucontext_t *uc)
{
	G(REG_EFL) |= 0x100;
}

static void fp_null(ucontext_t *uc)
{
	uc->uc_mcontext.fpregs = NULL;
}

static void fp_unmapped(ucontext_t *uc)
{
	uc->uc_mcontext.fpregs = (void *)0x40;
}

static void fp_kernel(ucontext_t *uc)
{
	uc->uc_mcontext.fpregs = (void *)0xffff888000000000;
}

static void fp_unaligned(ucontext_t *uc)
{
	uc->uc_mcontext.fpregs = (void *)((char *)uc->uc_mcontext.fpregs + 8);
}

static void fp_mxcsr(ucontext_t *uc)
{
	uc->uc_mcontext.fpregs->mxcsr = 0xffffffff;
}

static void fp_header(ucontext_t *uc)
{
	memset((char *)uc->uc_mcontext.fpregs + 512, 0xff, 64);
}

static void fp_magic(ucontext_t *uc)
{
	memset((char *)uc->uc_mcontext.fpregs + 464, 0xff, 48);
}

static void mask_all(ucontext_t *uc)
{
	memset(&uc->uc_sigmask, 0xff, 8);
}

static void stack_garbage(ucontext_t *uc)
{
	memset(&uc->uc_stack, 0xff, sizeof(uc->uc_stack));
}

static void wipe(ucontext_t *uc)
{
	memset(uc, 0xff, 296);
	G(REG_EFL) = 0x202; /* the handler would run with alignment checks */
}

static void direct_return(void)
{
	static const long stacks[] = { 0, 8, 0x1000, 0x7ffffffff000, 0x800000000000,
				       (long)0xffffffff80000000 };

	for (unsigned int i = 0; i < sizeof(stacks) / sizeof(*stacks); i++) {
		printf("sigreturn on a stack at %lx\n", stacks[i]);
		if (!sigsetjmp(back, 1))
			__asm__ volatile("mov %0, %%rsp\n\tmov $15, %%eax\n\tsyscall\n\tud2"
					 :
					 : "r"(stacks[i])
					 : "memory");
	}
}

/* --- what is kept ---------------------------------------------------------------------------- */

static void clobber(ucontext_t *uc)
{
	(void)uc;
	__asm__ volatile("pxor %%xmm0, %%xmm0\n\tpxor %%xmm7, %%xmm7\n\tpxor %%xmm15, %%xmm15\n\t"
			 "fninit\n\tfldpi"
			 :
			 :
			 : "xmm0", "xmm7", "xmm15", "memory");
}

static void kept(void)
{
	uint64_t in[2] = { 0x1122334455667788, 0x99aabbccddeeff00 }, out[6];
	unsigned short cw = 0x0f7f, cw_out = 0;
	uint64_t red = 0;
	long pid = getpid(), tid = gettid();

	change = clobber;
	/* A call of tgkill without a function around it, so that the red zone is in use. */
	__asm__ volatile("fldcw %[cw]\n\t"
			 "movdqu (%[in]), %%xmm0\n\t"
			 "movdqu (%[in]), %%xmm7\n\t"
			 "movdqu (%[in]), %%xmm15\n\t"
			 "movq %[mark], -128(%%rsp)\n\t"
			 "movl $234, %%eax\n\tsyscall\n\t"
			 "movq -128(%%rsp), %[red]\n\t"
			 "movdqu %%xmm0, (%[out])\n\t"
			 "movdqu %%xmm7, 16(%[out])\n\t"
			 "movdqu %%xmm15, 32(%[out])\n\t"
			 "fnstcw %[cwo]\n\tfninit"
			 : [red] "=&r"(red), [cwo] "=m"(cw_out)
			 : [cw] "m"(cw), [in] "r"(in), [out] "r"(out), [mark] "r"(0x5ea1ed0ff1ceUL),
			   "D"(pid), "S"(tid), "d"((long)SIGUSR1)
			 : "rax", "rcx", "r11", "xmm0", "xmm7", "xmm15", "memory");
	printf("xmm0 %d xmm7 %d xmm15 %d control word %x red zone %d\n", !memcmp(out, in, 16),
	       !memcmp(out + 2, in, 16), !memcmp(out + 4, in, 16), cw_out,
	       red == 0x5ea1ed0ff1ce);
}

static void set_results(ucontext_t *uc)
{
	G(REG_RAX) = 4711;
	uc->uc_mcontext.fpregs->_xmm[3].element[0] = 0xdecade;
}

static void changed(void)
{
	long rax = 234;
	unsigned int x = 0;

	change = set_results;
	__asm__ volatile("pxor %%xmm3, %%xmm3\n\tsyscall\n\tmovd %%xmm3, %1"
			 : "+a"(rax), "=r"(x)
			 : "D"((long)getpid()), "S"((long)gettid()), "d"((long)SIGUSR1)
			 : "rcx", "r11", "xmm3", "memory");
	printf("rax %ld xmm3 %x\n", rax, x);
}

static void show_frame(ucontext_t *uc)
{
	uint32_t *sw = (uint32_t *)((char *)uc->uc_mcontext.fpregs + 464);

	printf("flags %lx link %p stack flags %d aligned %d magic %d magic2 %d size %d\n",
	       uc->uc_flags, (void *)uc->uc_link, uc->uc_stack.ss_flags,
	       (int)((uintptr_t)uc->uc_mcontext.fpregs % 64), sw[0] == 0x46505853,
	       *(uint32_t *)((char *)uc->uc_mcontext.fpregs + sw[4]) == 0x46505845,
	       sw[1] == sw[4] + 4);
	printf("mask %lx old %lx\n", *(unsigned long *)&uc->uc_sigmask, (long)G(REG_OLDMASK));
}

static void on_trap(int sig, siginfo_t *i, void *context)
{
	ucontext_t *uc = context;

	printf("  trap %d code %d\n", sig, i->si_code);
	G(REG_EFL) &= ~0x100LL;
}

int main(void)
{
	stack_t ss = { .ss_sp = alt, .ss_size = sizeof(alt) };

	setvbuf(stdout, NULL, _IONBF, 0);
	sigaltstack(&ss, NULL);
	install(SIGSEGV, on_segv, SA_ONSTACK);
	install(SIGBUS, on_segv, SA_ONSTACK);
	install(SIGTRAP, on_trap, 0);
	install(SIGUSR1, on_usr1, 0);
	attempt("the frame", show_frame);
	kept();
	changed();
	attempt("nothing", nothing);
	attempt("rip not canonical", rip_not_canonical);
	attempt("rip behind the last page", rip_edge);
	attempt("rip in the kernel", rip_kernel);
	attempt("rip null", rip_null);
	attempt("rsp not canonical", rsp_not_canonical);
	attempt("rsp in the kernel", rsp_kernel);
	attempt("cs null", cs_null);
	attempt("cs of the kernel", cs_kernel);
	attempt("cs that is none", cs_odd);
	attempt("ss that is none", ss_odd);
	attempt("all flags", flags_all);
	__asm__ volatile("cld");
	attempt("no flags", flags_none);
	attempt("trap flag", trap_flag);
	attempt("no fpu state", fp_null);
	attempt("fpu state not mapped", fp_unmapped);
	attempt("fpu state in the kernel", fp_kernel);
	attempt("fpu state not aligned", fp_unaligned);
	attempt("mxcsr garbage", fp_mxcsr);
	attempt("xsave header garbage", fp_header);
	attempt("marks garbage", fp_magic);
	attempt("stack garbage", stack_garbage);
	attempt("all garbage", wipe);
	direct_return();
	/* The handler itself is no address. */
	install(SIGUSR2, (void (*)(int, siginfo_t *, void *))0x1234567890abcdef, 0);
	printf("handler not canonical\n");
	if (!sigsetjmp(back, 1))
		raise(SIGUSR2);
	attempt("mask with everything", mask_all);
	sigset_t now;
	sigprocmask(SIG_BLOCK, NULL, &now);
	printf("mask %lx\n", *(unsigned long *)&now);
	printf("done\n");
	return 0;
}
