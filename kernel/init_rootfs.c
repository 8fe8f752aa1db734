// SPDX-License-Identifier: BSD-2-Clause
/*
 * The root file system at boot: every boot module that is an archive is unpacked into it, in the
 * loader's order, each over the ones before; then its memory is free for everything else.
 *
 * A step of the start-up table, and what kernel_main() says about root=, rdinit= and init=. Thread
 * context. Left out: starting the program that these words name (ELF programs are not there yet).
 */
#include <boot/bootinfo.h>
#include <errno.h>
#include <fcntl.h>
#include <kernel/fs/initramfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/init.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/memblock.h>
#include <kernel/mm/mm.h>
#include <kernel/mm/paging.h>
#include <string.h>
#include <sys/stat.h>

static void unpack_module(u32 nr, const struct boot_module *m)
{
	const u8 *data = phys_to_virt(m->start);
	struct initramfs_stats count = { 0 };
	size_t len = m->end - m->start;
	const char *error;

	if (!is_initramfs(data, len)) {
		pr_warn("initrd: module %u '%s' is no cpio archive: ignored\n", nr, m->string);
		return;
	}
	error = unpack_to_rootfs(data, len, &count);
	pr_info("initrd: module %u: %u files, %u directories, %u links, %lu bytes unpacked\n", nr,
		count.files, count.dirs, count.links, (unsigned long)count.bytes);
	if (count.skipped)
		pr_info("initrd: module %u: %u entries skipped (device nodes, /dev, /proc)\n", nr,
			count.skipped);
	if (error)
		pr_err("initrd: module %u is damaged: %s\n", nr, error);
}

static bool overlap(u64 start, u64 end, u64 other_start, u64 other_end)
{
	return start < other_end && other_start < end;
}

/*
 * Give a module's whole pages to the allocator, if they are plain memory that nothing else lies in:
 * a loader is not to be trusted with what would be a double free.
 */
static void free_module(u32 nr)
{
	u64 start = ALIGN_UP(boot_info.modules[nr].start, PAGE_SIZE);
	u64 end = boot_info.modules[nr].end & PAGE_MASK;
	bool usable = false;

	if (start >= end)
		return;
	for (u32 i = 0; i < boot_info.nregions; i++) {
		const struct boot_region *r = &boot_info.regions[i];

		if (r->type == BOOT_MEM_USABLE)
			usable |= start >= r->start && end <= r->end;
		else if (overlap(start, end, r->start, r->end))
			return;
	}
	for (u32 i = 0; i < boot_info.nmodules; i++) {
		const struct boot_module *m = &boot_info.modules[i];

		if (i != nr && overlap(start, end, m->start, m->end))
			return;
	}
	if (usable && !overlap(start, end, (u64)__boot_start, virt_to_phys(_end)))
		page_alloc_add(start, end);
}

/* Where programs look for name servers, unless an archive says it: what DHCP or ip= gave. */
static void link_resolv_conf(void)
{
	struct stat st;
	int err = do_statat(AT_FDCWD, "/etc/resolv.conf", false, &st);

	if (err == -ENOENT)
		err = do_mkdirat(AT_FDCWD, "/etc", 0755);
	else
		return;
	if (!err || err == -EEXIST)
		err = do_symlinkat("/proc/net/pnp", AT_FDCWD, "/etc/resolv.conf");
	if (err)
		pr_err("cannot make /etc/resolv.conf (%d)\n", err);
}

void rootfs_init(void)
{
	int err;

	for (u32 i = 0; i < boot_info.nmodules; i++)
		unpack_module(i, &boot_info.modules[i]);
	for (u32 i = 0; i < boot_info.nmodules; i++)
		free_module(i);
	err = do_mkdirat(AT_FDCWD, "/tmp", 01777);
	if (err && err != -EEXIST)
		pr_err("cannot make /tmp (%d)\n", err);
	link_resolv_conf();
}

void rootfs_report_init(const char *program)
{
	const char *root = cmdline_get("root"), *rdinit = cmdline_get("rdinit");
	const char *init = cmdline_get("init"), *wanted = rdinit ? rdinit : init ? init : "/init";
	struct stat st = { 0 };
	int err = *wanted ? do_statat(AT_FDCWD, wanted, true, &st) : -ENOENT;

	if (root && strcmp(root, "/dev/ram") && strcmp(root, "/dev/ram0"))
		pr_warn("root=%s is not known: the root is always the RAM disk\n", root);
	if (err && !rdinit && !init)
		return;
	pr_notice("init: %s %s; starting the linked-in %s\n", wanted,
		  err ? "is not in the root file system"
		      : "is there, but this kernel cannot run programs from files yet",
		  program);
}
