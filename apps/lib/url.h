/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * http URLs (RFC 3986, RFC 9110 section 4.2.1).
 */
#ifndef APPS_LIB_URL_H
#define APPS_LIB_URL_H

#include <stdbool.h>

struct url {
	char host[256];
	char port[6];
	char path[2048]; /* with the query; never empty */
};

/* Take an absolute URL apart; an error text, or NULL when it is good. */
const char *url_parse(struct url *u, const char *text);
/* The same for a Location relative to @base (RFC 3986 section 5.2; dot segments stay). */
const char *url_resolve(struct url *u, const struct url *base, const char *reference);

#endif
