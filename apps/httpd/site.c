// SPDX-License-Identifier: BSD-2-Clause
/*
 * The files of a directory over HTTP: "httpd FOLDER" makes the machine a static web server.
 *
 * A path is decoded (%XX), refused if a component is "..", and opened below the folder; the type comes
 * from the name's ending. A directory is answered by its index.html, and by a redirect when the
 * slash at its end is missing, so that the page's relative links work (RFC 9110 section 15.4.2). A
 * small file leaves with its head in one write; of a larger one only pieces are in memory, conn.c
 * sends them as the peer takes them. Called by pages.c. Left out: ranges, conditional requests,
 * compression, listings. Symbolic links are followed, wherever they lead: the folder's owner made
 * them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <apps/httpd/httpd.h>

#define PATH_BYTES   1024
#define SMALL_FILE   16384
#define REDIRECT_MAX 200 /* longer paths get a 404, for the head has to have room */

static int site_fd = -1;

bool site_open(const char *folder)
{
	site_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return site_fd >= 0;
}

bool site_is_open(void)
{
	return site_fd >= 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * The file's path below the folder, decoded, without slashes in front; false for what no file can
 * have: a zero byte, a wrong escape, a component "..", more than there is room for.
 */
static bool decode_path(const struct http_request *req, char *path)
{
	size_t n = 0;

	for (size_t i = 0; i < req->path_len; i++) {
		int c = (unsigned char)req->path[i];

		if (c == '%') {
			int high = i + 2 < req->path_len ? hex_digit(req->path[i + 1]) : -1;
			int low = high >= 0 ? hex_digit(req->path[i + 2]) : -1;

			if (low < 0)
				return false;
			c = high << 4 | low;
			i += 2;
		}
		if (!c || n + sizeof("index.html") >= PATH_BYTES)
			return false;
		if (c != '/' || n)
			path[n++] = (char)c;
	}
	path[n] = 0;
	for (const char *p = path; p; p = strchr(p, '/')) {
		p += *p == '/';
		if (p[0] == '.' && p[1] == '.' && (!p[2] || p[2] == '/'))
			return false;
	}
	return true;
}

static const char *type_of(const char *path)
{
	static const char *const types[][2] = {
		{".html", "text/html; charset=utf-8"},	{".htm", "text/html; charset=utf-8"},
		{".css", "text/css; charset=utf-8"},	{".js", "text/javascript; charset=utf-8"},
		{".txt", "text/plain; charset=utf-8"},	{".md", "text/plain; charset=utf-8"},
		{".json", "application/json"},		{".xml", "application/xml"},
		{".svg", "image/svg+xml"},		{".png", "image/png"},
		{".jpg", "image/jpeg"},			{".jpeg", "image/jpeg"},
		{".gif", "image/gif"},			{".webp", "image/webp"},
		{".ico", "image/x-icon"},		{".pdf", "application/pdf"},
		{".wasm", "application/wasm"},		{".woff2", "font/woff2"},
	};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < sizeof(types) / sizeof(types[0]); i++) {
		if (!strcmp(dot, types[i][0]))
			return types[i][1];
	}
	return "application/octet-stream";
}

static bool refuse(struct output *o, const struct http_request *req, int error)
{
	int status = error == EACCES ? 403 : 404;

	if (error == ENOMEM || error == EMFILE || error == ENFILE)
		status = 503;
	return pages_error(o, status, req->method == HTTP_HEAD, !req->keep_alive);
}

/* To the same path with a slash; what the client wrote is given back as it was. */
static bool redirect(struct output *o, const struct http_request *req)
{
	char more[REDIRECT_MAX + 64];

	/* "//host/" would lead elsewhere; so would a line end, but no request has one. */
	if (req->path_len > REDIRECT_MAX || (req->path_len > 1 && req->path[1] == '/'))
		return refuse(o, req, ENOENT);
	snprintf(more, sizeof(more), "Location: %.*s/\r\n%s", (int)req->path_len, req->path,
		 pages_connection(req));
	pages_head(o, 301, "text/plain; charset=utf-8", 0, more);
	return true;
}

/* All of a small file in memory; false when it cannot be read whole. */
static bool add_small(struct output *o, int fd, size_t len)
{
	char *text = malloc(len);

	if (!text || pread(fd, text, len, 0) != (ssize_t)len) {
		free(text);
		return false;
	}
	o->owned = text;
	return true;
}

/* The descriptor is taken over. */
static bool answer_file(struct output *o, const struct http_request *req, int fd, const char *path)
{
	size_t len;
	struct stat st;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return refuse(o, req, ENOENT);
	}
	len = (size_t)st.st_size;
	if (req->method != HTTP_HEAD && len && len <= SMALL_FILE && !add_small(o, fd, len)) {
		close(fd);
		return refuse(o, req, ENOMEM);
	}
	pages_head(o, 200, type_of(path), len, pages_connection(req));
	if (o->owned) {
		o->iov[o->nr_iov++] = (struct iovec){o->owned, len};
		o->bytes += len;
	} else if (req->method != HTTP_HEAD && len) {
		o->file_fd = fd;
		o->file_left = len;
		return true;
	}
	close(fd);
	return true;
}

bool site_answer(struct output *o, const struct http_request *req)
{
	char path[PATH_BYTES];
	size_t len;
	struct stat st;
	int fd;

	if (!decode_path(req, path))
		return refuse(o, req, ENOENT);
	len = strlen(path);
	/* Seen before it is opened: opening a device or FIFO may do things, or wait. */
	if (fstatat(site_fd, len ? path : ".", &st, 0) < 0)
		return refuse(o, req, errno);
	if (S_ISDIR(st.st_mode)) {
		if (len && path[len - 1] != '/')
			return redirect(o, req);
		strcpy(path + len, "index.html");
		if (fstatat(site_fd, path, &st, 0) < 0)
			return refuse(o, req, errno);
	}
	if (!S_ISREG(st.st_mode))
		return refuse(o, req, ENOENT);
	fd = openat(site_fd, path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? refuse(o, req, errno) : answer_file(o, req, fd, path);
}
