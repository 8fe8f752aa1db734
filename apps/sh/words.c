// SPDX-License-Identifier: BSD-2-Clause
/*
 * Splitting a line into words, in the manner of POSIX's Shell Command Language (section 2.2
 * quoting, 2.6.2 parameters): '...', "...", backslash, $NAME, $?, ';' between commands, '#' before
 * a comment, '>' and '>>' before a file name, '&' behind a command that the shell does not wait
 * for.
 *
 * Called by main.c for each command of a line; no allocation, the words lie in the caller's buffer.
 * Left out: pipes, other redirections, globs, control structures.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apps/sh/sh.h>

struct splitter {
	const char *in;
	char *out, *end;
	const char *error;
};

static void put(struct splitter *s, const char *text, size_t len)
{
	if ((size_t)(s->end - s->out) <= len) {
		s->error = "the line is too long";
		return;
	}
	memcpy(s->out, text, len);
	s->out += len;
}

/* $NAME, ${NAME} or $?; a dollar in front of anything else stands for itself. */
static void put_parameter(struct splitter *s)
{
	bool braces = s->in[1] == '{';
	const char *name = s->in + 1 + braces, *value;
	char text[64];
	size_t n = 0;

	if (name[0] == '?') {
		snprintf(text, sizeof(text), "%d", sh_last_status);
		put(s, text, strlen(text));
		s->in = name + 1 + (braces && name[1] == '}');
		return;
	}
	while (isalnum((unsigned char)name[n]) || name[n] == '_')
		n++;
	if (!n || n >= sizeof(text) || (braces && name[n] != '}')) {
		put(s, s->in++, 1);
		return;
	}
	memcpy(text, name, n);
	text[n] = 0;
	value = getenv(text);
	if (value)
		put(s, value, strlen(value));
	s->in = name + n + braces;
}

static void single_quotes(struct splitter *s)
{
	size_t n = strcspn(++s->in, "'");

	put(s, s->in, n);
	if (!s->in[n])
		s->error = "a ' is missing";
	s->in += n + (s->in[n] != 0);
}

static void double_quotes(struct splitter *s)
{
	for (s->in++; *s->in && *s->in != '"' && !s->error;) {
		if (*s->in == '$') {
			put_parameter(s);
			continue;
		}
		if (*s->in == '\\' && s->in[1] && strchr("\\\"$", s->in[1]))
			s->in++;
		put(s, s->in++, 1);
	}
	if (!*s->in)
		s->error = "a \" is missing";
	else
		s->in++;
}

static void one_word(struct splitter *s)
{
	while (*s->in && !s->error && !strchr(" \t\r\n;&>", *s->in)) {
		if (*s->in == '\'')
			single_quotes(s);
		else if (*s->in == '"')
			double_quotes(s);
		else if (*s->in == '$')
			put_parameter(s);
		else if (*s->in == '\\' && s->in[1])
			put(s, (s->in += 2) - 1, 1);
		else
			put(s, s->in++, 1);
	}
	put(s, "", 1);
}

/* The file name behind a '>' or '>>'. */
static char *redirection(struct splitter *s, bool *append)
{
	char *word = s->out;

	*append = *++s->in == '>';
	s->in += *append;
	s->in += strspn(s->in, " \t");
	if (!*s->in || strchr("\r\n;&>", *s->in))
		s->error = "a file name is missing behind >";
	one_word(s);
	return word;
}

void words_split(struct words *w, const char *line)
{
	struct splitter s = {.in = line, .out = w->buf, .end = w->buf + sizeof(w->buf)};

	w->argc = 0;
	w->redirect = NULL;
	while (!s.error) {
		s.in += strspn(s.in, " \t\r\n");
		if (!*s.in || strchr("#;&", *s.in))
			break;
		if (*s.in == '>') {
			w->redirect = redirection(&s, &w->append);
		} else if (w->argc == SH_WORDS_MAX - 1) {
			s.error = "there are too many words";
		} else {
			w->argv[w->argc++] = s.out;
			one_word(&s);
		}
	}
	w->argv[w->argc] = NULL;
	w->background = *s.in == '&';
	w->next = *s.in == ';' || *s.in == '&' ? s.in + 1 : s.in + strlen(s.in);
	w->error = s.error;
}
