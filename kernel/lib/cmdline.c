/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel command line. Words are split at blanks; double quotes keep blanks together and are
 * dropped, as Linux does (ip="a b", "ip=a b"). The first word that is exactly `--` ends the kernel's
 * words; what follows is the program's argument list. Each word remembers whether anybody asked for
 * it, so that typing errors can be reported.
 *
 * The text is copied into a fixed buffer because the line arrives before there is memory; it is
 * limited as Linux's is, to 2048 bytes, and what does not fit is reported.
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <string.h>

#define CMDLINE_SIZE 2048
#define MAX_WORDS 256

static char original[CMDLINE_SIZE];
static char text[CMDLINE_SIZE];
static char *words[MAX_WORDS + 1]; /* kernel words, then the program's, NULL behind the last */
static bool known[MAX_WORDS];
static int nr_words;	/* of the kernel */
static int nr_program;	/* behind -- */
static bool truncated;

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Take one word from *p, unquoted in place and terminated; NULL at the end. */
static char *next_word(char **p)
{
	char *in = *p, *out, *word;
	bool quoted = false;

	while (is_blank(*in))
		in++;
	if (!*in)
		return NULL;
	word = out = in;
	while (*in && (quoted || !is_blank(*in))) {
		if (*in == '"')
			quoted = !quoted;
		else
			*out++ = *in;
		in++;
	}
	*p = *in ? in + 1 : in;
	*out = '\0';
	return word;
}

void cmdline_init(const char *line)
{
	size_t len = line ? strlen(line) : 0;
	bool program = false;
	char *p = text, *word;
	int n = 0;

	truncated = len >= sizeof(text);
	if (truncated)
		len = sizeof(text) - 1;
	if (len)
		memcpy(text, line, len);
	text[len] = '\0';
	memcpy(original, text, len + 1);

	nr_words = nr_program = 0;
	while ((word = next_word(&p))) {
		if (!program && !strcmp(word, "--")) {
			program = true;
			continue;
		}
		if (n == MAX_WORDS) {
			truncated = true;
			break;
		}
		known[n] = false;
		words[n++] = word;
		if (program)
			nr_program++;
		else
			nr_words++;
	}
	words[n] = NULL;
}

const char *cmdline_line(void)
{
	return original;
}

const char *cmdline_get(const char *name)
{
	size_t len = strlen(name);
	const char *value = NULL;

	for (int i = 0; i < nr_words; i++) {
		const char *w = words[i];

		if (strncmp(w, name, len) || (w[len] != '=' && w[len] != '\0'))
			continue;
		known[i] = true;
		value = w[len] == '=' ? w + len + 1 : "";
	}
	return value;
}

void cmdline_each(const char *prefix, void (*fn)(const char *rest, void *arg), void *arg)
{
	size_t len = strlen(prefix);

	for (int i = 0; i < nr_words; i++) {
		if (strncmp(words[i], prefix, len))
			continue;
		known[i] = true;
		fn(words[i] + len, arg);
	}
}

int cmdline_program_args(char ***argv)
{
	*argv = words + nr_words;
	return nr_program;
}

void cmdline_split(char *line, void (*fn)(const char *word, void *arg), void *arg)
{
	char *word;

	while ((word = next_word(&line)))
		fn(word, arg);
}

static bool is_name_char(char c)
{
	return c == '_' || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* NAME=VALUE; names with dots are Linux's module parameters and go to nobody. */
static bool is_assignment(const char *word)
{
	size_t n = 0;

	while (is_name_char(word[n]) || (n && word[n] >= '0' && word[n] <= '9'))
		n++;
	return n && word[n] == '=';
}

void cmdline_take_assignments(void (*fn)(const char *word, void *arg), void *arg)
{
	cmdline_get("panic");
	for (int i = 0; i < nr_words; i++) {
		if (known[i] || !is_assignment(words[i]))
			continue;
		known[i] = true;
		pr_info("command line: \"%s\" goes to the program's environment\n", words[i]);
		fn(words[i], arg);
	}
}

void cmdline_report_unknown(void)
{
	if (truncated)
		pr_err("command line: too long, its end was cut off\n");
	cmdline_get("panic"); /* read only when the machine panics */
	for (int i = 0; i < nr_words; i++) {
		if (known[i])
			continue;
		known[i] = true;
		pr_notice("command line: \"%s\" is not known, ignored\n", words[i]);
	}
}
