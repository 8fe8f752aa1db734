// SPDX-License-Identifier: BSD-2-Clause
/*
 * Path names of AF_UNIX sockets: a table a namespace, by the normalised text of the path. This file
 * is the seam behind which a file system will keep socket inodes: nothing else knows how a path
 * leads to a sock.
 *
 * As on Linux a name outlives its socket: bind() to it is -EADDRINUSE and connect() -ECONNREFUSED
 * until unix_unlink_path(). Relative paths count from "/"; ".." is taken away lexically, there are
 * no links. Left out until files can be written: directories (any path will do, where Linux wants
 * the folder to be there), permissions, umask, stat() and unlink() of the name by programs.
 *
 * Called by unix_name.c and af_unix.c, thread context; never sleeps.
 */
#include <errno.h>
#include <kernel/lib/siphash.h>
#include <kernel/mm/slab.h>
#include <net/af_unix.h>
#include <string.h>

#define UNIX_PATH_MAX 110 /* sun_path, a leading '/' and a NUL */

/* The components of path, joined by single slashes; "" for the root. Bytes. */
static size_t unix_normalise(const char *path, char *out)
{
	size_t len = 0, n;

	for (; *path; path += n) {
		n = strspn(path, "/");
		path += n;
		n = strcspn(path, "/");
		if (!n || (n == 1 && path[0] == '.'))
			continue;
		if (n == 2 && path[0] == '.' && path[1] == '.') {
			while (len && out[--len] != '/')
				;
			continue;
		}
		BUG_ON(len + n + 2 > UNIX_PATH_MAX);
		out[len++] = '/';
		memcpy(out + len, path, n);
		len += n;
	}
	out[len] = '\0';
	return len;
}

static struct hlist_head *unix_path_bucket(struct net *net, const char *text, size_t len)
{
	u64 hash = siphash(text, len, &net->hash_key);

	return &net->unx.table->paths[hash % UNIX_HASH_SIZE];
}

static struct unix_path *unix_path_lookup(const struct hlist_head *bucket, const char *text)
{
	struct unix_path *p;

	hlist_for_each_entry(p, bucket, node) {
		if (!strcmp(p->text, text))
			return p;
	}
	return NULL;
}

/* 0, -EADDRINUSE, -ENOENT (a trailing slash), -ENOSPC, -ENOMEM. sk's bindlock is held. */
int unix_bind_path(struct sock *sk, const char *path)
{
	struct unix_table *t = sock_net(sk)->unx.table;
	struct hlist_head *bucket;
	struct unix_path *p;
	char text[UNIX_PATH_MAX];
	size_t len = unix_normalise(path, text);

	if (!len)
		return -EADDRINUSE; /* the root is there */
	if (path[strlen(path) - 1] == '/')
		return -ENOENT;
	bucket = unix_path_bucket(sock_net(sk), text, len);
	if (unix_path_lookup(bucket, text))
		return -EADDRINUSE;
	if (unix_sk(sk)->addr)
		return -EINVAL;
	if (t->nr_paths >= UNIX_MAX_PATHS)
		return -ENOSPC;
	p = kmalloc(sizeof(*p) + len + 1, GFP_KERNEL);
	if (!p)
		return -ENOMEM;
	memcpy(p->text, text, len + 1);
	p->sk = sk;
	hlist_add_head(&p->node, bucket);
	t->nr_paths++;
	unix_sk(sk)->path = p;
	return 0;
}

/* Who is bound there, held, or ERR_PTR: -ENOENT, -ECONNREFUSED. */
struct sock *unix_find_path(struct net *net, const char *path)
{
	char text[UNIX_PATH_MAX];
	size_t len = unix_normalise(path, text);
	struct unix_path *p = unix_path_lookup(unix_path_bucket(net, text, len), text);

	if (!p)
		return ERR_PTR(len ? -ENOENT : -ECONNREFUSED);
	if (!p->sk)
		return ERR_PTR(-ECONNREFUSED);
	sock_hold(p->sk);
	return p->sk;
}

/* The sock goes, the name stays. */
void unix_release_path(struct sock *sk)
{
	struct unix_sock *u = unix_sk(sk);

	if (u->path)
		u->path->sk = NULL;
	u->path = NULL;
}

static void unix_path_free(struct unix_table *t, struct unix_path *p)
{
	BUG_ON(!t->nr_paths);
	if (p->sk)
		unix_sk(p->sk)->path = NULL;
	hlist_del_init(&p->node);
	kfree(p);
	t->nr_paths--;
}

int unix_unlink_path(struct net *net, const char *path)
{
	char text[UNIX_PATH_MAX];
	size_t len = strlen(path) <= sizeof(((struct sockaddr_un *)0)->sun_path) ?
			     unix_normalise(path, text) : 0;
	struct unix_path *p = len ? unix_path_lookup(unix_path_bucket(net, text, len), text) : NULL;

	if (!p)
		return -ENOENT;
	unix_path_free(net->unx.table, p);
	return 0;
}

/* The namespace ends: no sock is left. */
void unix_free_paths(struct unix_table *t)
{
	u32 i;

	for (i = 0; i < UNIX_HASH_SIZE; i++) {
		while (t->paths[i].first)
			unix_path_free(t, container_of(t->paths[i].first, struct unix_path, node));
	}
	BUG_ON(t->nr_paths);
}
