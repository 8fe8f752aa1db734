// SPDX-License-Identifier: BSD-2-Clause
/*
 * Editing a line on a terminal that knows a few ECMA-48 sequences.
 *
 * Called by main.c when standard input is a terminal; otherwise lines are just read. Keys: the
 * cursor keys, Home, End, Delete; Ctrl-A E B F D H K U W L T P N and C; Tab completes, twice lists.
 * A line longer than the terminal scrolls sideways. What is drawn is one write for each key. The
 * last hundred lines are kept as history. Left out: searching the history, characters of more than
 * one byte (each byte moves the cursor), several lines.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apps/sh/sh.h>

#define HISTORY 100
#define CTRL(c) ((c)&0x1f)
#define ESC	27
#define DEL	127

/* Keys that are more than one byte. */
enum { KEY_UP = 256, KEY_DOWN, KEY_RIGHT, KEY_LEFT, KEY_HOME, KEY_END, KEY_DELETE, KEY_UNKNOWN };

static struct {
	const char *prompt;
	char buf[SH_LINE_MAX];
	size_t len, cursor;
	char saved[SH_LINE_MAX]; /* what was being typed when history was entered */
	unsigned int back;	 /* lines back in history, 0: the new one */
	bool last_was_tab;
} ed;

static char *history[HISTORY];
static unsigned int history_n;

static void out(const char *s, size_t n)
{
	while (n) {
		ssize_t done = write(1, s, n);

		if (done <= 0)
			return;
		s += done;
		n -= (size_t)done;
	}
}

static void bell(void)
{
	out("\a", 1);
}

/* Behind the prompt, which stays: the part of the line around the cursor that fits. */
static void redraw(void)
{
	static char text[SH_LINE_MAX + 256];
	size_t prompt = strlen(ed.prompt), width = term_width() - 1;
	size_t room = width > prompt + 8 ? width - prompt : 8, from = 0, n;
	int used;

	if (ed.len > room && ed.cursor > room / 2)
		from = ed.cursor - room / 2;
	n = ed.len - from < room ? ed.len - from : room;
	used = snprintf(text, sizeof(text), "\r\x1b[%zuC%.*s\x1b[K", prompt, (int)n, ed.buf + from);
	if (from + n > ed.cursor)
		used += snprintf(text + used, sizeof(text) - (size_t)used, "\x1b[%zuD",
				 from + n - ed.cursor);
	out(text, (size_t)used);
}

/* On a fresh line, prompt first. */
static void draw_all(void)
{
	out(ed.prompt, strlen(ed.prompt));
	if (ed.len)
		redraw();
}

static void insert(const char *s, size_t n)
{
	size_t room = term_width() - 1;

	if (ed.len + n >= sizeof(ed.buf)) {
		bell();
		return;
	}
	memmove(ed.buf + ed.cursor + n, ed.buf + ed.cursor, ed.len - ed.cursor);
	memcpy(ed.buf + ed.cursor, s, n);
	ed.len += n;
	ed.cursor += n;
	/* Typing at the end of a line that fits needs no redrawing. */
	if (ed.cursor == ed.len && strlen(ed.prompt) + ed.len < room)
		out(s, n);
	else
		redraw();
}

static void erase(size_t from, size_t to)
{
	memmove(ed.buf + from, ed.buf + to, ed.len - to);
	ed.len -= to - from;
	ed.cursor = from;
	redraw();
}

static void move(size_t to)
{
	ed.cursor = to;
	redraw();
}

static void erase_word(void)
{
	size_t from = ed.cursor;

	while (from && ed.buf[from - 1] == ' ')
		from--;
	while (from && ed.buf[from - 1] != ' ')
		from--;
	erase(from, ed.cursor);
}

static void transpose(void)
{
	size_t at = ed.cursor == ed.len ? ed.cursor - 1 : ed.cursor;
	char c;

	if (ed.len < 2 || !ed.cursor) {
		bell();
		return;
	}
	c = ed.buf[at];
	ed.buf[at] = ed.buf[at - 1];
	ed.buf[at - 1] = c;
	move(at + 1);
}

/* Replace the line by the one @back lines ago. */
static void recall(unsigned int back)
{
	const char *line;

	if (back > history_n) {
		bell();
		return;
	}
	if (!ed.back) {
		memcpy(ed.saved, ed.buf, ed.len);
		ed.saved[ed.len] = 0;
	}
	ed.back = back;
	line = back ? history[history_n - back] : ed.saved;
	ed.len = strlen(line);
	memcpy(ed.buf, line, ed.len);
	move(ed.len);
}

static void remember(const char *line)
{
	char *copy;

	if (!*line || (history_n && !strcmp(history[history_n - 1], line)))
		return;
	copy = strdup(line);
	if (!copy)
		return;
	if (history_n == HISTORY) {
		free(history[0]);
		memmove(history, history + 1, (HISTORY - 1) * sizeof(history[0]));
		history_n--;
	}
	history[history_n++] = copy;
}

/* Bytes that all candidates begin with. */
static size_t common_prefix(char **c, unsigned int n)
{
	size_t len = strlen(c[0]);

	for (unsigned int i = 1; i < n; i++) {
		size_t k = 0;

		while (k < len && c[i][k] == c[0][k])
			k++;
		len = k;
	}
	return len;
}

static void list_candidates(char **c, unsigned int n)
{
	char text[128];

	out("\n", 1);
	for (unsigned int i = 0; i < n; i++) {
		int used = snprintf(text, sizeof(text), "%-18.100s%s", c[i],
				    i % 4 == 3 || i + 1 == n ? "\n" : " ");

		out(text, (size_t)used);
	}
	draw_all();
}

static void tab(void)
{
	static char *candidates[COMPLETE_MAX];
	size_t start, len, typed;
	unsigned int n;

	ed.buf[ed.len] = 0;
	n = complete(ed.buf, ed.cursor, &start, candidates);
	typed = ed.cursor - start;
	if (!n) {
		bell();
		return;
	}
	len = common_prefix(candidates, n);
	if (len > typed)
		insert(candidates[0] + typed, len - typed);
	if (n == 1 && candidates[0][len - 1] != '/')
		insert(" ", 1);
	else if (n > 1 && len == typed) {
		if (ed.last_was_tab)
			list_candidates(candidates, n);
		else
			bell();
	}
	for (unsigned int i = 0; i < n; i++)
		free(candidates[i]);
}

/* The rest of a sequence that begins with Escape. */
static int escape_key(void)
{
	int c = term_key(), number = 0;

	if (c != '[' && c != 'O')
		return KEY_UNKNOWN;
	for (c = term_key(); (c >= '0' && c <= '9') || c == ';'; c = term_key()) {
		if (c != ';' && number < 100)
			number = number * 10 + c - '0';
	}
	switch (c) {
	case 'A':
		return KEY_UP;
	case 'B':
		return KEY_DOWN;
	case 'C':
		return KEY_RIGHT;
	case 'D':
		return KEY_LEFT;
	case 'H':
		return KEY_HOME;
	case 'F':
		return KEY_END;
	case '~':
		return number == 1 || number == 7   ? KEY_HOME
		       : number == 4 || number == 8 ? KEY_END
		       : number == 3		    ? KEY_DELETE
						    : KEY_UNKNOWN;
	default:
		return KEY_UNKNOWN;
	}
}

/* Keys that move; false when it is not one. */
static bool moving_key(int key)
{
	switch (key) {
	case CTRL('A'):
	case KEY_HOME:
		move(0);
		return true;
	case CTRL('E'):
	case KEY_END:
		move(ed.len);
		return true;
	case CTRL('B'):
	case KEY_LEFT:
		move(ed.cursor - (ed.cursor > 0));
		return true;
	case CTRL('F'):
	case KEY_RIGHT:
		move(ed.cursor + (ed.cursor < ed.len));
		return true;
	case CTRL('P'):
	case KEY_UP:
		recall(ed.back + 1);
		return true;
	case CTRL('N'):
	case KEY_DOWN:
		if (ed.back)
			recall(ed.back - 1);
		return true;
	default:
		return false;
	}
}

static void editing_key(int key)
{
	char c = (char)key;

	switch (key) {
	case CTRL('H'):
	case DEL:
		if (ed.cursor)
			erase(ed.cursor - 1, ed.cursor);
		break;
	case CTRL('D'):
	case KEY_DELETE:
		if (ed.cursor < ed.len)
			erase(ed.cursor, ed.cursor + 1);
		break;
	case CTRL('K'):
		erase(ed.cursor, ed.len);
		break;
	case CTRL('U'):
		erase(0, ed.cursor);
		break;
	case CTRL('W'):
		erase_word();
		break;
	case CTRL('T'):
		transpose();
		break;
	case CTRL('L'):
		out("\x1b[H\x1b[2J", 7);
		draw_all();
		break;
	case CTRL('I'):
		tab();
		break;
	default:
		if (key >= ' ' && key < 256)
			insert(&c, 1);
	}
	ed.last_was_tab = key == CTRL('I');
}

static char *finish(void)
{
	out("\n", 1);
	ed.buf[ed.len] = 0;
	remember(ed.buf);
	return ed.buf;
}

static char *read_plain(void)
{
	int c;

	ed.len = 0;
	while ((c = term_key()) >= 0 && c != '\n') {
		if (ed.len + 1 < sizeof(ed.buf))
			ed.buf[ed.len++] = (char)c;
	}
	if (c < 0 && !ed.len)
		return NULL;
	ed.buf[ed.len] = 0;
	return ed.buf;
}

char *lineedit_read(const char *prompt)
{
	if (!term_is_tty())
		return read_plain();
	ed.prompt = prompt;
	ed.len = ed.cursor = ed.back = 0;
	draw_all();
	for (;;) {
		int key = term_key();

		if (key < 0 || (key == CTRL('D') && !ed.len)) {
			out("\n", 1);
			return NULL;
		}
		if (key == '\r' || key == '\n')
			return finish();
		if (key == CTRL('C')) {
			out("^C\n", 3);
			ed.len = ed.cursor = ed.back = 0;
			draw_all();
			continue;
		}
		if (key == ESC)
			key = escape_key();
		if (!moving_key(key))
			editing_key(key);
	}
}
