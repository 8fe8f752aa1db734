// SPDX-License-Identifier: BSD-2-Clause
/*
 * Reads matrix.txt, which the assembler puts into the program: lines of four words and three texts
 * with bars between; # begins a comment.
 */
#include <string.h>
#include <tests/hosted/matrix/table.h>
#include <tests/hosted/test.h>

__asm__(".pushsection .rodata\n"
	"matrix_text: .incbin \"tests/hosted/matrix/matrix.txt\"\n"
	"matrix_text_end: .byte 0\n"
	".popsection\n");

/* The next word of [*p, end), or nothing. */
static void take_word(const char **p, const char *end, char *out, size_t size)
{
	size_t n = 0;

	while (*p < end && **p == ' ')
		(*p)++;
	while (*p < end && **p != ' ' && n < size - 1)
		out[n++] = *(*p)++;
	out[n] = 0;
}

/* What stands between the next bar and the one behind it, without spaces around. */
static void take_text(const char **p, const char *end, char *out, size_t size)
{
	const char *from = memchr(*p, '|', (size_t)(end - *p)), *to;
	size_t n;

	assert_non_null(from);
	for (from++; from < end && *from == ' '; from++)
		;
	to = memchr(from, '|', (size_t)(end - from));
	*p = to ? to : end;
	for (to = *p; to > from && to[-1] == ' '; to--)
		;
	n = (size_t)(to - from);
	assert_true(n < size);
	memcpy(out, from, n);
	out[n] = 0;
}

int matrix_read(struct matrix_row rows[MATRIX_ROWS])
{
	const char *p = matrix_text, *end, *hash;
	int count = 0, line = 1;

	for (; p < matrix_text_end; p = end + 1, line++) {
		struct matrix_row *r = &rows[count];

		end = memchr(p, '\n', (size_t)(matrix_text_end - p));
		assert_non_null(end);
		hash = memchr(p, '#', (size_t)(end - p));
		if (hash || p == end)
			continue;
		assert_true(count < MATRIX_ROWS);
		r->line = line;
		take_word(&p, end, r->state, sizeof(r->state));
		take_word(&p, end, r->event, sizeof(r->event));
		take_word(&p, end, r->place, sizeof(r->place));
		take_word(&p, end, r->ack, sizeof(r->ack));
		take_text(&p, end, r->answer, sizeof(r->answer));
		take_text(&p, end, r->next, sizeof(r->next));
		take_text(&p, end, r->program, sizeof(r->program));
		count++;
	}
	return count;
}
