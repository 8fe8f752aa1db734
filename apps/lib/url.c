// SPDX-License-Identifier: BSD-2-Clause
/*
 * Taking http URLs apart (RFC 3986 section 3, RFC 9110 section 4.2.1) and following references
 * (RFC 3986 section 5.2).
 *
 * Used by fetch; any context, no allocation. A fragment is dropped, for it is not sent. Characters
 * that may not stand in a URL are refused, so nothing can be slipped into the request. Left out:
 * user names in URLs (refused), IPv6 literals, removal of dot segments (the server's business).
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <apps/lib/url.h>

/* Visible ASCII only. */
static bool clean(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] <= ' ' || s[i] > '~' || strchr("\"<>\\^`{|}", s[i]))
			return false;
	}
	return true;
}

static const char *set_path(struct url *u, const char *prefix, size_t prefix_len, const char *s)
{
	size_t len = strcspn(s, "#");

	if (prefix_len + len >= sizeof(u->path))
		return "the path is too long";
	if (!clean(s, len))
		return "a character may not stand in a URL";
	memmove(u->path, prefix, prefix_len);
	memcpy(u->path + prefix_len, s, len);
	u->path[prefix_len + len] = 0;
	return NULL;
}

static const char *set_authority(struct url *u, const char *s, size_t len)
{
	const char *colon = memchr(s, ':', len);
	size_t host = colon ? (size_t)(colon - s) : len, port = colon ? len - host - 1 : 0;

	if (!host || host >= sizeof(u->host) || !clean(s, len) || memchr(s, '@', len) || *s == '[')
		return "the host is not a name or an address";
	memcpy(u->host, s, host);
	u->host[host] = 0;
	strcpy(u->port, "80");
	if (!port)
		return NULL;
	if (port >= sizeof(u->port) || strspn(colon + 1, "0123456789") < port)
		return "the port is not a number";
	memcpy(u->port, colon + 1, port);
	u->port[port] = 0;
	return atoi(u->port) < 1 || atoi(u->port) > 65535 ? "there is no such port" : NULL;
}

const char *url_parse(struct url *u, const char *text)
{
	size_t len;
	const char *problem;

	if (!strncasecmp(text, "https:", 6))
		return "https is not supported";
	if (strncasecmp(text, "http://", 7))
		return "it does not begin with http://";
	text += 7;
	len = strcspn(text, "/?#");
	problem = set_authority(u, text, len);
	if (problem)
		return problem;
	text += len;
	return set_path(u, "/", *text == '/' ? 0 : 1, text);
}

const char *url_resolve(struct url *u, const struct url *base, const char *reference)
{
	size_t scheme = strcspn(reference, ":/?#"), keep;
	const char *path_end = base->path + strcspn(base->path, "?");

	*u = *base;
	if (reference[scheme] == ':')
		return url_parse(u, reference);
	if (!strncmp(reference, "//", 2)) {
		size_t len = strcspn(reference + 2, "/?#");
		const char *problem = set_authority(u, reference + 2, len);

		reference += 2 + len;
		return problem ? problem : set_path(u, "/", *reference == '/' ? 0 : 1, reference);
	}
	if (*reference == '/')
		return set_path(u, "", 0, reference);
	if (!*reference || *reference == '#')
		return NULL;
	/* Behind the base's path for a query, behind its last slash for a relative path. */
	keep = (size_t)(path_end - base->path);
	while (*reference != '?' && keep && base->path[keep - 1] != '/')
		keep--;
	return set_path(u, base->path, keep, reference);
}
