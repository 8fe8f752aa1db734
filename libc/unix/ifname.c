// SPDX-License-Identifier: BSD-2-Clause
/*
 * Interface names and indexes (RFC 3493 section 4).
 *
 * Called by programs in thread context. A socket is opened for the ioctl and closed again, as every
 * C library does it; errno says why there is no answer. Left out: nothing of RFC 3493 section 4 but
 * that if_nameindex() lists what /proc/net/dev lists.
 */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static int interface_ioctl(unsigned int request, struct ifreq *ifr)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), ret, error;

	if (fd < 0)
		return -1;
	ret = ioctl(fd, request, ifr);
	error = errno;
	close(fd);
	errno = error;
	return ret;
}

unsigned int if_nametoindex(const char *name)
{
	struct ifreq ifr = {0};

	if (strlcpy(ifr.ifr_name, name, IFNAMSIZ) >= IFNAMSIZ) {
		errno = ENODEV;
		return 0;
	}
	return interface_ioctl(SIOCGIFINDEX, &ifr) < 0 ? 0 : (unsigned int)ifr.ifr_ifindex;
}

char *if_indextoname(unsigned int index, char *name)
{
	struct ifreq ifr = {.ifr_ifindex = (int)index};

	if (interface_ioctl(SIOCGIFNAME, &ifr) < 0) {
		if (errno == ENODEV)
			errno = ENXIO;
		return NULL;
	}
	strlcpy(name, ifr.ifr_name, IFNAMSIZ);
	return name;
}

void if_freenameindex(struct if_nameindex *list)
{
	for (struct if_nameindex *e = list; e && e->if_name; e++)
		free(e->if_name);
	free(list);
}

struct if_nameindex *if_nameindex(void)
{
	struct if_nameindex *list = calloc(1, sizeof(*list)), *larger;
	FILE *f = fopen("/proc/net/dev", "r");
	char line[256], name[IFNAMSIZ];
	size_t n = 0;

	while (list && f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, " %15[^:]:", name) != 1 || !strchr(line, ':'))
			continue;
		larger = reallocarray(list, n + 2, sizeof(*list));
		if (!larger)
			break;
		list = larger;
		list[n].if_index = if_nametoindex(name);
		list[n].if_name = strdup(name);
		if (list[n].if_name)
			n++;
		list[n] = (struct if_nameindex){0};
	}
	if (f)
		fclose(f);
	return list;
}
