// SPDX-License-Identifier: BSD-2-Clause
/*
 * The two functions of our C library that the host's has only from glibc 2.38 on. The hosted kernel
 * links with the host's C library for everything else.
 */
#include <string.h>

size_t strlcpy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src), n = len < size ? len : size - 1;

	if (size) {
		memcpy(dst, src, n);
		dst[n] = '\0';
	}
	return len;
}

size_t strlcat(char *dst, const char *src, size_t size)
{
	size_t used = strnlen(dst, size);

	return used + strlcpy(dst + used, src, size - used);
}
