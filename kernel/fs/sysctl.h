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
	/* write: parse text into data, 0 or -EINVAL; read: print data into text */
	proc_handler handler;
	long extra1, extra2;  /* min and max for the *_minmax handlers */
	/* after a write, may be NULL */
	void (*changed)(struct net *net, const struct ctl_table *t);
};

/*
 * Handlers over int, unsigned int, unsigned long arrays and u8, with bounds extra1..extra2;
 * strings.
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
int proc_dostring(const struct ctl_table *t, void *data, bool write, char *text, size_t size);

/* path "net/ipv4" etc.; table of n entries, kept by pointer. 0, -EEXIST, -ENOMEM. */
int register_sysctl(const char *path, const struct ctl_table *table, size_t n);
int register_net_sysctl(const char *path, const struct ctl_table *table, size_t n);
int unregister_sysctl(const char *path, const struct ctl_table *table);
/* By dotted name ("net.ipv4.ip_forward"); 0, -ENOENT, -EINVAL, -EPERM. */
int sysctl_write(struct net *net, const char *name, const char *value);
int sysctl_read(struct net *net, const char *name, char *text, size_t size);
/* Apply the sysctl.NAME=VALUE words of the command line to init_net; bad ones are reported. */
void sysctl_apply_cmdline(struct net *net);

#endif /* BW_KERNEL_FS_SYSCTL_H */
