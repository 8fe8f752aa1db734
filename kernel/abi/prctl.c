// SPDX-License-Identifier: BSD-2-Clause
/*
 * prctl(2): the switches of a thread or of the program, one row of a table each, and
 * personality(2). Some do something (names, capabilities); most are kept and told back, because
 * what they switch does not exist here: no parent that could die, no core files, no huge pages to
 * refuse.
 *
 * Called through the system call table; thread context, nothing sleeps. Left out: seccomp, syscall
 * user dispatch, speculation control, PR_SET_MM (all -EINVAL, as on a Linux without them).
 */
#include <errno.h>
#include <kernel/abi/calls.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/task.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#define SIGNAL_MAX 64
#define TIMER_SLACK_NS 50000UL
#define SECUREBITS_ALL 0xffUL
#define PERSONALITY_QUERY 0xffffffffu

struct prctl_args {
	unsigned long a2, a3, a4, a5;
};

/* What is only remembered. */
static struct {
	int pdeathsig, dumpable, subreaper, thp_disable, io_flusher;
	unsigned long timerslack;
	unsigned int personality;
} kept = { .dumpable = 1, .timerslack = TIMER_SLACK_NS };

static struct credentials *cred(void)
{
	return the_process->cred;
}

static long put_int(unsigned long to, int value)
{
	return copy_to_user((void *)to, &value, sizeof(value));
}

static long set_pdeathsig(const struct prctl_args *a)
{
	if (a->a2 > SIGNAL_MAX)
		return -EINVAL;
	kept.pdeathsig = (int)a->a2;
	return 0;
}

static long get_pdeathsig(const struct prctl_args *a)
{
	return put_int(a->a2, kept.pdeathsig);
}

static long get_dumpable(const struct prctl_args *a)
{
	return kept.dumpable;
}

static long set_dumpable(const struct prctl_args *a)
{
	if (a->a2 > 1)
		return -EINVAL;
	kept.dumpable = (int)a->a2;
	return 0;
}

static long get_keepcaps(const struct prctl_args *a)
{
	return cred()->keepcaps;
}

static long set_keepcaps(const struct prctl_args *a)
{
	if (a->a2 > 1)
		return -EINVAL;
	cred()->keepcaps = a->a2;
	return 0;
}

static long get_timing(const struct prctl_args *a)
{
	return 0; /* PR_TIMING_STATISTICAL, the only one there ever was */
}

static long set_timing(const struct prctl_args *a)
{
	return a->a2 ? -EINVAL : 0;
}

/* As Linux copies it: up to 15 bytes, byte by byte, so that a name at a page's end is found. */
static long set_name(const struct prctl_args *a)
{
	struct user_task *u = current_user;
	char name[sizeof(u->comm)] = { 0 };

	for (size_t i = 0; i < sizeof(name) - 1; i++) {
		if (copy_from_user(&name[i], (const char *)a->a2 + i, 1))
			return -EFAULT;
		if (!name[i])
			break;
	}
	memcpy(u->comm, name, sizeof(name));
	snprintf(u->thread->name, sizeof(u->thread->name), "%s", name);
	return 0;
}

static long get_name(const struct prctl_args *a)
{
	return copy_to_user((void *)a->a2, current_user->comm, sizeof(current_user->comm));
}

static long get_seccomp(const struct prctl_args *a)
{
	return 0;
}

static long capbset_read(const struct prctl_args *a)
{
	return a->a2 > CAP_LAST_CAP ? -EINVAL : !!(cred()->cap_bset & BIT(a->a2));
}

static long capbset_drop(const struct prctl_args *a)
{
	if (!capable(CAP_SETPCAP))
		return -EPERM;
	if (a->a2 > CAP_LAST_CAP)
		return -EINVAL;
	cred()->cap_bset &= ~BIT(a->a2);
	return 0;
}

static long get_tsc(const struct prctl_args *a)
{
	return put_int(a->a2, PR_TSC_ENABLE);
}

static long set_tsc(const struct prctl_args *a)
{
	return a->a2 == PR_TSC_ENABLE ? 0 : -EINVAL;
}

static long get_securebits(const struct prctl_args *a)
{
	return cred()->securebits;
}

static long set_securebits(const struct prctl_args *a)
{
	if (!capable(CAP_SETPCAP) || (a->a2 & ~SECUREBITS_ALL))
		return -EPERM;
	cred()->securebits = (u32)a->a2;
	return 0;
}

static long set_timerslack(const struct prctl_args *a)
{
	kept.timerslack = (long)a->a2 <= 0 ? TIMER_SLACK_NS : a->a2;
	return 0;
}

static long get_timerslack(const struct prctl_args *a)
{
	return (long)kept.timerslack;
}

static long mce_kill(const struct prctl_args *a)
{
	return a->a4 || a->a5 || a->a2 > 1 ? -EINVAL : 0;
}

static long mce_kill_get(const struct prctl_args *a)
{
	return a->a2 || a->a3 || a->a4 || a->a5 ? -EINVAL : PR_MCE_KILL_DEFAULT;
}

static long set_subreaper(const struct prctl_args *a)
{
	kept.subreaper = !!a->a2;
	return 0;
}

static long get_subreaper(const struct prctl_args *a)
{
	return put_int(a->a2, kept.subreaper);
}

static long set_no_new_privs(const struct prctl_args *a)
{
	if (a->a2 != 1 || a->a3 || a->a4 || a->a5)
		return -EINVAL;
	cred()->no_new_privs = true;
	return 0;
}

static long get_no_new_privs(const struct prctl_args *a)
{
	return a->a2 || a->a3 || a->a4 || a->a5 ? -EINVAL : cred()->no_new_privs;
}

static long get_tid_address(const struct prctl_args *a)
{
	return copy_to_user((void *)a->a2, &current_user->clear_child_tid, sizeof(int *));
}

static long set_thp_disable(const struct prctl_args *a)
{
	if (a->a3 || a->a4 || a->a5)
		return -EINVAL;
	kept.thp_disable = !!a->a2;
	return 0;
}

static long get_thp_disable(const struct prctl_args *a)
{
	return a->a2 || a->a3 || a->a4 || a->a5 ? -EINVAL : kept.thp_disable;
}

static long ambient_raise(u64 bit)
{
	struct credentials *c = cred();

	if (!(c->cap_permitted & c->cap_inheritable & bit))
		return -EPERM;
	c->cap_ambient |= bit;
	return 0;
}

static long cap_ambient(const struct prctl_args *a)
{
	struct credentials *c = cred();

	if (a->a2 == PR_CAP_AMBIENT_CLEAR_ALL) {
		if (a->a3 || a->a4 || a->a5)
			return -EINVAL;
		c->cap_ambient = 0;
		return 0;
	}
	if (a->a3 > CAP_LAST_CAP || a->a4 || a->a5)
		return -EINVAL;
	switch (a->a2) {
	case PR_CAP_AMBIENT_IS_SET:
		return !!(c->cap_ambient & BIT(a->a3));
	case PR_CAP_AMBIENT_RAISE:
		return ambient_raise(BIT(a->a3));
	case PR_CAP_AMBIENT_LOWER:
		c->cap_ambient &= ~BIT(a->a3);
		return 0;
	}
	return -EINVAL;
}

static long set_io_flusher(const struct prctl_args *a)
{
	if (!capable(CAP_SYS_RESOURCE))
		return -EPERM;
	if (a->a3 || a->a4 || a->a5 || a->a2 > 1)
		return -EINVAL;
	kept.io_flusher = (int)a->a2;
	return 0;
}

static long get_io_flusher(const struct prctl_args *a)
{
	if (!capable(CAP_SYS_RESOURCE))
		return -EPERM;
	return a->a2 || a->a3 || a->a4 || a->a5 ? -EINVAL : kept.io_flusher;
}

static const struct prctl_row {
	int option;
	long (*fn)(const struct prctl_args *a);
} prctl_rows[] = {
	{ PR_SET_PDEATHSIG, set_pdeathsig },
	{ PR_GET_PDEATHSIG, get_pdeathsig },
	{ PR_GET_DUMPABLE, get_dumpable },
	{ PR_SET_DUMPABLE, set_dumpable },
	{ PR_GET_KEEPCAPS, get_keepcaps },
	{ PR_SET_KEEPCAPS, set_keepcaps },
	{ PR_GET_TIMING, get_timing },
	{ PR_SET_TIMING, set_timing },
	{ PR_SET_NAME, set_name },
	{ PR_GET_NAME, get_name },
	{ PR_GET_SECCOMP, get_seccomp },
	{ PR_CAPBSET_READ, capbset_read },
	{ PR_CAPBSET_DROP, capbset_drop },
	{ PR_GET_TSC, get_tsc },
	{ PR_SET_TSC, set_tsc },
	{ PR_GET_SECUREBITS, get_securebits },
	{ PR_SET_SECUREBITS, set_securebits },
	{ PR_SET_TIMERSLACK, set_timerslack },
	{ PR_GET_TIMERSLACK, get_timerslack },
	{ PR_MCE_KILL, mce_kill },
	{ PR_MCE_KILL_GET, mce_kill_get },
	{ PR_SET_CHILD_SUBREAPER, set_subreaper },
	{ PR_GET_CHILD_SUBREAPER, get_subreaper },
	{ PR_SET_NO_NEW_PRIVS, set_no_new_privs },
	{ PR_GET_NO_NEW_PRIVS, get_no_new_privs },
	{ PR_GET_TID_ADDRESS, get_tid_address },
	{ PR_SET_THP_DISABLE, set_thp_disable },
	{ PR_GET_THP_DISABLE, get_thp_disable },
	{ PR_CAP_AMBIENT, cap_ambient },
	{ PR_SET_IO_FLUSHER, set_io_flusher },
	{ PR_GET_IO_FLUSHER, get_io_flusher },
};

long sys_prctl(int option, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5)
{
	const struct prctl_args a = { a2, a3, a4, a5 };

	for (size_t i = 0; i < ARRAY_SIZE(prctl_rows); i++) {
		if (prctl_rows[i].option == option)
			return prctl_rows[i].fn(&a);
	}
	return -EINVAL;
}

long sys_personality(unsigned int persona)
{
	unsigned int was = kept.personality;

	if (persona != PERSONALITY_QUERY)
		kept.personality = persona;
	return was;
}
