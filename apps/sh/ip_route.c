// SPDX-License-Identifier: BSD-2-Clause
/*
 * "ip route" and "ip neigh": routes by SIOCADDRT and SIOCDELRT, neighbours by SIOCSARP and
 * SIOCDARP.
 *
 * Shown from /proc/net/route and /proc/net/arp, whose addresses are words in memory order. The
 * states of neighbours come from /proc/net/neigh where the kernel has it (lines "ADDRESS DEVICE MAC
 * STATE"); /proc/net/arp alone tells complete entries from incomplete ones. "get" lets the kernel
 * choose by connecting a datagram socket. Left out: other tables, rules, multipath.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/if_arp.h>
#include <net/route.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <apps/sh/ip.h>
#include <apps/sh/sh.h>

struct route {
	char dev[IFNAMSIZ];
	uint32_t dst, gateway, mask;
	unsigned int flags, mtu;
	int metric;
};

static bool parse_route(const char *line, struct route *r)
{
	return sscanf(line, "%15s %x %x %x %*d %*d %d %x %u", r->dev, &r->dst, &r->gateway,
		      &r->flags, &r->metric, &r->mask, &r->mtu) == 7;
}

static void show_route(const struct route *r)
{
	if (!r->dst && !r->mask)
		printf("default");
	else
		printf("%s/%u", addr_text(r->dst), ip_mask_len(r->mask));
	if (r->flags & RTF_GATEWAY)
		printf(" via %s", addr_text(r->gateway));
	if (r->flags & RTF_REJECT)
		printf(" unreachable");
	printf(" dev %s", r->dev);
	if (!(r->flags & RTF_GATEWAY))
		printf(" scope link");
	if (r->metric)
		printf(" metric %d", r->metric);
	if (r->mtu)
		printf(" mtu %u", r->mtu);
	putchar('\n');
}

static int delete_route(const struct route *r)
{
	struct rtentry rt = {.rt_flags = (unsigned short)r->flags, .rt_dev = (char *)r->dev};
	struct sockaddr_in in = {.sin_family = AF_INET};

	in.sin_addr.s_addr = r->dst;
	memcpy(&rt.rt_dst, &in, sizeof(in));
	in.sin_addr.s_addr = r->mask;
	memcpy(&rt.rt_genmask, &in, sizeof(in));
	in.sin_addr.s_addr = r->gateway;
	memcpy(&rt.rt_gateway, &in, sizeof(in));
	return ip_ioctl(SIOCDELRT, &rt) < 0 ? complain("ip route") : 0;
}

/* Go through the table and do something with each route, of one device or of all. */
static int each_route(const char *dev, bool flush)
{
	char *text = slurp("/proc/net/route", NULL), *line, *save;
	struct route r;
	int status = 0;

	if (!text)
		return complain("/proc/net/route");
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (!parse_route(line, &r) || (dev && strcmp(dev, r.dev)))
			continue;
		if (flush)
			status |= delete_route(&r);
		else
			show_route(&r);
	}
	free(text);
	return status;
}

static bool parse_gateway(const char *text, struct rtentry *rt)
{
	struct sockaddr_in in = {.sin_family = AF_INET};

	if (!text)
		return true;
	rt->rt_flags |= RTF_GATEWAY;
	if (inet_pton(AF_INET, text, &in.sin_addr) != 1)
		return false;
	memcpy(&rt->rt_gateway, &in, sizeof(in));
	return true;
}

static int change_route(unsigned long request, int argc, char **argv)
{
	struct rtentry rt = {.rt_flags = RTF_UP, .rt_dev = (char *)ip_value(argc, argv, "dev")};
	const char *metric = ip_value(argc, argv, "metric"), *mtu = ip_value(argc, argv, "mtu");
	struct sockaddr_in dst = {.sin_family = AF_INET}, mask = dst;
	unsigned int len = 0;
	unsigned long n;

	if (strcmp(argv[0], "default") && !ip_parse_prefix(argv[0], &dst.sin_addr.s_addr, &len))
		return 1;
	mask.sin_addr.s_addr = ip_mask(len);
	if (len == 32)
		rt.rt_flags |= RTF_HOST;
	memcpy(&rt.rt_dst, &dst, sizeof(dst));
	memcpy(&rt.rt_genmask, &mask, sizeof(mask));
	if (!parse_gateway(ip_value(argc, argv, "via"), &rt))
		return ip_usage();
	if (metric) {
		if (!parse_number(metric, 32766, &n))
			return ip_usage();
		rt.rt_metric = (short)(n + 1);
	}
	if (mtu) {
		if (!parse_number(mtu, 65535, &rt.rt_mtu))
			return ip_usage();
		rt.rt_flags |= RTF_MTU;
	}
	return ip_ioctl(request, &rt) < 0 ? complain("ip route") : 0;
}

/* The source address that a datagram would get, and so whether there is a route. */
static int get_route(const char *text)
{
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9)};
	socklen_t len = sizeof(to);
	unsigned int bits;
	int fd, status = 0;

	if (!ip_parse_prefix(text, &to.sin_addr.s_addr, &bits))
		return 1;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return complain("socket");
	if (connect(fd, (struct sockaddr *)&to, len) < 0 ||
	    getsockname(fd, (struct sockaddr *)&to, &len) < 0)
		status = complain(text);
	else
		printf("%s src %s\n", text, addr_text(to.sin_addr.s_addr));
	close(fd);
	return status;
}

int ip_route(int argc, char **argv)
{
	const char *dev = ip_value(argc, argv, "dev");

	if (!argc || !strcmp(argv[0], "show"))
		return each_route(dev, false);
	if (!strcmp(argv[0], "get") && argc == 2)
		return get_route(argv[1]);
	if (!strcmp(argv[0], "flush") && dev)
		return each_route(dev, true);
	if (!strcmp(argv[0], "add") && argc > 1)
		return change_route(SIOCADDRT, argc - 1, argv + 1);
	if (!strncmp(argv[0], "del", 3) && argc > 1)
		return change_route(SIOCDELRT, argc - 1, argv + 1);
	return ip_usage();
}

static int change_neighbour(unsigned long request, const char *addr, const char *mac,
			    const char *dev)
{
	struct sockaddr_in in = {.sin_family = AF_INET};
	struct arpreq req = {.arp_flags = ATF_PERM | ATF_COM};

	if (!dev || strlen(dev) >= sizeof(req.arp_dev) ||
	    inet_pton(AF_INET, addr, &in.sin_addr) != 1 || (mac && !ip_parse_mac(mac, &req.arp_ha)))
		return ip_usage();
	memcpy(&req.arp_pa, &in, sizeof(in));
	strcpy(req.arp_dev, dev);
	return ip_ioctl(request, &req) < 0 ? complain(addr) : 0;
}

/* A line of /proc/net/arp in the words of "ip neigh". */
static void show_arp_line(const char *addr, unsigned int flags, const char *mac, const char *dev)
{
	if (flags & ATF_COM)
		printf("%s dev %s lladdr %s %s\n", addr, dev, mac,
		       flags & ATF_PERM ? "PERMANENT" : "REACHABLE");
	else
		printf("%s dev %s INCOMPLETE\n", addr, dev);
}

static int each_arp(const char *dev_only, bool flush)
{
	char *text = slurp("/proc/net/arp", NULL), *line, *save;
	char addr[32], mac[32], dev[IFNAMSIZ];
	unsigned int flags;
	int status = 0;

	if (!text)
		return complain("/proc/net/arp");
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "%31s 0x%*x 0x%x %31s %*s %15s", addr, &flags, mac, dev) != 4 ||
		    (dev_only && strcmp(dev, dev_only)))
			continue;
		if (flush)
			status |= change_neighbour(SIOCDARP, addr, NULL, dev);
		else
			show_arp_line(addr, flags, mac, dev);
	}
	free(text);
	return status;
}

/* The kernel's own list with states, if it has one. */
static bool show_states(const char *dev_only)
{
	char *text = slurp("/proc/net/neigh", NULL), *line, *save;
	char addr[32], dev[IFNAMSIZ], mac[32], state[16];

	if (!text)
		return false;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (sscanf(line, "%31s %15s %31s %15s", addr, dev, mac, state) != 4 ||
		    (dev_only && strcmp(dev, dev_only)))
			continue;
		printf("%s dev %s", addr, dev);
		if (strcmp(mac, "-"))
			printf(" lladdr %s", mac);
		printf(" %s\n", state);
	}
	free(text);
	return true;
}

int ip_neigh(int argc, char **argv)
{
	const char *dev = ip_value(argc, argv, "dev"), *mac = ip_value(argc, argv, "lladdr");

	if (!argc || !strcmp(argv[0], "show"))
		return show_states(dev) ? 0 : each_arp(dev, false);
	if (!strcmp(argv[0], "flush") && dev)
		return each_arp(dev, true);
	if (!strcmp(argv[0], "add") && argc > 1 && mac)
		return change_neighbour(SIOCSARP, argv[1], mac, dev);
	if (!strncmp(argv[0], "del", 3) && argc > 1)
		return change_neighbour(SIOCDARP, argv[1], NULL, dev);
	return ip_usage();
}
