// SPDX-License-Identifier: BSD-2-Clause
/*
 * The page about the running kernel: version, uptime, memory, interfaces, sockets, and links to the
 * files of /proc/net.
 *
 * Called by pages.c at most once a second. Everything on it is read from /proc in Linux's formats,
 * so it tells the truth on Linux too; whatever comes from a file is escaped, and a file that is not
 * there leaves its part out. The text grows in one buffer; running out of memory loses the page,
 * not the server.
 */
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apps/httpd/httpd.h>

struct text {
	char *buf;
	size_t len, size;
	bool failed;
};

static bool reserve(struct text *t, size_t more)
{
	size_t size = t->size ? t->size : 8192;
	char *larger;

	while (size - t->len < more)
		size *= 2;
	if (size == t->size)
		return true;
	larger = realloc(t->buf, size);
	if (!larger) {
		t->failed = true;
		return false;
	}
	t->buf = larger;
	t->size = size;
	return true;
}

__attribute__((format(printf, 2, 3))) static void put(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (t->failed || !reserve(t, 1024))
		return;
	va_start(ap, fmt);
	n = vsnprintf(t->buf + t->len, 1024, fmt, ap);
	va_end(ap);
	t->len += n < 1024 ? (size_t)n : 1023;
}

/* Text from outside: the characters with a meaning in HTML become entities. */
static void put_escaped(struct text *t, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		switch (s[i]) {
		case '<':
			put(t, "&lt;");
			break;
		case '>':
			put(t, "&gt;");
			break;
		case '&':
			put(t, "&amp;");
			break;
		case '"':
			put(t, "&quot;");
			break;
		case '\'':
			put(t, "&#39;");
			break;
		default:
			put(t, "%c", s[i]);
		}
	}
}

static void put_uptime(struct text *t)
{
	size_t len;
	char *text = read_file("/proc/uptime", &len);
	unsigned long s;

	if (text && sscanf(text, "%lu", &s) == 1)
		put(t, "<tr><th>Uptime<td>%lu d %lu h %lu min %lu s", s / 86400, s / 3600 % 24,
		    s / 60 % 60, s % 60);
	free(text);
}

/* The number behind "NAME:" in a file of such lines; -1 when it is not there. */
static long number_of(const char *text, const char *name)
{
	const char *at = strstr(text, name);
	long v;

	return at && sscanf(at + strlen(name), ": %ld", &v) == 1 ? v : -1;
}

static void put_memory(struct text *t)
{
	size_t len;
	char *text = read_file("/proc/meminfo", &len);

	if (text)
		put(t, "<tr><th>Memory<td>%ld of %ld KiB free", number_of(text, "MemFree"),
		    number_of(text, "MemTotal"));
	free(text);
}

static void put_version(struct text *t)
{
	size_t len;
	char *text = read_file("/proc/version", &len);

	if (text) {
		put(t, "<tr><th>Kernel<td>");
		put_escaped(t, text, len);
	}
	free(text);
}

/* The interfaces of /proc/net/dev: two heading lines, then "name: 8 receive, 8 send numbers". */
static void put_interfaces(struct text *t)
{
	unsigned long rx, rxp, rxe, rxd, tx, txp, txe, txd;
	char name[32], *line, *save, *text;
	size_t len;

	text = read_file("/proc/net/dev", &len);
	if (!text)
		return;
	put(t, "<h2>Interfaces</h2><table><tr><th>Name<th>Bytes in<th>Packets<th>Errors<th>Dropped"
	       "<th>Bytes out<th>Packets<th>Errors<th>Dropped");
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, " %31[^:]: %lu %lu %lu %lu %*u %*u %*u %*u %lu %lu %lu %lu", name,
			   &rx, &rxp, &rxe, &rxd, &tx, &txp, &txe, &txd) != 9)
			continue;
		put(t, "<tr><th>");
		put_escaped(t, name, strlen(name));
		put(t, "<td>%lu<td>%lu<td>%lu<td>%lu<td>%lu<td>%lu<td>%lu<td>%lu", rx, rxp, rxe,
		    rxd, tx, txp, txe, txd);
	}
	put(t, "</table>");
	free(text);
}

static void put_file(struct text *t, const char *title, const char *path)
{
	size_t len;
	char *text = read_file(path, &len);

	if (text) {
		put(t, "<h2>%s</h2><pre>", title);
		put_escaped(t, text, len);
		put(t, "</pre>");
	}
	free(text);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void put_links(struct text *t, const char *folder)
{
	DIR *dir = opendir(folder);
	char *names[128];
	struct dirent *e;
	size_t n = 0;

	if (!dir)
		return;
	while (n < 128 && (e = readdir(dir))) {
		if (e->d_type == DT_REG && (names[n] = strdup(e->d_name)))
			n++;
	}
	closedir(dir);
	qsort(names, n, sizeof(names[0]), by_name);
	put(t, "<h2>%s</h2><p>", folder);
	for (size_t i = 0; i < n; i++) {
		put(t, "<a href=\"%s/", folder);
		put_escaped(t, names[i], strlen(names[i]));
		put(t, "\">");
		put_escaped(t, names[i], strlen(names[i]));
		put(t, "</a>\n");
		free(names[i]);
	}
}

char *index_page(size_t *len)
{
	struct text t = {0};

	put(&t,
	    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	    "<title>Barewire</title><style>"
	    "body{font:16px/1.5 system-ui,sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
	    "table{border-collapse:collapse}th,td{padding:.2em .8em;text-align:left;"
	    "border-bottom:1px solid #ccc}td{font-variant-numeric:tabular-nums}"
	    "pre{background:#f4f4f4;padding:.8em;overflow:auto}a{margin-right:.6em}"
	    "</style></head><body><h1>Barewire</h1>"
	    "<p>This page comes from the HTTP server linked into the kernel that it describes.</p>"
	    "<table>");
	put_version(&t);
	put_uptime(&t);
	put_memory(&t);
	put(&t, "<tr><th>HTTP connections<td>%u</table>\n", server.nr_conns);
	put_interfaces(&t);
	put_file(&t, "Sockets", "/proc/net/sockstat");
	put_links(&t, "/proc/net");
	put(&t, "<h2>For measuring</h2><p><a href=\"/1k\">/1k</a><a href=\"/bytes/1000000\">"
		"/bytes/1000000</a></p></body></html>\n");
	if (t.failed) {
		free(t.buf);
		return NULL;
	}
	*len = t.len;
	return t.buf;
}
