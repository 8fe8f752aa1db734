// SPDX-License-Identifier: BSD-2-Clause
/*
 * The parser of socket calls and their arguments: NAME(ARG, ...) = RESULT [ERRNO] [(note)].
 * Arguments are numbers, names of constants, their combinations by | + - * << ~, strings, `...`,
 * [lists] and {member=value} structures. Called by script_parse.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/script/script.h>

#define MAX_DEPTH 16

static struct expr *new_expr(enum expr_kind kind)
{
	struct expr *e = calloc(1, sizeof(*e));

	e->kind = kind;
	return e;
}

static struct expr *new_int(s64 value)
{
	struct expr *e = new_expr(EXPR_INT);

	e->value = value;
	return e;
}

static struct expr *parse_list(struct scan *sc)
{
	struct expr *e = new_expr(EXPR_LIST);

	while (!scan_take(sc, "]")) {
		if (e->n)
			scan_expect(sc, ",");
		if (e->n == MAX_LIST)
			scan_fail(sc, "more than %d items", MAX_LIST);
		e->item[e->n++] = parse_expr(sc);
	}
	return e;
}

/* {name=value, name(4)=value, value}: a number in parentheses is a length, and is not needed. */
static struct expr *parse_struct(struct scan *sc)
{
	struct expr *e = new_expr(EXPR_STRUCT);

	while (!scan_take(sc, "}")) {
		const char *start;

		if (e->n)
			scan_expect(sc, ",");
		if (e->n == MAX_LIST)
			scan_fail(sc, "more than %d members", MAX_LIST);
		scan_space(sc);
		start = sc->p;
		if (scan_at_name(sc)) {
			e->name[e->n] = scan_name(sc);
			if (scan_take(sc, "("))
				scan_until(sc, ")");
		}
		if (!e->name[e->n] || !scan_take(sc, "=")) {
			sc->p = start;
			e->name[e->n] = NULL;
		}
		e->item[e->n++] = parse_expr(sc);
	}
	return e;
}

static s64 parse_inet_addr(struct scan *sc)
{
	const char *start = sc->p;
	unsigned int a, b, c, d;
	char *text = scan_string(sc), rest;

	if (sscanf(text, "%u.%u.%u.%u%c", &a, &b, &c, &d, &rest) != 4 || a > 255 || b > 255 ||
	    c > 255 || d > 255) {
		sc->p = start;
		scan_fail(sc, "this is no IPv4 address");
	}
	return (s64)(a | b << 8 | c << 16 | (u64)d << 24); /* as in memory */
}

static s64 parse_function(struct scan *sc, const char *name)
{
	s64 v;

	if (!strcmp(name, "inet_addr")) {
		v = parse_inet_addr(sc);
	} else {
		v = parse_expr(sc)->value;
		if (!strcmp(name, "htons") || !strcmp(name, "ntohs"))
			v = __builtin_bswap16((u16)v);
		else if (!strcmp(name, "htonl") || !strcmp(name, "ntohl"))
			v = __builtin_bswap32((u32)v);
		else
			scan_fail(sc, "there is no function %s here", name);
	}
	scan_expect(sc, ")");
	return v;
}

static struct expr *parse_primary(struct scan *sc)
{
	const char *start;
	struct expr *e;
	char *name;
	s64 v;

	if (scan_take(sc, "..."))
		return new_expr(EXPR_ELLIPSIS);
	if (scan_take(sc, "["))
		return parse_list(sc);
	if (scan_take(sc, "{"))
		return parse_struct(sc);
	if (scan_take(sc, "~"))
		return new_int(~parse_primary(sc)->value);
	if (scan_peek(sc) == '"') {
		e = new_expr(EXPR_STRING);
		e->string = scan_string(sc);
		return e;
	}
	if (scan_take(sc, "(")) {
		e = parse_expr(sc);
		scan_expect(sc, ")");
		return e;
	}
	if (scan_at_number(sc))
		return new_int(scan_number(sc));
	start = sc->p;
	name = scan_name(sc);
	if (scan_take(sc, "("))
		return new_int(parse_function(sc, name));
	if (!constant_value(name, &v)) {
		sc->p = start;
		scan_fail(sc, "the constant %s is not known", name);
	}
	return new_int(v);
}

static struct expr *combine(struct scan *sc, struct expr *a, const char *op, struct expr *b)
{
	if (a->kind != EXPR_INT || b->kind != EXPR_INT)
		scan_fail(sc, "'%s' stands between numbers", op);
	switch (*op) {
	case '|':
		return new_int(a->value | b->value);
	case '+':
		return new_int(a->value + b->value);
	case '-':
		return new_int(a->value - b->value);
	case '*':
		return new_int((s64)((u64)a->value * (u64)b->value));
	default:
		return new_int((s64)((u64)a->value << (b->value & 63)));
	}
}

/* All operators bind alike, from left to right; parentheses say otherwise. */
struct expr *parse_expr(struct scan *sc)
{
	static const char *const ops[] = {"|", "+", "-", "*", "<<"};
	struct expr *e;
	size_t i;

	if (++sc->depth > MAX_DEPTH)
		scan_fail(sc, "nested too deeply");
	e = parse_primary(sc);
	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		if (e->kind == EXPR_INT && scan_take(sc, ops[i])) {
			e = combine(sc, e, ops[i], parse_primary(sc));
			i = (size_t)-1;
		}
	}
	sc->depth--;
	return e;
}

const struct expr *expr_member(const struct expr *e, const char *name)
{
	int i;

	for (i = 0; i < e->n; i++) {
		if (e->name[i] && !strcmp(e->name[i], name))
			return e->item[i];
	}
	return NULL;
}

static void parse_result(struct scan *sc, struct call *c)
{
	s64 err;
	char *name;

	if (scan_take(sc, "*")) {
		c->any_result = true;
		return;
	}
	do
		c->result |= parse_primary(sc)->value;
	while (scan_take(sc, "|"));
	if (c->result == -1) {
		const char *start = sc->p;

		name = scan_name(sc);
		if (*name != 'E' || !constant_value(name, &err)) {
			sc->p = start;
			scan_fail(sc, "after -1 stands the name of an error");
		}
		c->result = -err;
	}
	if (scan_take(sc, "("))
		scan_until(sc, ")");
}

void parse_call(struct scan *sc, struct call *c)
{
	char *name = scan_name(sc);

	snprintf(c->name, sizeof(c->name), "%s", name);
	scan_expect(sc, "(");
	while (!scan_take(sc, ")")) {
		if (c->nargs)
			scan_expect(sc, ",");
		if (c->nargs == MAX_ARGS)
			scan_fail(sc, "more than %d arguments", MAX_ARGS);
		c->arg[c->nargs++] = parse_expr(sc);
	}
	scan_expect(sc, "=");
	parse_result(sc, c);
}
