/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Thread stacks: 16 KiB from the vmalloc area, which leaves an unmapped page below each, so an
 * overflow faults instead of running over somebody's data. Mapping and unmapping costs thousands
 * of instructions, so a few free stacks are kept for the next thread, linked through their own
 * memory.
 *
 * Thread context. The frame made here is the one that switch.S takes off. Above it, at the top, is
 * room for the registers of ring 3, in case the thread goes there.
 */
#include <kernel/cpu/ptrace.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/memblock.h>
#include <kernel/mm/vmalloc.h>
#include <kernel/sched/sched.h>

#define STACK_CACHE_MAX 16 /* 256 KiB at most lie idle */

struct free_stack {
	struct free_stack *next;
};

static struct free_stack *stack_cache;
static unsigned int stack_cache_len;

/* As thread_switch() expects it. */
struct switch_frame {
	u64 r15, r14, r13, r12, rbx, rbp;
	void *ret;
	u64 pad[2]; /* a zero frame above, and the ABI's alignment: rsp % 16 == 0 before the call */
};

void thread_trampoline(void);

void *thread_stack_alloc(void)
{
	struct free_stack *s = stack_cache;

	if (!s)
		return vmalloc(THREAD_STACK_SIZE);
	stack_cache = s->next;
	stack_cache_len--;
	return s;
}

void thread_stack_free(void *stack)
{
	struct free_stack *s = stack;

	if (stack_cache_len == STACK_CACHE_MAX) {
		vfree(stack);
		return;
	}
	s->next = stack_cache;
	stack_cache = s;
	stack_cache_len++;
}

void *thread_stack_top(const struct thread *t)
{
	return t->stack ? (char *)t->stack + THREAD_STACK_SIZE : boot_stack_top;
}

void thread_stack_prepare(struct thread *t)
{
	struct switch_frame *f = (void *)((char *)thread_stack_top(t) - sizeof(struct pt_regs));

	static_assert(sizeof(struct switch_frame) % 16 == 8, "trampoline runs with an aligned stack");
	*--f = (struct switch_frame){ .ret = thread_trampoline };
	t->sp = f;
}
