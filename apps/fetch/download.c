// SPDX-License-Identifier: BSD-2-Clause
/*
 * One HTTP request and its answer: connecting, asking, reading head and body.
 *
 * Called by main.c. Names are resolved by getaddrinfo; each address is tried for at most 30 seconds
 * with a non-blocking connect, so that a silent host does not hold the program for minutes. The
 * body is hashed and written straight out of the one buffer. Answers 1xx are read over. An end of
 * the connection before the body's end is an error.
 */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <apps/fetch/fetch.h>
#include <apps/lib/http_body.h>

#define TIMEOUT_MS 30000

static bool fail(const char *what, const char *why)
{
	fprintf(stderr, "fetch: %s: %s\n", what, why);
	return false;
}

/* Wait for the socket; false with errno set. */
static bool wait_for(int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};
	int n = poll(&p, 1, TIMEOUT_MS);

	if (n == 0)
		errno = ETIMEDOUT;
	return n > 0;
}

static bool connect_one(int fd, const struct addrinfo *ai)
{
	int error = 0;
	socklen_t len = sizeof(error);

	if (connect(fd, ai->ai_addr, ai->ai_addrlen) == 0)
		return true;
	if (errno != EINPROGRESS || !wait_for(fd, POLLOUT))
		return false;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	errno = error;
	return !error;
}

static bool open_connection(struct download *d, const struct url *url)
{
	struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *list;
	int error = getaddrinfo(url->host, url->port, &hints, &list);

	if (error)
		return fail(url->host, gai_strerror(error));
	for (struct addrinfo *ai = list; ai; ai = ai->ai_next) {
		d->fd = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (d->fd < 0)
			break;
		if (connect_one(d->fd, ai)) {
			freeaddrinfo(list);
			return true;
		}
		error = errno;
		close(d->fd);
		d->fd = -1;
		errno = error;
	}
	error = errno;
	freeaddrinfo(list);
	return fail(url->host, strerror(error));
}

static bool send_request(struct download *d, const struct url *url)
{
	bool named_port = strcmp(url->port, "80") != 0;
	int n = snprintf(d->buf, sizeof(d->buf),
			 "GET %s HTTP/1.1\r\nHost: %s%s%s\r\nUser-Agent: fetch\r\nAccept: */*\r\n"
			 "Connection: close\r\n\r\n",
			 url->path, url->host, named_port ? ":" : "", named_port ? url->port : "");
	int at = 0;

	while (at < n) {
		ssize_t sent = send(d->fd, d->buf + at, (size_t)(n - at), MSG_NOSIGNAL);

		if (sent > 0)
			at += (int)sent;
		else if (errno != EAGAIN || !wait_for(d->fd, POLLOUT))
			return fail(url->host, strerror(errno));
	}
	d->start = d->end = 0;
	return true;
}

/* More input behind what is there. Bytes read; 0 at the end of the connection; -1 told. */
static ssize_t read_more(struct download *d)
{
	for (;;) {
		ssize_t n = recv(d->fd, d->buf + d->end, sizeof(d->buf) - d->end, 0);

		if (n >= 0) {
			d->end += (size_t)n;
			return n;
		}
		if (errno != EINTR && (errno != EAGAIN || !wait_for(d->fd, POLLIN))) {
			fail("reading the answer", strerror(errno));
			return -1;
		}
	}
}

static bool read_head(struct download *d)
{
	for (;;) {
		int n = http_parse_response(d->buf + d->start, d->end - d->start, &d->response);
		ssize_t got;

		if (n < 0)
			return fail("reading the answer", "it is not HTTP");
		d->start += (size_t)n;
		if (n > 0 && d->response.status >= 200)
			return true;
		if (n > 0)
			continue;
		if (d->end == sizeof(d->buf))
			return fail("reading the answer", "its head is too long");
		got = read_more(d);
		if (got < 0)
			return false;
		if (got == 0)
			return fail("reading the answer", "the connection ended");
	}
}

bool download_open(struct download *d, const struct url *url)
{
	return open_connection(d, url) && send_request(d, url) && read_head(d);
}

void download_close(struct download *d)
{
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}

bool download_is_redirect(const struct download *d)
{
	int s = d->response.status;

	return (s == 301 || s == 302 || s == 303 || s == 307 || s == 308) && *d->response.location;
}

static bool take(struct download *d, const char *data, size_t len)
{
	d->bytes += len;
	sha256_update(&d->sha, data, len);
	while (d->out >= 0 && len) {
		ssize_t n = write(d->out, data, len);

		if (n < 0)
			return fail("writing", strerror(errno));
		data += n;
		len -= (size_t)n;
	}
	return true;
}

/* The buffer is used up: read the next piece into all of it. */
static ssize_t next_piece(struct download *d)
{
	d->start = d->end = 0;
	return read_more(d);
}

static bool body_until_close(struct download *d)
{
	ssize_t n;

	do {
		if (!take(d, d->buf + d->start, d->end - d->start))
			return false;
		n = next_piece(d);
	} while (n > 0);
	return n == 0;
}

static bool framed_body(struct download *d)
{
	struct http_piece piece;
	struct http_body body;
	enum http_body_result result;

	http_body_init(&body, d->response.chunked, d->response.length);
	for (;;) {
		result = http_body_take(&body, d->buf + d->start, d->end - d->start, &piece);
		d->start += piece.used;
		if (piece.len && !take(d, piece.data, piece.len))
			return false;
		if (result == HTTP_BODY_DONE)
			return true;
		if (result == HTTP_BODY_BAD)
			return fail("reading the answer", "its chunks are malformed");
		if (d->start < d->end)
			continue;
		switch (next_piece(d)) {
		case -1:
			return false;
		case 0:
			return fail("reading the answer", "the connection ended too early");
		}
	}
}

bool download_body(struct download *d)
{
	int s = d->response.status;

	if (s >= 300) {
		fprintf(stderr, "fetch: the server says %d %s\n", s, d->response.reason);
		return false;
	}
	if (s == 204 || s == 205)
		return true;
	if (d->response.chunked || d->response.has_length)
		return framed_body(d);
	return body_until_close(d);
}
