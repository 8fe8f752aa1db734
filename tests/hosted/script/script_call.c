// SPDX-License-Identifier: BSD-2-Clause
/*
 * Socket calls of a packet script: each runs in a thread of its own with the program's descriptor
 * table, so that one which blocks does not stop the script. A call without an end time must return
 * while time stands still; one with an end time must return then, not before and not later.
 */
#include <errno.h>
#include <kernel/sched/thread.h>
#include <net/socket_file.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/script/run.h>
#include <tests/hosted/services/hosted.h>

static const struct call_def *find_in(const struct call_def *d, const char *name)
{
	for (; d->name; d++) {
		if (!strcmp(d->name, name))
			return d;
	}
	return NULL;
}

static const struct call_def *find_call(const char *name)
{
	const struct call_def *d = find_in(sock_calls, name);

	return d ? d : find_in(msg_calls, name);
}

void call_check(const struct script *s, int line, const struct call *c)
{
	const struct call_def *d = find_call(c->name);

	if (!d)
		script_fail(s, line, "the call %s is not known", c->name);
	if (c->nargs < d->min_args || c->nargs > d->max_args)
		script_fail(s, line, "%s takes %d to %d arguments", c->name, d->min_args,
			    d->max_args);
}

/* ---- arguments ---- */

s64 arg_int(const struct call *c, int i)
{
	if (i >= c->nargs || c->arg[i]->kind != EXPR_INT)
		run_fail("argument %d of %s must be a number", i + 1, c->name);
	return c->arg[i]->value;
}

int arg_fd(const struct call *c, int i)
{
	s64 fd = arg_int(c, i);

	if (fd < 0 || fd >= MAX_FDS || run.fd[fd] < 0)
		return (int)fd < MAX_FDS ? 1000000 : (int)fd; /* nobody's */
	return run.fd[fd];
}

/* A call that makes a descriptor: the script's number for it is what it says the result is. */
void new_fd(const struct call *c, s64 fd)
{
	if (fd < 0 || c->any_result)
		return;
	if (c->result < 0 || c->result >= MAX_FDS)
		run_fail("%s() made a descriptor, but %s is expected", c->name,
			 errno_name((int)-c->result));
	run.fd[c->result] = (int)fd;
}

struct sock *sock_of_fd(int fd)
{
	struct file *f = fget(fd);
	struct socket *sock = f ? sock_from_file(f) : NULL;
	struct sock *sk = sock ? sock->sk : NULL;

	if (f)
		fput(f);
	return sk && sk->sk_protocol == IPPROTO_TCP && sk->sk_type == SOCK_STREAM ? sk : NULL;
}

/* Where the next byte goes, as the script counts. */
static u32 write_place(int fd)
{
	struct sock *sk = sock_of_fd(fd);
	struct conn *c = sk ? conn_of_sock(sk) : NULL;

	if (!c || !c->isn_known || sk->sk_state == TCP_CLOSE || sk->sk_state == TCP_LISTEN)
		return 1;
	return tcp_sk(sk)->write_seq - c->isn;
}

u8 *send_buffer(int fd, size_t len)
{
	u8 *buf = malloc(len + 1); /* stays: MSG_ZEROCOPY sends from it later */
	u32 from = write_place(fd);
	size_t i;

	for (i = 0; i < len; i++)
		buf[i] = script_byte(from + (u32)i);
	return buf;
}

u32 stream_place(int fd)
{
	struct sock *sk = sock_of_fd(fd);
	struct tcp_sock *tp = sk ? tcp_sk(sk) : NULL;
	bool at_mark = tp && tp->urg_data && tp->urg_seq == tp->copied_seq &&
		       !sock_flag(sk, SOCK_URGINLINE);

	return tp ? tp->copied_seq + at_mark : 0; /* the urgent byte is out of line */
}

void check_received(int fd, const u8 *buf, s64 len, u32 from, bool skip)
{
	struct sock *sk = sock_of_fd(fd);
	struct conn *c = sk ? conn_of_sock(sk) : NULL;
	s64 i;

	for (i = 0; c && !skip && i < len; i++) {
		if (buf[i] != script_byte(from - c->peer_isn + (u32)i))
			run_fail("byte %lld of what was received is wrong", (long long)i);
	}
}

/* ---- running ---- */

static int call_thread(void *arg)
{
	struct running_call *rc = arg;
	const struct call *c = &rc->event->call;

	rc->result = find_call(c->name)->fn(c);
	rc->done_us = run_now_us();
	rc->done = true;
	return 0;
}

static void result_text(s64 result, char *buf, size_t size)
{
	if (result < 0)
		snprintf(buf, size, "-1 %s", errno_name((int)-result));
	else
		snprintf(buf, size, "%lld", (long long)result);
}

static void check_result(struct running_call *rc)
{
	const struct call *c = &rc->event->call;
	char have[64], want[64];

	thread_join(rc->thread);
	rc->thread = NULL;
	result_text(rc->result, have, sizeof(have));
	result_text(c->result, want, sizeof(want));
	trace("%s(...) = %s", c->name, have);
	run.event = rc->event;
	if (!c->any_result && rc->result != c->result)
		run_fail("%s() returned %s, not %s", c->name, have, want);
	if (!c->blocks)
		return;
	if (rc->done_us < rc->end_us - run.s->tolerance_us ||
	    rc->done_us > rc->end_us + run.s->tolerance_us)
		run_fail("%s() returned at %.3f ms, not at %.3f ms", c->name,
			 (double)rc->done_us / US_PER_MS, (double)rc->end_us / US_PER_MS);
}

void call_run(const struct event *e)
{
	struct running_call *rc = calloc(1, sizeof(*rc));
	const struct call *c = &e->call;

	*rc = (struct running_call){.event = e, .start_us = run_now_us(), .next = run.calls};
	rc->end_us = c->end_us;
	if (e->when.kind == WHEN_RELATIVE)
		rc->end_us += rc->start_us - e->when.from_us;
	rc->thread = thread_create(call_thread, rc, "%s", c->name);
	if (!rc->thread)
		run_fail("no memory for a thread");
	if (c->blocks)
		trace("%s(...) begins", c->name);
	hosted_run_until_idle();
	if (!rc->done && !c->blocks)
		run_fail("%s() blocks", c->name);
	if (rc->done)
		check_result(rc);
	else
		run.calls = rc;
}

void calls_check(void)
{
	const struct event *now = run.event;
	struct running_call **p = &run.calls, *rc;

	while ((rc = *p)) {
		if (!rc->done && run_now_us() <= rc->end_us + run.s->tolerance_us) {
			p = &rc->next;
			continue;
		}
		if (!rc->done) {
			run.event = rc->event;
			run_fail("%s() has not returned by %.3f ms", rc->event->call.name,
				 (double)rc->end_us / US_PER_MS);
		}
		*p = rc->next;
		check_result(rc);
	}
	run.event = now;
}

/* The script is over: time goes on until the last of them is due. */
void calls_finish(void)
{
	while (run.calls) {
		s64 now = run_now_us(), end = run.calls->end_us + run.s->tolerance_us + 1;

		calls_check();
		if (run.calls && end > now && !run.calls->done)
			hosted_advance_ns((u64)(end - now) * 1000);
	}
}
