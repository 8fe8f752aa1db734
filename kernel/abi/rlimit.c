// SPDX-License-Identifier: BSD-2-Clause
/*
 * Limits of the program: getrlimit(2), setrlimit(2), prlimit(2), with Linux's rules of who may
 * raise what. Enforced are RLIMIT_NOFILE (by the descriptor table), RLIMIT_NPROC (clone.c),
 * RLIMIT_AS, RLIMIT_DATA and RLIMIT_STACK (by the memory floor); the others are stored and told
 * back, which is what programs that raise or print them need.
 *
 * Called through the system call table; thread context. The first values are those that Linux gives
 * its first program; root may raise them.
 */
#include <errno.h>
#include <kernel/abi/calls.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/task.h>
#include <kernel/fs/fdtable.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>

#define STACK_LIMIT (8UL << 20)
#define MEMLOCK_LIMIT (8UL << 20)
#define MQ_LIMIT 819200UL
#define NOFILE_SOFT 1024UL
#define NOFILE_HARD 4096UL

static const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

/* Where the table of descriptors looks; it knows no program. */
static void limit_files(const struct rlimit *l)
{
	if (current->files)
		current->files->limit = (unsigned int)min_t(rlim_t, l->rlim_cur, UINT32_MAX);
}

void rlimits_apply(struct mm_struct *mm)
{
	mm->limit_as = rlimit(RLIMIT_AS);
	mm->limit_data = rlimit(RLIMIT_DATA);
	mm->limit_stack = rlimit(RLIMIT_STACK);
}

static void rlimits_first(struct rlimit *lim)
{
	unsigned long half = threads_max / 2;

	for (int i = 0; i < RLIMIT_NLIMITS; i++)
		lim[i] = unlimited;
	lim[RLIMIT_STACK].rlim_cur = STACK_LIMIT;
	lim[RLIMIT_CORE].rlim_cur = 0;
	lim[RLIMIT_NPROC] = (struct rlimit){ half, half };
	lim[RLIMIT_NOFILE] = (struct rlimit){ NOFILE_SOFT, NOFILE_HARD };
	lim[RLIMIT_MEMLOCK] = (struct rlimit){ MEMLOCK_LIMIT, MEMLOCK_LIMIT };
	lim[RLIMIT_SIGPENDING] = (struct rlimit){ half, half };
	lim[RLIMIT_MSGQUEUE] = (struct rlimit){ MQ_LIMIT, MQ_LIMIT };
	lim[RLIMIT_NICE] = lim[RLIMIT_RTPRIO] = (struct rlimit){ 0, 0 };
	limit_files(&lim[RLIMIT_NOFILE]);
}

int rlimits_init(struct process *p)
{
	p->rlimits = kzalloc(sizeof(*p->rlimits), GFP_KERNEL);
	if (!p->rlimits)
		return -ENOMEM;
	rlimits_first(p->rlimits->lim);
	return 0;
}

unsigned long rlimit(int resource)
{
	BUG_ON(resource < 0 || resource >= RLIMIT_NLIMITS);
	return the_process ? the_process->rlimits->lim[resource].rlim_cur : RLIM_INFINITY;
}

/* Both steps of prlimit(2) on the program's limits: tell the old one, set the new one. */
static long do_prlimit(unsigned int resource, const struct rlimit *new, struct rlimit *old)
{
	struct rlimit *lim;

	if (resource >= RLIMIT_NLIMITS)
		return -EINVAL;
	lim = &the_process->rlimits->lim[resource];
	if (new) {
		if (new->rlim_cur > new->rlim_max)
			return -EINVAL;
		if (resource == RLIMIT_NOFILE && new->rlim_max > files_limits.nr_open)
			return -EPERM;
		if (new->rlim_max > lim->rlim_max && !capable(CAP_SYS_RESOURCE))
			return -EPERM;
	}
	if (old)
		*old = *lim;
	if (new) {
		*lim = *new;
		if (resource == RLIMIT_NOFILE)
			limit_files(lim);
		if (the_process->mm)
			rlimits_apply(the_process->mm);
	}
	return 0;
}

long sys_prlimit64(int pid, unsigned int resource, const struct rlimit *new, struct rlimit *old)
{
	struct rlimit to, from;
	long err;

	if (new && copy_from_user(&to, new, sizeof(to)))
		return -EFAULT;
	if (!find_user_task(pid))
		return -ESRCH;
	err = do_prlimit(resource, new ? &to : NULL, &from);
	if (err)
		return err;
	return old ? copy_to_user(old, &from, sizeof(from)) : 0;
}

long sys_getrlimit(unsigned int resource, struct rlimit *lim)
{
	struct rlimit now;
	long err = do_prlimit(resource, NULL, &now);

	return err ? err : copy_to_user(lim, &now, sizeof(now));
}

long sys_setrlimit(unsigned int resource, const struct rlimit *lim)
{
	struct rlimit to;

	if (copy_from_user(&to, lim, sizeof(to)))
		return -EFAULT;
	return do_prlimit(resource, &to, NULL);
}
