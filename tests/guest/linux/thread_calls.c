// SPDX-License-Identifier: BSD-2-Clause
/*
 * The small calls about threads, scheduling, limits and time, with right, wrong and hostile
 * arguments; each prints its result. The guest tests compare the output with Linux's, line by line.
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <tests/guest/linux/calls.h>
#include <time.h>

static unsigned int word, word2;
static unsigned int words[4];

static void futexes(void)
{
	struct timespec none = { 0, 0 }, bad = { 0, 1000000000 }, negative = { -1, 0 };
	struct timespec ms = { 0, 1000000 };
	void *odd = (char *)words + 1;

	CALL(SYS_futex, &word, FUTEX_WAIT, 1, NULL);
	CALL(SYS_futex, &word, FUTEX_WAIT, 0, &none);
	CALL(SYS_futex, &word, FUTEX_WAIT, 0, &ms);
	CALL(SYS_futex, &word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, &ms);
	CALL(SYS_futex, &word, FUTEX_WAIT, 0, &bad);
	CALL(SYS_futex, &word, FUTEX_WAIT, 1, &negative);
	CALL(SYS_futex, &word, FUTEX_WAIT, 0, BAD);
	CALL(SYS_futex, odd, FUTEX_WAIT, 0, NULL);
	CALL(SYS_futex, BAD, FUTEX_WAIT, 0, NULL);
	CALL(SYS_futex, KERNEL, FUTEX_WAIT, 0, NULL);
	CALL(SYS_futex, NULL, FUTEX_WAKE, 1, NULL);
	CALL(SYS_futex, NULL, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL);
	CALL(SYS_futex, KERNEL, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL);
	CALL(SYS_futex, odd, FUTEX_WAKE, 1, NULL);
	CALL(SYS_futex, &word, FUTEX_WAKE, -1, NULL);
	CALL(SYS_futex, &word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0);
	CALL(SYS_futex, &word, FUTEX_WAIT_BITSET, 0, &none, NULL, 1);
	CALL(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &none, NULL, 1);
	CALL(SYS_futex, &word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0);
	CALL(SYS_futex, &word, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, NULL);
	CALL(SYS_futex, &word, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 1, NULL);
	CALL(SYS_futex, &word, FUTEX_REQUEUE, 1, 1, &word2, 0);
	CALL(SYS_futex, &word, FUTEX_REQUEUE, 1, 1, NULL, 0);
	CALL(SYS_futex, &word, FUTEX_REQUEUE, -1, 1, &word2, 0);
	CALL(SYS_futex, &word, FUTEX_REQUEUE, 1, -1L, &word2, 0);
	CALL(SYS_futex, &word, FUTEX_CMP_REQUEUE, 1, 1, &word2, 1);
	CALL(SYS_futex, &word, FUTEX_CMP_REQUEUE, 1, 1, &word2, 0);
	CALL(SYS_futex, &word, FUTEX_WAKE_OP, 1, 1, &word2, 0x10005000);
	CALL(SYS_futex, &word, FUTEX_WAKE_OP, 1, 1, &word2, 0x70000000);
	CALL(SYS_futex, &word, FUTEX_WAKE_OP, 1, 1, &word2, 0x0f000000);
	CALL(SYS_futex, &word, FUTEX_WAKE_OP, 1, 1, BAD, 0);
	show("word2", word2);
	CALL(SYS_futex, &word, FUTEX_UNLOCK_PI, 0, NULL);
	CALL(SYS_futex, &word, FUTEX_LOCK_PI, 0, NULL);
	CALL(SYS_futex, &word, FUTEX_LOCK_PI, 0, NULL);
	CALL(SYS_futex, &word, FUTEX_TRYLOCK_PI, 0, NULL);
	CALL(SYS_futex, &word, FUTEX_UNLOCK_PI, 0, NULL);
	show("word", word);
	word = NOBODY;
	CALL(SYS_futex, &word, FUTEX_LOCK_PI, 0, NULL);
	word = 0;
	CALL(SYS_futex, &word, FUTEX_FD, 0, NULL);
	CALL(SYS_futex, &word, 77, 0, NULL);
	CALL(SYS_set_robust_list, words, 23);
	CALL(SYS_get_robust_list, NOBODY, words, words);
	CALL(SYS_get_robust_list, 0, BAD, words);
}

static void waitv(void)
{
	struct futex_waitv v[2] = { { .uaddr = (unsigned long)&word, .flags = FUTEX_32 },
				    { .uaddr = (unsigned long)&word2, .flags = FUTEX_32 } };
	struct timespec none = { 0, 0 };

	word = word2 = 0;
	CALL(SYS_futex_waitv, v, 0, 0, NULL, CLOCK_MONOTONIC);
	CALL(SYS_futex_waitv, v, 129, 0, NULL, CLOCK_MONOTONIC);
	CALL(SYS_futex_waitv, v, 2, 1, NULL, CLOCK_MONOTONIC);
	CALL(SYS_futex_waitv, NULL, 2, 0, NULL, CLOCK_MONOTONIC);
	CALL(SYS_futex_waitv, BAD, 2, 0, NULL, CLOCK_MONOTONIC);
	CALL(SYS_futex_waitv, v, 2, 0, &none, CLOCK_BOOTTIME);
	CALL(SYS_futex_waitv, v, 2, 0, &none, CLOCK_MONOTONIC);
	CALL(SYS_futex_waitv, v, 2, 0, &none, CLOCK_REALTIME);
	CALL(SYS_futex_waitv, v, 2, 0, BAD, CLOCK_MONOTONIC);
	v[1].val = 1;
	CALL(SYS_futex_waitv, v, 2, 0, NULL, CLOCK_MONOTONIC);
	v[1].flags = FUTEX_32 | 0x100;
	CALL(SYS_futex_waitv, v, 2, 0, NULL, CLOCK_MONOTONIC);
	v[1].flags = 1;
	CALL(SYS_futex_waitv, v, 2, 0, NULL, CLOCK_MONOTONIC);
	v[1].flags = FUTEX_32;
	v[1].__reserved = 1;
	CALL(SYS_futex_waitv, v, 2, 0, NULL, CLOCK_MONOTONIC);
	v[1].__reserved = 0;
	v[1].uaddr = 0x10;
	CALL(SYS_futex_waitv, v, 2, 0, NULL, CLOCK_MONOTONIC);
}

static void clones(void)
{
	struct clone_args a = { .flags = CLONE_THREAD };
	char large[200] = { 0 };

	CALL(SYS_clone, CLONE_THREAD, NULL, NULL, NULL, 0);
	CALL(SYS_clone, CLONE_THREAD | CLONE_VM, NULL, NULL, NULL, 0);
	CALL(SYS_clone, CLONE_SIGHAND, NULL, NULL, NULL, 0);
	CALL(SYS_clone, CLONE_FS | CLONE_NEWNS, NULL, NULL, NULL, 0);
	CALL(SYS_clone, CLONE_FS | CLONE_NEWUSER, NULL, NULL, NULL, 0);
	CALL(SYS_clone, CLONE_THREAD | CLONE_SIGHAND | CLONE_VM | CLONE_NEWPID, NULL, NULL);
	CALL(SYS_clone3, NULL, 64);
	CALL(SYS_clone3, &a, 63);
	CALL(SYS_clone3, &a, 4097);
	CALL(SYS_clone3, &a, sizeof(a));
	a.flags = 0x10;
	CALL(SYS_clone3, &a, sizeof(a));
	a.flags = CLONE_DETACHED;
	CALL(SYS_clone3, &a, sizeof(a));
	a.flags = 1UL << 40;
	CALL(SYS_clone3, &a, sizeof(a));
	a.flags = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
	a.exit_signal = 17;
	CALL(SYS_clone3, &a, sizeof(a));
	a.exit_signal = 0;
	a.stack = 0x1000;
	CALL(SYS_clone3, &a, sizeof(a));
	a.stack = 0;
	a.stack_size = 0x1000;
	CALL(SYS_clone3, &a, sizeof(a));
	large[150] = 1;
	CALL(SYS_clone3, large, sizeof(large));
	CALL(SYS_unshare, 1);
	CALL(SYS_unshare, 0);
	CALL(SYS_wait4, -1, NULL, 0, NULL);
	CALL(SYS_wait4, -1, NULL, 0x12345, NULL);
	CALL(SYS_waitid, P_ALL, 0, NULL, 0, NULL);
	CALL(SYS_waitid, 9, 0, NULL, WEXITED, NULL);
	CALL(SYS_waitid, P_ALL, 0, NULL, WEXITED, NULL);
}

/* As <linux/sched/types.h> has it, which does not go together with <sched.h>. */
struct attr {
	unsigned int size, sched_policy;
	unsigned long sched_flags;
	int sched_nice;
	unsigned int sched_priority;
	unsigned long times[3];
	unsigned int util[2];
};
#define ATTR_SIZE_VER0 48

static void scheduling(void)
{
	struct sched_param none = { 0 }, ten = { 10 }, hundred = { 100 };

	CALL(SYS_sched_yield);
	CALL(SYS_sched_getscheduler, 0);
	CALL(SYS_sched_getscheduler, -1);
	CALL(SYS_sched_getscheduler, NOBODY);
	CALL(SYS_sched_setscheduler, 0, SCHED_OTHER, &none);
	CALL(SYS_sched_setscheduler, 0, SCHED_OTHER, &ten);
	CALL(SYS_sched_setscheduler, 0, SCHED_FIFO, &none);
	CALL(SYS_sched_setscheduler, 0, SCHED_RR, &hundred);
	CALL(SYS_sched_setscheduler, 0, 99, &none);
	CALL(SYS_sched_setscheduler, 0, -1, &none);
	CALL(SYS_sched_setscheduler, 0, SCHED_OTHER, NULL);
	CALL(SYS_sched_setscheduler, 0, SCHED_OTHER, BAD);
	CALL(SYS_sched_setscheduler, NOBODY, SCHED_OTHER, &none);
	CALL(SYS_sched_setscheduler, 0, SCHED_BATCH, &none);
	CALL(SYS_sched_getscheduler, 0);
	CALL(SYS_sched_setparam, 0, &none);
	CALL(SYS_sched_setparam, 0, &ten);
	CALL(SYS_sched_setscheduler, 0, SCHED_OTHER, &none);
	CALL(SYS_sched_getparam, 0, NULL);
	CALL(SYS_sched_getparam, -1, &none);
	CALL(SYS_sched_getparam, NOBODY, &none);
	CALL(SYS_sched_getparam, 0, BAD);
	for (int policy = -1; policy < 7; policy++) {
		show("max", sched_get_priority_max(policy));
		show("min", sched_get_priority_min(policy));
	}
}

static void attributes(void)
{
	struct attr attr = { .size = sizeof(attr) };
	unsigned long mask[16] = { 0 };

	CALL(SYS_sched_rr_get_interval, -1, mask);
	CALL(SYS_sched_rr_get_interval, NOBODY, mask);
	CALL(SYS_sched_getattr, 0, &attr, 47, 0);
	CALL(SYS_sched_getattr, 0, &attr, 4097, 0);
	CALL(SYS_sched_getattr, 0, &attr, sizeof(attr), 1);
	CALL(SYS_sched_getattr, 0, NULL, sizeof(attr), 0);
	CALL(SYS_sched_getattr, NOBODY, &attr, sizeof(attr), 0);
	CALL(SYS_sched_getattr, 0, &attr, ATTR_SIZE_VER0, 0);
	show("attr.size", attr.size);
	show("attr.policy", attr.sched_policy);
	CALL(SYS_sched_setattr, 0, &attr, 1);
	attr.size = 10;
	CALL(SYS_sched_setattr, 0, &attr, 0);
	CALL(SYS_sched_setattr, 0, NULL, 0);
	CALL(SYS_sched_setaffinity, 0, sizeof(mask), mask);
	CALL(SYS_sched_setaffinity, 0, 8, BAD);
	CALL(SYS_sched_setaffinity, NOBODY, 8, mask);
	CALL(SYS_sched_getaffinity, 0, 0, mask);
	CALL(SYS_sched_getaffinity, 0, 7, mask);
	CALL(SYS_sched_getaffinity, NOBODY, 128, mask);
	WORKS(SYS_sched_getaffinity, 0, 128, mask);
	show("affinity holds a processor", mask[0] != 0);
	WORKS(SYS_sched_setaffinity, 0, 128, mask);
}

static void priorities(void)
{
	CALL(SYS_getpriority, 3, 0);
	CALL(SYS_getpriority, PRIO_PROCESS, 0);
	CALL(SYS_getpriority, PRIO_PROCESS, NOBODY);
	CALL(SYS_setpriority, PRIO_PROCESS, 0, 5);
	CALL(SYS_getpriority, PRIO_PROCESS, 0);
	CALL(SYS_setpriority, PRIO_PROCESS, 0, 100);
	CALL(SYS_getpriority, PRIO_PROCESS, 0);
	CALL(SYS_setpriority, PRIO_PROCESS, NOBODY, 5);
	CALL(SYS_setpriority, -1, 0, 5);
	CALL(SYS_ioprio_set, 1, 0, 4 << 13);
	CALL(SYS_ioprio_set, 4, 0, 2 << 13 | 3);
	CALL(SYS_ioprio_set, 1, NOBODY, 2 << 13 | 3);
	CALL(SYS_ioprio_set, 1, 0, 2 << 13 | 3);
	CALL(SYS_ioprio_get, 1, 0);
	CALL(SYS_ioprio_get, 1, NOBODY);
	CALL(SYS_ioprio_get, 0, 0);
	CALL(SYS_getcpu, NULL, NULL, NULL);
	CALL(SYS_getcpu, BAD, NULL, NULL);
}

static void limits(void)
{
	struct rlimit l = { 10, 5 }, now;
	struct rusage r;

	CALL(SYS_setrlimit, RLIMIT_CORE, &l);
	CALL(SYS_setrlimit, 16, &l);
	CALL(SYS_setrlimit, RLIMIT_CORE, BAD);
	CALL(SYS_getrlimit, 16, &now);
	CALL(SYS_getrlimit, RLIMIT_CORE, BAD);
	CALL(SYS_getrlimit, -1, &now);
	CALL(SYS_prlimit64, NOBODY, RLIMIT_CORE, NULL, &now);
	CALL(SYS_prlimit64, NOBODY, RLIMIT_CORE, BAD, &now);
	CALL(SYS_prlimit64, 0, 99, NULL, &now);
	CALL(SYS_prlimit64, 0, RLIMIT_CORE, NULL, NULL);
	CALL(SYS_prlimit64, 0, RLIMIT_CORE, NULL, BAD);
	CALL(SYS_getrlimit, RLIMIT_STACK, &now);
	now.rlim_cur = 1 << 20;
	CALL(SYS_prlimit64, 0, RLIMIT_STACK, &now, &l);
	CALL(SYS_prlimit64, 0, RLIMIT_STACK, &l, &now);
	show("the stack was", (long)now.rlim_cur);
	CALL(SYS_getrlimit, RLIMIT_NOFILE, &now);
	l = (struct rlimit){ 10, now.rlim_max };
	CALL(SYS_setrlimit, RLIMIT_NOFILE, &l);
	for (int i = 3; i < 12; i++) {
		int fd = dup(0);

		printf("dup: %s\n", fd >= 0 ? "ok" : strerrorname_np(errno));
		if (fd < 0)
			break;
	}
	CALL(SYS_dup2, 0, 9);
	CALL(SYS_dup2, 0, 10);
	CALL(SYS_fcntl, 0, 0, 10);
	CALL(SYS_fcntl, 0, 0, 9);
	CALL(SYS_poll, NULL, 11, 0);
	CALL(SYS_poll, BAD, 10, 0);
	CALL(SYS_close_range, 3, ~0u, 0);
	CALL(SYS_setrlimit, RLIMIT_NOFILE, &now);
	l = (struct rlimit){ 10, 1UL << 40 };
	CALL(SYS_setrlimit, RLIMIT_NOFILE, &l);
	CALL(SYS_getrusage, 7, &r);
	CALL(SYS_getrusage, RUSAGE_SELF, BAD);
	CALL(SYS_getrusage, RUSAGE_CHILDREN, &r);
	CALL(SYS_getrusage, RUSAGE_THREAD, &r);
	show("maxrss is there", r.ru_maxrss > 0);
	WORKS(SYS_times, NULL);
	CALL(SYS_times, BAD);
	CALL(SYS_sysinfo, BAD);
}

static void numbers(void)
{
	char name[16] = "";
	struct utsname u;

	show("gettid is getpid", syscall(SYS_gettid) == getpid());
	CALL(SYS_getpgid, NOBODY);
	CALL(SYS_getpgid, -1);
	CALL(SYS_getsid, NOBODY);
	CALL(SYS_setpgid, 0, -1);
	CALL(SYS_setpgid, NOBODY, 0);
	show("getpgid", getpgid(0) == getpgrp());
	show("set_tid_address", syscall(SYS_set_tid_address, &word) == getpid());
	CALL(SYS_prctl, PR_GET_DUMPABLE);
	CALL(SYS_prctl, PR_SET_DUMPABLE, 2);
	CALL(SYS_prctl, PR_SET_DUMPABLE, 0);
	CALL(SYS_prctl, PR_GET_DUMPABLE);
	CALL(SYS_prctl, PR_SET_DUMPABLE, 1);
	CALL(SYS_prctl, PR_SET_NAME, "a name that is too long");
	CALL(SYS_prctl, PR_GET_NAME, name);
	printf("name %s\n", name);
	CALL(SYS_prctl, PR_SET_NAME, BAD);
	CALL(SYS_prctl, PR_GET_NAME, BAD);
	CALL(SYS_prctl, PR_SET_PDEATHSIG, 65);
	CALL(SYS_prctl, PR_SET_PDEATHSIG, 9);
	CALL(SYS_prctl, PR_GET_PDEATHSIG, &word);
	show("pdeathsig", word);
	CALL(SYS_prctl, PR_GET_KEEPCAPS);
	CALL(SYS_prctl, PR_SET_KEEPCAPS, 2);
	CALL(SYS_prctl, PR_GET_TIMING);
	CALL(SYS_prctl, PR_SET_TIMING, 1);
	CALL(SYS_prctl, PR_GET_TSC, &word);
	show("tsc", word);
	CALL(SYS_prctl, PR_SET_TIMERSLACK, 1000);
	CALL(SYS_prctl, PR_GET_TIMERSLACK);
	CALL(SYS_prctl, PR_SET_TIMERSLACK, 0);
	CALL(SYS_prctl, PR_GET_TIMERSLACK);
	CALL(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 1);
	CALL(SYS_prctl, PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0);
	CALL(SYS_prctl, PR_SET_THP_DISABLE, 1, 0, 0, 0);
	CALL(SYS_prctl, PR_GET_THP_DISABLE, 0, 0, 0, 0);
	CALL(SYS_prctl, PR_SET_THP_DISABLE, 0, 0, 1, 0);
	CALL(SYS_prctl, PR_CAPBSET_READ, 99);
	CALL(SYS_prctl, PR_CAP_AMBIENT, 77, 0, 0, 0);
	CALL(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 0, 0, 0);
	CALL(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 99, 0, 0);
	CALL(SYS_prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	CALL(SYS_prctl, PR_GET_CHILD_SUBREAPER, &word);
	show("subreaper", word);
	CALL(SYS_prctl, PR_MCE_KILL, 2, 0, 0, 0);
	CALL(SYS_prctl, PR_MCE_KILL_GET, 0, 0, 0, 0);
	CALL(SYS_prctl, 12345);
	CALL(SYS_personality, 0xffffffff);
	CALL(SYS_uname, BAD);
	CALL(SYS_uname, &u);
	printf("%s %s\n", u.sysname, u.machine);
	CALL(SYS_sethostname, "x", -1);
	CALL(SYS_sethostname, "x", 65);
}

static void times_of_day(void)
{
	struct timespec ts = { 0, 1000 }, bad = { 0, -1 }, past = { 1, 0 };
	struct timex tx = { 0 };
	struct timeval tv;
	clockid_t clock;

	for (int c = 0; c < 14; c++) {
		if (c == 8 || c == 9) /* need a clock on the wall */
			continue;
		printf("clock %d: ", c);
		CALL(SYS_clock_gettime, c, &ts);
		CALL(SYS_clock_getres, c, NULL);
		ts = (struct timespec){ 0, 1000 };
		if (c != CLOCK_PROCESS_CPUTIME_ID)
			CALL(SYS_clock_nanosleep, c, 0, &ts, NULL);
	}
	clock = (~(unsigned int)getpid() << 3) | 2;
	show("my clock", syscall(SYS_clock_gettime, clock, &ts));
	show("my thread's clock", syscall(SYS_clock_gettime, clock | 4, &ts));
	show("nobody's clock", syscall(SYS_clock_gettime, (~(unsigned int)NOBODY << 3) | 2, &ts));
	show("its resolution", syscall(SYS_clock_getres, (~(unsigned int)NOBODY << 3) | 2, &ts));
	CALL(SYS_clock_gettime, 0, BAD);
	CALL(SYS_clock_getres, 0, BAD);
	CALL(SYS_clock_settime, 0, BAD);
	CALL(SYS_clock_settime, 1, &ts);
	CALL(SYS_clock_settime, 0, &bad);
	CALL(SYS_clock_nanosleep, 1, 0, BAD, NULL);
	CALL(SYS_clock_nanosleep, 1, 0, &bad, NULL);
	CALL(SYS_clock_nanosleep, 1, TIMER_ABSTIME, &past, NULL);
	CALL(SYS_clock_nanosleep, 0, TIMER_ABSTIME, &past, NULL);
	CALL(SYS_nanosleep, &bad, NULL);
	CALL(SYS_nanosleep, BAD, NULL);
	CALL(SYS_gettimeofday, NULL, NULL);
	CALL(SYS_gettimeofday, BAD, NULL);
	CALL(SYS_gettimeofday, &tv, BAD);
	tv.tv_usec = 1000000;
	CALL(SYS_settimeofday, &tv, NULL);
	CALL(SYS_settimeofday, BAD, NULL);
	WORKS(SYS_time, NULL);
	CALL(SYS_time, BAD);
	CALL(SYS_adjtimex, BAD);
	WORKS(SYS_adjtimex, &tx);
	CALL(SYS_clock_adjtime, 1, &tx);
	CALL(SYS_clock_adjtime, 99, &tx);
}

static void absent(void)
{
	CALL(SYS_create_module, 0, 0);
	CALL(SYS_nfsservctl, 0, 0, 0);
	CALL(SYS_vserver, 0);
	CALL(SYS_tuxcall, 0);
	CALL(SYS_epoll_ctl_old, 0);
	CALL(999, 0);
}

int main(void)
{
	futexes();
	waitv();
	clones();
	scheduling();
	attributes();
	priorities();
	limits();
	numbers();
	times_of_day();
	absent();
	return 0;
}
