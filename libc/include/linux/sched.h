/* SPDX-License-Identifier: BSD-2-Clause */
/* The structures of clone3(2) and sched_setattr(2), and the flags that glibc does not name. */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <stdint.h>

#define CLONE_CLEAR_SIGHAND 0x100000000ULL
#define CLONE_INTO_CGROUP 0x200000000ULL

struct clone_args {
	uint64_t flags;
	uint64_t pidfd;
	uint64_t child_tid;
	uint64_t parent_tid;
	uint64_t exit_signal;
	uint64_t stack;
	uint64_t stack_size;
	uint64_t tls;
	uint64_t set_tid;
	uint64_t set_tid_size;
	uint64_t cgroup;
};
_Static_assert(sizeof(struct clone_args) == 88, "ABI");
#define CLONE_ARGS_SIZE_VER0 64

struct sched_attr {
	uint32_t size;
	uint32_t sched_policy;
	uint64_t sched_flags;
	int32_t sched_nice;
	uint32_t sched_priority;
	uint64_t sched_runtime;
	uint64_t sched_deadline;
	uint64_t sched_period;
	uint32_t sched_util_min;
	uint32_t sched_util_max;
};
_Static_assert(sizeof(struct sched_attr) == 56, "ABI");
#define SCHED_ATTR_SIZE_VER0 48

#endif
