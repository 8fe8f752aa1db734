// SPDX-License-Identifier: BSD-2-Clause
/*
 * Names of AF_UNIX sockets (unix(7), "Address format"): paths, abstract names (they begin with a
 * NUL byte and go away with their socket) and autobind, which picks an abstract name of five hex
 * digits. Lengths are reported as Linux reports them: a path with its NUL, an abstract name with
 * what was given, no name as the family alone.
 *
 * A path is a node of the root file system (kernel/fs/unix_node.h), the same from every namespace:
 * it outlives its socket, and what leads to it leads to the sock.
 *
 * Every sock of a namespace is in unix_table.socks[]: under its abstract name and type, or under
 * its address in memory when it has no such name (also for /proc/net/unix). The same abstract name
 * may be bound once by each type.
 *
 * Called through proto_ops and by connect and send; thread context, may sleep (bindlock).
 */
#include <errno.h>
#include <kernel/fs/unix_node.h>
#include <kernel/lib/random.h>
#include <kernel/mm/slab.h>
#include <net/af_unix.h>
#include <stdio.h>
#include <string.h>

#define AUTOBIND_NAMES 0x100000u /* five hex digits */

/* --- addresses -------------------------------------------------------------------------------- */

int unix_validate_addr(const struct sockaddr_un *sunaddr, int addr_len)
{
	if (addr_len <= UNIX_PATH_OFF || addr_len > (int)sizeof(*sunaddr) ||
	    sunaddr->sun_family != AF_UNIX)
		return -EINVAL;
	return 0;
}

static struct unix_address *unix_create_addr(const char *path, size_t path_len)
{
	size_t len = (size_t)UNIX_PATH_OFF + path_len;
	struct unix_address *addr = kmalloc(sizeof(*addr) + len, GFP_KERNEL);
	sa_family_t family = AF_UNIX;

	if (!addr)
		return NULL;
	refcount_set(&addr->refcnt, 1);
	addr->len = (int)len;
	memcpy(addr->name, &family, sizeof(family));
	memcpy(addr->name + UNIX_PATH_OFF, path, path_len);
	return addr;
}

void unix_release_addr(struct unix_address *addr)
{
	if (addr && refcount_dec_and_test(&addr->refcnt))
		kfree(addr);
}

/* Where a received message comes from; a sender without a name leaves the length 0. */
void unix_copy_addr(struct msghdr *msg, const struct sock *sk)
{
	const struct unix_address *addr = unix_sk(sk)->addr;

	if (addr) {
		msg->msg_namelen = addr->len;
		memcpy(msg->msg_name, addr->name, (size_t)addr->len);
	}
}

int unix_getname(struct socket *sock, struct sockaddr *uaddr, int peer)
{
	struct sock *sk = sock->sk;
	const struct unix_address *addr;
	int len = UNIX_PATH_OFF;

	if (peer) {
		sk = unix_peer_get(sk);
		if (!sk)
			return -ENOTCONN;
	}
	addr = unix_sk(sk)->addr;
	if (addr) {
		len = addr->len;
		memcpy(uaddr, addr->name, (size_t)len);
	} else {
		uaddr->sa_family = AF_UNIX;
	}
	if (peer)
		sock_put(sk);
	return len;
}

/* --- the table -------------------------------------------------------------------------------- */

static struct hlist_head *unix_abstract_bucket(struct net *net, const char *name, int len, int type)
{
	u64 hash = siphash(name, (size_t)len, &net->hash_key) ^ (u64)type;

	return &net->unx.table->socks[hash % UNIX_HASH_SIZE];
}

/* Apart from the abstract names: connections share the name of their listener. */
void unix_insert_unbound_socket(struct sock *sk)
{
	u64 hash = siphash_2u64((u64)(unsigned long)sk, 0, &sock_net(sk)->hash_key);

	hlist_add_head(&sk->sk_node,
		       &sock_net(sk)->unx.table->socks[UNIX_HASH_SIZE + hash % UNIX_HASH_SIZE]);
}

static struct sock *unix_find_abstract(struct net *net, const char *name, int len, int type)
{
	struct sock *sk;

	hlist_for_each_entry(sk, unix_abstract_bucket(net, name, len, type), sk_node) {
		const struct unix_address *addr = unix_sk(sk)->addr;

		if (sk->sk_type == type && addr && addr->len == len &&
		    !memcmp(addr->name, name, (size_t)len))
			return sk;
	}
	return NULL;
}

/* sk gets an abstract name that is free; both are the caller's to have checked. */
static void unix_set_abstract(struct sock *sk, struct unix_address *addr)
{
	unix_sk(sk)->addr = addr;
	hlist_del_init(&sk->sk_node);
	hlist_add_head(&sk->sk_node, unix_abstract_bucket(sock_net(sk), addr->name, addr->len,
							  sk->sk_type));
}

/* Who is bound to a path, held. */
static struct sock *unix_find_bsd(const char *path, int type)
{
	struct sock *sk = unix_node_find(path);

	if (IS_ERR(sk))
		return sk;
	if (sk->sk_type != type)
		return ERR_PTR(-EPROTOTYPE);
	sock_hold(sk);
	return sk;
}

struct sock *unix_find_other(struct net *net, const struct sockaddr_un *sunaddr, int addr_len,
			     int type)
{
	char path[sizeof(sunaddr->sun_path) + 1] = {0};
	struct sock *sk;

	if (!sunaddr->sun_path[0]) {
		sk = unix_find_abstract(net, (const char *)sunaddr, addr_len, type);
		if (!sk)
			return ERR_PTR(-ECONNREFUSED);
		sock_hold(sk);
		return sk;
	}
	memcpy(path, sunaddr->sun_path, (size_t)(addr_len - UNIX_PATH_OFF));
	return unix_find_bsd(path, type);
}

/* --- bind ------------------------------------------------------------------------------------- */

int unix_autobind(struct sock *sk)
{
	struct unix_sock *u = unix_sk(sk);
	u32 number = get_random_u32() % AUTOBIND_NAMES, tries;
	struct unix_address *addr;
	char digits[8];
	int err = 0;

	mutex_lock(&u->bindlock);
	if (u->addr)
		goto out;
	err = -ENOMEM;
	addr = unix_create_addr("\0.....", 6);
	if (!addr)
		goto out;
	err = -ENOSPC;
	for (tries = 0; err && tries < AUTOBIND_NAMES; tries++) {
		snprintf(digits, sizeof(digits), "%05x", number);
		memcpy(addr->name + UNIX_PATH_OFF + 1, digits, 5);
		if (!unix_find_abstract(sock_net(sk), addr->name, addr->len, sk->sk_type))
			err = 0;
		number = (number + 1) % AUTOBIND_NAMES;
	}
	if (err)
		unix_release_addr(addr);
	else
		unix_set_abstract(sk, addr);
out:
	mutex_unlock(&u->bindlock);
	return err;
}

/* Make the node; also where the sock has a name the path's own errors come first. */
static int unix_bind_path(struct sock *sk, const char *path)
{
	struct ramfs_inode *node = unix_node_create(path, sk);

	if (IS_ERR(node))
		return PTR_ERR(node) == -EEXIST ? -EADDRINUSE : (int)PTR_ERR(node);
	if (unix_sk(sk)->addr) {
		unix_node_undo(node);
		return -EINVAL;
	}
	unix_sk(sk)->path = node;
	return 0;
}

void unix_release_path(struct sock *sk)
{
	struct unix_sock *u = unix_sk(sk);

	if (u->path)
		unix_node_drop(u->path);
	u->path = NULL;
}

static int unix_bind_bsd(struct sock *sk, const struct sockaddr_un *sunaddr, int addr_len)
{
	char path[sizeof(sunaddr->sun_path) + 1] = {0};
	struct unix_sock *u = unix_sk(sk);
	struct unix_address *addr;
	int err;

	memcpy(path, sunaddr->sun_path, (size_t)(addr_len - UNIX_PATH_OFF));
	addr = unix_create_addr(path, strlen(path) + 1);
	if (!addr)
		return -ENOMEM;
	mutex_lock(&u->bindlock);
	err = unix_bind_path(sk, path);
	if (!err)
		u->addr = addr;
	mutex_unlock(&u->bindlock);
	if (err)
		unix_release_addr(addr);
	return err;
}

static int unix_bind_abstract(struct sock *sk, const struct sockaddr_un *sunaddr, int addr_len)
{
	struct unix_address *addr;
	int err = -EINVAL;

	addr = unix_create_addr(sunaddr->sun_path, (size_t)(addr_len - UNIX_PATH_OFF));
	if (!addr)
		return -ENOMEM;
	mutex_lock(&unix_sk(sk)->bindlock);
	if (unix_sk(sk)->addr)
		goto out;
	err = -EADDRINUSE;
	if (unix_find_abstract(sock_net(sk), addr->name, addr->len, sk->sk_type))
		goto out;
	unix_set_abstract(sk, addr);
	err = 0;
out:
	mutex_unlock(&unix_sk(sk)->bindlock);
	if (err)
		unix_release_addr(addr);
	return err;
}

int unix_bind(struct socket *sock, struct sockaddr *uaddr, int addr_len)
{
	const struct sockaddr_un *sunaddr = (const struct sockaddr_un *)uaddr;
	int err;

	if (addr_len == UNIX_PATH_OFF && sunaddr->sun_family == AF_UNIX)
		return unix_autobind(sock->sk);
	err = unix_validate_addr(sunaddr, addr_len);
	if (err)
		return err;
	if (sunaddr->sun_path[0])
		return unix_bind_bsd(sock->sk, sunaddr, addr_len);
	return unix_bind_abstract(sock->sk, sunaddr, addr_len);
}
