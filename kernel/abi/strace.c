// SPDX-License-Identifier: BSD-2-Clause
/*
 * strace=1: system calls on the console in the format of strace(1), thread ids in front when there
 * is more than one. A line is written whole when the call returns, so that it does not mix with
 * what the program prints; if another thread makes a call meanwhile, or the call waits longer than
 * UNFINISHED_MS, its first part is written as "<unfinished ...>" and the rest as "resumed" later,
 * as strace does. Goes to the consoles directly: the kernel's log does not see it.
 *
 * Called by syscall_dispatch() in thread context; only the timer that writes an unfinished part
 * runs in softirq context.
 */
#include <kernel/abi/dispatch.h>
#include <kernel/abi/entry.h>
#include <kernel/abi/strace.h>
#include <kernel/abi/strace_fmt.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/sched/softirq.h>
#include <kernel/sched/thread.h>
#include <kernel/time/clock.h>
#include <kernel/time/timer.h>
#include <signal.h>
#include <string.h>

#define RESULT_COLUMN 40
#define UNFINISHED_MS 100

bool strace_on;

/* The call that has begun and whose line is not written yet: at most one, the last that began. */
static struct {
	struct user_task *task; /* NULL: none */
	int next_arg;
	struct st_buf line;
} begun;
static struct st_buf out;
static struct timer_list unfinished_timer;
static bool traced[NR_SYSCALLS];

static void put_result_column(struct st_buf *b)
{
	st_puts(b, ") ");
	if (b->len < RESULT_COLUMN)
		st_printf(b, "%*s", (int)(RESULT_COLUMN - b->len), "");
	st_puts(b, "= ");
}

static void write_line(struct st_buf *b)
{
	st_puts(b, "\n");
	b->text[b->len - 1] = '\n'; /* also of a line that was cut */
	console_write(b->text, b->len);
}

static void put_thread(struct st_buf *b, const struct user_task *u)
{
	if (u->process->nr_tasks > 1)
		st_printf(b, "[pid %5d] ", u->tid);
}

/* Softirqs off, or in one. */
static void write_unfinished(void)
{
	if (!begun.task)
		return;
	begun.task = NULL;
	st_puts(&begun.line, " <unfinished ...>");
	write_line(&begun.line);
}

static void unfinished_timer_fn(struct timer_list *t)
{
	write_unfinished();
}

static struct st_call call_of(const struct pt_regs *r)
{
	u64 nr = current_user->orig_rax;

	return (struct st_call){
		.desc = nr < NR_SYSCALLS ? syscall_table[nr].desc : NULL,
		.args = { (long)r->rdi, (long)r->rsi, (long)r->rdx, (long)r->r10, (long)r->r8,
			  (long)r->r9 },
	};
}

static void put_call_name(struct st_buf *b, const struct st_call *c)
{
	if (c->desc)
		st_puts(b, c->desc->name);
	else
		st_printf(b, "syscall_%#lx", (unsigned long)current_user->orig_rax);
}

static bool is_traced(void)
{
	u64 nr = current_user->orig_rax;

	return nr >= NR_SYSCALLS || traced[nr];
}

void strace_enter(const struct pt_regs *regs)
{
	struct st_call c = call_of(regs);

	if (!is_traced())
		return;
	local_bh_disable();
	write_unfinished();
	begun.line.len = 0;
	put_thread(&begun.line, current_user);
	put_call_name(&begun.line, &c);
	st_puts(&begun.line, "(");
	begun.next_arg = st_args(&begun.line, &c, 0);
	begun.task = current_user;
	mod_timer(&unfinished_timer, jiffies + msecs_to_jiffies(UNFINISHED_MS));
	local_bh_enable();
}

/* The rest of the arguments and the result, behind what of the line is there already. */
static void finish_line(struct st_buf *b, const struct st_call *c, int next_arg)
{
	st_args(b, c, next_arg);
	put_result_column(b);
	st_result(b, c);
	if (c->desc && c->ret > 0 && c->desc->args && c->desc->args[0] == 'P') {
		st_puts(b, " (");
		st_pollfds(b, (u64)c->args[0], (u64)c->args[1], true);
		st_puts(b, ")");
	}
	write_line(b);
}

/* Where the arguments go on that are filled by the call. */
static int first_out_arg(struct st_call c)
{
	static struct st_buf scratch;

	scratch.len = 0;
	c.returned = false;
	return st_args(&scratch, &c, 0);
}

void strace_exit(const struct pt_regs *regs, long ret)
{
	struct st_call c = call_of(regs);

	if (!is_traced())
		return;
	c.ret = ret;
	c.returned = true;
	local_bh_disable();
	if (begun.task == current_user) {
		begun.task = NULL;
		finish_line(&begun.line, &c, begun.next_arg);
	} else {
		write_unfinished();
		out.len = 0;
		put_thread(&out, current_user);
		st_puts(&out, "<... ");
		put_call_name(&out, &c);
		st_puts(&out, " resumed>");
		finish_line(&out, &c, first_out_arg(c));
	}
	local_bh_enable();
}

static void put_signal_info(struct st_buf *b, const siginfo_t *info)
{
	static const char *const of_segv[] = { "SEGV_MAPERR", "SEGV_ACCERR" };
	int sig = info->si_signo, code = info->si_code;

	st_puts(b, "{si_signo=");
	st_name(b, st_signals, (u64)sig, NULL);
	if (sig == SIGSEGV && code > 0 && code <= 2)
		st_printf(b, ", si_code=%s", of_segv[code - 1]);
	else if (code == 0 || code == 0x80 || code == -6)
		st_printf(b, ", si_code=%s",
			  code ? code > 0 ? "SI_KERNEL" : "SI_TKILL" : "SI_USER");
	else
		st_printf(b, ", si_code=%d", code);
	if (code <= 0) {
		st_printf(b, ", si_pid=%d, si_uid=%u", info->si_pid, info->si_uid);
	} else if (sig == SIGSEGV || sig == SIGBUS || sig == SIGILL || sig == SIGFPE) {
		st_puts(b, ", si_addr=");
		st_pointer(b, (u64)info->si_addr);
	}
	st_puts(b, "}");
}

void strace_signal(const siginfo_t *info)
{
	local_bh_disable();
	write_unfinished();
	out.len = 0;
	put_thread(&out, current_user);
	st_puts(&out, "--- ");
	st_name(&out, st_signals, (u64)info->si_signo, NULL);
	st_puts(&out, " ");
	put_signal_info(&out, info);
	st_puts(&out, " ---");
	write_line(&out);
	local_bh_enable();
}

void strace_ended(int code)
{
	if (!strace_on || !current_user)
		return;
	local_bh_disable();
	if (begun.task == current_user) {
		begun.task = NULL;
		put_result_column(&begun.line);
		st_puts(&begun.line, "?");
		write_line(&begun.line);
	}
	write_unfinished();
	out.len = 0;
	put_thread(&out, current_user);
	if (code & 0x7f) {
		st_puts(&out, "+++ killed by ");
		st_name(&out, st_signals, (u64)code & 0x7f, NULL);
		st_puts(&out, " +++");
	} else {
		st_printf(&out, "+++ exited with %d +++", code >> 8 & 0xff);
	}
	write_line(&out);
	local_bh_enable();
}

static void trace_name(const char *name, size_t len)
{
	for (unsigned int nr = 0; nr < NR_SYSCALLS; nr++) {
		const char *have = syscall_name(nr);

		if (have && strlen(have) == len && !memcmp(have, name, len)) {
			traced[nr] = true;
			return;
		}
	}
	pr_warn("strace=: there is no system call %.*s\n", (int)len, name);
}

void strace_init(void)
{
	const char *list = cmdline_get("strace");

	if (!list || !strcmp(list, "0"))
		return;
	strace_on = true;
	timer_setup(&unfinished_timer, unfinished_timer_fn, 0);
	if (!*list || !strcmp(list, "1")) {
		memset(traced, true, sizeof(traced));
		return;
	}
	while (*list) {
		size_t len = strcspn(list, ",");

		if (len)
			trace_name(list, len);
		list += len;
		list += *list == ',';
	}
}
