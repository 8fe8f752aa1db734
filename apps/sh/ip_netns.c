// SPDX-License-Identifier: BSD-2-Clause
/*
 * "ip netns" and those parts of "ip link" that make and remove devices, in iproute2's words. They
 * are commands to /proc/net/netns, which knows namespaces by name. A program that "exec" starts in
 * the background stays in the namespace; one that is in use cannot be deleted. "ip tcp_metrics"
 * speaks with /proc/net/tcp_metrics in the same way.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apps/sh/ip.h>
#include <apps/sh/sh.h>

#define NETNS_FILE   "/proc/net/netns"

#define METRICS_FILE "/proc/net/tcp_metrics"

/* Write one command to a file; 0, or 1 after a message that begins with `what`. */
static int __attribute__((format(printf, 3, 4)))
tell(const char *file, const char *what, const char *fmt, ...)
{
	char line[256];
	int fd = open(file, O_WRONLY | O_CLOEXEC), n, failed;
	va_list ap;

	if (fd < 0)
		return complain(file);
	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n >= (int)sizeof(line))
		errno = ENAMETOOLONG;
	failed = n >= (int)sizeof(line) || write(fd, line, (size_t)n) < 0;
	if (failed)
		complain(what);
	close(fd);
	return failed;
}

/* NAME [netns NS] type veth peer [name] PEER [netns NS] */
int ip_link_add(int argc, char **argv)
{
	const char *netns = ".", *peer_netns = ".";
	int i = 1;

	if (argc > i + 1 && !strcmp(argv[i], "netns")) {
		netns = argv[i + 1];
		i += 2;
	}
	if (argc < i + 4 || strcmp(argv[i], "type") || strcmp(argv[i + 2], "peer"))
		return ip_usage();
	const char *kind = argv[i + 1];

	i += 3;
	i += !strcmp(argv[i], "name");
	if (argc == i + 3 && !strcmp(argv[i + 1], "netns"))
		peer_netns = argv[i + 2];
	else if (argc != i + 1)
		return ip_usage();
	return tell(NETNS_FILE, argv[0], "link %s %s %s %s %s", kind, argv[0], netns, argv[i],
		    peer_netns);
}

int ip_link_del(const char *name)
{
	return tell(NETNS_FILE, name, "unlink %s", name);
}

static int list_namespaces(void)
{
	char *text = slurp(NETNS_FILE, NULL);

	if (!text)
		return complain(NETNS_FILE);
	fputs(text, stdout);
	free(text);
	return 0;
}

/* Run a command of the shell inside, then come back. */
static int netns_exec(const char *name, int argc, char **argv)
{
	static const char *inside = "init_net";
	const char *before = inside;
	int status = tell(NETNS_FILE, name, "enter %s", name);

	if (status)
		return status;
	inside = name;
	status = sh_run_words(argc, argv);
	inside = before;
	return tell(NETNS_FILE, before, "enter %s", before) ? 1 : status;
}

bool ip_runs_another(int argc, char **argv)
{
	return argc > 3 && !strcmp(argv[0], "ip") && !strcmp(argv[1], "netns") &&
	       !strcmp(argv[2], "exec");
}

int ip_netns(int argc, char **argv)
{
	if (!argc || (argc == 1 && (!strcmp(argv[0], "list") || !strcmp(argv[0], "show"))))
		return list_namespaces();
	if (argc == 2 && !strcmp(argv[0], "add"))
		return tell(NETNS_FILE, argv[1], "add %s", argv[1]);
	if (argc == 2 && (!strcmp(argv[0], "del") || !strcmp(argv[0], "delete")))
		return tell(NETNS_FILE, argv[1], "del %s", argv[1]);
	if (argc > 2 && !strcmp(argv[0], "exec"))
		return netns_exec(argv[1], argc - 2, argv + 2);
	return ip_usage();
}

/* tcp_metrics [show] | flush [ADDR] | del ADDR */
int ip_tcp_metrics(int argc, char **argv)
{
	char *text;

	if (argc == 1 && !strcmp(argv[0], "flush"))
		return tell(METRICS_FILE, "flush", "flush");
	if (argc == 2 && (!strcmp(argv[0], "flush") || !strncmp(argv[0], "del", 3)))
		return tell(METRICS_FILE, argv[1], "%s", argv[1]);
	if (argc > 1 || (argc && strcmp(argv[0], "show")))
		return ip_usage();
	text = slurp(METRICS_FILE, NULL);
	if (!text)
		return complain(METRICS_FILE);
	fputs(text, stdout);
	free(text);
	return 0;
}
