// SPDX-License-Identifier: BSD-2-Clause
/*
 * The program of abi_test.h: structures only, no memory of its own (mm is NULL, program pointers
 * are plain ones).
 */
#include <kernel/abi/signal.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/slab.h>
#include <kernel/sched/thread.h>
#include <tests/hosted/abi/abi_test.h>
#include <tests/hosted/services/hosted.h>

static struct process process;

static struct user_task *task_add(struct thread *t)
{
	struct user_task *u = kzalloc(sizeof(*u), GFP_KERNEL);

	BUG_ON(!u);
	u->thread = t;
	u->process = &process;
	u->tid = ++process.last_tid;
	list_add_tail(&u->node, &process.tasks);
	process.nr_tasks++;
	t->user = u;
	signal_task_init(u, current_user);
	return u;
}

static void task_remove(struct user_task *u)
{
	list_del(&u->node);
	process.nr_tasks--;
	u->thread->user = NULL;
	kfree(u);
}

int program_up(void **state)
{
	int err = hosted_setup(state);

	if (err)
		return err;
	process = (struct process){ .pid = 1 };
	INIT_LIST_HEAD(&process.tasks);
	init_waitqueue_head(&process.exit_wait);
	the_process = &process;
	if (signal_process_init(&process))
		return -1;
	task_add(current);
	return process_misc_init(&process);
}

int program_down(void **state)
{
	signal_task_exit(current_user);
	task_remove(current_user);
	signal_process_free(&process);
	process_misc_free(&process);
	the_process = NULL;
	clear_signal_pending();
	return hosted_teardown(state);
}

struct start {
	int (*fn)(void *);
	void *arg;
};

static int thread_main(void *arg)
{
	struct start s = *(struct start *)arg;

	kfree(arg);
	s.fn(s.arg);
	if (process.signal) /* else it outlives the program */
		signal_task_exit(current_user);
	task_remove(current_user);
	return 0;
}

int program_thread(int (*fn)(void *), void *arg)
{
	struct start *s = kmalloc(sizeof(*s), GFP_KERNEL);
	struct thread *t;

	BUG_ON(!s);
	*s = (struct start){ fn, arg };
	t = thread_create(thread_main, s, "thread");
	BUG_ON(!t);
	thread_detach(t);
	return task_add(t)->tid;
}

struct user_task *program_task(int tid)
{
	return find_user_task(tid);
}

/* entry.c's, which is not linked here. */
void task_set_flag(struct user_task *u, u32 flag)
{
	u->flags |= flag;
	thread_interrupt(u->thread);
}
