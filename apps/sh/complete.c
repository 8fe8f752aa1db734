// SPDX-License-Identifier: BSD-2-Clause
/*
 * What a word could become: commands and programs for the first word of a line, file names for
 * later ones that begin with a slash, sysctl names behind "sysctl".
 *
 * Called by the line editor when Tab is pressed; allocates the candidates. Programs are those of
 * the environment's PROGRAMS, which the kernel sets to what is linked in. At most COMPLETE_MAX are
 * found, more nobody would read.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <apps/sh/sh.h>

struct found {
	char **out;
	unsigned int n;
	const char *word;
	size_t len;
};

static void add(struct found *f, const char *before, const char *name, const char *after)
{
	char text[512];

	snprintf(text, sizeof(text), "%s%s%s", before, name, after);
	if (f->n == COMPLETE_MAX || strncmp(text, f->word, f->len))
		return;
	f->out[f->n] = strdup(text);
	f->n += f->out[f->n] != NULL;
}

static void add_commands(struct found *f)
{
	const char *p = getenv("PROGRAMS");
	char name[64];

	for (const struct command *c = commands; c->name; c++)
		add(f, "", c->name, "");
	while (p && *p) {
		size_t n = strcspn(p, " ");

		if (n < sizeof(name)) {
			memcpy(name, p, n);
			name[n] = 0;
			if (!command_find(name))
				add(f, "", name, "");
		}
		p += n + strspn(p + n, " ");
	}
}

/* Names in the folder that the word names up to its last @separator. */
static void add_files(struct found *f, const char *root, char separator, const char *mark)
{
	char folder[512], typed[256];
	struct dirent *e;
	size_t n = f->len;
	DIR *dir;

	while (n && f->word[n - 1] != separator)
		n--;
	if (n >= sizeof(typed))
		return;
	memcpy(typed, f->word, n);
	typed[n] = 0;
	snprintf(folder, sizeof(folder), "%s%s", root, typed);
	for (char *p = folder + strlen(root); *p; p++) {
		if (*p == separator)
			*p = '/';
	}
	dir = opendir(folder);
	if (!dir)
		return;
	while ((e = readdir(dir))) {
		if (e->d_name[0] != '.')
			add(f, typed, e->d_name, e->d_type == DT_DIR ? mark : "");
	}
	closedir(dir);
}

unsigned int complete(const char *line, size_t cursor, size_t *word_start, char **out)
{
	struct found f = {.out = out};
	size_t start = cursor, first;

	while (start && !strchr(" ;>", line[start - 1]))
		start--;
	*word_start = start;
	f.word = line + start;
	f.len = cursor - start;
	first = start;
	while (first && line[first - 1] == ' ')
		first--;
	if (*f.word == '/')
		add_files(&f, "", '/', "/");
	else if (!first || line[first - 1] == ';')
		add_commands(&f);
	else if (!strncmp(line, "sysctl ", 7))
		add_files(&f, "/proc/sys/", '.', ".");
	return f.n;
}
