// SPDX-License-Identifier: BSD-2-Clause
/*
 * tcpdump: show what devices bring and send, through a packet socket (packet(7)) with a BPF filter
 * in the kernel, in the time of arrival that the kernel took (SO_TIMESTAMPNS).
 *
 * A line for each frame, or with -w a pcap stream (libpcap's savefile format, Ethernet, with
 * microseconds) into a file, a serial port or standard output ("-"). Runs until COUNT frames or
 * Ctrl-C. Left out: IPv6 in words, "or" in expressions, reading a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>
#include <apps/sh/sh.h>
#include <apps/sh/tcpdump.h>

#define ANY_FRAME 3 /* ETH_P_ALL */

struct dump {
	int fd, out; /* out: the pcap stream, -1: lines */
	int ifindex; /* 0: any */
	const char *device, *file;
	unsigned long count, snaplen;
	unsigned long seen;
	bool hex, not_promiscuous;
	bool was_tty; /* out is a terminal, and these were its settings */
	struct termios settings;
};

static uint8_t frame[65536 + 64];

/* The interface to listen on: the given one, or the first that is up and not loopback. */
static bool find_device(struct dump *d)
{
	struct ifreq ifr;
	char name[IFNAMSIZ];

	if (d->device && !strcmp(d->device, "any"))
		return true;
	for (unsigned int i = 1; !d->device && i < 256; i++) {
		if (!if_indextoname(i, name))
			continue;
		memset(&ifr, 0, sizeof(ifr));
		memcpy(ifr.ifr_name, name, sizeof(name));
		if (!ioctl(d->fd, SIOCGIFFLAGS, &ifr) && ifr.ifr_flags & IFF_UP &&
		    !(ifr.ifr_flags & IFF_LOOPBACK))
			d->ifindex = (int)i;
		if (d->ifindex)
			return true;
	}
	d->ifindex = d->device ? (int)if_nametoindex(d->device) : 0;
	if (d->ifindex)
		return true;
	fprintf(stderr, "tcpdump: %s: no such device\n", d->device ? d->device : "(none up)");
	return false;
}

/* Nothing comes before the filter is there: the protocol is given by bind(). */
static bool open_capture(struct dump *d, const struct dump_filter *f)
{
	struct sock_fprog prog = {f->len, (struct sock_filter *)f->insns};
	struct sockaddr_ll ll = {.sll_family = AF_PACKET, .sll_protocol = htons(ANY_FRAME)};
	struct packet_mreq mreq = {.mr_type = PACKET_MR_PROMISC};
	int one = 1, room = 1 << 20;

	ll.sll_ifindex = mreq.mr_ifindex = d->ifindex;
	if (setsockopt(d->fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) < 0 ||
	    setsockopt(d->fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof(one)) < 0 ||
	    setsockopt(d->fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)) < 0)
		return false;
	setsockopt(d->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (bind(d->fd, (struct sockaddr *)&ll, sizeof(ll)) < 0)
		return false;
	return !d->ifindex || d->not_promiscuous ||
	       !setsockopt(d->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mreq, sizeof(mreq));
}

static bool write_all(int fd, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno != EINTR)
			return false;
		p += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	return true;
}

static bool open_output(struct dump *d)
{
	const struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, accuracy, snaplen, linktype;
	} head = {0xa1b2c3d4, 2, 4, 0, 0, (uint32_t)d->snaplen, 1};
	struct termios t;

	d->out = !strcmp(d->file, "-")
			 ? dup(1)
			 : open(d->file, O_WRONLY | O_CREAT | O_TRUNC | O_NOCTTY, 0666);
	if (d->out < 0)
		d->out = open(d->file, O_WRONLY | O_NOCTTY);
	if (d->out < 0)
		return false;
	/* A terminal would make CR LF of each byte 10. */
	d->was_tty = tcgetattr(d->out, &d->settings) == 0;
	t = d->settings;
	if (d->was_tty) {
		t.c_oflag &= ~(tcflag_t)OPOST;
		tcsetattr(d->out, TCSADRAIN, &t);
	}
	return write_all(d->out, &head, sizeof(head));
}

static void close_output(struct dump *d)
{
	if (d->out < 0)
		return;
	if (d->was_tty)
		tcsetattr(d->out, TCSADRAIN, &d->settings);
	close(d->out);
}

static bool write_record(const struct dump *d, const int64_t ts[2], size_t have, size_t len)
{
	uint32_t head[4] = {(uint32_t)ts[0], (uint32_t)(ts[1] / 1000), (uint32_t)have,
			    (uint32_t)len};

	return write_all(d->out, head, sizeof(head)) && write_all(d->out, frame, have);
}

static void print_record(const struct dump *d, const struct sockaddr_ll *ll, const int64_t ts[2],
			 const size_t size[2])
{
	char name[IFNAMSIZ];
	unsigned int day = (unsigned int)(ts[0] % 86400);

	printf("%02u:%02u:%02u.%06u ", day / 3600, day / 60 % 60, day % 60,
	       (unsigned int)(ts[1] / 1000));
	if (!d->ifindex)
		printf("%-5s %-3s ",
		       if_indextoname((unsigned int)ll->sll_ifindex, name) ? name : "?",
		       ll->sll_pkttype == PACKET_OUTGOING ? "Out" : "In");
	dump_frame(frame, size[0], size[1]);
	putchar('\n');
	if (d->hex)
		dump_hex(frame, size[0]);
}

/* One frame from the socket; false when the capture cannot go on. */
static bool receive(struct dump *d)
{
	struct sockaddr_ll ll = {0};
	_Alignas(8) char control[128];
	struct iovec iov = {frame, d->snaplen};
	struct msghdr msg = {.msg_name = &ll,
			     .msg_namelen = sizeof(ll),
			     .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = control,
			     .msg_controllen = sizeof(control)};
	struct tpacket_auxdata aux;
	int64_t ts[2] = {0};
	ssize_t n = recvmsg(d->fd, &msg, MSG_TRUNC);
	size_t size[2];

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	size[0] = size[1] = (size_t)n;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS)
			memcpy(ts, CMSG_DATA(c), sizeof(ts));
		if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA) {
			memcpy(&aux, CMSG_DATA(c), sizeof(aux));
			size[1] = aux.tp_len;
		}
	}
	if (size[0] > d->snaplen)
		size[0] = d->snaplen;
	d->seen++;
	if (d->out >= 0)
		return write_record(d, ts, size[0], size[1]);
	print_record(d, &ll, ts, size);
	return true;
}

static int capture(struct dump *d)
{
	struct pollfd fds[2] = {{.fd = d->fd, .events = POLLIN}};
	struct tpacket_stats st = {0};
	socklen_t len = sizeof(st);
	int status = 0;

	while (!d->count || d->seen < d->count) {
		if (term_poll(fds, 1, 1000))
			break;
		if (fds[0].revents && !receive(d)) {
			status = complain("tcpdump");
			break;
		}
		fflush(stdout);
	}
	getsockopt(d->fd, SOL_PACKET, PACKET_STATISTICS, &st, &len);
	fprintf(stderr,
		"%lu packets captured\n%u packets received by filter\n"
		"%u packets dropped by kernel\n",
		d->seen, st.tp_packets, st.tp_drops);
	return status;
}

static bool parse_options(int argc, char **argv, struct dump *d)
{
	int c;

	optind = 0;
	while ((c = getopt(argc, argv, "+i:c:w:s:xnp")) != -1) {
		if (c == 'i')
			d->device = optarg;
		else if (c == 'w')
			d->file = optarg;
		else if (c == 'x')
			d->hex = true;
		else if (c == 'p')
			d->not_promiscuous = true;
		else if (c == 'c' && (!parse_number(optarg, 1000000000, &d->count) || !d->count))
			return false;
		else if (c == 's' && (!parse_number(optarg, 65536, &d->snaplen) || !d->snaplen))
			return false;
		else if (!strchr("csn", c))
			return false;
	}
	return true;
}

int cmd_tcpdump(int argc, char **argv)
{
	static struct dump_filter filter;
	struct dump d = {.out = -1, .snaplen = 65536};
	char name[IFNAMSIZ];
	int status = 1;

	if (!parse_options(argc, argv, &d))
		return command_usage("tcpdump");
	if (!dump_compile(&filter, argc - optind, argv + optind))
		return 1;
	d.fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (d.fd < 0)
		return complain("tcpdump");
	if (find_device(&d)) {
		if ((d.file && !open_output(&d)) || !open_capture(&d, &filter)) {
			complain("tcpdump");
		} else {
			fprintf(stderr, "tcpdump: listening on %s\n",
				if_indextoname((unsigned int)d.ifindex, name) ? name : "any");
			status = capture(&d);
		}
	}
	close_output(&d);
	close(d.fd);
	return status;
}
