/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Inside of fetch: one download. The functions say on stderr what went wrong and return false.
 */
#ifndef APPS_FETCH_FETCH_H
#define APPS_FETCH_FETCH_H

#include <stdbool.h>
#include <stdint.h>
#include <apps/lib/http_response.h>
#include <apps/lib/sha256.h>
#include <apps/lib/url.h>

#define FETCH_BUFFER 65536

struct download {
	int fd;	 /* connection, -1 for none */
	int out; /* where the body goes, -1 for nowhere */
	struct http_response response;
	struct sha256 sha;
	uint64_t bytes;
	size_t start, end; /* of buf: read and not used yet */
	char buf[FETCH_BUFFER];
};

/* Connect, ask, read the head of the answer. */
bool download_open(struct download *d, const struct url *url);
bool download_is_redirect(const struct download *d);
/* Read the body of a good answer to its end; false also for an answer that is an error. */
bool download_body(struct download *d);
void download_close(struct download *d);

#endif
