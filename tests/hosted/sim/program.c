// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a program does with a connection: two threads that block, one that polls, or questions and
 * answers; how much at a time, with which flags, with which pauses; and how it closes. Every byte
 * that comes is compared at once.
 */
#include <net/sock_ops.h>
#include <net/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <tests/hosted/sim/sim.h>

#define BUF_BYTES 70000u

static void failed(struct sim_end *e, int err)
{
	if (!e->error)
		e->error = -err;
}

static void pause_sometimes(struct sim_end *e)
{
	if (rng_permille(&e->rng, e->script.pause_permille))
		msleep(1 + rng_below(&e->rng, e->script.pause_ms));
}

static int send_flags(struct sim_end *e, bool last)
{
	const struct sim_script *sc = &e->script;
	int flags = 0;

	if (!last && rng_permille(&e->rng, sc->more_permille))
		flags |= MSG_MORE;
	else if (rng_permille(&e->rng, sc->oob_permille))
		flags |= MSG_OOB;
	return flags;
}

/* Up to n bytes of the stream; what send() returns. */
static int write_some(struct sim_end *e, u8 *buf, u32 n, int flags)
{
	struct msghdr msg = {.msg_flags = (unsigned int)flags};
	int ret;

	pattern_write(e, e->written, buf, n);
	e->writing = n;
	ret = kernel_sendmsg(e->sock, &msg, buf, n);
	e->writing = 0;
	if (ret > (int)n)
		SIM_FAIL(e->sim, "send of %u bytes returned %d", n, ret);
	if (ret > 0)
		e->written += (u32)ret;
	else if (ret == 0)
		SIM_FAIL(e->sim, "send of %u bytes returned 0", n);
	else if (ret != -EAGAIN)
		failed(e, ret);
	return ret;
}

/* What recv() returns; the bytes are right. */
static int read_some(struct sim_end *e, u8 *buf, u32 n, int flags)
{
	struct msghdr msg = {.msg_flags = 0};
	int ret = kernel_recvmsg(e->sock, &msg, buf, n, flags);
	const struct sim_end *peer = &e->conn->end[!e->side];
	u32 same;

	if (ret < 0) {
		if (ret != -EAGAIN)
			failed(e, ret);
		return ret;
	}
	if (ret > (int)n)
		SIM_FAIL(e->sim, "receive of %u bytes returned %d", n, ret);
	same = pattern_compare(e, e->received, buf, (u32)ret);
	if (same != (u32)ret)
		SIM_FAIL(e->sim, "connection %u side %d: byte %u differs", e->conn->id, e->side,
			 e->received + same);
	if (e->received + (u32)ret > peer->written + peer->writing)
		SIM_FAIL(e->sim, "connection %u side %d: %u bytes came of %u written", e->conn->id,
			 e->side, e->received + (u32)ret, peer->written + peer->writing);
	if (!(flags & MSG_PEEK))
		e->received += (u32)ret;
	if (!ret)
		e->told_end = true;
	return ret;
}

static int read_flags(struct sim_end *e)
{
	int flags = 0;

	if (rng_permille(&e->rng, e->script.peek_permille))
		flags |= MSG_PEEK;
	if (rng_permille(&e->rng, e->script.waitall_permille))
		flags |= MSG_WAITALL;
	/* Who looks without taking must not wait for more than the buffer holds. */
	if (e->script.lowat)
		flags &= ~MSG_PEEK;
	if (flags & MSG_PEEK)
		flags &= ~MSG_WAITALL;
	return flags;
}

static void end_writing(struct sim_end *e)
{
	int ret = e->sock->ops->shutdown(e->sock, SHUT_WR);

	if (ret && ret != -ENOTCONN)
		SIM_FAIL(e->sim, "shutdown(SHUT_WR) returned %d", ret);
}

/* ---- two threads ---- */

static int writer_thread(void *arg)
{
	struct sim_end *e = arg;
	u8 *buf = malloc(BUF_BYTES);

	while (e->written < e->script.send) {
		u32 n = 1 + rng_skewed(&e->rng, e->script.write_max);
		int ret;

		n = min(n, e->script.send - e->written);
		ret = write_some(e, buf, n, send_flags(e, e->written + n == e->script.send));
		if (ret < 0 && ret != -EAGAIN)
			break;
		pause_sometimes(e);
	}
	free(buf);
	end_writing(e);
	return 0;
}

static void read_to_end(struct sim_end *e)
{
	u8 *buf = malloc(BUF_BYTES);
	int ret;

	do {
		ret = read_some(e, buf, 1 + rng_skewed(&e->rng, e->script.read_max), read_flags(e));
		pause_sometimes(e);
	} while (ret > 0 || ret == -EAGAIN);
	free(buf);
}

static void run_threads(struct sim_end *e)
{
	e->writer = sim_thread(writer_thread, e, "writer");
	read_to_end(e);
	thread_join(e->writer);
	e->writer = NULL;
}

/* ---- one thread that polls ---- */

static bool must_abort(const struct sim_end *e)
{
	return e->script.close == CLOSE_ABORT &&
	       e->written + e->received >= e->script.abort_after;
}

/* Sleep until something of `want` can be done. */
static u32 poll_for(struct sim_end *e, u32 want)
{
	struct socket *sock = e->sock;
	u32 mask = 0;

	want |= EPOLLERR | EPOLLHUP;
	wait_event_interruptible(&sock->wq.wait,
				 (mask = sock->ops->poll(NULL, sock, NULL)) & want);
	return mask;
}

static void poll_write(struct sim_end *e, u8 *buf)
{
	u32 n = 1 + rng_skewed(&e->rng, e->script.write_max);
	bool last;

	n = min(n, e->script.send - e->written);
	last = e->written + n == e->script.send;
	write_some(e, buf, n, MSG_DONTWAIT | send_flags(e, last));
}

static void run_polled(struct sim_end *e)
{
	u8 *buf = malloc(BUF_BYTES);
	bool wrote_all = false;

	while (!e->error) {
		u32 mask;

		if (e->written == e->script.send && !wrote_all) {
			wrote_all = true;
			if (e->script.close == CLOSE_EARLY)
				break;
			end_writing(e);
		}
		if (must_abort(e) || (wrote_all && e->told_end))
			break;
		mask = poll_for(e, (wrote_all ? 0 : EPOLLOUT) | (e->told_end ? 0 : EPOLLIN));
		if (mask & EPOLLOUT && !wrote_all)
			poll_write(e, buf);
		if (mask & (EPOLLIN | EPOLLERR | EPOLLHUP) && !e->told_end)
			read_some(e, buf, 1 + rng_skewed(&e->rng, e->script.read_max),
				  MSG_DONTWAIT | (read_flags(e) & MSG_PEEK));
		pause_sometimes(e);
	}
	free(buf);
}

/* ---- questions and answers ---- */

static bool send_all(struct sim_end *e, u8 *buf, u32 n)
{
	while (n) {
		int ret = write_some(e, buf, min(n, BUF_BYTES), 0);

		if (ret < 0 && ret != -EAGAIN)
			return false;
		n -= ret > 0 ? (u32)ret : 0;
	}
	return true;
}

static bool receive_all(struct sim_end *e, u8 *buf, u32 n)
{
	while (n) {
		int ret = read_some(e, buf, min(n, BUF_BYTES), MSG_WAITALL);

		if (ret == 0 || (ret < 0 && ret != -EAGAIN))
			return false;
		n -= ret > 0 ? (u32)ret : 0;
	}
	return true;
}

static void run_pingpong(struct sim_end *e)
{
	const struct sim_script *sc = &e->script;
	u8 *buf = malloc(BUF_BYTES);
	bool go = true;
	u32 i;

	for (i = 0; i < sc->rounds && go && !must_abort(e); i++) {
		if (e->side == 0)
			go = send_all(e, buf, sc->request) && receive_all(e, buf, sc->reply);
		else
			go = receive_all(e, buf, sc->request) && send_all(e, buf, sc->reply);
		pause_sometimes(e);
	}
	free(buf);
	if (e->script.close == CLOSE_EARLY || must_abort(e))
		return;
	end_writing(e);
	if (!e->error)
		read_to_end(e);
}

/* ---- options ---- */

static void set(struct sim_end *e, int level, int name, int value)
{
	int ret = kernel_setsockopt(e->sock, level, name, &value, sizeof(value));

	/* -ENOPROTOOPT: not there (yet); -EINVAL: the state forbids it. */
	if (ret && ret != -ENOPROTOOPT && ret != -EINVAL && ret != -ENOMEM && ret != -ENOBUFS)
		SIM_FAIL(e->sim, "setsockopt(%d, %d, %d) returned %d", level, name, value, ret);
}

/* Keepalive lets everybody learn at last that the peer has gone. */
static void set_keepalive(struct sim_end *e)
{
	bool patient = e->sim->plan.patient;

	set(e, IPPROTO_TCP, TCP_KEEPIDLE, (int)rng_between(&e->rng, 20, 100));
	set(e, IPPROTO_TCP, TCP_KEEPINTVL, (int)rng_between(&e->rng, 5, 60));
	set(e, IPPROTO_TCP, TCP_KEEPCNT, patient ? 127 : (int)rng_between(&e->rng, 3, 9));
	set(e, SOL_SOCKET, SO_KEEPALIVE, 1);
}

void program_options(struct sim_end *e)
{
	const struct sim_script *sc = &e->script;
	u32 o = sc->options;

	set_keepalive(e);
	set(e, SOL_SOCKET, SO_OOBINLINE, 1);
	if (sc->sndbuf)
		set(e, SOL_SOCKET, SO_SNDBUF, (int)sc->sndbuf);
	if (sc->rcvbuf)
		set(e, SOL_SOCKET, SO_RCVBUF, (int)sc->rcvbuf);
	if (sc->lowat)
		set(e, SOL_SOCKET, SO_RCVLOWAT, (int)sc->lowat);
	if (o & 1)
		set(e, IPPROTO_TCP, TCP_NODELAY, 1);
	if (o & 2)
		set(e, IPPROTO_TCP, TCP_QUICKACK, (int)(o >> 8 & 1));
	if (o & 4)
		set(e, IPPROTO_TCP, TCP_NOTSENT_LOWAT, (int)(1 + (o >> 8 & 0x3fff)));
	if (o & 8)
		set(e, IPPROTO_TCP, TCP_WINDOW_CLAMP, (int)(2000 + (o >> 8 & 0x7fff)));
	if (o & 16 && !e->sim->plan.patient)
		set(e, IPPROTO_TCP, TCP_USER_TIMEOUT, (int)(5000 + (o >> 8 & 0xffff)));
	if (o & 32)
		set(e, IPPROTO_TCP, TCP_MAXSEG, (int)(536 + (o >> 8 & 0x1ff)));
	if (o & 64)
		set(e, SOL_SOCKET, SO_MAX_PACING_RATE, (int)(20000 + (o >> 8 & 0xfffff)));
	if (o & 128)
		set(e, IPPROTO_TCP, TCP_LINGER2, (int)(o >> 8 & 31));
}

/* ---- the end ---- */

static void close_it(struct sim_end *e)
{
	struct linger lin = {.l_onoff = 1, .l_linger = 0};
	struct sim_end *peer = &e->conn->end[!e->side];
	struct socket *sock = e->sock;

	if (must_abort(e)) {
		kernel_setsockopt(sock, SOL_SOCKET, SO_LINGER, &lin, sizeof(lin));
		e->aborted = true;
	} else if (e->script.close == CLOSE_LINGER) {
		lin.l_linger = (int)rng_between(&e->rng, 1, 20);
		kernel_setsockopt(sock, SOL_SOCKET, SO_LINGER, &lin, sizeof(lin));
	} else if (e->script.close == CLOSE_BOTH) {
		sock->ops->shutdown(sock, SHUT_RDWR);
	}
	/* What comes now, or has come and was not read, is answered with a reset. */
	if (e->error || e->received < peer->script.send)
		e->aborted = true;
	e->sock = NULL;
	e->open = false;
	sock_release(sock);
}

void program_run(struct sim_end *e)
{
	e->open = true;
	if (e->script.style == STYLE_THREADS)
		run_threads(e);
	else if (e->script.style == STYLE_POLLED)
		run_polled(e);
	else
		run_pingpong(e);
	close_it(e);
}
