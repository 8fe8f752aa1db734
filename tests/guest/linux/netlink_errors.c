// SPDX-License-Identifier: BSD-2-Clause
/*
 * Netlink requests that are wrong, in many ways, and what they get: one line each, the same on
 * Linux and here. Nothing is changed: what would be is refused, or there is nothing of that name.
 */
#include <err.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/if_addr.h>
#include <linux/inet_diag.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static char req[4096] __attribute__((aligned(8)));
static struct nlmsghdr *h = (void *)req;

static void begin(int type, int flags, const void *hdr, size_t len)
{
	memset(req, 0, sizeof(req));
	h->nlmsg_type = type;
	h->nlmsg_flags = NLM_F_REQUEST | flags;
	h->nlmsg_len = NLMSG_LENGTH(len);
	h->nlmsg_seq = 1;
	memcpy(NLMSG_DATA(h), hdr, len);
}

static void attr(int type, const void *data, size_t len)
{
	struct rtattr *a = (void *)(req + NLMSG_ALIGN(h->nlmsg_len));

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(len);
	memcpy(RTA_DATA(a), data, len);
	h->nlmsg_len = NLMSG_ALIGN(h->nlmsg_len) + RTA_LENGTH(len);
}

static void attr_u32(int type, unsigned int v)
{
	attr(type, &v, 4);
}

/* Send, and print what comes: an error, or how a dump ends. */
static void result(int fd, const char *what)
{
	char buf[32768] __attribute__((aligned(8)));
	struct nlmsghdr *n;
	ssize_t len;

	h->nlmsg_flags |= NLM_F_ACK;
	if (send(fd, req, h->nlmsg_len, 0) < 0) {
		printf("nl: %s: send %d\n", what, errno);
		return;
	}
	while ((len = recv(fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0) {
		for (n = (void *)buf; len >= NLMSG_HDRLEN && n->nlmsg_len <= len;
		     len -= NLMSG_ALIGN(n->nlmsg_len),
		    n = (void *)((char *)n + NLMSG_ALIGN(n->nlmsg_len))) {
			if (n->nlmsg_type != NLMSG_ERROR && n->nlmsg_type != NLMSG_DONE)
				continue;
			printf("nl: %s: %s %d\n", what, n->nlmsg_type == NLMSG_DONE ? "done" : "error",
			       *(int *)NLMSG_DATA(n));
			return;
		}
	}
	printf("nl: %s: nothing\n", what);
}

static int nl(int protocol)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);

	if (fd < 0)
		err(1, "socket");
	return fd;
}

static void links(int fd)
{
	struct ifinfomsg ifm = {.ifi_family = AF_UNSPEC};
	struct ifinfomsg gone = {.ifi_index = 4711};

	begin(RTM_GETLINK, 0, &ifm, sizeof(ifm));
	result(fd, "getlink of nothing");
	begin(RTM_GETLINK, 0, &gone, sizeof(gone));
	result(fd, "getlink by index");
	begin(RTM_GETLINK, 0, &ifm, 8);
	result(fd, "getlink short");
	begin(RTM_GETLINK, 0, &ifm, sizeof(ifm));
	attr(IFLA_IFNAME, "nosuch", 7);
	result(fd, "getlink by name");
	begin(RTM_GETLINK, 0, &ifm, sizeof(ifm));
	attr(IFLA_IFNAME, "a-name-that-is-too-long", 24);
	result(fd, "getlink by long name");
	begin(RTM_GETLINK, 0, &gone, sizeof(gone));
	attr(IFLA_EXT_MASK, "x", 1);
	result(fd, "getlink with short mask");
	begin(RTM_SETLINK, 0, &gone, sizeof(gone));
	attr_u32(IFLA_MTU, 1500);
	result(fd, "setlink by index");
	begin(RTM_SETLINK, 0, &ifm, sizeof(ifm));
	result(fd, "setlink of nothing");
	begin(RTM_NEWLINK, 0, &gone, sizeof(gone));
	result(fd, "newlink without create");
	begin(RTM_DELLINK, 0, &gone, sizeof(gone));
	result(fd, "dellink by index");
	begin(RTM_DELLINK, 0, &ifm, sizeof(ifm));
	result(fd, "dellink of nothing");
	begin(RTM_DELLINK, 0, &ifm, sizeof(ifm));
	attr(IFLA_IFNAME, "lo", 3);
	result(fd, "dellink of lo");
	begin(RTM_GETLINK, NLM_F_DUMP, &ifm, sizeof(ifm));
	result(fd, "getlink dump");
	begin(RTM_GETLINK, NLM_F_DUMP, "", 1);
	result(fd, "getlink dump of a byte");
}

static void addresses(int fd)
{
	struct ifaddrmsg ifa = {.ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_index = 4711};
	struct ifaddrmsg lo = {.ifa_family = AF_INET, .ifa_prefixlen = 33, .ifa_index = 1};

	begin(RTM_NEWADDR, 0, &ifa, sizeof(ifa));
	result(fd, "newaddr without address");
	attr_u32(IFA_LOCAL, 0x0100000a);
	result(fd, "newaddr without device");
	begin(RTM_NEWADDR, 0, &lo, sizeof(lo));
	attr_u32(IFA_LOCAL, 0x0100000a);
	result(fd, "newaddr with long prefix");
	begin(RTM_NEWADDR, 0, &lo, sizeof(lo));
	attr(IFA_LOCAL, "xx", 2);
	result(fd, "newaddr with short address");
	begin(RTM_NEWADDR, 0, &ifa, 4);
	result(fd, "newaddr short");
	begin(RTM_DELADDR, 0, &ifa, sizeof(ifa));
	result(fd, "deladdr without device");
	lo.ifa_prefixlen = 24;
	begin(RTM_DELADDR, 0, &lo, sizeof(lo));
	attr_u32(IFA_LOCAL, 0x0100000a);
	result(fd, "deladdr of another");
	begin(RTM_GETADDR, 0, &ifa, sizeof(ifa));
	result(fd, "getaddr of one");
	begin(RTM_GETADDR, NLM_F_DUMP, &ifa, sizeof(ifa));
	result(fd, "getaddr dump");
}

static void routes(int fd)
{
	struct rtmsg rtm = {.rtm_family = AF_INET, .rtm_dst_len = 24, .rtm_table = RT_TABLE_MAIN,
			    .rtm_type = RTN_UNICAST, .rtm_protocol = RTPROT_BOOT};

	begin(RTM_NEWROUTE, NLM_F_CREATE, &rtm, 4);
	result(fd, "newroute short");
	begin(RTM_NEWROUTE, NLM_F_CREATE, &rtm, sizeof(rtm));
	attr_u32(RTA_DST, 0x0100090a);
	attr_u32(RTA_OIF, 1);
	result(fd, "newroute with bits below the prefix");
	begin(RTM_NEWROUTE, NLM_F_CREATE, &rtm, sizeof(rtm));
	attr_u32(RTA_DST, 0x0000090a);
	attr_u32(RTA_GATEWAY, 0x017120c0);
	attr_u32(RTA_OIF, 4711);
	result(fd, "newroute over nothing");
	begin(RTM_NEWROUTE, NLM_F_CREATE, &rtm, sizeof(rtm));
	attr(RTA_DST, "x", 1);
	result(fd, "newroute with short destination");
	rtm.rtm_dst_len = 33;
	begin(RTM_NEWROUTE, NLM_F_CREATE, &rtm, sizeof(rtm));
	result(fd, "newroute with long prefix");
	begin(RTM_DELROUTE, 0, &rtm, sizeof(rtm));
	result(fd, "delroute with long prefix");
	rtm.rtm_dst_len = 24;
	begin(RTM_DELROUTE, 0, &rtm, sizeof(rtm));
	attr_u32(RTA_DST, 0x0000090a);
	result(fd, "delroute of nothing");
	rtm.rtm_type = 77;
	begin(RTM_NEWROUTE, NLM_F_CREATE, &rtm, sizeof(rtm));
	attr_u32(RTA_DST, 0x0000090a);
	result(fd, "newroute of no type");
	begin(RTM_GETROUTE, 0, &rtm, 4);
	result(fd, "getroute short");
	rtm = (struct rtmsg){.rtm_family = AF_INET, .rtm_dst_len = 32};
	begin(RTM_GETROUTE, 0, &rtm, sizeof(rtm));
	attr_u32(RTA_DST, 0x0100007f);
	attr_u32(RTA_IIF, 4711);
	result(fd, "getroute from nothing");
	begin(RTM_GETROUTE, NLM_F_DUMP, &rtm, sizeof(rtm));
	result(fd, "getroute dump");
}

static void neighbours(int fd)
{
	struct ndmsg ndm = {.ndm_family = AF_INET, .ndm_ifindex = 1, .ndm_state = NUD_PERMANENT};

	begin(RTM_NEWNEIGH, NLM_F_CREATE, &ndm, sizeof(ndm));
	result(fd, "newneigh without address");
	begin(RTM_NEWNEIGH, 0, &ndm, sizeof(ndm));
	attr(NDA_DST, "x", 1);
	result(fd, "newneigh with short address");
	begin(RTM_NEWNEIGH, 0, &ndm, sizeof(ndm));
	attr_u32(NDA_DST, 0x0100000a);
	attr(NDA_LLADDR, "abc", 3);
	result(fd, "newneigh with short mac");
	begin(RTM_NEWNEIGH, 0, &ndm, 4);
	result(fd, "newneigh short");
	ndm.ndm_ifindex = 4711;
	begin(RTM_DELNEIGH, 0, &ndm, sizeof(ndm));
	attr_u32(NDA_DST, 0x0100000a);
	result(fd, "delneigh without device");
	ndm.ndm_ifindex = 0;
	begin(RTM_DELNEIGH, 0, &ndm, sizeof(ndm));
	attr_u32(NDA_DST, 0x0100000a);
	result(fd, "delneigh without index");
	begin(RTM_GETNEIGH, NLM_F_DUMP, &ndm, sizeof(ndm));
	result(fd, "getneigh dump");
}

static void strict(int fd)
{
	struct ifinfomsg ifm = {.ifi_index = 1};
	struct ifaddrmsg ifa = {.ifa_family = AF_INET, .ifa_prefixlen = 1};
	struct rtmsg rtm = {.rtm_family = AF_INET, .rtm_dst_len = 8};
	int one = 1;

	if (setsockopt(fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one)))
		err(1, "strict");
	begin(RTM_GETLINK, NLM_F_DUMP, &ifm, sizeof(ifm));
	result(fd, "strict getlink of an index");
	begin(RTM_GETLINK, NLM_F_DUMP, "", 1);
	result(fd, "strict getlink of a byte");
	begin(RTM_GETADDR, NLM_F_DUMP, &ifa, sizeof(ifa));
	result(fd, "strict getaddr of a prefix");
	ifa = (struct ifaddrmsg){.ifa_family = AF_INET, .ifa_index = 4711};
	begin(RTM_GETADDR, NLM_F_DUMP, &ifa, sizeof(ifa));
	result(fd, "strict getaddr of no device");
	begin(RTM_GETROUTE, NLM_F_DUMP, &rtm, sizeof(rtm));
	result(fd, "strict getroute of a prefix");
	rtm = (struct rtmsg){.rtm_family = AF_INET};
	begin(RTM_GETROUTE, NLM_F_DUMP, &rtm, sizeof(rtm));
	attr_u32(RTA_TABLE, 4711);
	result(fd, "strict getroute of no table");
	begin(RTM_GETROUTE, NLM_F_DUMP, &rtm, sizeof(rtm));
	attr_u32(RTA_PRIORITY, 1);
	result(fd, "strict getroute with a metric");
}

static void others(int fd)
{
	struct genlmsghdr g = {.cmd = CTRL_CMD_GETFAMILY, .version = 1};
	struct inet_diag_req_v2 q = {.sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP,
				     .idiag_states = ~0u};
	int gen = nl(NETLINK_GENERIC), diag = nl(NETLINK_SOCK_DIAG);
	char family[2] = {(char)200, 0};

	begin(RTM_MAX + 100, 0, &g, sizeof(g));
	result(fd, "a type beyond all");
	begin(RTM_GETLINK, 0, "", 0);
	result(fd, "no header at all");
	begin(NLMSG_NOOP, 0, "", 0);
	result(fd, "noop");
	begin(GENL_ID_CTRL, 0, &g, sizeof(g));
	attr(CTRL_ATTR_FAMILY_NAME, "no-such-family", 15);
	result(gen, "generic of no name");
	begin(GENL_ID_CTRL + 900, 0, &g, sizeof(g));
	result(gen, "generic of no number");
	begin(GENL_ID_CTRL, 0, &g, sizeof(g));
	attr(CTRL_ATTR_FAMILY_ID, "x", 1);
	result(gen, "generic with short number");
	begin(SOCK_DIAG_BY_FAMILY, 0, family, 2);
	result(diag, "diag of no family");
	begin(SOCK_DIAG_BY_FAMILY, 0, family, 1);
	result(diag, "diag of a byte");
	begin(SOCK_DIAG_BY_FAMILY, 0, &q, 20);
	result(diag, "diag short");
	begin(SOCK_DIAG_BY_FAMILY, 0, &q, sizeof(q));
	result(diag, "diag of no sock");
	begin(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, &q, sizeof(q));
	attr(INET_DIAG_REQ_BYTECODE, "\2\7\1\0", 4);
	result(diag, "diag with a bad filter");
	begin(99, 0, &q, sizeof(q));
	result(diag, "diag of no type");
}

static void calls(void)
{
	struct sockaddr_nl nlsa = {.nl_family = AF_NETLINK, .nl_pid = 4711};
	int fd = nl(NETLINK_ROUTE), val = 0;
	socklen_t len = 3;
	char c;

#define SAY(call) printf("nl: %s: %d\n", #call, (call) < 0 ? errno : 0)
	SAY(socket(AF_NETLINK, SOCK_STREAM, NETLINK_ROUTE));
	SAY(socket(AF_NETLINK, SOCK_RAW, 33));
	SAY(socket(AF_NETLINK, SOCK_RAW, -1));
	SAY(bind(fd, (void *)&nlsa, 4));
	SAY(connect(fd, (void *)&nlsa, 1));
	SAY(connect(fd, (void *)&nlsa, 8));
	SAY(send(fd, req, 0, 0));
	SAY(send(fd, req, 20, MSG_OOB));
	SAY(sendto(fd, req, 20, 0, (void *)&nlsa, 8));
	SAY(sendto(fd, req, 20, 0, (void *)&nlsa, sizeof(nlsa)));
	SAY(recv(fd, &c, 1, MSG_DONTWAIT));
	SAY(recv(fd, &c, 1, MSG_OOB));
	SAY(listen(fd, 1));
	SAY(accept(fd, NULL, NULL));
	SAY(shutdown(fd, SHUT_RDWR));
	SAY(setsockopt(fd, SOL_NETLINK, 99, &val, 4));
	SAY(setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &val, 4));
	SAY(setsockopt(fd, SOL_NETLINK, NETLINK_PKTINFO, (void *)8, 4));
	SAY(getsockopt(fd, SOL_NETLINK, NETLINK_PKTINFO, &val, &len));
	SAY(setsockopt(fd, SOL_NETLINK, NETLINK_PKTINFO, &val, 0));
	SAY(send(fd, (void *)8, 20, 0));
}

int main(void)
{
	int fd = nl(NETLINK_ROUTE);

	links(fd);
	addresses(fd);
	routes(fd);
	neighbours(fd);
	strict(fd);
	others(fd);
	calls();
	printf("nl: done\n");
	return 0;
}
