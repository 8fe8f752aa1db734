/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the ip command share.
 */
#ifndef APPS_SH_IP_H
#define APPS_SH_IP_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#define IP_MAX_DEVICES 64

/* One ioctl on a throw-away socket; -1 and errno. */
int ip_ioctl(unsigned long request, void *arg);
/* The same for an interface by name; @ifr is cleared except for what the request wants set. */
int ip_if_ioctl(unsigned long request, const char *name, struct ifreq *ifr);
/* Names of all devices, in /proc/net/dev's order; how many. */
int ip_devices(char names[IP_MAX_DEVICES][IFNAMSIZ]);
/* "a.b.c.d[/len]"; without a length 32. False with a message. */
bool ip_parse_prefix(const char *text, uint32_t *addr, unsigned int *len);
uint32_t ip_mask(unsigned int len); /* network order */
unsigned int ip_mask_len(uint32_t mask);
int ip_usage(void);

/* The value behind a key word among the arguments ("dev", "via"), or NULL. */
const char *ip_value(int argc, char **argv, const char *key);

/* What "ip link" and "ip addr" both print of a device; false when there is none. */
bool ip_print_head(const char *name);
void ip_print_hardware(const char *name);
bool ip_parse_mac(const char *text, struct sockaddr *to);

/* Objects: the arguments behind the object's name. */
int ip_link(int argc, char **argv);
int ip_addr(int argc, char **argv);
int ip_route(int argc, char **argv);
int ip_neigh(int argc, char **argv);
int ip_netns(int argc, char **argv);
int ip_tcp_metrics(int argc, char **argv);
/* ip_netns.c: the words behind "ip link add" and "ip link del". */
int ip_link_add(int argc, char **argv);
int ip_link_del(const char *name);

#endif
