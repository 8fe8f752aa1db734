// SPDX-License-Identifier: BSD-2-Clause
/*
 * Who the program is: user and group numbers with Linux's rules of who may change which
 * (credentials(7)), supplementary groups, and what a change of user does to the capabilities.
 * The program starts as root; servers that drop their privileges are believed and told so.
 *
 * What takes a part of root's power asks capable() (kernel/lib/capability.h), which asks here.
 * Called through the system call table; thread context, nothing sleeps. The numbers are of the
 * whole program where Linux has them for each thread; setuid() of a C library sets them in every
 * thread, which comes to the same. Files do not look at them.
 */
#include <errno.h>
#include <kernel/abi/calls.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/task.h>
#include <kernel/mm/slab.h>
#include <kernel/mm/uaccess.h>

#define ID_NONE ((u32)-1)

int credentials_init(struct process *p)
{
	p->cred = kzalloc(sizeof(*p->cred), GFP_KERNEL);
	if (!p->cred)
		return -ENOMEM;
	p->cred->cap_permitted = p->cred->cap_effective = p->cred->cap_bset = CAP_FULL;
	p->cred->pgid = p->cred->sid = p->pid;
	return 0;
}

bool program_capable(int cap)
{
	return !current_user || (the_process->cred->cap_effective & BIT(cap));
}

static struct credentials *cred(void)
{
	return the_process->cred;
}

/* capabilities(7): what the change from `was` does to capabilities. */
static void fix_capabilities(const struct credentials *was)
{
	struct credentials *c = cred();
	bool was_root = !was->uid || !was->euid || !was->suid;

	if (was_root && c->uid && c->euid && c->suid) {
		if (!c->keepcaps)
			c->cap_permitted = c->cap_effective = 0;
		c->cap_ambient = 0;
	}
	if (!was->euid && c->euid)
		c->cap_effective = 0;
	if (was->euid && !c->euid)
		c->cap_effective = c->cap_permitted;
}

long sys_getuid(void)
{
	return cred()->uid;
}

long sys_geteuid(void)
{
	return cred()->euid;
}

long sys_getgid(void)
{
	return cred()->gid;
}

long sys_getegid(void)
{
	return cred()->egid;
}

long sys_setuid(u32 uid)
{
	struct credentials *c = cred(), was = *c;

	if (uid == ID_NONE)
		return -EINVAL;
	if (capable(CAP_SETUID))
		c->uid = c->suid = uid;
	else if (uid != c->uid && uid != c->suid)
		return -EPERM;
	c->euid = c->fsuid = uid;
	fix_capabilities(&was);
	return 0;
}

long sys_setgid(u32 gid)
{
	struct credentials *c = cred();

	if (gid == ID_NONE)
		return -EINVAL;
	if (capable(CAP_SETGID))
		c->gid = c->sgid = gid;
	else if (gid != c->gid && gid != c->sgid)
		return -EPERM;
	c->egid = c->fsgid = gid;
	return 0;
}

/* The three numbers of one kind that rules are about. */
struct ids {
	u32 real, effective, saved;
};

static bool is_one_of(u32 id, const struct ids *i)
{
	return id == ID_NONE || id == i->real || id == i->effective || id == i->saved;
}

/* setreuid(2), setregid(2). */
static int change_two(struct ids *i, u32 real, u32 effective, bool privileged)
{
	struct ids was = *i;

	if (!privileged && real != ID_NONE && real != was.real && real != was.effective)
		return -EPERM;
	if (!privileged && !is_one_of(effective, &was))
		return -EPERM;
	if (real != ID_NONE)
		i->real = real;
	if (effective != ID_NONE)
		i->effective = effective;
	if (real != ID_NONE || (effective != ID_NONE && effective != was.real))
		i->saved = i->effective;
	return 0;
}

/* setresuid(2), setresgid(2). */
static int change_three(struct ids *i, const struct ids *to, bool privileged)
{
	if (!privileged && (!is_one_of(to->real, i) || !is_one_of(to->effective, i) ||
			    !is_one_of(to->saved, i)))
		return -EPERM;
	if (to->real != ID_NONE)
		i->real = to->real;
	if (to->effective != ID_NONE)
		i->effective = to->effective;
	if (to->saved != ID_NONE)
		i->saved = to->saved;
	return 0;
}

static struct ids user_ids(void)
{
	return (struct ids){ cred()->uid, cred()->euid, cred()->suid };
}

static struct ids group_ids(void)
{
	return (struct ids){ cred()->gid, cred()->egid, cred()->sgid };
}

static void set_user_ids(const struct ids *i)
{
	struct credentials *c = cred(), was = *c;

	c->uid = i->real;
	c->euid = c->fsuid = i->effective;
	c->suid = i->saved;
	fix_capabilities(&was);
}

static void set_group_ids(const struct ids *i)
{
	struct credentials *c = cred();

	c->gid = i->real;
	c->egid = c->fsgid = i->effective;
	c->sgid = i->saved;
}

long sys_setreuid(u32 ruid, u32 euid)
{
	struct ids i = user_ids();
	int err = change_two(&i, ruid, euid, capable(CAP_SETUID));

	if (!err)
		set_user_ids(&i);
	return err;
}

long sys_setregid(u32 rgid, u32 egid)
{
	struct ids i = group_ids();
	int err = change_two(&i, rgid, egid, capable(CAP_SETGID));

	if (!err)
		set_group_ids(&i);
	return err;
}

long sys_setresuid(u32 ruid, u32 euid, u32 suid)
{
	struct ids i = user_ids(), to = { ruid, euid, suid };
	int err = change_three(&i, &to, capable(CAP_SETUID));

	if (!err)
		set_user_ids(&i);
	return err;
}

long sys_setresgid(u32 rgid, u32 egid, u32 sgid)
{
	struct ids i = group_ids(), to = { rgid, egid, sgid };
	int err = change_three(&i, &to, capable(CAP_SETGID));

	if (!err)
		set_group_ids(&i);
	return err;
}

static long tell_three(const struct ids *i, u32 *real, u32 *effective, u32 *saved)
{
	if (copy_to_user(real, &i->real, sizeof(*real)) ||
	    copy_to_user(effective, &i->effective, sizeof(*effective)))
		return -EFAULT;
	return copy_to_user(saved, &i->saved, sizeof(*saved));
}

long sys_getresuid(u32 *ruid, u32 *euid, u32 *suid)
{
	struct ids i = user_ids();

	return tell_three(&i, ruid, euid, suid);
}

long sys_getresgid(u32 *rgid, u32 *egid, u32 *sgid)
{
	struct ids i = group_ids();

	return tell_three(&i, rgid, egid, sgid);
}

/* Both answer with what was, whether they changed it or not. */
long sys_setfsuid(u32 uid)
{
	struct credentials *c = cred();
	struct ids i = user_ids();
	u32 was = c->fsuid;

	if (uid != ID_NONE && (is_one_of(uid, &i) || uid == was || capable(CAP_SETUID)))
		c->fsuid = uid;
	return was;
}

long sys_setfsgid(u32 gid)
{
	struct credentials *c = cred();
	struct ids i = group_ids();
	u32 was = c->fsgid;

	if (gid != ID_NONE && (is_one_of(gid, &i) || gid == was || capable(CAP_SETGID)))
		c->fsgid = gid;
	return was;
}

long sys_getgroups(int size, u32 *list)
{
	const struct credentials *c = cred();

	if (size < 0)
		return -EINVAL;
	if (size) {
		if ((u32)size < c->ngroups)
			return -EINVAL;
		if (copy_to_user(list, c->groups, c->ngroups * sizeof(*list)))
			return -EFAULT;
	}
	return c->ngroups;
}

/* Shell's sort: short, and quick enough for the most that there can be. */
static void sort_groups(u32 *g, u32 n)
{
	for (u32 gap = n / 2; gap; gap /= 2) {
		for (u32 i = gap; i < n; i++) {
			u32 v = g[i], j = i;

			for (; j >= gap && g[j - gap] > v; j -= gap)
				g[j] = g[j - gap];
			g[j] = v;
		}
	}
}

long sys_setgroups(int size, const u32 *list)
{
	struct credentials *c = cred();
	u32 n = (u32)size, *groups = NULL;

	if (!capable(CAP_SETGID))
		return -EPERM;
	if (n > NGROUPS_MAX)
		return -EINVAL;
	if (n) {
		groups = kmalloc(n * sizeof(*groups), GFP_KERNEL);
		if (!groups)
			return -ENOMEM;
		if (copy_from_user(groups, list, n * sizeof(*groups))) {
			kfree(groups);
			return -EFAULT;
		}
		sort_groups(groups, n);
	}
	kfree(c->groups);
	c->groups = groups;
	c->ngroups = n;
	return 0;
}
