// SPDX-License-Identifier: BSD-2-Clause
/*
 * ip: the objects' common parts and "ip link", in iproute2's words.
 *
 * Configuration goes by the SIOC ioctls (netdevice(7)) and is read from /proc/net, for there is no
 * netlink yet. "ip link" also shows the device's counters and, where /proc/net/dev_features exists,
 * the driver's features. Left out: statistics by class.
 */
#include <arpa/inet.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <errno.h>
#include <unistd.h>
#include <apps/sh/ip.h>
#include <apps/sh/sh.h>

int ip_usage(void)
{
	fprintf(stderr,
		"usage: ip link [show] [DEV] | set DEV up|down|mtu N|address MAC|name NAME\n"
		"               add NAME [netns NS] type veth peer NAME [netns NS] | del NAME\n"
		"       ip netns [list] | add NAME | del NAME | exec NAME COMMAND...\n"
		"       ip addr [show] [dev DEV] | add|del ADDR/LEN dev DEV | flush dev DEV\n"
		"       ip route [show] | get ADDR | add|del PREFIX|default [via ADDR] [dev DEV]"
		" [metric N] | flush dev DEV\n"
		"       ip neigh [show] | add|del ADDR [lladdr MAC] dev DEV | flush dev DEV\n"
		"       ip tcp_metrics [show] | flush | del ADDR\n");
	return 1;
}

int ip_ioctl(unsigned long request, void *arg)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), ret, error;

	if (fd < 0)
		return -1;
	ret = ioctl(fd, request, arg);
	error = errno;
	close(fd);
	errno = error;
	return ret;
}

int ip_if_ioctl(unsigned long request, const char *name, struct ifreq *ifr)
{
	memset(ifr->ifr_name, 0, IFNAMSIZ);
	if (strlen(name) >= IFNAMSIZ) {
		errno = ENODEV;
		return -1;
	}
	strcpy(ifr->ifr_name, name);
	return ip_ioctl(request, ifr);
}

int ip_devices(char names[IP_MAX_DEVICES][IFNAMSIZ])
{
	char *text = slurp("/proc/net/dev", NULL), *line, *save;
	int n = 0;

	if (!text)
		return 0;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (n < IP_MAX_DEVICES && strchr(line, ':') &&
		    sscanf(line, " %15[^:]", names[n]) == 1)
			n++;
	}
	free(text);
	return n;
}

uint32_t ip_mask(unsigned int len)
{
	return len ? htonl(0xffffffffU << (32 - len)) : 0;
}

unsigned int ip_mask_len(uint32_t mask)
{
	return (unsigned int)__builtin_popcount(mask);
}

bool ip_parse_prefix(const char *text, uint32_t *addr, unsigned int *len)
{
	const char *slash = strchr(text, '/');
	char number[INET_ADDRSTRLEN];
	unsigned long bits = 32;
	size_t n = slash ? (size_t)(slash - text) : strlen(text);

	if (n < sizeof(number) && (!slash || parse_number(slash + 1, 32, &bits))) {
		memcpy(number, text, n);
		number[n] = 0;
		if (inet_pton(AF_INET, number, addr) == 1) {
			*len = (unsigned int)bits;
			return true;
		}
	}
	fprintf(stderr, "ip: \"%s\" is not an address\n", text);
	return false;
}

const char *ip_value(int argc, char **argv, const char *key)
{
	for (int i = 0; i + 1 < argc; i++) {
		if (!strcmp(argv[i], key))
			return argv[i + 1];
	}
	return NULL;
}

static void print_flags(unsigned int flags)
{
	static const struct {
		unsigned int flag;
		const char *name;
	} names[] = {
		{IFF_LOOPBACK, "LOOPBACK"},
		{IFF_BROADCAST, "BROADCAST"},
		{IFF_POINTOPOINT, "POINTOPOINT"},
		{IFF_MULTICAST, "MULTICAST"},
		{IFF_NOARP, "NOARP"},
		{IFF_ALLMULTI, "ALLMULTI"},
		{IFF_PROMISC, "PROMISC"},
		{IFF_UP, "UP"},
		{IFF_RUNNING, "LOWER_UP"},
	};
	const char *comma = "";

	putchar('<');
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (flags & names[i].flag) {
			printf("%s%s", comma, names[i].name);
			comma = ",";
		}
	}
	putchar('>');
}

static void print_mac(const unsigned char *mac)
{
	printf("%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

/* The rest of the line of a file that begins with "NAME:", into @out. */
static bool line_of(const char *path, const char *name, char *out, size_t size)
{
	char *text = slurp(path, NULL), *line, *save;
	bool found = false;

	if (!text)
		return false;
	for (line = strtok_r(text, "\n", &save); line && !found;
	     line = strtok_r(NULL, "\n", &save)) {
		size_t n = strlen(name);

		line += strspn(line, " ");
		found = !strncmp(line, name, n) && line[n] == ':';
		if (found)
			snprintf(out, size, "%s", line + n + 1 + strspn(line + n + 1, " "));
	}
	free(text);
	return found;
}

static void print_counters(const char *name)
{
	unsigned long rx[4], tx[4];
	char line[512];

	if (!line_of("/proc/net/dev", name, line, sizeof(line)) ||
	    sscanf(line, "%lu %lu %lu %lu %*u %*u %*u %*u %lu %lu %lu %lu", &rx[0], &rx[1], &rx[2],
		   &rx[3], &tx[0], &tx[1], &tx[2], &tx[3]) != 8)
		return;
	printf("    RX: bytes %lu packets %lu errors %lu dropped %lu\n", rx[0], rx[1], rx[2],
	       rx[3]);
	printf("    TX: bytes %lu packets %lu errors %lu dropped %lu\n", tx[0], tx[1], tx[2],
	       tx[3]);
}

bool ip_print_head(const char *name)
{
	struct ifreq flags = {0}, mtu = {0}, index = {0};
	unsigned int f;

	if (ip_if_ioctl(SIOCGIFINDEX, name, &index) < 0 ||
	    ip_if_ioctl(SIOCGIFFLAGS, name, &flags) < 0 || ip_if_ioctl(SIOCGIFMTU, name, &mtu) < 0)
		return false;
	f = (unsigned short)flags.ifr_flags;
	printf("%d: %s: ", index.ifr_ifindex, name);
	print_flags(f);
	printf(" mtu %d state %s\n", mtu.ifr_mtu,
	       !(f & IFF_UP)	  ? "DOWN"
	       : f & IFF_LOOPBACK ? "UNKNOWN"
	       : f & IFF_RUNNING  ? "UP"
				  : "LOWERLAYERDOWN");
	return true;
}

void ip_print_hardware(const char *name)
{
	struct ifreq hw = {0};
	char features[512];

	if (ip_if_ioctl(SIOCGIFHWADDR, name, &hw) == 0) {
		printf("    link/%s ", hw.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK ? "loopback"
				       : hw.ifr_hwaddr.sa_family == ARPHRD_ETHER  ? "ether"
										  : "other");
		print_mac((unsigned char *)hw.ifr_hwaddr.sa_data);
		putchar('\n');
	}
	if (line_of("/proc/net/dev_features", name, features, sizeof(features)))
		printf("    features %s\n", features);
}

static int show_links(const char *only)
{
	char names[IP_MAX_DEVICES][IFNAMSIZ];
	int n = ip_devices(names), shown = 0;

	for (int i = 0; i < n; i++) {
		if ((only && strcmp(names[i], only)) || !ip_print_head(names[i]))
			continue;
		ip_print_hardware(names[i]);
		print_counters(names[i]);
		shown++;
	}
	if (only && !shown) {
		errno = ENODEV;
		return complain(only);
	}
	return 0;
}

static int set_flag(const char *name, short flag, bool on)
{
	struct ifreq ifr = {0};

	if (ip_if_ioctl(SIOCGIFFLAGS, name, &ifr) < 0)
		return complain(name);
	ifr.ifr_flags = (short)(on ? ifr.ifr_flags | flag : ifr.ifr_flags & ~flag);
	return ip_if_ioctl(SIOCSIFFLAGS, name, &ifr) < 0 ? complain(name) : 0;
}

static int set_mtu(const char *name, const char *text)
{
	struct ifreq ifr = {0};
	unsigned long mtu;

	if (!parse_number(text, 65536, &mtu))
		return ip_usage();
	ifr.ifr_mtu = (int)mtu;
	return ip_if_ioctl(SIOCSIFMTU, name, &ifr) < 0 ? complain(name) : 0;
}

bool ip_parse_mac(const char *text, struct sockaddr *to)
{
	unsigned char *m = (unsigned char *)to->sa_data;
	char rest;

	to->sa_family = ARPHRD_ETHER;
	return sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%c", m, m + 1, m + 2, m + 3, m + 4,
		      m + 5, &rest) == 6;
}

static int set_address(const char *name, const char *text)
{
	struct ifreq ifr = {0};

	if (!ip_parse_mac(text, &ifr.ifr_hwaddr))
		return ip_usage();
	return ip_if_ioctl(SIOCSIFHWADDR, name, &ifr) < 0 ? complain(name) : 0;
}

static int set_name(const char *name, const char *text)
{
	struct ifreq ifr = {0};

	if (strlen(text) >= IFNAMSIZ)
		return ip_usage();
	strcpy(ifr.ifr_newname, text);
	return ip_if_ioctl(SIOCSIFNAME, name, &ifr) < 0 ? complain(name) : 0;
}

/* The words behind "ip link set DEV", one or two at a time. */
static int set_link(const char *name, int argc, char **argv)
{
	int status = 0;

	for (int i = 0; i < argc && !status; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (!strcmp(argv[i], "up") || !strcmp(argv[i], "down")) {
			status = set_flag(name, IFF_UP, !strcmp(argv[i], "up"));
			continue;
		}
		i++;
		if (value && !strcmp(argv[i - 1], "mtu"))
			status = set_mtu(name, value);
		else if (value && !strcmp(argv[i - 1], "address"))
			status = set_address(name, value);
		else if (value && !strcmp(argv[i - 1], "name"))
			status = set_name(name, value);
		else if (value && !strcmp(argv[i - 1], "promisc"))
			status = set_flag(name, IFF_PROMISC, !strcmp(value, "on"));
		else
			status = ip_usage();
	}
	return status;
}

int ip_link(int argc, char **argv)
{
	if (argc && !strcmp(argv[0], "set")) {
		int skip = argc > 1 && !strcmp(argv[1], "dev") ? 2 : 1;

		return argc > skip + 1 ? set_link(argv[skip], argc - skip - 1, argv + skip + 1)
				       : ip_usage();
	}
	if (argc && !strcmp(argv[0], "add"))
		return ip_link_add(argc - 1, argv + 1);
	if (argc == 2 && (!strcmp(argv[0], "del") || !strcmp(argv[0], "delete")))
		return ip_link_del(argv[1]);
	if (argc && !strcmp(argv[0], "show")) {
		argc--;
		argv++;
	}
	if (argc > 1 && !strcmp(argv[0], "dev")) {
		argc--;
		argv++;
	}
	return argc > 1 ? ip_usage() : show_links(argc ? argv[0] : NULL);
}

int cmd_ip(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} objects[] = {
		{"link", ip_link},   {"addr", ip_addr},	  {"address", ip_addr},
		{"route", ip_route}, {"neigh", ip_neigh}, {"neighbour", ip_neigh},
		{"netns", ip_netns}, {"tcp_metrics", ip_tcp_metrics},
	};
	int skip = 1;

	while (skip < argc && argv[skip][0] == '-')
		skip++;
	if (skip >= argc)
		return ip_usage();
	/* iproute2 takes any beginning of an object's name: "ip a", "ip r". */
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++) {
		if (!strncmp(objects[i].name, argv[skip], strlen(argv[skip])))
			return objects[i].run(argc - skip - 1, argv + skip + 1);
	}
	return ip_usage();
}
