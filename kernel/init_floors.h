/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_INIT_FLOORS_H
#define BW_KERNEL_INIT_FLOORS_H

/*
 * Every floor's start-up function, for the one file that knows them all: kernel/init.c.
 */
#include <kernel/abi/misc.h>
#include <kernel/abi/proc_task.h>
#include <boot/bootinfo.h>
#include <drivers/char/serial8250.h>
#include <drivers/net/loopback.h>
#include <drivers/net/veth.h>
#include <drivers/pci/pci.h>
#include <drivers/virtio/virtio.h>
#include <kernel/abi/entry.h>
#include <kernel/abi/proc_mem.h>
#include <kernel/abi/vdso.h>
#include <kernel/cpu/acpi.h>
#include <kernel/cpu/desc.h>
#include <kernel/cpu/irq.h>
#include <kernel/cpu/power.h>
#include <kernel/fs/file.h>
#include <kernel/fs/procfs.h>
#include <kernel/lib/random.h>
#include <kernel/mm/mm.h>
#include <kernel/sched/sched.h>
#include <kernel/selftest.h>
#include <kernel/time/clockevent.h>
#include <net/af_unix.h>
#include <net/example/example.h>
#include <net/inet_common.h>
#include <net/inetdevice.h>
#include <net/ipconfig.h>
#include <net/net.h>
#include <net/net_namespace.h>
#include <net/netdevice.h>
#include <net/netlink.h>
#include <net/packet/packet.h>
#include <net/rtnetlink.h>
#include <net/skb_ops.h>
#include <net/sock_diag.h>
#include <net/sock_ops.h>

#endif /* BW_KERNEL_INIT_FLOORS_H */
