// SPDX-License-Identifier: BSD-2-Clause
/*
 * rseq(2): restartable sequences, by which a program changes data of its processor without atomic
 * instructions. A thread names a few instructions of its own (struct rseq_cs, by a pointer in the
 * area that it registered); if it loses the processor or gets a signal among them, it goes on at
 * their abort handler instead. glibc registers an area for each thread and reads the processor's
 * number from it.
 *
 * Called by the system call table, by exit_to_user_mode() after another thread ran, and before a
 * signal's frame is made; thread context. There is one processor, so its number is written once.
 * What the program says is checked as Linux does; nonsense is SIGSEGV.
 */
#include <errno.h>
#include <kernel/abi/calls.h>
#include <kernel/abi/entry.h>
#include <kernel/abi/signal.h>
#include <kernel/mm/mm_types.h>
#include <kernel/mm/uaccess.h>
#include <kernel/sched/thread.h>
#include <signal.h>
#include <stddef.h>

#define RSEQ_FLAG_UNREGISTER 1
#define RSEQ_CPU_ID_UNINITIALIZED 0xffffffffu

struct rseq {
	u32 cpu_id_start, cpu_id;
	u64 rseq_cs; /* address of the sequence the thread is in, or 0 */
	u32 flags;
	u32 padding[3];
};
static_assert(sizeof(struct rseq) == 32, "ABI");

struct rseq_cs {
	u32 version, flags;
	u64 start_ip, post_commit_offset, abort_ip;
};
static_assert(sizeof(struct rseq_cs) == 32, "ABI");

static u64 *cs_pointer(const struct user_task *u)
{
	return (u64 *)(u->rseq + offsetof(struct rseq, rseq_cs));
}

static bool sequence_is_sane(const struct rseq_cs *cs)
{
	u64 end = cs->start_ip + cs->post_commit_offset;

	return !cs->version && cs->start_ip < TASK_SIZE && end < TASK_SIZE && end >= cs->start_ip &&
	       cs->abort_ip < TASK_SIZE && cs->abort_ip - cs->start_ip >= cs->post_commit_offset;
}

/* The sequence that the thread named; *cs all 0 without one. 0, -EFAULT, -EINVAL. */
static int read_sequence(const struct user_task *u, struct rseq_cs *cs)
{
	u32 signature;
	u64 at;

	*cs = (struct rseq_cs){ 0 };
	if (get_user(at, cs_pointer(u)))
		return -EFAULT;
	if (!at)
		return 0;
	if (at >= TASK_SIZE)
		return -EINVAL;
	if (copy_from_user(cs, (const void *)at, sizeof(*cs)))
		return -EFAULT;
	if (!sequence_is_sane(cs))
		return -EINVAL;
	/* The word in front of the abort handler: nobody else's code is jumped into. */
	if (get_user(signature, (const u32 *)(cs->abort_ip - sizeof(u32))))
		return -EFAULT;
	return signature == u->rseq_signature ? 0 : -EINVAL;
}

static int fix_rip(struct user_task *u, struct pt_regs *regs)
{
	struct rseq_cs cs;
	int err = read_sequence(u, &cs);

	if (err || !cs.start_ip)
		return err;
	/* Left behind by one that ended well, or about to be aborted: both are over. */
	if (put_user(0, cs_pointer(u)))
		return -EFAULT;
	if (regs->rip - cs.start_ip < cs.post_commit_offset)
		regs->rip = cs.abort_ip;
	return 0;
}

void rseq_interrupted(struct user_task *u, struct pt_regs *regs)
{
	if (u->rseq && fix_rip(u, regs))
		force_sig(SIGSEGV);
}

static long unregister(struct user_task *u, void *area, u32 signature)
{
	struct rseq empty = { .cpu_id = RSEQ_CPU_ID_UNINITIALIZED };

	if (signature != u->rseq_signature)
		return -EPERM;
	if (copy_to_user(area, &empty, offsetof(struct rseq, padding)))
		return -EFAULT;
	u->rseq = 0;
	return 0;
}

long sys_rseq(void *area, u32 len, int flags, u32 signature)
{
	struct user_task *u = current_user;
	bool same = u->rseq == (u64)area && len == sizeof(struct rseq);
	u32 cpu[2] = { 0, 0 };

	if (flags == RSEQ_FLAG_UNREGISTER)
		return u->rseq && same ? unregister(u, area, signature) : -EINVAL;
	if (flags)
		return -EINVAL;
	if (u->rseq)
		return !same ? -EINVAL : signature != u->rseq_signature ? -EPERM : -EBUSY;
	if ((u64)area % sizeof(struct rseq) || len != sizeof(struct rseq))
		return -EINVAL;
	if (!access_ok(area, len))
		return -EFAULT;
	u->rseq = (u64)area;
	u->rseq_signature = signature;
	/* Linux writes it on the way back, where a fault is SIGSEGV. */
	if (copy_to_user(area, cpu, sizeof(cpu)))
		force_sig(SIGSEGV);
	return 0;
}
