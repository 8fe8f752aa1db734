// SPDX-License-Identifier: BSD-2-Clause
/*
 * /proc/net/unix in Linux's format (proc(5)): every AF_UNIX sock of the reader's namespace, also
 * connections that wait to be accepted. In names a NUL is shown as '@'.
 *
 * Registered by unix_init(); thread context.
 */
#include <kernel/fs/file.h>
#include <kernel/fs/procfs.h>
#include <net/af_unix.h>
#include <netinet/tcp.h>

#define __SO_ACCEPTCON (1u << 16)

static void unix_show_name(struct seq_file *m, const struct unix_address *addr)
{
	const char *name = addr->name + UNIX_PATH_OFF;
	int i, len = addr->len - UNIX_PATH_OFF;

	seq_putc(m, ' ');
	if (name[0])
		len--; /* the path's NUL */
	for (i = 0; i < len; i++)
		seq_putc(m, name[i] ? name[i] : '@');
}

static void unix_show_sock(struct seq_file *m, const struct sock *sk)
{
	bool joined = sk->sk_state == TCP_ESTABLISHED;
	int st = sk->sk_socket ? (joined ? SS_CONNECTED : SS_UNCONNECTED) :
				 (joined ? SS_CONNECTING : SS_DISCONNECTING);
	const struct file *f = sk->sk_socket ? sk->sk_socket->file : NULL;

	seq_printf(m, "%016lx: %08X %08X %08X %04X %02X %5lu", (unsigned long)sk,
		   (u32)refcount_read(&sk->sk_refcnt), 0u,
		   sk->sk_state == TCP_LISTEN ? __SO_ACCEPTCON : 0u, (u32)sk->sk_type, (u32)st,
		   f ? f->f_ino : 0ul);
	if (unix_sk(sk)->addr)
		unix_show_name(m, unix_sk(sk)->addr);
	seq_putc(m, '\n');
}

static int unix_show(struct seq_file *m)
{
	struct sock *sk;
	u32 i;

	seq_puts(m, "Num       RefCount Protocol Flags    Type St Inode Path\n");
	for (i = 0; i < UNIX_SOCK_BUCKETS; i++) {
		hlist_for_each_entry(sk, &m->net->unx.table->socks[i], sk_node)
			unix_show_sock(m, sk);
	}
	return 0;
}

static const struct proc_ops unix_proc_ops = {.show = unix_show};

int unix_proc_register(void)
{
	return proc_create("net/unix", 0444, &unix_proc_ops, NULL);
}
