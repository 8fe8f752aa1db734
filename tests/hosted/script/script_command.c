// SPDX-License-Identifier: BSD-2-Clause
/*
 * Commands of packet scripts, between backticks: sysctls of the script's namespace, one or several,
 * separated by newlines or semicolons:
 *
 *   `sysctl -q -w net.ipv4.tcp_sack=0; sysctl net.ipv4.tcp_rmem="4096 65536 65536"`
 *
 * The helper scripts that packetdrill's own tests begin with are known by name: defaults.sh sets
 * what is the default here, set_sysctls.py sets the paths it is given.
 */
#include <kernel/fs/sysctl.h>
#include <stdio.h>
#include <string.h>
#include <tests/hosted/script/run.h>

struct setting {
	char name[128], value[128];
};
typedef void (*setting_fn)(const struct script *s, int line, const struct setting *v);

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

/* The next word; quotes hold blanks together. Returns where it ends. */
static const char *word(const char *p, const char *end, char *out, size_t size)
{
	char quote = 0;
	size_t n = 0;

	for (; p < end && (quote || !is_space(*p)); p++) {
		if (quote ? *p == quote : *p == '"' || *p == '\'')
			quote = quote ? 0 : *p;
		else if (n < size - 1)
			out[n++] = *p;
	}
	out[n] = '\0';
	while (p < end && is_space(*p))
		p++;
	return p;
}

static void setting(const struct script *s, int line, char *text, setting_fn fn)
{
	char *eq = strchr(text, '=');
	struct setting v;

	if (!eq)
		script_fail(s, line, "'%s' is no NAME=VALUE", text);
	*eq = '\0';
	if (!strncmp(text, "/proc/sys/", 10))
		text += 10;
	snprintf(v.name, sizeof(v.name), "%s", text);
	snprintf(v.value, sizeof(v.value), "%s", eq + 1);
	fn(s, line, &v);
}

static void one_command(const struct script *s, int line, const char *p, const char *end,
			setting_fn fn)
{
	char text[256];
	const char *base;
	int n = 0;

	p = word(p, end, text, sizeof(text));
	base = strrchr(text, '/') ? strrchr(text, '/') + 1 : text;
	if (!*text || !strcmp(base, "defaults.sh"))
		return;
	if (strcmp(base, "sysctl") && strcmp(base, "set_sysctls.py"))
		script_fail(s, line, "the command %s is not known: sysctl NAME=VALUE", text);
	while (p < end) {
		p = word(p, end, text, sizeof(text));
		if (*text == '-')
			continue;
		setting(s, line, text, fn);
		n++;
	}
	if (!n)
		script_fail(s, line, "sysctl sets nothing here");
}

static void all_commands(const struct script *s, int line, const char *p, setting_fn fn)
{
	while (*p) {
		size_t n = strcspn(p, "\n;");
		const char *begin = p;

		while (begin < p + n && is_space(*begin))
			begin++;
		one_command(s, line, begin, p + n, fn);
		p += n;
		line += *p == '\n';
		p += *p != '\0';
	}
}

static void setting_check(const struct script *s, int line, const struct setting *v)
{
	(void)s;
	(void)line;
	(void)v;
}

static void setting_apply(const struct script *s, int line, const struct setting *v)
{
	int err = sysctl_write(run.net, v->name, v->value);

	if (err)
		script_fail(s, line, "sysctl %s=%s: %s", v->name, v->value, errno_name(-err));
	trace("sysctl %s=%s", v->name, v->value);
}

void command_check(const struct script *s, int line, const char *text)
{
	all_commands(s, line, text, setting_check);
}

void command_run(const struct event *e)
{
	all_commands(run.s, e->line, e->code, setting_apply);
}
