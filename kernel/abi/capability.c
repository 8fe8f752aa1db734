// SPDX-License-Identifier: BSD-2-Clause
/*
 * capget(2) and capset(2): the parts of root's power that the program keeps. Who asks whether the
 * program has one calls capable() (cred.c). Three versions of the interface exist; the first has 32
 * bits, the others 64 in two halves.
 *
 * Called through the system call table; thread context, nothing sleeps.
 */
#include <errno.h>
#include <kernel/abi/calls.h>
#include <kernel/abi/misc.h>
#include <kernel/abi/task.h>
#include <kernel/mm/uaccess.h>

/* How many halves this version has; an unknown one is answered with ours. */
static int cap_halves(struct __user_cap_header_struct *header, size_t *n)
{
	u32 version;

	if (copy_from_user(&version, &header->version, sizeof(version)))
		return -EFAULT;
	switch (version) {
	case _LINUX_CAPABILITY_VERSION_1:
		*n = _LINUX_CAPABILITY_U32S_1;
		return 0;
	case _LINUX_CAPABILITY_VERSION_2:
	case _LINUX_CAPABILITY_VERSION_3:
		*n = _LINUX_CAPABILITY_U32S_3;
		return 0;
	}
	version = _LINUX_CAPABILITY_VERSION_3;
	return copy_to_user(&header->version, &version, sizeof(version)) ? -EFAULT : -EINVAL;
}

long sys_capget(void *header, void *data)
{
	struct __user_cap_header_struct *h = header;
	const struct credentials *c = the_process->cred;
	struct __user_cap_data_struct d[2];
	size_t n;
	int pid, err = cap_halves(h, &n);

	if (!data || err)
		return !data && err == -EINVAL ? 0 : err;
	if (copy_from_user(&pid, &h->pid, sizeof(pid)))
		return -EFAULT;
	if (pid < 0)
		return -EINVAL;
	if (!find_user_task(pid))
		return -ESRCH;
	for (size_t i = 0; i < n; i++) {
		d[i].effective = (u32)(c->cap_effective >> (32 * i));
		d[i].permitted = (u32)(c->cap_permitted >> (32 * i));
		d[i].inheritable = (u32)(c->cap_inheritable >> (32 * i));
	}
	return copy_to_user(data, d, n * sizeof(d[0]));
}

/* The sets that capset asks for, if the rules allow them. */
static int set_capabilities(u64 effective, u64 permitted, u64 inheritable)
{
	struct credentials *c = the_process->cred;

	if (!capable(CAP_SETPCAP) && (inheritable & ~(c->cap_inheritable | c->cap_permitted)))
		return -EPERM;
	if (inheritable & ~(c->cap_inheritable | c->cap_bset))
		return -EPERM;
	if ((permitted & ~c->cap_permitted) || (effective & ~permitted))
		return -EPERM;
	c->cap_effective = effective;
	c->cap_permitted = permitted;
	c->cap_inheritable = inheritable;
	c->cap_ambient &= permitted & inheritable;
	return 0;
}

long sys_capset(void *header, const void *data)
{
	struct __user_cap_header_struct *h = header;
	struct __user_cap_data_struct d[2] = { { 0 } };
	size_t n;
	int pid, err = cap_halves(h, &n);

	if (err)
		return err;
	if (copy_from_user(&pid, &h->pid, sizeof(pid)))
		return -EFAULT;
	if (pid && pid != current_user->tid)
		return -EPERM;
	if (copy_from_user(d, data, n * sizeof(d[0])))
		return -EFAULT;
	return set_capabilities((d[0].effective | (u64)d[1].effective << 32) & CAP_FULL,
				(d[0].permitted | (u64)d[1].permitted << 32) & CAP_FULL,
				(d[0].inheritable | (u64)d[1].inheritable << 32) & CAP_FULL);
}
