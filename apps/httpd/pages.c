// SPDX-License-Identifier: BSD-2-Clause
/*
 * What httpd serves: / (index.c), /proc/..., /bytes/N, /1k, and the error answers; or, when a
 * directory was given, its files instead (site.c).
 *
 * Called by conn.c for each good request head, it appends to the output area: header lines in its
 * scratch space, bodies by reference. The answer for /1k and the Date line are made once a second,
 * the index page too, so the common request costs no formatting. Files of /proc are read whole, for
 * their length is not known before; a process's own directories and the raw kernel files of Linux
 * are not served. Left out: ranges, conditional requests, compression.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <apps/httpd/httpd.h>

#define HEAD_ROOM 512 /* scratch bytes that any head fits in */
#define TEXT	  "text/plain; charset=utf-8"
#define HTML	  "text/html; charset=utf-8"

char fill_block[FILL_BLOCK];

static char date[40];
static char one_k[1024 + HEAD_ROOM]; /* the whole answer for /1k */
static size_t one_k_head, one_k_len;
static char *index_text;
static size_t index_len;
static uint64_t index_until_ms;

static void add(struct output *o, const void *data, size_t len)
{
	if (!len)
		return;
	o->iov[o->nr_iov++] = (struct iovec){(void *)data, len};
	o->bytes += len;
}

/* Room for a head and a body; an owned body must be the last one. */
static bool has_room(const struct output *o)
{
	return o->nr_iov + 2 <= OUT_IOVS && o->used + HEAD_ROOM <= OUT_SCRATCH && !o->owned &&
	       o->file_fd < 0;
}

const char *pages_connection(const struct http_request *req)
{
	if (!req->keep_alive)
		return "Connection: close\r\n";
	return req->http10 ? "Connection: keep-alive\r\n" : "";
}

static int format_head(char *buf, int status, const char *type, uint64_t len, const char *more)
{
	return snprintf(buf, HEAD_ROOM,
			"HTTP/1.1 %d %s\r\nServer: Barewire\r\nDate: %s\r\nContent-Type: %s\r\n"
			"Content-Length: %llu\r\n%s\r\n",
			status, http_reason(status), date, type, (unsigned long long)len, more);
}

void pages_head(struct output *o, int status, const char *type, uint64_t len, const char *more)
{
	char *at = o->scratch + o->used;
	int n = format_head(at, status, type, len, more);

	o->used += (size_t)n;
	add(o, at, (size_t)n);
}

bool pages_error(struct output *o, int status, bool head, bool closing)
{
	char more[64], *body;
	int n;

	if (!has_room(o))
		return false;
	snprintf(more, sizeof(more), "%s%s", status == 405 ? "Allow: GET, HEAD\r\n" : "",
		 closing ? "Connection: close\r\n" : "");
	body = o->scratch + o->used;
	n = snprintf(body, HEAD_ROOM / 4, "%d %s\n", status, http_reason(status));
	o->used += (size_t)n;
	pages_head(o, status, TEXT, (uint64_t)n, more);
	if (!head)
		add(o, body, (size_t)n);
	return true;
}

static bool answer_one_k(struct output *o, const struct http_request *req)
{
	if (!req->keep_alive || req->http10 || req->method == HTTP_HEAD) {
		pages_head(o, 200, TEXT, 1024, pages_connection(req));
		if (req->method != HTTP_HEAD)
			add(o, one_k + one_k_head, 1024);
	} else {
		add(o, one_k, one_k_len);
	}
	return true;
}

static bool answer_bytes(struct output *o, const struct http_request *req)
{
	uint64_t n;

	if (!http_parse_length(req->path + 7, req->path_len - 7, &n) || n > INT64_MAX)
		return pages_error(o, 404, req->method == HTTP_HEAD, !req->keep_alive);
	pages_head(o, 200, "application/octet-stream", n, pages_connection(req));
	if (req->method == HTTP_HEAD)
		return true;
	if (n <= FILL_BLOCK)
		add(o, fill_block, n);
	else
		o->fill = n;
	return true;
}

static bool answer_index(struct output *o, const struct http_request *req)
{
	if (!index_text || server.now_ms >= index_until_ms) {
		/* Nobody may be sending the old one: answers before this one in the area. */
		if (o->nr_iov)
			return false;
		free(index_text);
		index_text = index_page(&index_len);
		index_until_ms = server.now_ms + 1000;
		if (!index_text)
			return pages_error(o, 503, req->method == HTTP_HEAD, !req->keep_alive);
	}
	pages_head(o, 200, HTML, index_len, pages_connection(req));
	if (req->method != HTTP_HEAD)
		add(o, index_text, index_len);
	return true;
}

/* A path below /proc without tricks, and not one of Linux's that are private or without end. */
static bool proc_path(const struct http_request *req, char *path, size_t size)
{
	static const char *const hidden[] = {"self",	 "thread-self", "kcore", "kmsg",
					     "kallsyms", "kpage",	"keys"};
	const char *name;

	if (req->path_len >= size)
		return false;
	memcpy(path, req->path, req->path_len);
	path[req->path_len] = 0;
	name = path + 6;
	if (strspn(path, "/-_.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") !=
		    req->path_len ||
	    strstr(path, "..") || strstr(path, "//") || (*name >= '0' && *name <= '9'))
		return false;
	for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (!strncmp(name, hidden[i], strlen(hidden[i])))
			return false;
	}
	return true;
}

char *read_file(const char *path, size_t *len)
{
	size_t size = 4096, used = 0;
	struct stat st;
	char *buf = NULL;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = -1;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		buf = malloc(size);
	while (buf && (n = read(fd, buf + used, size - used - 1)) > 0) {
		used += (size_t)n;
		if (size - used == 1) {
			char *larger = realloc(buf, size * 2);

			if (!larger) {
				n = -1;
				break;
			}
			buf = larger;
			size *= 2;
		}
	}
	close(fd);
	if (n < 0) {
		free(buf);
		return NULL;
	}
	buf[used] = 0;
	*len = used;
	return buf;
}

static bool answer_proc(struct output *o, const struct http_request *req)
{
	char path[128], *text;
	size_t len;

	errno = 0;
	text = proc_path(req, path, sizeof(path)) ? read_file(path, &len) : NULL;
	if (!text)
		return pages_error(o, errno == ENOMEM ? 503 : 404, req->method == HTTP_HEAD,
				   !req->keep_alive);
	pages_head(o, 200, TEXT, len, pages_connection(req));
	if (req->method == HTTP_HEAD) {
		free(text);
		return true;
	}
	o->owned = text;
	add(o, text, len);
	return true;
}

static bool path_is(const struct http_request *req, const char *path)
{
	return req->path_len == strlen(path) && !memcmp(req->path, path, req->path_len);
}

static bool path_begins(const struct http_request *req, const char *path)
{
	return req->path_len > strlen(path) && !memcmp(req->path, path, strlen(path));
}

bool pages_answer(struct output *o, const struct http_request *req)
{
	if (!has_room(o))
		return false;
	if (site_is_open())
		return site_answer(o, req);
	if (path_is(req, "/1k"))
		return answer_one_k(o, req);
	if (path_is(req, "/"))
		return answer_index(o, req);
	if (path_begins(req, "/bytes/"))
		return answer_bytes(o, req);
	if (path_begins(req, "/proc/"))
		return answer_proc(o, req);
	return pages_error(o, 404, req->method == HTTP_HEAD, !req->keep_alive);
}

void pages_tick(time_t now)
{
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &tm);
	one_k_head = (size_t)format_head(one_k, 200, TEXT, 1024, "");
	memcpy(one_k + one_k_head, fill_block, 1024);
	one_k_len = one_k_head + 1024;
}

void pages_init(void)
{
	/* Lines of 64 characters, so that a body of any length reads well. */
	for (size_t i = 0; i < FILL_BLOCK; i++)
		fill_block[i] = i % 64 == 63 ? '\n' : (char)('a' + (i / 64 + i % 64) % 26);
	free(index_text);
	index_text = NULL;
	pages_tick(time(NULL));
}
