// SPDX-License-Identifier: BSD-2-Clause
/*
 * The packet-script harness itself: a right script passes; each wrong expectation fails with its
 * line and what came; text that is no script is told so by line and column and never crashes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tests/hosted/net/net_test.h>
#include <tests/hosted/script/script.h>
#include <tests/hosted/services/host_process.h>

static char out[64 * 1024];

static int run_text(void *text)
{
	void *state = NULL;

	if (net_up(&state))
		return 2;
	script_run(script_parse("test.pkt", text));
	return 0;
}

static int parse_text(void *text)
{
	script_parse("test.pkt", text);
	return 0;
}

static int run(char *text)
{
	struct host_child c = {run_text, text, out, sizeof(out), 20};

	return host_run_child(&c);
}

/* Ten lines of a connection; the wrong line comes after them, as line 11. */
#define BEGIN                                                                       \
	"--tolerance_msecs=1\n"                                                     \
	"+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"                            \
	"+0 bind(3, ..., ...) = 0\n"                                                \
	"+0 listen(3, 1) = 0\n"                                                     \
	"+0 < S 0:0(0) win 32792 <mss 1000,sackOK,TS val 500 ecr 0,nop,wscale 7>\n" \
	"+0 > S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 500,nop,wscale 7>\n"  \
	"+100 < . 1:1(0) ack 1 win 257 <nop,nop,TS val 600 ecr 100>\n"              \
	"+0 accept(3, ..., ...) = 4\n"                                              \
	"+0 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n"                             \
	"+0 write(4, ..., 500) = 500\n"

struct wrong {
	const char *line, *says;
};

static const char right[] = "+0 > P. 1:501(500) ack 1 win 510 <nop,nop,TS val 200 ecr 600>\n";

static void right_script_passes(void **state)
{
	char text[2000];

	snprintf(text, sizeof(text), "%s%s", BEGIN, right);
	if (run(text))
		fail_msg("%s", out);
}

static const struct wrong wrongs[] = {
	{"+0 > . 1:501(500) ack 1 <nop,nop,TS val 200 ecr 600>",
	 "test.pkt:11: the packet differs: flags\n"},
	{"+0 > P. 2:502(500) ack 1 <nop,nop,TS val 200 ecr 600>", "differs: sequence number\n"},
	{"+0 > P. 1:502(501) ack 1 <nop,nop,TS val 200 ecr 600>", "differs: length\n"},
	{"+0 > P. 1:501(500) ack 2 <nop,nop,TS val 200 ecr 600>", "differs: acknowledgement\n"},
	{"+0 > P. 1:501(500) ack 1 win 9 <nop,nop,TS val 200 ecr 600>", "differs: window\n"},
	{"+0 > P. 1:501(500) ack 1 urg 9 <nop,nop,TS val 200 ecr 600>", "urgent pointer\n"},
	{"+0 > P. 1:501(500) ack 1", "differs: options\n"},
	{"+0 > P. 1:501(500) ack 1 <nop,nop,TS val 203 ecr 600>", "differs: options\n"},
	{"+0 > P. 1:501(500) ack 1 <nop,nop,TS val 200 ecr 601>", "differs: options\n"},
	{"+0 > P. 1:501(500) ack 1 <TS val 200 ecr 600,nop,nop>", "differs: options\n"},
	{"+0 > [ect0] P. 1:501(500) ack 1 <...>", "differs: ECN\n"},
	{"+0 > [tos 4] P. 1:501(500) ack 1 <...>", "differs: TOS\n"},
	{"+0 > [ttl 4] P. 1:501(500) ack 1 <...>", "differs: TTL\n"},
	{"+5 > P. 1:501(500) ack 1 <...>", "came at 100.000 ms, not at 105.000 ms"},
	{"+2~+5 > P. 1:501(500) ack 1 <...>", "came at 100.000 ms, not at 102.000 ms"},
	{"50 > P. 1:501(500) ack 1 <...>", "came at 100.000 ms, not at 50.000 ms"},
	{"+0 > P. 1:501(500) ack 1 <...>\n+10 > . 501:501(0) ack 1 <...>",
	 "test.pkt:12: the host sent nothing by 111.000 ms"},
	{"* > P. 1:501(500) ack 1 <...>\n+1000 %{ assert 1 }%",
	 "the script is over, but the host sent, at 400.000 ms"},
	{"+0 > [port 9] P. 1:501(500) ack 1 <...>",
	 "of another connection came, from port 8080 to port 40000"},
	{"+0 read(4, ..., 10) = 0", "test.pkt:11: read() returned -1 EAGAIN, not 0"},
	{"+0 read(4, ..., 10) = -1 EINVAL", "returned -1 EAGAIN, not -1 EINVAL"},
	{"+0 accept(3, ..., ...) = 5", "accept() blocks"},
	{"+0...50 accept(3, ..., ...) = 5\n* > P. 1:501(500) ack 1 <...>\n+90 %{ assert 1 }%",
	 "accept() has not returned by 150.000 ms"},
	{"+0...50 getsockname(4, ..., ...) = 0",
	 "getsockname() returned at 100.000 ms, not at 150.000 ms"},
	{"+0 getsockopt(4, SOL_SOCKET, SO_KEEPALIVE, [1], [4]) = 0", "getsockopt() gave 0"},
	{"+0 getsockopt(4, SOL_TCP, TCP_CONGESTION, \"nosuch\", [16]) = 0", "getsockopt() gave \""},
	{"+0 ioctl(4, SIOCOUTQ, [7]) = 0", "ioctl() gave 500"},
	{"+0 poll([{fd=4, events=POLLOUT, revents=POLLIN}], 1, 0) = 1", "revents 0x4, not 0x1"},
	{"+0 %{ assert tcpi_snd_cwnd == 11, tcpi_snd_cwnd }%",
	 "this is not so: tcpi_snd_cwnd == 11\n    tcpi_snd_cwnd is 10"},
	{"+0 %{ assert TcpExtTCPTimeouts }%", "TcpExtTCPTimeouts is 0"},
	{"+0 %{ assert 1\n assert 10 - 4 - 3 != 3 and True\n assert (2 | 1) & 3 == 0\n }%",
	 "test.pkt:12: this is not so: 10 - 4 - 3 != 3 and True"},
	{"+0 %{ assert tcpi_state / (1 - 1) }%", "division by zero"},
	{"+0 `sysctl net.ipv4.nosuch=1`", "sysctl net.ipv4.nosuch=1: ENOENT"},
	{"+0 `sysctl net.ipv4.tcp_ecn=7`", "sysctl net.ipv4.tcp_ecn=7: EINVAL"},
	{"10 read(4, ..., 10) = 0", "its time, 10.000 ms, is over: it is 100.000 ms"},
};

static void wrong_expectations_fail(void **state)
{
	char text[4000];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrongs); i++) {
		snprintf(text, sizeof(text), "%s%s\n", BEGIN, wrongs[i].line);
		if (run(text) != 1 || !strstr(out, wrongs[i].says))
			fail_msg("%s\ndid not fail with: %s\nbut with:\n%s", wrongs[i].line,
				 wrongs[i].says, out);
	}
}

static const struct wrong no_scripts[] = {
	{"", "there is no event"},
	{"+0 nosuch(1) = 0", "test.pkt:1: the call nosuch is not known"},
	{"\n\n+0 bind(3) = 0", "test.pkt:3: bind takes 3 to 3 arguments"},
	{"+0 bind(3, ..., NOSUCH) = 0", "column 17: the constant NOSUCH is not known"},
	{"+0 close(3) = -1", "column 17: a name is expected"},
	{"+0 close(3) = -1 NOSUCH", "column 18: after -1 stands the name of an error"},
	{"+0 close(3", "column 11: ',' is expected here"},
	{"+0 close(\"abc", "this string has no end"},
	{"+0 < X 0:0(0)", "column 6: the flags are some of"},
	{"+0 < S 0:1(0)", "column 8: 0:1 is not 0 bytes long"},
	{"+0 < . 1:1(0)", "with the flag '.' stands ack NUMBER"},
	{"+0 < S 0:0(0) win 70000", "column 19: this number lies outside 0 to 65535"},
	{"+0 < S 0:0(0) win 7 <nosuch>", "column 22: this option is not known"},
	{"+0 < S 0:0(0) win 7 <...>", "exact options"},
	{"+0 < S 0:0(0) win 7 <mss 1000", "',' is expected here"},
	{"+0 < [nosuch] S 0:0(0)", "column 7: not one of noecn"},
	{"+0 < icmp unreachable nosuch [0:0(0)]", "there is no ICMP code nosuch"},
	{"+0 > icmp unreachable host_unreachable [0:0(0)]", "only sent to the host"},
	{"+x close(3) = 0", "column 2: a time is expected"},
	{"+9~+3 > . 1:1(0) ack 1", "ends before it begins"},
	{"+1~+3 close(3) = 0", "only a packet that the host sends"},
	{"+0 %{ assert nosuch }%", "column 9: the name nosuch is not known"},
	{"+0 %{ assert 1 }", "'}%' is missing"},
	{"+0 %{ claim 1 }%", "'assert' is expected here"},
	{"+0 `rm -rf x`", "the command rm is not known"},
	{"+0 `sysctl`", "sysctl sets nothing"},
	{"+0 `sysctl net.ipv4.tcp_sack", "'`' is missing"},
	{"--nosuch=1\n+0 close(3) = 0", "column 3: this directive is not known"},
	{"--offload=nosuch\n+0 close(3) = 0", "offloads are"},
	{"/* no end", "this comment has no end"},
	{"+0 close([[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]) = 0", "nested too deeply"},
	{"+0 close(99999999999999999999999999999999) = 0", "this number is too large"},
};

static int parse(char *text)
{
	struct host_child c = {parse_text, text, out, sizeof(out), 20};

	return host_run_child(&c);
}

static void what_is_no_script_is_told(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(no_scripts); i++) {
		if (parse((char *)no_scripts[i].line) != 1 || !strstr(out, no_scripts[i].says))
			fail_msg("%s\ndid not fail with: %s\nbut with:\n%s", no_scripts[i].line,
				 no_scripts[i].says, out);
	}
}

/* Cut off anywhere, or with any character changed, a script is parsed or refused. */
static void damaged_scripts_do_not_crash(void **state)
{
	static const char junk[] = "<>[]{}()`%\"*+-.,:0x9~|\n/";
	char text[2000], copy[2000];
	size_t i, len;
	int status;

	snprintf(text, sizeof(text),
		 "%s%s+0 < icmp unreachable frag_needed mtu 9 [1:2(1)]\n"
		 "+0 `sysctl a=1`\n+0 %%{ assert 1 < 2 }%%\n",
		 BEGIN, right);
	len = strlen(text);
	for (i = 0; i < len; i++) {
		memcpy(copy, text, len + 1);
		copy[i] = i % 2 ? '\0' : junk[i / 2 % (sizeof(junk) - 1)];
		status = parse(copy);
		if (status > 1)
			fail_msg("status %d for:\n%s\n%s", status, copy, out);
	}
}

static int harness_up(void **state)
{
	return net_up(state) || net_down(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(right_script_passes),
		TEST(wrong_expectations_fail),
		TEST(what_is_no_script_is_told),
		TEST(damaged_scripts_do_not_crash),
	};

	return cmocka_run_group_tests(tests, harness_up, NULL);
}
