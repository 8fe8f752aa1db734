// SPDX-License-Identifier: BSD-2-Clause
/*
 * Character classes and case of the C locale (C11 7.4), and the comparisons that ignore case
 * (POSIX <strings.h>).
 *
 * Called by the kernel and by programs in any context. Arguments are ints as in the standard:
 * anything outside ASCII is in no class, so EOF and negative chars are safe. Left out: locales;
 * there is one, and it knows letters only from A to Z.
 */
#include <ctype.h>
#include <strings.h>
#include <string.h>

int isascii(int c)
{
	return (unsigned int)c < 128;
}

int isdigit(int c)
{
	return (unsigned int)c - '0' < 10;
}

int islower(int c)
{
	return (unsigned int)c - 'a' < 26;
}

int isupper(int c)
{
	return (unsigned int)c - 'A' < 26;
}

int isalpha(int c)
{
	return ((unsigned int)c | 32) - 'a' < 26;
}

int isalnum(int c)
{
	return isalpha(c) || isdigit(c);
}

int isxdigit(int c)
{
	return isdigit(c) || ((unsigned int)c | 32) - 'a' < 6;
}

int isblank(int c)
{
	return c == ' ' || c == '\t';
}

int isspace(int c)
{
	return c == ' ' || (unsigned int)c - '\t' < 5;
}

int iscntrl(int c)
{
	return (unsigned int)c < 32 || c == 127;
}

int isprint(int c)
{
	return (unsigned int)c - 32 < 95;
}

int isgraph(int c)
{
	return (unsigned int)c - 33 < 94;
}

int ispunct(int c)
{
	return isgraph(c) && !isalnum(c);
}

int tolower(int c)
{
	return isupper(c) ? c | 32 : c;
}

int toupper(int c)
{
	return islower(c) ? c & ~32 : c;
}

int strncasecmp(const char *a, const char *b, size_t n)
{
	for (; n; a++, b++, n--) {
		int x = tolower((unsigned char)*a), y = tolower((unsigned char)*b);

		if (x != y)
			return x - y;
		if (!x)
			break;
	}
	return 0;
}

int strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, (size_t)-1);
}

char *strcasestr(const char *hay, const char *needle)
{
	size_t len = strlen(needle);

	for (;; hay++) {
		if (!strncasecmp(hay, needle, len))
			return (char *)hay;
		if (!*hay)
			return NULL;
	}
}

int ffs(int v)
{
	return __builtin_ffs(v);
}
