// SPDX-License-Identifier: BSD-2-Clause
/*
 * The registry of protocols: proto_register() makes the slab caches for a protocol's socks, its
 * half-open requests and its timewait socks, and puts it on proto_list, which /proc/net/protocols
 * shows in Linux's format. proto_unregister() undoes it; socks must be gone by then.
 *
 * Thread context, at init or from a module-like user; proto_list_mutex guards the list.
 * Called by each family's init (inet_init) and by whoever adds a protocol.
 */
#include <errno.h>
#include <kernel/fs/procfs.h>
#include <net/request_sock.h>
#include <net/sock_ops.h>
#include <stdio.h>
#include <string.h>

LIST_HEAD(proto_list);

static void proto_free_slabs(struct proto *prot)
{
	if (prot->slab)
		kmem_cache_destroy(prot->slab);
	prot->slab = NULL;
	if (prot->rsk_prot && prot->rsk_prot->slab) {
		kmem_cache_destroy(prot->rsk_prot->slab);
		prot->rsk_prot->slab = NULL;
	}
	if (prot->twsk_prot && prot->twsk_prot->twsk_slab) {
		kmem_cache_destroy(prot->twsk_prot->twsk_slab);
		prot->twsk_prot->twsk_slab = NULL;
	}
}

static int proto_make_slabs(struct proto *prot)
{
	struct request_sock_ops *rsk = prot->rsk_prot;
	struct timewait_sock_ops *tw = prot->twsk_prot;

	prot->slab = kmem_cache_create(prot->name, prot->obj_size, 64, 0);
	if (!prot->slab)
		return -ENOBUFS;
	if (rsk) {
		snprintf(rsk->slab_name, sizeof(rsk->slab_name), "request_%s", prot->name);
		rsk->slab = kmem_cache_create(rsk->slab_name, rsk->obj_size, 64, 0);
		if (!rsk->slab)
			return -ENOBUFS;
	}
	if (tw) {
		snprintf(tw->twsk_slab_name, sizeof(tw->twsk_slab_name), "tw_%s", prot->name);
		tw->twsk_slab = kmem_cache_create(tw->twsk_slab_name, tw->twsk_obj_size, 64, 0);
		if (!tw->twsk_slab)
			return -ENOBUFS;
	}
	return 0;
}

int proto_register(struct proto *prot, bool alloc_slab)
{
	struct proto *p;
	int err;

	list_for_each_entry(p, &proto_list, node) {
		if (p == prot || !strcmp(p->name, prot->name))
			return -EEXIST;
	}
	BUG_ON(prot->obj_size < sizeof(struct sock));
	if (alloc_slab) {
		err = proto_make_slabs(prot);
		if (err) {
			proto_free_slabs(prot);
			return err;
		}
	}
	list_add_tail(&prot->node, &proto_list);
	return 0;
}

void proto_unregister(struct proto *prot)
{
	WARN_ON(prot->inuse != 0);
	list_del(&prot->node);
	proto_free_slabs(prot);
}

/* One letter for each optional operation, in Linux's order. */
static void proto_letters(const struct proto *p, char *s)
{
	const void *ops[] = {p->close,
			     p->connect,
			     p->disconnect,
			     p->accept,
			     p->ioctl,
			     p->init,
			     p->destroy,
			     p->shutdown,
			     p->setsockopt,
			     p->getsockopt,
			     p->sendmsg,
			     p->recvmsg,
			     NULL /* sendpage */,
			     p->bind,
			     p->backlog_rcv,
			     p->hash,
			     p->unhash,
			     p->get_port,
			     p->enter_memory_pressure};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ops); i++) {
		*s++ = ' ';
		*s++ = ' ';
		*s++ = ops[i] ? 'y' : 'n';
	}
	*s = '\0';
}

static int protocols_show(struct seq_file *m)
{
	struct proto *p;
	char letters[64];

	seq_printf(m, "%-9s %-4s %-8s %-6s %-5s %-7s %-4s %-10s %s", "protocol", "size", "sockets",
		   "memory", "press", "maxhdr", "slab", "module",
		   "cl co di ac io in de sh ss gs se re sp bi br ha uh gp em\n");
	list_for_each_entry(p, &proto_list, node) {
		long *mem = p->memory_allocated ? p->memory_allocated(m->net) : NULL;
		const unsigned long *pressure =
			p->memory_pressure ? p->memory_pressure(m->net) : NULL;

		proto_letters(p, letters);
		seq_printf(m, "%-9s %4u %6ld  %6ld   %-3s %6u   %-3s  %-10s%s\n", p->name,
			   p->obj_size, p->inuse, mem ? *mem : -1L,
			   pressure ? (*pressure ? "yes" : "no") : "NI", MAX_HEADER,
			   p->slab ? "yes" : "no", "kernel", letters);
	}
	return 0;
}

static const struct proc_ops protocols_ops = {.show = protocols_show};

/* /proc/net/protocols. Once, at init. */
int proto_init(void)
{
	return proc_create("net/protocols", 0444, &protocols_ops, NULL);
}
