// SPDX-License-Identifier: BSD-2-Clause
/*
 * Runs a packet script: event after event in virtual time, then the end: nothing more was sent,
 * every socket is gone, and so are its namespace and its memory.
 *
 * A packet that is to come is taken from what the host sent, in order, and its own time is compared
 * with the script's: one that came too early, too late or that nobody expects ends the script.
 */
#include <net/inet_hashtables.h>
#include <net/inet_sock.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/script/run.h>
#include <tests/hosted/services/host_process.h>
#include <tests/hosted/services/hosted.h>

#define NS_PER_US 1000
#define DRAIN_MS  (2000 * 1000)

struct run run;

s64 run_now_us(void)
{
	return (s64)(hosted_now_ns() - run.start_ns) / NS_PER_US;
}

void script_fail(const struct script *s, int line, const char *fmt, ...)
{
	va_list ap;

	if (line)
		printf("%s:%d: ", s->file, line);
	else
		printf("%s: ", s->file);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	if (run.s)
		trace_print();
	host_exit_now(1);
}

void run_fail(const char *fmt, ...)
{
	char what[1600];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	script_fail(run.s, run.event ? run.event->line : 0, "%s", what);
}

/* ---- up ---- */

static void namespace_up(void)
{
	run.net = net_create("script");
	if (IS_ERR(run.net))
		run_fail("no namespace");
	run.net->ipv4.sysctl_tcp_rmem[2] = 6291456; /* as on a host with 1 GiB */
	run.net->ipv4.sysctl_tcp_wmem[2] = 4194304;
	dev_up();
	current->net_ns = run.net;
	hosted_seed(1); /* what the stack draws at its start shall not change what scripts see */
}

static void start(struct script *s)
{
	int i;

	run.s = s;
	for (i = 0; i < MAX_FDS; i++)
		run.fd[i] = -1;
	namespace_up();
	/* No machine connects at its time 0, and a second of the clock begins with the script. */
	hosted_advance_ns(20 * NSEC_PER_SEC - hosted_now_ns() % (10 * NSEC_PER_SEC));
	run.start_ns = hosted_now_ns();
	run.mib = run.net->mib;
	for (i = 0; i < SKB_DROP_REASON_MAX; i++)
		run.drops[i] = skb_drop_count((enum skb_drop_reason)i);
	trace_start(run_now_us);
}

/* ---- events ---- */

static void check_sock(struct sock *sk, void *arg)
{
	(void)arg;
	if (sk->sk_state != TCP_NEW_SYN_RECV && sk->sk_state != TCP_TIME_WAIT)
		tcp_check_invariants(sk);
}

static void check_all(void)
{
	inet_hash_for_each(run.net, check_sock, NULL);
}

static void advance_to(s64 us)
{
	s64 now = run_now_us();

	if (us > now)
		hosted_advance_ns((u64)(us - now) * NS_PER_US);
	hosted_run_until_idle();
	calls_check();
}

/* When the event is to be, from and to. */
static void event_window(const struct event *e, s64 *from, s64 *to)
{
	s64 base = e->when.kind == WHEN_RELATIVE ? run.last_us : 0;

	*from = base + e->when.from_us;
	*to = base + e->when.to_us;
}

struct alarm {
	struct hosted_event event; /* first */
	struct thread *sleeper;
};

static void alarm_rings(struct hosted_event *e)
{
	wake_up_thread(((struct alarm *)e)->sleeper);
}

/* Sleep until the host sends something, at most until then. */
static void sleep_until(s64 us)
{
	struct alarm a = {.sleeper = current};

	hosted_event_init(&a.event, alarm_rings);
	hosted_event_at(&a.event, run.start_ns + (u64)us * NS_PER_US);
	run.sleeper = current;
	while (a.event.queued && !run.sent) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (!run.sent)
			schedule();
		set_current_state(TASK_RUNNING);
	}
	run.sleeper = NULL;
	hosted_event_cancel(&a.event);
	hosted_run_until_idle();
}

static struct frame *wait_frame(const struct event *e, s64 to)
{
	s64 last = e->when.kind == WHEN_ANY ? run_now_us() + 3600ll * 1000 * US_PER_MS
					    : to + run.s->tolerance_us;
	struct frame *f;

	hosted_run_until_idle();
	if (!run.sent && run_now_us() < last)
		sleep_until(last);
	calls_check();
	f = dev_take();
	if (!f)
		run_fail("the host sent nothing by %.3f ms\n    expected: %s",
			 (double)last / US_PER_MS, e->text);
	return f;
}

static void run_out(const struct event *e)
{
	s64 from, to, tolerance = run.s->tolerance_us;
	struct frame *f;

	event_window(e, &from, &to);
	f = wait_frame(e, to);
	match_packet(e, f);
	if (e->when.kind != WHEN_ANY && (f->at_us < from - tolerance || f->at_us > to + tolerance))
		run_fail("the packet came at %.3f ms, not at %.3f ms%s\n    expected: %s",
			 (double)f->at_us / US_PER_MS, (double)from / US_PER_MS,
			 e->when.range ? " or a little later" : "", e->text);
	run.last_us = f->at_us;
	free(f);
}

static void run_in(const struct event *e)
{
	const struct packet *p = &e->packet;
	struct conn *c = conn_for_packet(p, true);
	static u8 buf[65536 + 64];
	char text[600];
	u32 len;

	if (p->fresh) {
		c->isn_known = c->ts_known = false;
		c->isn = 0;
	}
	len = wire_build(p, c, buf);
	if (p->has_win)
		c->last_win = p->win;
	packet_text(p, true, text, sizeof(text));
	trace("%s", text);
	dev_inject(buf, len);
	hosted_run_until_idle();
}

static void run_event(const struct event *e)
{
	s64 from, to;

	run.event = e;
	if (e->type == EVENT_OUT) {
		run_out(e);
		return;
	}
	event_window(e, &from, &to);
	if (from < run_now_us() - run.s->tolerance_us)
		run_fail("its time, %.3f ms, is over: it is %.3f ms", (double)from / US_PER_MS,
			 (double)run_now_us() / US_PER_MS);
	advance_to(from);
	run.last_us = max(from, run.last_us);
	if (e->type == EVENT_IN)
		run_in(e);
	else if (e->type == EVENT_CALL)
		call_run(e);
	else if (e->type == EVENT_COMMAND)
		command_run(e);
	else
		code_run(e);
}

/* ---- down ---- */

static void nothing_more(void)
{
	struct frame *f;
	struct packet p;
	char text[600];

	hosted_run_until_idle();
	f = dev_take();
	if (!f)
		return;
	wire_parse(f, &p);
	live_text(&p, conn_find(p.lport, p.pport), text, sizeof(text));
	run_fail("the script is over, but the host sent, at %.3f ms:\n    %s",
		 (double)f->at_us / US_PER_MS, text);
}

static void finish(void)
{
	run.deaf = true;
	files_put(current->files);
	current->files = NULL;
	current->net_ns = NULL;
	hosted_drain(DRAIN_MS);
	if (run.net->ipv4.tcp_orphan_count || run.net->ipv4.tcp_memory_allocated ||
	    run.net->ipv4.tcp_sockets_allocated || run.net->ipv4.tw_count)
		run_fail("left behind: %d orphans, %ld pages, %d sockets, %d in TIME-WAIT",
			 run.net->ipv4.tcp_orphan_count, run.net->ipv4.tcp_memory_allocated,
			 run.net->ipv4.tcp_sockets_allocated, run.net->ipv4.tw_count);
	dev_down();
	put_net(run.net);
	hosted_drain(DRAIN_MS);
	if (hosted_leak_check())
		run_fail("memory is left behind");
}

void script_run(struct script *s)
{
	const struct event *e;

	start(s);
	for (e = s->events; e; e = e->next) {
		run_event(e);
		check_all();
	}
	calls_finish();
	nothing_more();
	run.event = NULL;
	finish();
}
