/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One HTTP/1.x response head (RFC 9112 sections 4 to 6).
 */
#ifndef APPS_LIB_HTTP_RESPONSE_H
#define APPS_LIB_HTTP_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http_response {
	int status;
	bool chunked;
	bool has_length;
	uint64_t length;
	char reason[64];
	char location[1024]; /* empty when there is none, or a longer one */
};

/*
 * Parse the head at the start of @buf: its length when it is whole, 0 when bytes are missing, -1
 * when it is malformed or contradicts itself.
 */
int http_parse_response(const char *buf, size_t len, struct http_response *r);

#endif
