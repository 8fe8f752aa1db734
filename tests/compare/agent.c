// SPDX-License-Identifier: BSD-2-Clause
/*
 * The program of `make compare-linux`: makes the socket calls that it is told to, in a Linux guest
 * and in Barewire alike. Commands come on the second serial port, one line at a time, several in a
 * line with semicolons between; the answer is one line with as many results: what the call
 * returned, or -ERRNO. No call blocks, so one thread serves all scenarios that run at a time.
 *
 * A socket has a number that the other side chose (a slot), not its descriptor.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#define SLOTS	  4096
#define LINE	  8192
#define WORDS	  8
#define BUFFER	  65536
#define PROC_TEXT (512 * 1024)

struct command {
	const char *name;
	int words; /* with the name */
	long (*run)(char **w);
};

static int slots[SLOTS];
static char buffer[BUFFER], proc_text[PROC_TEXT];
/* What a command says beside a number. */
static char said[512];

static long result(long value)
{
	return value < 0 ? -errno : value;
}

static int slot(const char *word)
{
	int n = atoi(word);

	return n >= 0 && n < SLOTS ? slots[n] : -1;
}

static long put_slot(const char *word, int fd)
{
	int n = atoi(word);

	if (fd < 0)
		return -errno;
	if (n < 0 || n >= SLOTS) {
		close(fd);
		return -EBADF;
	}
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	slots[n] = fd;
	return 0;
}

static struct sockaddr_in address(const char *ip, const char *port)
{
	struct sockaddr_in sin = {.sin_family = AF_INET};

	inet_pton(AF_INET, ip, &sin.sin_addr);
	sin.sin_port = htons((unsigned short)atoi(port));
	return sin;
}

/* socket SLOT */
static long do_socket(char **w)
{
	return put_slot(w[1], socket(AF_INET, SOCK_STREAM, 0));
}

/* bind SLOT PORT */
static long do_bind(char **w)
{
	struct sockaddr_in sin = address("0.0.0.0", w[2]);
	int on = 1;

	setsockopt(slot(w[1]), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return result(bind(slot(w[1]), (struct sockaddr *)&sin, sizeof(sin)));
}

/* listen SLOT BACKLOG */
static long do_listen(char **w)
{
	return result(listen(slot(w[1]), atoi(w[2])));
}

/* accept SLOT NEW-SLOT */
static long do_accept(char **w)
{
	return put_slot(w[2], accept(slot(w[1]), NULL, NULL));
}

/* connect SLOT IP PORT */
static long do_connect(char **w)
{
	struct sockaddr_in sin = address(w[2], w[3]);

	return result(connect(slot(w[1]), (struct sockaddr *)&sin, sizeof(sin)));
}

static long bounded(const char *word)
{
	long n = atol(word);

	return n < 0 ? 0 : n > BUFFER ? BUFFER : n;
}

/* send SLOT COUNT FLAGS */
static long do_send(char **w)
{
	return result(send(slot(w[1]), buffer, (size_t)bounded(w[2]),
			   atoi(w[3]) | MSG_NOSIGNAL | MSG_DONTWAIT));
}

/* fastopen SLOT IP PORT COUNT */
static long do_fastopen(char **w)
{
	struct sockaddr_in sin = address(w[2], w[3]);

	return result(sendto(slot(w[1]), buffer, (size_t)bounded(w[4]),
			     MSG_FASTOPEN | MSG_NOSIGNAL | MSG_DONTWAIT, (struct sockaddr *)&sin,
			     sizeof(sin)));
}

/* recv SLOT COUNT FLAGS */
static long do_recv(char **w)
{
	return result(recv(slot(w[1]), buffer, (size_t)bounded(w[2]), atoi(w[3]) | MSG_DONTWAIT));
}

/* shut SLOT HOW */
static long do_shut(char **w)
{
	return result(shutdown(slot(w[1]), atoi(w[2])));
}

/* close SLOT */
static long do_close(char **w)
{
	int fd = slot(w[1]);

	if (fd < 0)
		return -EBADF;
	slots[atoi(w[1])] = -1;
	return result(close(fd));
}

/* set SLOT LEVEL NAME VALUE */
static long do_set(char **w)
{
	int value = atoi(w[4]);

	return result(setsockopt(slot(w[1]), atoi(w[2]), atoi(w[3]), &value, sizeof(value)));
}

/* get SLOT LEVEL NAME */
static long do_get(char **w)
{
	int value = 0, err;
	socklen_t len = sizeof(value);

	err = getsockopt(slot(w[1]), atoi(w[2]), atoi(w[3]), &value, &len);
	return err ? -errno : value;
}

/* linger SLOT ON SECONDS */
static long do_linger(char **w)
{
	struct linger l = {.l_onoff = atoi(w[2]), .l_linger = atoi(w[3])};

	return result(setsockopt(slot(w[1]), SOL_SOCKET, SO_LINGER, &l, sizeof(l)));
}

/* poll SLOT: the events that are there */
static long do_poll(char **w)
{
	struct pollfd p = {.fd = slot(w[1]), .events = POLLIN | POLLOUT | POLLPRI | POLLRDHUP};
	int n = poll(&p, 1, 0);

	return n < 0 ? -errno : p.revents;
}

/* atmark SLOT */
static long do_atmark(char **w)
{
	int value = 0;

	return ioctl(slot(w[1]), SIOCATMARK, &value) ? -errno : value;
}

static long read_file(const char *path)
{
	int fd = open(path, O_RDONLY);
	long have = 0, n;

	if (fd < 0)
		return -errno;
	while (have < PROC_TEXT - 1 &&
	       (n = read(fd, proc_text + have, (size_t)(PROC_TEXT - 1 - have))) > 0)
		have += n;
	proc_text[have] = 0;
	close(fd);
	return have;
}

/* sysctl NAME VALUE: under net.ipv4; spaces in the value are written as commas */
static long do_sysctl(char **w)
{
	char path[128], *p;
	int fd, len = (int)strlen(w[2]);
	long n;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/%s", w[1]);
	for (p = w[2]; *p; p++) {
		if (*p == ',')
			*p = '\t';
	}
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return -errno;
	n = result(write(fd, w[2], (size_t)len));
	close(fd);
	return n < 0 ? n : 0;
}

/* state LOCAL-PORT REMOTE-IP REMOTE-PORT: as in /proc/net/tcp, 0 = no such connection */
static long do_state(char **w)
{
	struct in_addr a;
	char want[40], *line;
	unsigned int lport, st = 0;
	char remote[32];
	long err = read_file("/proc/net/tcp");

	if (err < 0)
		return err;
	inet_pton(AF_INET, w[2], &a);
	snprintf(want, sizeof(want), "%08X:%04X", a.s_addr, (unsigned int)atoi(w[3]));
	for (line = strchr(proc_text, '\n'); line && *++line; line = strchr(line, '\n')) {
		if (sscanf(line, " %*d: %*8s:%x %31s %x", &lport, remote, &st) == 3 &&
		    lport == (unsigned int)atoi(w[1]) && !strcmp(remote, want))
			return (long)st;
	}
	return 0;
}

/* mib NAME: a counter of /proc/net/snmp or /proc/net/netstat, without its group */
static long do_mib(char **w)
{
	static const char *const files[] = {"/proc/net/netstat", "/proc/net/snmp"};
	char *names, *values, *next, *name_save, *value_save, *name, *value;
	int i;

	for (i = 0; i < 2; i++) {
		if (read_file(files[i]) < 0)
			continue;
		for (names = proc_text; names && *names; names = next) {
			values = strchr(names, '\n');
			if (!values)
				break;
			*values++ = 0;
			next = strchr(values, '\n');
			if (next)
				*next++ = 0;
			name = strtok_r(names, " ", &name_save);
			value = strtok_r(values, " ", &value_save);
			while (name && value && strcmp(name, w[1])) {
				name = strtok_r(NULL, " ", &name_save);
				value = strtok_r(NULL, " ", &value_save);
			}
			if (name && value)
				return atol(value);
		}
	}
	return -ENOENT;
}

/* info SLOT: what of TCP_INFO scenarios look at, NAME=VALUE with commas between */
static long do_info(char **w)
{
	struct tcp_info t;
	socklen_t len = sizeof(t);

	memset(&t, 0, sizeof(t));
	if (getsockopt(slot(w[1]), IPPROTO_TCP, TCP_INFO, &t, &len))
		return -errno;
	snprintf(said, sizeof(said),
		 "state=%u,ca=%u,retransmits=%u,probes=%u,backoff=%u,options=%u,rto=%u,ato=%u,"
		 "snd_mss=%u,rcv_mss=%u,unacked=%u,sacked=%u,lost=%u,retrans=%u,pmtu=%u,"
		 "rcv_ssthresh=%u,ssthresh=%u,cwnd=%u,advmss=%u,reordering=%u,rcv_space=%u,"
		 "total_retrans=%u",
		 t.tcpi_state, t.tcpi_ca_state, t.tcpi_retransmits, t.tcpi_probes, t.tcpi_backoff,
		 t.tcpi_options, t.tcpi_rto, t.tcpi_ato, t.tcpi_snd_mss, t.tcpi_rcv_mss,
		 t.tcpi_unacked, t.tcpi_sacked, t.tcpi_lost, t.tcpi_retrans, t.tcpi_pmtu,
		 t.tcpi_rcv_ssthresh, t.tcpi_snd_ssthresh, t.tcpi_snd_cwnd, t.tcpi_advmss,
		 t.tcpi_reordering, t.tcpi_rcv_space, t.tcpi_total_retrans);
	return 0;
}

/* quit */
static long do_quit(char **w)
{
	(void)w;
	exit(0);
}

static const struct command commands[] = {
	{"socket", 2, do_socket}, {"bind", 3, do_bind},		{"listen", 3, do_listen},
	{"accept", 3, do_accept}, {"connect", 4, do_connect},	{"send", 4, do_send},
	{"recv", 4, do_recv},	  {"shut", 3, do_shut},		{"close", 2, do_close},
	{"set", 5, do_set},	  {"get", 4, do_get},		{"linger", 4, do_linger},
	{"poll", 2, do_poll},	  {"atmark", 2, do_atmark},	{"sysctl", 3, do_sysctl},
	{"state", 4, do_state},	  {"mib", 2, do_mib},		{"info", 2, do_info},
	{"quit", 1, do_quit},	  {"fastopen", 5, do_fastopen},
};

static long run(char *text)
{
	char *w[WORDS], *save = NULL, *word;
	size_t i;
	int n = 0;

	for (word = strtok_r(text, " ", &save); word && n < WORDS;
	     word = strtok_r(NULL, " ", &save))
		w[n++] = word;
	for (i = 0; n && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!strcmp(commands[i].name, w[0]))
			return commands[i].words == n ? commands[i].run(w) : -EINVAL;
	}
	return -ENOSYS;
}

static void answer_line(int tty, char *line)
{
	static char answer[LINE];
	char *save = NULL, *one;
	size_t len = 0;
	long value;

	for (one = strtok_r(line, ";", &save); one; one = strtok_r(NULL, ";", &save)) {
		said[0] = 0;
		value = run(one);
		if (len < sizeof(answer) - sizeof(said) - 32)
			len += (size_t)snprintf(answer + len, sizeof(answer) - len, "%s%s",
						len ? ";" : "", said[0] ? said : "");
		if (!said[0])
			len += (size_t)snprintf(answer + len, sizeof(answer) - len, "%ld", value);
	}
	answer[len++] = '\n';
	if (write(tty, answer, len) != (ssize_t)len)
		perror("agent: write");
}

int main(void)
{
	static char line[LINE];
	size_t have = 0;
	struct termios t;
	int tty = open("/dev/ttyS1", O_RDWR | O_NOCTTY), i;
	char *end;
	ssize_t n;

	if (tty < 0 || tcgetattr(tty, &t)) {
		perror("agent: /dev/ttyS1");
		return 1;
	}
	cfmakeraw(&t);
	tcsetattr(tty, TCSANOW, &t);
	for (i = 0; i < SLOTS; i++)
		slots[i] = -1;
	if (write(tty, "ready\n", 6) != 6)
		return 1;
	while ((n = read(tty, line + have, sizeof(line) - 1 - have)) > 0) {
		have += (size_t)n;
		line[have] = 0;
		while ((end = memchr(line, '\n', have))) {
			*end = 0;
			answer_line(tty, line);
			have -= (size_t)(end + 1 - line);
			memmove(line, end + 1, have + 1);
		}
	}
	return 0;
}
