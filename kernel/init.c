// SPDX-License-Identifier: BSD-2-Clause
/*
 * The start-up of the whole kernel as one table, run by kernel_main() from top to bottom. A line
 * may use everything above it; a floor that needs another in a special order says so here and
 * nowhere else. Thread context; from "threads" on a step may sleep.
 */
#include <kernel/fs/sysctl.h>
#include <kernel/init.h>
#include <kernel/init_floors.h>

static void apply_sysctls(void)
{
	sysctl_apply_cmdline(&init_net);
}

const struct init_step init_steps[] = {
	/* The machine. */
	{ "console", serial8250_console_init },
	{ "boot information", bootinfo_print },
	{ "memory", mm_init },
	{ "guarded stacks", desc_init_stacks },
	{ "processor protection", cpu_protection_init },
	{ "ACPI tables", acpi_init },
	{ "clock", clock_init },
	{ "random numbers", random_init },
	{ "threads", sched_init },
	{ "interrupts", irq_init },
	{ "timers", time_init },
	{ "softirqs", softirq_init },
	{ "work queue", workqueue_init },

	/* Files. */
	{ "files and /proc", fs_init },
	{ "the machine in /proc", proc_machine_init },
	{ "serial ports", serial8250_init },
	{ "power button", power_button_init },
	{ "root file system", rootfs_init },
	{ "ring 3", user_entry_init },
	{ "vDSO", vdso_init },
	{ "limits of programs", abi_misc_init },
	{ "the program in /proc", proc_task_init },
	{ "memory of programs", abi_memory_init },

	/* The network, from the device floor up. */
	{ "network namespaces", net_ns_init },
	{ "packet buffers", skb_init },
	{ "network devices", net_dev_init },
	{ "sockets", sock_init },
	{ "the internet family", inet_init },
	{ "packet sockets", packet_init },
	{ "the unix family", unix_init },
	{ "netlink", netlink_proto_init },
	{ "routing messages", rtnetlink_init },
	{ "lists of sockets", sock_diag_init },
	{ "the example family", example_family_init },
	{ "virtual links", veth_init },
	{ "loopback", loopback_init }, /* last: a new namespace needs its tables before a device */

	{ "self test", selftest_run }, /* before devices come to life and allocate */

	/* Buses and what hangs on them. */
	{ "virtio network driver", virtio_net_init },
	{ "virtio entropy driver", virtio_rng_init },
	{ "PCI", pci_init },
	{ "virtio over PCI", virtio_pci_init },
	{ "virtio over MMIO", virtio_mmio_init },

	/* What the command line says about the network; then its address. */
	{ "sysctl words", apply_sysctls },
	{ "IP configuration", ip_auto_config },
};
const size_t init_step_count = sizeof(init_steps) / sizeof(init_steps[0]);
