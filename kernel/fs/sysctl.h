/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_SYSCTL_H
#define BW_KERNEL_FS_SYSCTL_H

/*
 * Sysctls: tables of {name, data, handler} that appear under /proc/sys and as sysctl.NAME= words.
 * A per-namespace table names its data by offset into struct net and is registered once; the
 * reader's namespace picks the copy. `net` is NULL for machine-wide tables.
 */
#include <kernel/lib/types.h>

struct net;
struct ctl_table;
typedef int (*proc_handler)(const struct ctl_table *t, void *data, bool write, char *text,
			    size_t size);

struct ctl_table {
	const char *procname; /* last path component: "ip_nonlocal_bind" */
	/* machine-wide: address; per namespace: (void *)offsetof(struct net, member) */
	void *data;
	size_t maxlen;	      /* bytes of the value (array) */
	u32 mode;	      /* 0644, 0444 */
	/*
	 * write: parse the NUL-terminated text (which may be changed) into data, 0 or -EINVAL with
	 * data as it was; read: print data into text, without a newline.
	 */
	proc_handler handler;
	long extra1, extra2;  /* min and max for the *_minmax handlers; both 0: the type's range */
	/* after a write, may be NULL */
	void (*changed)(struct net *net, const struct ctl_table *t);
};

/*
 * Handlers over int, unsigned int, unsigned long arrays and u8, with bounds extra1..extra2;
 * strings. Values are separated by white space; fewer than the array has leave the others as they
 * are, more or anything else behind them is -EINVAL, and so is a value out of bounds. Decimal, 0x
 * hexadecimal or 0 octal. Either all values are taken or none.
 */
int proc_dointvec(const struct ctl_table *t, void *data, bool write, char *text, size_t size);
int proc_dointvec_minmax(const struct ctl_table *t, void *data, bool write, char *text,
			 size_t size);
int proc_douintvec_minmax(const struct ctl_table *t, void *data, bool write, char *text,
			  size_t size);
int proc_doulongvec_minmax(const struct ctl_table *t, void *data, bool write, char *text,
			   size_t size);
int proc_dou8vec_minmax(const struct ctl_table *t, void *data, bool write, char *text, size_t size);
/* The value is in jiffies (ms) inside and in seconds outside, as tcp_fin_timeout. */
int proc_dointvec_jiffies(const struct ctl_table *t, void *data, bool write, char *text,
			  size_t size);
/* Up to maxlen - 1 bytes, the first line of what is written. */
int proc_dostring(const struct ctl_table *t, void *data, bool write, char *text, size_t size);

/* path "net/ipv4" etc.; table of n entries, kept by pointer. 0, -EEXIST, -ENOMEM. */
int register_sysctl(const char *path, const struct ctl_table *table, size_t n);
int register_net_sysctl(const char *path, const struct ctl_table *table, size_t n);
/*
 * A table that only this namespace sees (net/ipv4/conf/eth0, say); data are addresses. Another
 * namespace may have its own at the same path. unregister_sysctl() takes it back.
 */
int register_sysctl_in_net(struct net *net, const char *path, const struct ctl_table *table,
			   size_t n);
int unregister_sysctl(const char *path, const struct ctl_table *table); /* 0 or -ENOENT */
/*
 * By dotted name ("net.ipv4.ip_forward") or with slashes ("net/ipv4/conf/eth0.5/forwarding"), in a
 * namespace (NULL: the caller's). 0, -ENOENT, -EINVAL, -EPERM (read-only), -ENOMEM.
 */
int sysctl_write(struct net *net, const char *name, const char *value);
int sysctl_read(struct net *net, const char *name, char *text, size_t size);
/* Apply the sysctl.NAME=VALUE words of the command line to init_net; bad ones are reported. */
void sysctl_apply_cmdline(struct net *net);

#endif /* BW_KERNEL_FS_SYSCTL_H */
