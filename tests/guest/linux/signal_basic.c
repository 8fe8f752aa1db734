// SPDX-License-Identifier: BSD-2-Clause
/*
 * Signals of one thread: actions, masks, queues, siginfo, faults, alternate stacks. Runs on Linux
 * and on Barewire; the outputs must be equal.
 */
#include <tests/guest/linux/signal_test.h>

#include <setjmp.h>
#include <sys/mman.h>
#include <ucontext.h>

static volatile int depth, order[64], n_order;
static sigjmp_buf back;

static void set(int sig, void (*fn)(int, siginfo_t *, void *), int flags, int block)
{
	struct sigaction sa = { .sa_sigaction = fn, .sa_flags = flags | SA_SIGINFO };

	sigemptyset(&sa.sa_mask);
	if (block)
		sigaddset(&sa.sa_mask, block);
	if (sigaction(sig, &sa, NULL))
		perror("sigaction");
}

static void show_info(int sig, siginfo_t *i, void *uc)
{
	printf("  signal %d code %d errno %d pid %s uid %s value %d\n", sig, i->si_code, i->si_errno,
	       i->si_pid == getpid() ? "ours" : i->si_pid ? "other" : "0",
	       i->si_uid == getuid() ? "ours" : "other", i->si_code < 0 ? i->si_int : 0);
	(void)uc;
}

static void note(int sig, siginfo_t *i, void *uc)
{
	(void)i;
	(void)uc;
	order[n_order++] = sig;
	depth++;
	if (sig == SIGUSR1 && depth < 3)
		raise(SIGUSR2);
	order[n_order++] = -sig;
	depth--;
}

static void show_order(const char *what)
{
	printf("%s:", what);
	for (int i = 0; i < n_order; i++)
		printf(" %d", order[i]);
	printf("\n");
	n_order = 0;
}

static void fault(int sig, siginfo_t *i, void *context)
{
	ucontext_t *uc = context;

	printf("  fault %d code %d addr %p at the instruction %d trap %lld err %lld\n", sig,
	       i->si_code, sig == SIGFPE || sig == SIGILL ? NULL : i->si_addr,
	       i->si_addr == (void *)uc->uc_mcontext.gregs[REG_RIP],
	       uc->uc_mcontext.gregs[REG_TRAPNO],
	       /* whether an instruction fetch found a page differs by processor */
	       uc->uc_mcontext.gregs[REG_ERR] & 16 ? 16 : uc->uc_mcontext.gregs[REG_ERR]);
	siglongjmp(back, 1);
}

static void actions(void)
{
	struct sigaction sa, old;

	memset(&sa, 0, sizeof(sa));
	sa.sa_handler = SIG_IGN;
	SHOW(sigaction(0, &sa, NULL));
	SHOW(sigaction(65, &sa, NULL));
	SHOW(sigaction(SIGKILL, &sa, NULL));
	SHOW(sigaction(SIGSTOP, NULL, &old));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 4));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, (void *)8, NULL, 8));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, (void *)8, 8));
	SHOW(syscall(SYS_rt_sigprocmask, 77, NULL, NULL, 8));
	sigset_t s;
	sigemptyset(&s);
	SHOW(syscall(SYS_rt_sigprocmask, 77, &s, NULL, 8));
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &s, NULL, 16));
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, (void *)8, NULL, 8));
	sigfillset(&s);
	SHOW(sigprocmask(SIG_SETMASK, &s, NULL));
	uint64_t raw = 0;
	SHOW(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &raw, 8));
	printf("mask %016lx\n", (unsigned long)raw);
	sigemptyset(&s);
	sigprocmask(SIG_SETMASK, &s, NULL);
	SHOW(kill(getpid(), 65));
	SHOW(kill(getpid(), -1));
	SHOW(kill(999999, SIGTERM));
	SHOW(kill(999999, 77));
	SHOW(kill(getpid(), 0));
	SHOW(kill(-2147483647 - 1, 0));
	SHOW(syscall(SYS_tgkill, getpid(), 0, SIGUSR1));
	SHOW(syscall(SYS_tgkill, 1 + getpid(), gettid(), 0));
	SHOW(syscall(SYS_tkill, gettid(), 0));
	SHOW(syscall(SYS_tkill, -5, 0));
	SHOW(syscall(SYS_tkill, gettid(), 99));
	siginfo_t info;
	memset(&info, 0, sizeof(info));
	info.si_code = SI_USER;
	SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), 0, &info));
	info.si_code = SI_QUEUE;
	SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), 70, &info));
	SHOW(syscall(SYS_rt_sigqueueinfo, 999999, 0, &info));
	SHOW(syscall(SYS_rt_sigqueueinfo, getpid(), 0, (void *)8));
	info.si_code = SI_TKILL;
	SHOW(syscall(SYS_rt_tgsigqueueinfo, getpid(), 12345, 0, &info));
	/* Unknown flags vanish, known ones stay. */
	unsigned long ksa[4] = { (unsigned long)SIG_IGN, 0x123UL | SA_RESTART, 0, ~0UL }, kold[4];
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, ksa, NULL, 8));
	SHOW(syscall(SYS_rt_sigaction, SIGUSR1, NULL, kold, 8));
	printf("kept flags %lx mask %lx\n", kold[1], kold[3]);
	signal(SIGUSR1, SIG_DFL);
}

static void queues(void)
{
	sigset_t all, none, pend;
	union sigval v;

	sigfillset(&all);
	sigemptyset(&none);
	set(SIGUSR1, show_info, 0, 0);
	set(SIGUSR2, show_info, 0, 0);
	set(SIGRTMIN + 1, show_info, 0, 0);
	set(SIGRTMIN + 2, show_info, 0, 0);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (int i = 0; i < 3; i++) {
		v.sival_int = i;
		sigqueue(getpid(), SIGRTMIN + 2, v);
		sigqueue(getpid(), SIGRTMIN + 1, v);
		sigqueue(getpid(), SIGUSR2, v);
		kill(getpid(), SIGUSR1);
	}
	sigpending(&pend);
	for (int s = 1; s < 65; s++)
		if (sigismember(&pend, s) == 1)
			printf("pending %d\n", s);
	sigprocmask(SIG_SETMASK, &none, NULL);
	printf("to the thread and to the program\n");
	sigprocmask(SIG_SETMASK, &all, NULL);
	kill(getpid(), SIGUSR1);
	syscall(SYS_tkill, gettid(), SIGUSR1);
	syscall(SYS_tkill, gettid(), SIGUSR2);
	sigprocmask(SIG_SETMASK, &none, NULL);
	printf("ignored while blocked\n");
	sigprocmask(SIG_SETMASK, &all, NULL);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGCHLD);
	signal(SIGUSR1, SIG_IGN);
	sigpending(&pend);
	printf("USR1 %d CHLD %d\n", sigismember(&pend, SIGUSR1), sigismember(&pend, SIGCHLD));
	signal(SIGCHLD, SIG_DFL);
	sigpending(&pend);
	printf("CHLD %d\n", sigismember(&pend, SIGCHLD));
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void nesting(void)
{
	set(SIGUSR1, note, 0, 0);
	set(SIGUSR2, note, 0, 0);
	raise(SIGUSR1);
	show_order("nested");
	set(SIGUSR1, note, 0, SIGUSR2);
	raise(SIGUSR1);
	show_order("masked");
	set(SIGUSR1, note, SA_RESETHAND, 0);
	raise(SIGUSR1);
	struct sigaction old;
	sigaction(SIGUSR1, NULL, &old);
	printf("reset: %d\n", old.sa_handler == SIG_DFL);
	n_order = 0;
	sigset_t both, none;
	sigemptyset(&none);
	sigemptyset(&both);
	sigaddset(&both, SIGUSR1);
	sigaddset(&both, SIGUSR2);
	set(SIGUSR1, note, 0, 0);
	sigprocmask(SIG_BLOCK, &both, NULL);
	kill(getpid(), SIGUSR2);
	kill(getpid(), SIGUSR1);
	depth = 5;
	sigprocmask(SIG_SETMASK, &none, NULL);
	depth = 0;
	show_order("two at once");
}

static void nodefer(int sig, siginfo_t *i, void *uc)
{
	(void)i;
	(void)uc;
	order[n_order++] = sig;
	if (n_order < 4)
		raise(sig);
	order[n_order++] = -sig;
}

static void faults(void)
{
	volatile char *p = (char *)16;
	volatile int zero = 0;
	static const int sigs[] = { SIGSEGV, SIGFPE, SIGILL, SIGTRAP, SIGBUS };

	for (unsigned int i = 0; i < sizeof(sigs) / sizeof(*sigs); i++)
		set(sigs[i], fault, 0, 0);
	printf("null write\n");
	if (!sigsetjmp(back, 1))
		*p = 1;
	printf("read only\n");
	char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!sigsetjmp(back, 1)) {
		volatile char *q = mmap((void *)0x700000000000, 4096, PROT_READ,
					MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		q[5] = 1;
	}
	printf("not executable\n");
	if (!sigsetjmp(back, 1)) {
		void *q = mmap((void *)0x700000001000, 4096, PROT_READ,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		((void (*)(void))q)();
	}
	munmap(page, 4096);
	printf("not canonical\n");
	if (!sigsetjmp(back, 1))
		*(volatile char *)0x8000000000000000 = 1;
	printf("kernel address\n");
	if (!sigsetjmp(back, 1))
		*(volatile char *)0xffffffff80000000 = 1;
	printf("divide\n");
	if (!sigsetjmp(back, 1))
		__asm__ volatile("xorl %%edx, %%edx\n\tmovl $1, %%eax\n\tdivl %0"
				 :
				 : "r"(zero)
				 : "eax", "edx");
	printf("ud2\n");
	if (!sigsetjmp(back, 1))
		__asm__ volatile("ud2");
	printf("int3\n");
	if (!sigsetjmp(back, 1))
		__asm__ volatile("int3");
	printf("hlt\n");
	if (!sigsetjmp(back, 1))
		__asm__ volatile("hlt");
}

static void overflow(int sig, siginfo_t *i, void *uc)
{
	stack_t ss;

	(void)i;
	(void)uc;
	sigaltstack(NULL, &ss);
	printf("  overflow %d caught, altstack flags %d size %zu\n", sig, ss.ss_flags, ss.ss_size);
	SHOW(sigaltstack(&ss, NULL));
	siglongjmp(back, 1);
}

static __attribute__((noinline)) int dive(volatile char *p, int n)
{
	volatile char more[4096];

	more[0] = p ? p[0] : 1;
	return n ? dive(more, n + 1) + more[0] : 0;
}

static void altstack(void)
{
	static char stack[65536];
	stack_t ss = { .ss_sp = stack, .ss_size = 100 }, old;

	SHOW(sigaltstack(&ss, NULL));
	ss.ss_size = sizeof(stack);
	ss.ss_flags = 77;
	SHOW(sigaltstack(&ss, NULL));
	ss.ss_flags = 0;
	SHOW(sigaltstack((void *)8, NULL));
	SHOW(sigaltstack(&ss, &old));
	printf("old flags %d\n", old.ss_flags);
	set(SIGSEGV, overflow, SA_ONSTACK, 0);
	if (!sigsetjmp(back, 1))
		dive(NULL, 1);
	if (!sigsetjmp(back, 1))
		dive(NULL, 1);
	sigaltstack(NULL, &old);
	printf("after: flags %d\n", old.ss_flags);
	ss.ss_flags = SS_DISABLE;
	SHOW(sigaltstack(&ss, NULL));
}

int main(void)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	actions();
	queues();
	nesting();
	set(SIGUSR1, nodefer, SA_NODEFER, 0);
	n_order = 0;
	raise(SIGUSR1);
	show_order("nodefer");
	faults();
	altstack();
	printf("done\n");
	return 0;
}
