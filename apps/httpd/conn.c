// SPDX-License-Identifier: BSD-2-Clause
/*
 * Connections of httpd: reading requests, answering them in order, keep-alive, timeouts
 * (RFC 9112 sections 6 to 9).
 *
 * All connections share one input buffer and one output area, for only one is worked on at a time:
 * an idle connection holds no buffers. Input that ends inside a request head is kept for its
 * connection, output that the socket does not take as well; while there is such output nothing is
 * read. An answer that closes sends FIN first and reads away what the peer still sends for two
 * seconds, because closing with unread input would reset the connection and could take the answer
 * with it (RFC 9112 section 9.6). Called from main.c's loop.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <apps/httpd/httpd.h>

#define IN_BYTES    65536 /* one read; larger than any request head */
#define LINGER_MAX  (4U << 20)
#define MEMO_BYTES  512 /* longer request heads are not remembered */
#define FILL_ROUNDS 4	/* writes of filler to one connection before others have their turn */

static const unsigned int wait_ms[NR_WAITS] = {
	[WAIT_IDLE] = 60000, [WAIT_REQUEST] = 20000, [WAIT_LINGER] = 2000};

static char input[IN_BYTES];
static struct output output = {.file_fd = -1};
static struct conn *free_conns;

static void list_add(struct conn *c, enum wait_kind kind)
{
	c->wait = kind;
	c->deadline_ms = server.now_ms + wait_ms[kind];
	c->next = NULL;
	c->prev = server.newest[kind];
	if (c->prev)
		c->prev->next = c;
	else
		server.oldest[kind] = c;
	server.newest[kind] = c;
}

static void list_del(struct conn *c)
{
	if (c->prev)
		c->prev->next = c->next;
	else
		server.oldest[c->wait] = c->next;
	if (c->next)
		c->next->prev = c->prev;
	else
		server.newest[c->wait] = c->prev;
}

static void restart_wait(struct conn *c, enum wait_kind kind)
{
	list_del(c);
	list_add(c, kind);
}

static void conn_close(struct conn *c)
{
	close(c->fd);
	list_del(c);
	free(c->in);
	free(c->out);
	if (c->file_fd >= 0)
		close(c->file_fd);
	c->next = free_conns;
	free_conns = c;
	server.nr_conns--;
}

void conn_accept(int fd)
{
	struct conn *c = free_conns;
	struct epoll_event ev = {.events = EPOLLIN};

	if (c)
		free_conns = c->next;
	else
		c = malloc(sizeof(*c));
	if (!c) {
		close(fd);
		return;
	}
	memset(c, 0, sizeof(*c));
	c->fd = fd;
	c->file_fd = -1;
	ev.data.ptr = c;
	server.nr_conns++;
	list_add(c, WAIT_REQUEST);
	if (epoll_ctl(server.epfd, EPOLL_CTL_ADD, fd, &ev) < 0)
		conn_close(c);
}

static void watch(struct conn *c, bool writing)
{
	struct epoll_event ev = {.events = writing ? EPOLLOUT : EPOLLIN, .data.ptr = c};

	if (c->writing == writing)
		return;
	c->writing = writing;
	epoll_ctl(server.epfd, EPOLL_CTL_MOD, c->fd, &ev);
}

/* The answer is out: say so with a FIN and wait for the peer's. */
static void start_lingering(struct conn *c)
{
	shutdown(c->fd, SHUT_WR);
	c->lingering = true;
	free(c->in);
	c->in = NULL;
	c->in_len = 0;
	watch(c, false);
	restart_wait(c, WAIT_LINGER);
}

/* Keep what the socket did not take of the output area, from byte @sent on; false without memory.
 */
static bool keep_output(struct conn *c, struct output *o, size_t sent)
{
	char *to = malloc(o->bytes - sent);

	if (!to)
		return false;
	c->out = to;
	c->out_pos = 0;
	c->out_len = o->bytes - sent;
	for (int i = 0; i < o->nr_iov; i++) {
		size_t skip = sent < o->iov[i].iov_len ? sent : o->iov[i].iov_len;

		to = mempcpy(to, (char *)o->iov[i].iov_base + skip, o->iov[i].iov_len - skip);
		sent -= skip;
	}
	return true;
}

static ssize_t send_iovs(struct conn *c, struct output *o)
{
	struct msghdr msg = {.msg_iov = o->iov, .msg_iovlen = (size_t)o->nr_iov};

	if (o->nr_iov == 1)
		return send(c->fd, o->iov[0].iov_base, o->iov[0].iov_len, MSG_NOSIGNAL);
	return sendmsg(c->fd, &msg, MSG_NOSIGNAL);
}

static void reset_output(struct output *o)
{
	free(o->owned);
	o->owned = NULL;
	o->nr_iov = 0;
	o->used = 0;
	o->bytes = 0;
	o->fill = 0;
	if (o->file_fd >= 0)
		close(o->file_fd);
	o->file_fd = -1;
}

/* Send the output area; false when the connection broke. What is not taken is kept. */
static bool flush_output(struct conn *c, struct output *o)
{
	bool good = true;
	ssize_t n;

	if (o->nr_iov) {
		n = send_iovs(c, o);
		if (n < 0 && errno == EAGAIN)
			n = 0;
		good = n >= 0;
		if (good && (size_t)n < o->bytes)
			good = keep_output(c, o, (size_t)n);
	}
	c->fill_left += o->fill;
	if (good && o->file_fd >= 0) {
		c->file_fd = o->file_fd;
		c->file_pos = 0;
		c->file_left = o->file_left;
		o->file_fd = -1;
	}
	reset_output(o);
	return good;
}

/*
 * The next pieces of a file. As send_kept(). A file that became shorter breaks the connection: the
 * length that was promised cannot be kept.
 */
static int send_file(struct conn *c)
{
	for (int i = 0; c->file_left && i < FILL_ROUNDS; i++) {
		static char piece[65536];
		size_t want = c->file_left < sizeof(piece) ? (size_t)c->file_left : sizeof(piece);
		ssize_t got = pread(c->file_fd, piece, want, (off_t)c->file_pos), n;

		if (got <= 0)
			return -1;
		n = send(c->fd, piece, (size_t)got, MSG_NOSIGNAL);
		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -1;
		c->file_pos += (uint64_t)n;
		c->file_left -= (uint64_t)n;
	}
	if (c->file_left)
		return 0;
	close(c->file_fd);
	c->file_fd = -1;
	return 1;
}

/* Send what is kept and what comes behind it. 1: all gone, 0: the socket is full, -1: broken. */
static int send_kept(struct conn *c)
{
	while (c->out) {
		ssize_t n = send(c->fd, c->out + c->out_pos, c->out_len - c->out_pos, MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -1;
		c->out_pos += (size_t)n;
		if (c->out_pos == c->out_len) {
			free(c->out);
			c->out = NULL;
		}
	}
	for (int i = 0; c->fill_left && i < FILL_ROUNDS; i++) {
		size_t want = c->fill_left < FILL_BLOCK ? (size_t)c->fill_left : FILL_BLOCK;
		ssize_t n = send(c->fd, fill_block, want, MSG_NOSIGNAL);

		if (n < 0)
			return errno == EAGAIN || errno == EINTR ? 0 : -1;
		c->fill_left -= (size_t)n;
	}
	if (c->file_fd >= 0)
		return send_file(c);
	return c->fill_left == 0;
}

/* Skip body bytes; how many were taken, or -1 when its framing is broken. */
static long skip_body(struct conn *c, const char *buf, size_t len)
{
	struct http_piece piece;
	enum http_body_result result;
	size_t at = 0;

	do {
		result = http_body_take(&c->body, buf + at, len - at, &piece);
		at += piece.used;
		if (result == HTTP_BODY_BAD || c->body.total > HTTP_MAX_BODY)
			return -1;
	} while (result == HTTP_BODY_MORE && at < len);
	c->in_body = result == HTTP_BODY_MORE;
	return (long)at;
}

/* A whole request head: add its answer. False: no room in the output area yet. */
static bool answer(struct conn *c, const struct http_request *req)
{
	/* With "Expect" the peer may or may not send the body now: only closing is sure. */
	bool closing = !req->keep_alive || req->expects_continue;
	bool has_body = req->chunked || req->content_length;

	if (req->status != 200) {
		if (!pages_error(&output, req->status, req->method == HTTP_HEAD, closing))
			return false;
	} else {
		struct http_request shown = *req;

		shown.keep_alive = !closing;
		if (!pages_answer(&output, &shown))
			return false;
	}
	c->close_after = closing;
	c->failed = has_body && closing;
	if (has_body && !closing) {
		http_body_init(&c->body, req->chunked, req->content_length);
		c->in_body = true;
	}
	return true;
}

/*
 * Parse a request head. The last one is remembered: a client that keeps its connection mostly sends
 * the same bytes again, and comparing them costs a fraction of parsing them. What a head says
 * depends on no byte behind it, so equal bytes mean an equal request.
 */
static int parse_head(const char *buf, size_t len, struct http_request *req)
{
	static struct {
		size_t len; /* 0: nothing remembered */
		size_t path;
		struct http_request req;
		char head[MEMO_BYTES];
	} memo;
	int n;

	if (memo.len && len >= memo.len && !memcmp(buf, memo.head, memo.len)) {
		*req = memo.req;
		req->path = buf + memo.path;
		return (int)memo.len;
	}
	n = http_parse_head(buf, len, req);
	if (n > 0 && n <= MEMO_BYTES && req->path >= buf && req->path < buf + n) {
		memo.len = (size_t)n;
		memo.path = (size_t)(req->path - buf);
		memo.req = *req;
		memcpy(memo.head, buf, memo.len);
	}
	return n;
}

/* One step over the input. Bytes taken, 0 when more input or room is needed (*full), -1: close. */
static long step(struct conn *c, const char *buf, size_t len, bool *full)
{
	struct http_request req;
	int n;

	if (c->in_body) {
		long taken = skip_body(c, buf, len);

		c->close_after |= taken < 0;
		c->failed |= taken < 0;
		return taken < 0 ? (long)len : taken;
	}
	n = parse_head(buf, len, &req);
	if (n == 0)
		return 0;
	if (n < 0) {
		*full = !pages_error(&output, -n, false, true);
		c->close_after = c->failed = !*full;
		return *full ? 0 : (long)len;
	}
	*full = !answer(c, &req);
	return *full ? 0 : n;
}

/*
 * Answer all whole requests in the input. Returns the bytes taken, or -1 when the connection broke.
 * Stops early when output had to be kept or a long body was begun: the rest waits its turn.
 */
static long answer_all(struct conn *c, const char *buf, size_t len)
{
	size_t at = 0;

	while (at < len && !c->close_after && !c->out && !c->fill_left && !output.fill &&
	       c->file_fd < 0 && output.file_fd < 0) {
		bool full = false;
		long n = step(c, buf + at, len - at, &full);

		if (full) {
			if (!flush_output(c, &output))
				return -1;
			continue;
		}
		if (n == 0)
			break;
		at += (size_t)n;
	}
	return flush_output(c, &output) ? (long)at : -1;
}

/* Remember input that is not worked through; false without memory. */
static bool keep_input(struct conn *c, const char *buf, size_t len)
{
	char *copy = NULL;

	if (len) {
		copy = malloc(len);
		if (!copy)
			return false;
		memcpy(copy, buf, len);
	}
	free(c->in);
	c->in = copy;
	c->in_len = len;
	return true;
}

/* What to wait for now that nothing more can be done. @left bytes of input are not worked through.
 */
static void settle(struct conn *c, bool sent, const char *buf, size_t left)
{
	if (sent && c->close_after) {
		/* Nothing unread: a plain close cannot reset what was sent. */
		if (!left && !c->in_body && !c->failed)
			conn_close(c);
		else
			start_lingering(c);
		return;
	}
	if (c->close_after)
		left = 0;
	if ((c->in || left) && !keep_input(c, buf, left)) {
		conn_close(c);
		return;
	}
	watch(c, !sent);
	restart_wait(c, sent && !left && !c->in_body ? WAIT_IDLE : WAIT_REQUEST);
}

/* Send what waits, answer what is there, and so on until one of the two has to wait. */
static void progress(struct conn *c, const char *buf, size_t len)
{
	int sent;

	for (;;) {
		long n;

		sent = send_kept(c);
		if (sent == 0 || c->close_after)
			break;
		n = sent < 0 ? -1 : answer_all(c, buf, len);
		if (n < 0) {
			conn_close(c);
			return;
		}
		if (n == 0)
			break;
		buf += n;
		len -= (size_t)n;
	}
	if (sent < 0)
		conn_close(c);
	else
		settle(c, sent, buf, len);
}

static void linger_input(struct conn *c)
{
	ssize_t n = recv(c->fd, input, sizeof(input), 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	c->lingered += n > 0 ? (size_t)n : 0;
	if (n <= 0 || c->lingered > LINGER_MAX)
		conn_close(c);
}

static void conn_input(struct conn *c)
{
	size_t have = c->in_len;
	ssize_t n;

	/* A head is at most 16 KiB, so what is kept always leaves room to read. */
	n = recv(c->fd, input + have, sizeof(input) - have, 0);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		conn_close(c);
		return;
	}
	if (have)
		memcpy(input, c->in, have);
	progress(c, input, have + (size_t)n);
}

void conn_event(struct conn *c, uint32_t events)
{
	if (c->lingering) {
		linger_input(c);
		return;
	}
	if (events & (EPOLLERR | EPOLLHUP) && !(events & EPOLLIN)) {
		conn_close(c);
		return;
	}
	if (!c->writing) {
		conn_input(c);
		return;
	}
	/* There is room again: go on with the output, then with the input that waited for it. */
	if (c->in)
		memcpy(input, c->in, c->in_len);
	progress(c, input, c->in_len);
}

int conn_expire(void)
{
	uint64_t next = UINT64_MAX;

	for (int kind = 0; kind < NR_WAITS; kind++) {
		while (server.oldest[kind] && server.oldest[kind]->deadline_ms <= server.now_ms) {
			struct conn *c = server.oldest[kind];

			/* A request that does not get finished is told so. */
			if (kind == WAIT_REQUEST && c->in_len && !c->writing) {
				pages_error(&output, 408, false, true);
				if (flush_output(c, &output) && !c->out) {
					start_lingering(c);
					continue;
				}
			}
			conn_close(c);
		}
		if (server.oldest[kind] && server.oldest[kind]->deadline_ms < next)
			next = server.oldest[kind]->deadline_ms;
	}
	return next == UINT64_MAX ? -1 : (int)(next - server.now_ms);
}
