// SPDX-License-Identifier: BSD-2-Clause
/*
 * Interfaces as the C library sees them: getifaddrs(), if_nameindex(), if_nametoindex(), and ioctls
 * on a socket of another family: SIOCGIFCONF, ethtool's driver name.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *text(const struct sockaddr *sa, char *buf)
{
	const struct sockaddr_in *sin = (const void *)sa;

	if (!sa)
		return "-";
	if (sa->sa_family != AF_INET)
		return sa->sa_family == 17 ? "link" : "other";
	return inet_ntop(AF_INET, &sin->sin_addr, buf, 32);
}

static void addresses(void)
{
	struct ifaddrs *list, *i;
	char a[32], m[32], b[32];

	if (getifaddrs(&list))
		err(1, "getifaddrs");
	for (i = list; i; i = i->ifa_next)
		printf("ifaddrs: %s %s %s %s up %d\n", i->ifa_name, text(i->ifa_addr, a),
		       i->ifa_addr && i->ifa_addr->sa_family == AF_INET ? text(i->ifa_netmask, m)
									: "-",
		       i->ifa_flags & IFF_BROADCAST && i->ifa_addr->sa_family == AF_INET
			       ? text(i->ifa_broadaddr, b)
			       : "-",
		       !!(i->ifa_flags & IFF_UP));
	freeifaddrs(list);
}

static void names(void)
{
	struct if_nameindex *list = if_nameindex(), *i;
	char name[IF_NAMESIZE];

	if (!list)
		err(1, "if_nameindex");
	for (i = list; i->if_index; i++)
		printf("nameindex: %u %s %u %s\n", i->if_index, i->if_name,
		       if_nametoindex(i->if_name), if_indextoname(i->if_index, name));
	if_freenameindex(list);
	printf("nosuch: %u\n", if_nametoindex("nosuch"));
}

/* struct ethtool_drvinfo up to the name. */
struct drvinfo {
	unsigned int cmd;
	char driver[32], more[160];
};

static void ioctls(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
	struct drvinfo info = {.cmd = 3};
	struct ifreq ifr[8];
	struct ifconf ifc = {.ifc_len = sizeof(ifr), .ifc_req = ifr};

	if (ioctl(fd, SIOCGIFCONF, &ifc))
		err(1, "SIOCGIFCONF");
	printf("ifconf: %zu\n", ifc.ifc_len / sizeof(ifr[0]));
	memset(ifr, 0, sizeof(ifr));
	strcpy(ifr[0].ifr_name, "eth0");
	ifr[0].ifr_data = (void *)&info;
	if (ioctl(fd, 0x8946, ifr))
		err(1, "SIOCETHTOOL");
	printf("driver: %s\n", info.driver);
	strcpy(ifr[0].ifr_name, "lo");
	printf("driver of lo: %d\n", ioctl(fd, 0x8946, ifr) < 0 ? errno : 0);
	printf("unknown: %d\n", ioctl(fd, 0x89df, ifr) < 0 ? errno : 0);
}

int main(void)
{
	addresses();
	names();
	ioctls();
	return 0;
}
