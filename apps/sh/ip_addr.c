// SPDX-License-Identifier: BSD-2-Clause
/*
 * "ip addr": the addresses of interfaces, by the ioctls of netdevice(7).
 *
 * The ioctls know one address for each label: the first is the device's own name, more are labels
 * NAME:1, NAME:2 ... (SIOCSIFADDR on a free label adds one, the address 0.0.0.0 removes it). So
 * "add" takes the first free label and "del" finds the label that has the address. Left out:
 * lifetimes, scopes and peers, which only netlink can set.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <apps/sh/ip.h>
#include <apps/sh/sh.h>

#define MAX_LABELS 256

static struct ifreq labels[MAX_LABELS];

static uint32_t addr_of(const struct sockaddr *sa)
{
	uint32_t addr;

	memcpy(&addr, &((const struct sockaddr_in *)sa)->sin_addr, sizeof(addr));
	return addr;
}

static void set_addr(struct sockaddr *sa, uint32_t addr)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr.s_addr = addr};

	memcpy(sa, &in, sizeof(in));
}

/* All labels with an address; how many. */
static int read_labels(void)
{
	struct ifconf conf = {.ifc_len = sizeof(labels), .ifc_req = labels};

	if (ip_ioctl(SIOCGIFCONF, &conf) < 0)
		return 0;
	return conf.ifc_len / (int)sizeof(labels[0]);
}

/* Whether a label belongs to a device: its name, with or without ":N". */
static bool belongs(const char *label, const char *dev)
{
	size_t n = strcspn(label, ":");

	return strlen(dev) == n && !strncmp(label, dev, n);
}

static void show_label(const struct ifreq *label, const char *dev)
{
	struct ifreq mask = {0}, brd = {0};
	uint32_t addr = addr_of(&label->ifr_addr);

	/* For this ioctl the address chooses among several of one label. */
	set_addr(&mask.ifr_addr, addr);
	set_addr(&brd.ifr_addr, addr);
	if (ip_if_ioctl(SIOCGIFNETMASK, label->ifr_name, &mask) < 0)
		set_addr(&mask.ifr_netmask, 0xffffffff);
	printf("    inet %s/%u", addr_text(addr), ip_mask_len(addr_of(&mask.ifr_netmask)));
	if (ip_if_ioctl(SIOCGIFBRDADDR, label->ifr_name, &brd) == 0 && addr_of(&brd.ifr_broadaddr))
		printf(" brd %s", addr_text(addr_of(&brd.ifr_broadaddr)));
	printf(" scope %s %s\n", (ntohl(addr) >> 24) == 127 ? "host" : "global",
	       *label->ifr_name ? label->ifr_name : dev);
}

static int show_addrs(const char *only)
{
	char names[IP_MAX_DEVICES][IFNAMSIZ];
	int n = ip_devices(names), count = read_labels(), shown = 0;

	for (int i = 0; i < n; i++) {
		if ((only && strcmp(names[i], only)) || !ip_print_head(names[i]))
			continue;
		ip_print_hardware(names[i]);
		for (int k = 0; k < count; k++) {
			if (belongs(labels[k].ifr_name, names[i]))
				show_label(&labels[k], names[i]);
		}
		shown++;
	}
	if (only && !shown) {
		errno = ENODEV;
		return complain(only);
	}
	return 0;
}

/* The label to give a new address: the first without one. False when all are taken. */
static bool free_label(const char *dev, char label[IFNAMSIZ])
{
	int count = read_labels();

	for (int i = 0; i < 100; i++) {
		bool used = false;

		if (i)
			used = snprintf(label, IFNAMSIZ, "%s:%d", dev, i) >= IFNAMSIZ;
		else
			snprintf(label, IFNAMSIZ, "%s", dev);
		for (int k = 0; k < count; k++)
			used |= !strcmp(labels[k].ifr_name, label);
		if (!used)
			return true;
	}
	return false;
}

static int add_addr(const char *dev, uint32_t addr, unsigned int len, const char *broadcast)
{
	struct ifreq ifr = {0}, mask = {0}, brd = {0};
	char label[IFNAMSIZ];

	if (strlen(dev) >= IFNAMSIZ || !free_label(dev, label)) {
		errno = ENODEV;
		return complain(dev);
	}
	set_addr(&ifr.ifr_addr, addr);
	set_addr(&mask.ifr_netmask, ip_mask(len));
	if (ip_if_ioctl(SIOCSIFADDR, label, &ifr) < 0 ||
	    ip_if_ioctl(SIOCSIFNETMASK, label, &mask) < 0)
		return complain(label);
	if (!broadcast)
		return 0;
	set_addr(&brd.ifr_broadaddr, addr | ~ip_mask(len));
	if (strcmp(broadcast, "+") &&
	    inet_pton(AF_INET, broadcast, &((struct sockaddr_in *)&brd.ifr_broadaddr)->sin_addr) !=
		    1)
		return ip_usage();
	return ip_if_ioctl(SIOCSIFBRDADDR, label, &brd) < 0 ? complain(label) : 0;
}

static int remove_label(const char *label)
{
	struct ifreq ifr = {0};

	set_addr(&ifr.ifr_addr, 0);
	return ip_if_ioctl(SIOCSIFADDR, label, &ifr) < 0 ? complain(label) : 0;
}

static int del_addr(const char *dev, uint32_t addr)
{
	int count = read_labels();

	for (int k = 0; k < count; k++) {
		if (belongs(labels[k].ifr_name, dev) && addr_of(&labels[k].ifr_addr) == addr)
			return remove_label(labels[k].ifr_name);
	}
	errno = EADDRNOTAVAIL;
	return complain(dev);
}

static int flush_addrs(const char *dev)
{
	int count = read_labels(), status = 0;

	/* Labels first, the device's own name last. */
	for (int k = count - 1; k >= 0; k--) {
		if (belongs(labels[k].ifr_name, dev) && addr_of(&labels[k].ifr_addr))
			status |= remove_label(labels[k].ifr_name);
	}
	return status;
}

int ip_addr(int argc, char **argv)
{
	const char *dev = ip_value(argc, argv, "dev");
	unsigned int len;
	uint32_t addr;

	if (!argc)
		return show_addrs(NULL);
	if (!strcmp(argv[0], "show") || !strcmp(argv[0], "dev"))
		return show_addrs(dev ? dev : argc > 1 ? argv[1] : NULL);
	if (!strcmp(argv[0], "flush") && (dev || argc == 2))
		return flush_addrs(dev ? dev : argv[1]);
	if (argc < 4 || !dev || !ip_parse_prefix(argv[1], &addr, &len))
		return ip_usage();
	if (!strcmp(argv[0], "add"))
		return add_addr(dev, addr, len, ip_value(argc, argv, "brd"));
	return !strncmp(argv[0], "del", 3) ? del_addr(dev, addr) : ip_usage();
}
