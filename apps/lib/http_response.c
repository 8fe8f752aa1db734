// SPDX-License-Identifier: BSD-2-Clause
/*
 * Response heads, as a client reads them (RFC 9112 sections 4, 5, 6.3).
 *
 * Used by fetch; any context, no allocation. More lenient than the server's parser where that
 * cannot hurt (a bare LF ends a line, header names are not checked byte by byte), as strict where
 * lengths are at stake: two different Content-Lengths, a length that is no number, or a coding
 * other than chunked make the response unusable. Left out: everything a plain download does not
 * need.
 */
#include <string.h>
#include <strings.h>
#include <apps/lib/http_parse.h>
#include <apps/lib/http_response.h>

static void copy_text(char *to, size_t size, const char *s, size_t len)
{
	if (len >= size)
		len = 0;
	memcpy(to, s, len);
	to[len] = 0;
}

static bool name_is(const char *line, size_t name_len, const char *name)
{
	return strlen(name) == name_len && !strncasecmp(line, name, name_len);
}

static bool parse_line(const char *line, size_t len, struct http_response *r)
{
	const char *colon = memchr(line, ':', len), *value;
	size_t name_len;
	uint64_t length;

	if (!colon || colon == line)
		return false;
	name_len = (size_t)(colon - line);
	value = colon + 1;
	len -= name_len + 1;
	while (len && (*value == ' ' || *value == '\t')) {
		value++;
		len--;
	}
	while (len && (value[len - 1] == ' ' || value[len - 1] == '\t'))
		len--;
	if (name_is(line, name_len, "Content-Length")) {
		if (!http_parse_length(value, len, &length) ||
		    (r->has_length && length != r->length))
			return false;
		r->has_length = true;
		r->length = length;
	} else if (name_is(line, name_len, "Transfer-Encoding")) {
		if (r->chunked || !name_is(value, len, "chunked"))
			return false;
		r->chunked = true;
	} else if (name_is(line, name_len, "Location")) {
		copy_text(r->location, sizeof(r->location), value, len);
	}
	return true;
}

/* "HTTP/1.x NNN reason" */
static bool parse_status(const char *line, size_t len, struct http_response *r)
{
	uint64_t status;

	if (len < 12 || memcmp(line, "HTTP/1.", 7) || line[8] != ' ' ||
	    !http_parse_length(line + 9, 3, &status) || status < 100 ||
	    (len > 12 && line[12] != ' '))
		return false;
	r->status = (int)status;
	if (len > 13)
		copy_text(r->reason, sizeof(r->reason), line + 13, len - 13);
	return true;
}

int http_parse_response(const char *buf, size_t len, struct http_response *r)
{
	size_t at = 0;

	memset(r, 0, sizeof(*r));
	for (;;) {
		const char *line = buf + at, *lf = memchr(line, '\n', len - at);
		size_t n;

		if (!lf)
			return 0;
		n = (size_t)(lf - line);
		at += n + 1;
		n -= n && line[n - 1] == '\r';
		if (!r->status) {
			if (!parse_status(line, n, r))
				return -1;
		} else if (!n) {
			return (int)at;
		} else if (!parse_line(line, n, r)) {
			return -1;
		}
	}
}
