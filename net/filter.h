/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_NET_FILTER_H
#define BW_NET_FILTER_H

/*
 * Socket filters: classic BPF programs that a program attaches to its socket (SO_ATTACH_FILTER).
 * net/core/filter.c attaches and runs, filter_check.c proves a program harmless first.
 */
#include <linux/filter.h>
#include <net/skb_ops.h>
#include <net/sock.h>

struct sk_filter {
	u32 len; /* instructions */
	struct sock_filter insns[];
};

/* 0, or -EINVAL for a program that could leave itself, loop, or read what it has not written;
 * -ENOMEM. Thread context. */
int bpf_check_classic(const struct sock_filter *insns, u32 len);
/* How many bytes of the packet the program wants; 0: none. Any context. */
u32 bpf_prog_run(const struct sk_filter *f, const struct sk_buff *skb);

/* Options; sk locked by the calling thread. attach: the program's struct sock_fprog. */
int sk_attach_filter(struct sock *sk, const void *optval, int optlen);
int sk_detach_filter(struct sock *sk);
int sk_lock_filter(struct sock *sk, int val);
/* SO_GET_FILTER: len counts instructions; how many there are, or -errno. */
int sk_get_filter(struct sock *sk, void *optval, int len);
/* The sock goes. */
void sk_filter_free(struct sock *sk);

int __sk_filter_trim_cap(struct sock *sk, struct sk_buff *skb, u32 cap);
/* 0: queue it, perhaps cut to what the filter wants but not below cap; else the caller drops. */
static inline int sk_filter_trim_cap(struct sock *sk, struct sk_buff *skb, u32 cap)
{
	return likely(!sk->sk_filter) ? 0 : __sk_filter_trim_cap(sk, skb, cap);
}

#endif /* BW_NET_FILTER_H */
