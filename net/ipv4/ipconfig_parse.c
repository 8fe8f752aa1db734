// SPDX-License-Identifier: BSD-2-Clause
/*
 * The command line's ip=, in the words of Linux's Documentation/admin-guide/nfs/nfsroot.rst:
 *
 *   ip=<client>:<server>:<gateway>:<netmask>:<hostname>:<device>:<autoconf>:<dns0>:<dns1>:<ntp0>
 *   ip=dhcp (on, any, both)   ip=off (none)
 *
 * Fields at the end may be left out, any may be empty. An address that is given is used as it is;
 * without one <autoconf> decides, and nothing said means DHCP. Of Linux's methods BOOTP and RARP
 * alone are refused. Pure functions over text, called by ipconfig.c; the checks of addresses and
 * names are also those of the DHCP client.
 */
#include <ctype.h>
#include <net/inetdevice.h>
#include <net/ipconfig.h>
#include <string.h>

enum {
	F_CLIENT,
	F_SERVER,
	F_GATEWAY,
	F_NETMASK,
	F_HOSTNAME,
	F_DEVICE,
	F_AUTOCONF,
	F_DNS0,
	F_DNS1,
	F_NTP0,
	NR_FIELDS
};

/* "example.org" is the longest field; everything longer than this is wrong anyway. */
#define FIELD_SIZE (IC_HOSTNAME_SIZE + IC_DOMAIN_SIZE)

/* One number of a dotted quad at *p, which moves behind it; -1 when there is none. */
static int parse_octet(const char **p)
{
	int value = 0, digits = 0;

	while (isdigit((unsigned char)**p) && digits < 3) {
		value = value * 10 + (**p - '0');
		digits++;
		(*p)++;
	}
	return digits && value <= 255 ? value : -1;
}

bool ipconfig_parse_addr(const char *text, be32 *addr)
{
	u32 a = 0;

	for (int i = 0; i < 4; i++) {
		int octet;

		if (i && *text++ != '.')
			return false;
		octet = parse_octet(&text);
		if (octet < 0)
			return false;
		a = a << 8 | (u32)octet;
	}
	if (*text)
		return false;
	*addr = cpu_to_be32(a);
	return true;
}

bool ipconfig_host_addr(be32 addr)
{
	/* 0/8, 127/8, multicast and the reserved 240/4 with the limited broadcast. */
	return !ipv4_is_zeronet(addr) && !ipv4_is_loopback(addr) && be32_to_cpu(addr) < 0xe0000000;
}

bool ipconfig_addr_in_subnet(be32 addr, be32 mask)
{
	u32 host = be32_to_cpu(addr) & ~be32_to_cpu(mask);

	/* RFC 3021: in a /31 both are hosts. */
	return inet_mask_len(mask) >= 31 || (host && host != ~be32_to_cpu(mask));
}

be32 ipconfig_class_mask(be32 addr)
{
	u32 a = be32_to_cpu(addr);

	if (a < 0x80000000)
		return inet_make_mask(8);
	return a < 0xc0000000 ? inet_make_mask(16) : inet_make_mask(24);
}

bool ipconfig_name_ok(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (!isalnum((unsigned char)name[i]) && !strchr(".-_", name[i]))
			return false;
		if (!name[i])
			return false;
	}
	return len > 0;
}

/* A whole word that stands alone or as <autoconf>. */
static bool parse_method(const char *word, enum ipconfig_mode *mode)
{
	static const char *const on[] = {"dhcp", "on", "any", "both"};

	for (size_t i = 0; i < ARRAY_SIZE(on); i++) {
		if (!strcmp(word, on[i])) {
			*mode = IPCONFIG_DHCP;
			return true;
		}
	}
	if (strcmp(word, "off") && strcmp(word, "none"))
		return false;
	*mode = IPCONFIG_OFF;
	return true;
}

/* Hostname, and behind its first dot the domain. */
static const char *parse_hostname(const char *word, struct ipconfig *cfg)
{
	size_t host = strcspn(word, "."), len = strlen(word);

	if (host >= sizeof(cfg->hostname) || !ipconfig_name_ok(word, len))
		return "the hostname";
	memcpy(cfg->hostname, word, host);
	cfg->hostname[host] = '\0';
	if (word[host] &&
	    strlcpy(cfg->domain, word + host + 1, sizeof(cfg->domain)) >= sizeof(cfg->domain))
		return "the hostname's domain";
	return NULL;
}

static const char *parse_device(const char *word, struct ipconfig *cfg)
{
	if (strlen(word) >= sizeof(cfg->device) || strchr(word, '/'))
		return "the device";
	strlcpy(cfg->device, word, sizeof(cfg->device));
	return NULL;
}

/* One field that is not empty: NULL or what is wrong. */
static const char *parse_field(unsigned int nr, const char *word, struct ipconfig *cfg)
{
	static const char *const names[NR_FIELDS] = {
		[F_CLIENT] = "the client address",   [F_SERVER] = "the server address",
		[F_GATEWAY] = "the gateway address", [F_NETMASK] = "the netmask",
		[F_DNS0] = "the first name server",  [F_DNS1] = "the second name server",
		[F_NTP0] = "the time server"};
	be32 *const addrs[NR_FIELDS] = {
		[F_CLIENT] = &cfg->addr,  [F_SERVER] = &cfg->server, [F_GATEWAY] = &cfg->gw,
		[F_NETMASK] = &cfg->mask, [F_DNS0] = &cfg->dns[0],   [F_DNS1] = &cfg->dns[1],
		[F_NTP0] = &cfg->ntp};

	switch (nr) {
	case F_HOSTNAME:
		return parse_hostname(word, cfg);
	case F_DEVICE:
		return parse_device(word, cfg);
	case F_AUTOCONF:
		return parse_method(word, &cfg->mode) ? NULL : "the autoconf method";
	default:
		return ipconfig_parse_addr(word, addrs[nr]) ? NULL : names[nr];
	}
}

static const char *parse_fields(const char *text, struct ipconfig *cfg)
{
	const char *wrong = NULL;
	char word[FIELD_SIZE];

	for (unsigned int nr = 0; nr < NR_FIELDS; nr++) {
		size_t len = strcspn(text, ":");

		if (len >= sizeof(word))
			return "the length of a field";
		memcpy(word, text, len);
		word[len] = '\0';
		/* The first complaint is told; the device is wanted in any case. */
		if (len && (!wrong || nr == F_DEVICE)) {
			const char *what = parse_field(nr, word, cfg);

			wrong = wrong ? wrong : what;
		}
		text += len;
		if (!*text)
			return wrong;
		text++;
	}
	return wrong ? wrong : "the number of fields";
}

/* Do the addresses go together? */
static const char *check_static(struct ipconfig *cfg)
{
	if (!ipconfig_host_addr(cfg->addr))
		return "the client address";
	if (!cfg->mask)
		cfg->mask = ipconfig_class_mask(cfg->addr);
	if (inet_mask_len(cfg->mask) < 0)
		return "the netmask";
	if (!ipconfig_addr_in_subnet(cfg->addr, cfg->mask))
		return "the client address in its subnet";
	if (cfg->gw && (!ipconfig_host_addr(cfg->gw) || cfg->gw == cfg->addr))
		return "the gateway address";
	return NULL;
}

const char *ipconfig_parse(const char *text, struct ipconfig *cfg)
{
	const char *wrong;

	*cfg = (struct ipconfig){.mode = IPCONFIG_DHCP};
	if (!*text || parse_method(text, &cfg->mode))
		return NULL;
	if (!strchr(text, ':') && !isdigit((unsigned char)*text))
		return "the method";
	wrong = parse_fields(text, cfg);
	if (!wrong && cfg->addr) {
		cfg->mode = IPCONFIG_STATIC;
		wrong = check_static(cfg);
	}
	if (wrong) {
		char device[IFNAMSIZ];

		memcpy(device, cfg->device, sizeof(device));
		*cfg = (struct ipconfig){.mode = IPCONFIG_DHCP};
		memcpy(cfg->device, device, sizeof(device));
	}
	return wrong;
}
