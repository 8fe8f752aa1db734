// SPDX-License-Identifier: BSD-2-Clause
/*
 * How sysctl values are written and read as text.
 *
 * All number handlers are one parser over a description of the type. A line of values is parsed and
 * checked whole before the first is stored, so "4096 x 6291456" for tcp_rmem changes nothing. The
 * grammar is Linux's (blanks between values, optional '-', base by prefix), with two differences:
 * surplus values are refused instead of being left for a second write, and unsigned values out of
 * bounds give -EINVAL like signed ones (Linux: -ERANGE).
 *
 * Called by sysctl.c, thread context, never sleeps, knows nothing of paths and namespaces.
 */
#include <errno.h>
#include <kernel/fs/sysctl.h>
#include <kernel/lib/bug.h>
#include <kernel/time/clock.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define SYSCTL_VALUES_MAX 32

/* A number as it was written: every type's values fit. */
struct number {
	unsigned long magnitude;
	bool negative;
};

struct number_type {
	size_t size;
	bool is_signed;
	struct number min, max;
	unsigned int scale; /* stored = written * scale */
};

static const struct number_type type_int = {
	.size = sizeof(int), .is_signed = true, .scale = 1,
	.min = { 1ul + INT_MAX, true }, .max = { INT_MAX, false },
};
static const struct number_type type_seconds = {
	.size = sizeof(int), .is_signed = true, .scale = HZ,
	.min = { INT_MAX / HZ, true }, .max = { INT_MAX / HZ, false },
};
static const struct number_type type_uint = {
	.size = sizeof(unsigned int), .scale = 1, .max = { UINT_MAX, false },
};
static const struct number_type type_ulong = {
	.size = sizeof(unsigned long), .scale = 1, .max = { ULONG_MAX, false },
};
static const struct number_type type_u8 = { .size = 1, .scale = 1, .max = { UCHAR_MAX, false } };

static struct number number_of(long v)
{
	return (struct number){ v < 0 ? -(unsigned long)v : (unsigned long)v, v < 0 };
}

static bool number_below(struct number a, struct number b)
{
	if (a.negative != b.negative)
		return a.negative;
	return a.negative ? a.magnitude > b.magnitude : a.magnitude < b.magnitude;
}

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : INT_MAX;
}

/* One number from *text on, which must end at a blank or the end of the text. 0 or -EINVAL. */
static int parse_number(const char **text, struct number *n)
{
	const char *p = *text, *digits;
	unsigned long base = 10;

	n->negative = *p == '-';
	n->magnitude = 0;
	p += n->negative;
	if (p[0] == '0' && (p[1] | 0x20) == 'x') {
		base = 16;
		p += 2;
	} else if (p[0] == '0' && p[1] >= '0' && p[1] <= '9') {
		base = 8;
	}
	for (digits = p; (unsigned long)digit_value(*p) < base; p++)
		if (__builtin_mul_overflow(n->magnitude, base, &n->magnitude) ||
		    __builtin_add_overflow(n->magnitude, (unsigned long)digit_value(*p),
					   &n->magnitude))
			return -EINVAL;
	if (p == digits || (*p && !is_blank(*p)))
		return -EINVAL;
	if (!n->magnitude)
		n->negative = false;
	*text = p;
	return 0;
}

static void store_number(void *data, const struct number_type *type, struct number n)
{
	unsigned long v = n.magnitude * type->scale;

	if (n.negative)
		v = -v;
	memcpy(data, &v, type->size); /* little-endian: the low bytes */
}

static struct number load_number(const void *data, const struct number_type *type)
{
	unsigned long v = 0;

	memcpy(&v, data, type->size);
	if (type->is_signed)
		return number_of((int)v / (int)type->scale);
	return (struct number){ v / type->scale, false };
}

/* Parse up to n values; their number, or -EINVAL for anything that is not exactly that. */
static int parse_values(const char *text, const struct number_type *type, struct number *values,
			size_t n)
{
	size_t count = 0;

	for (;;) {
		while (is_blank(*text))
			text++;
		if (!*text)
			return count ? (int)count : -EINVAL;
		if (count == n || parse_number(&text, &values[count]))
			return -EINVAL;
		if (number_below(values[count], type->min) ||
		    number_below(type->max, values[count]))
			return -EINVAL;
		count++;
	}
}

static int print_values(const void *data, const struct number_type *type, size_t n, char *text,
			size_t size)
{
	size_t used = 0, i;
	struct number v;
	int len;

	text[0] = '\0';
	for (i = 0; i < n; i++) {
		v = load_number((const char *)data + i * type->size, type);
		len = snprintf(text + used, size - used, "%s%s%lu", i ? "\t" : "",
			       v.negative ? "-" : "", v.magnitude);
		if (len < 0 || (size_t)len >= size - used)
			return -EINVAL;
		used += (size_t)len;
	}
	return 0;
}

/* What a handler was called with, besides its row and data. */
struct sysctl_call {
	bool write;
	char *text;
	size_t size;
};

static int do_numbers(const struct ctl_table *t, void *data, struct sysctl_call c,
		      const struct number_type *type)
{
	struct number values[SYSCTL_VALUES_MAX];
	size_t n = t->maxlen / type->size;
	int count, i;

	BUG_ON(!n || n > SYSCTL_VALUES_MAX);
	if (!c.write)
		return print_values(data, type, n, c.text, c.size);
	count = parse_values(c.text, type, values, n);
	for (i = 0; i < count; i++)
		store_number((char *)data + (size_t)i * type->size, type, values[i]);
	return count < 0 ? count : 0;
}

/* The same within extra1..extra2, if the table gives them. */
static int do_bounded(const struct ctl_table *t, void *data, struct sysctl_call c,
		      const struct number_type *type)
{
	struct number_type bounded = *type;

	if (t->extra1 || t->extra2) {
		bounded.min = number_of(t->extra1);
		bounded.max = number_of(t->extra2);
	}
	return do_numbers(t, data, c, &bounded);
}

int proc_dointvec(const struct ctl_table *t, void *data, bool write, char *text, size_t size)
{
	return do_numbers(t, data, (struct sysctl_call){ write, text, size }, &type_int);
}

int proc_dointvec_minmax(const struct ctl_table *t, void *data, bool write, char *text, size_t size)
{
	return do_bounded(t, data, (struct sysctl_call){ write, text, size }, &type_int);
}

int proc_douintvec_minmax(const struct ctl_table *t, void *data, bool write, char *text,
			  size_t size)
{
	return do_bounded(t, data, (struct sysctl_call){ write, text, size }, &type_uint);
}

int proc_doulongvec_minmax(const struct ctl_table *t, void *data, bool write, char *text,
			   size_t size)
{
	return do_bounded(t, data, (struct sysctl_call){ write, text, size }, &type_ulong);
}

int proc_dou8vec_minmax(const struct ctl_table *t, void *data, bool write, char *text, size_t size)
{
	return do_bounded(t, data, (struct sysctl_call){ write, text, size }, &type_u8);
}

int proc_dointvec_jiffies(const struct ctl_table *t, void *data, bool write, char *text,
			  size_t size)
{
	return do_bounded(t, data, (struct sysctl_call){ write, text, size }, &type_seconds);
}

int proc_dostring(const struct ctl_table *t, void *data, bool write, char *text, size_t size)
{
	char *value = data;
	size_t len;

	BUG_ON(!t->maxlen);
	if (!write) {
		len = strnlen(value, t->maxlen);
		if (len >= size)
			return -EINVAL;
		memcpy(text, value, len);
		text[len] = '\0';
		return 0;
	}
	len = strcspn(text, "\n");
	if (len >= t->maxlen)
		return -EINVAL;
	memcpy(value, text, len);
	value[len] = '\0';
	return 0;
}
