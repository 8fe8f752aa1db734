// SPDX-License-Identifier: BSD-2-Clause
/*
 * Thread stacks and the switch of the hosted tests: kernel/sched/switch.S's routine between stacks
 * that the host gave, with AddressSanitizer told of each change. Replaces kernel/sched/stack.c and
 * the use of switch.S. Sanitized frames are large, so stacks are larger than on the machine.
 */
#include <kernel/lib/bug.h>
#include <kernel/sched/sched.h>
#include <tests/hosted/services/host_glibc.h>
#include <tests/hosted/services/runtime.h>

#define HOSTED_STACK_SIZE (512 * 1024UL)
#define STACK_CACHE_MAX 64

struct switch_frame {
	u64 r15, r14, r13, r12, rbx, rbp;
	void *ret;
	u64 pad[2];
};

void hosted_switch_stack(void **save_sp, void *next_sp);
void hosted_trampoline(void);
void hosted_thread_entry(void);

__asm__(".text\n"
	".globl hosted_switch_stack\n"
	".type hosted_switch_stack, @function\n"
	"hosted_switch_stack:\n"
	"	push %rbp; push %rbx; push %r12; push %r13; push %r14; push %r15\n"
	"	mov %rsp, (%rdi)\n"
	"	mov %rsi, %rsp\n"
	"	pop %r15; pop %r14; pop %r13; pop %r12; pop %rbx; pop %rbp\n"
	"	ret\n"
	".globl hosted_trampoline\n"
	".type hosted_trampoline, @function\n"
	"hosted_trampoline:\n"
	"	.cfi_startproc\n"
	"	.cfi_undefined %rip\n"
	"	xor %ebp, %ebp\n"
	"	call hosted_thread_entry\n"
	"	ud2\n"
	"	.cfi_endproc\n");

static void *cache[STACK_CACHE_MAX];
static unsigned int cached;

/* The stacks here are large enough for both. */
void call_on_irq_stack(void (*fn)(void))
{
	fn();
}

void *thread_stack_alloc(void)
{
	return cached ? cache[--cached] : host_stack_alloc(HOSTED_STACK_SIZE);
}

void thread_stack_free(void *stack)
{
	host_unpoison(stack, HOSTED_STACK_SIZE);
	if (cached < STACK_CACHE_MAX)
		cache[cached++] = stack;
	else
		host_stack_free(stack, HOSTED_STACK_SIZE);
}

void thread_stack_prepare(struct thread *t)
{
	struct switch_frame *f = (void *)((char *)t->stack + HOSTED_STACK_SIZE - sizeof(*f));

	*f = (struct switch_frame){ .ret = hosted_trampoline };
	t->sp = f;
}

__attribute__((no_sanitize("address"))) void thread_switch(void **save_sp, void *next_sp)
{
	struct thread *prev = container_of(save_sp, struct thread, sp), *next = current;
	void *fake_stack = NULL, *bottom = next->stack;
	unsigned long size = HOSTED_STACK_SIZE;

	if (!bottom)
		host_main_stack(&bottom, &size);
	host_fiber_leave(prev->state == TASK_DEAD ? NULL : &fake_stack, bottom, size);
	hosted_switch_stack(save_sp, next_sp);
	host_fiber_enter(fake_stack);
}

__attribute__((no_sanitize("address"))) void hosted_thread_entry(void)
{
	host_fiber_enter(NULL);
	thread_start();
}

/* Whatever links the scheduler links this file, and so starts it. */
__attribute__((constructor)) static void start(void)
{
	hosted_start();
}
