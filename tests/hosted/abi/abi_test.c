// SPDX-License-Identifier: BSD-2-Clause
/*
 * The program of abi_test.h: structures only, no memory of its own (mm is NULL, program pointers
 * are plain ones).
 */
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
	task_add(current);
	return process_misc_init(&process);
}

int program_down(void **state)
{
	task_remove(current_user);
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
