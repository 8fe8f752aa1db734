/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One HTTP/1.x request head, parsed in place (RFC 9110, RFC 9112).
 */
#ifndef APPS_LIB_HTTP_PARSE_H
#define APPS_LIB_HTTP_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_MAX_LINE	 8192  /* request line, bytes; longer is 414 */
#define HTTP_MAX_HEAD	 16384 /* whole head, bytes; longer is 431 */
#define HTTP_MAX_HEADERS 100   /* more are 431 */
#define HTTP_MAX_BODY	 (16ULL << 20) /* bodies are only skipped; longer is 413 */

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_OTHER };

struct http_request {
	enum http_method method;
	const char *path; /* points into the input; starts with '/'; no query, no authority */
	size_t path_len;
	bool http10;
	bool keep_alive; /* what the request asks for or its version implies */
	bool chunked;
	bool expects_continue;
	uint64_t content_length; /* 0 when chunked or absent */
	int status; /* 200, or the error the request itself earns: 405, 411, 413, 417, 501 */
};

/*
 * Parse the head at the start of @buf. Returns its length when it is whole (@req is filled; if its
 * status is not 200, that is to be answered and the body, if any, skipped); 0 when bytes are
 * missing; or minus the status to answer (400, 413, 414, 431, 501, 505) before closing, because the
 * end of the request cannot be known or is too far away. No allocation, no state; any context.
 */
int http_parse_head(const char *buf, size_t len, struct http_request *req);

/* Whether a comma-separated list has @token in it, blind to case (RFC 9110 section 5.6.1). */
bool http_list_has(const char *list, size_t len, const char *token);
/* A number of digits only (RFC 9110 section 8.6), at most UINT64_MAX; false for anything else. */
bool http_parse_length(const char *s, size_t len, uint64_t *value);
/* Reason phrase of a status. */
const char *http_reason(int status);

#endif
