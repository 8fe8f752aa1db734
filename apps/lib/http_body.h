/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The framing of HTTP/1.1 bodies: so many bytes, or chunks (RFC 9112 sections 6 and 7.1).
 */
#ifndef APPS_LIB_HTTP_BODY_H
#define APPS_LIB_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_body {
	bool chunked;
	unsigned char state; /* of the chunk parser */
	unsigned int digits; /* of the chunk size seen so far */
	unsigned int line;   /* bytes of the present size or trailer line */
	unsigned int trailers; /* bytes of all trailer lines */
	uint64_t left;	     /* of the body, or of the present chunk */
	uint64_t total;	     /* data bytes seen */
};

enum http_body_result { HTTP_BODY_MORE, HTTP_BODY_DONE, HTTP_BODY_BAD };

void http_body_init(struct http_body *b, bool chunked, uint64_t length);

/* What one call took: @used bytes of input, @len of them content (@data is NULL for none). */
struct http_piece {
	size_t used;
	const char *data;
	size_t len;
};

/*
 * Take bytes of the body from @buf: at most one run of content, so call again with the rest while
 * the answer is MORE and bytes are left. DONE: the body is over, what is left belongs to the next
 * message. BAD: the framing is broken and the connection must close.
 */
enum http_body_result http_body_take(struct http_body *b, const char *buf, size_t len,
				     struct http_piece *piece);

#endif
