// SPDX-License-Identifier: BSD-2-Clause
/*
 * The root file system at boot. Every boot module that is an archive is unpacked into it, in the
 * loader's order, each over the ones before; an ELF file is put into it under the last part of its
 * name, and the first such file is the program (init_program.c). Then the modules' memory is free
 * for everything else: an archive's piece by piece while it is unpacked, so that it does not take
 * its size twice, and an ELF file's pages become the file's own.
 *
 * A step of the start-up table, thread context. Left out: modules of other kinds, which are named.
 */
#include <boot/bootinfo.h>
#include <errno.h>
#include <fcntl.h>
#include <kernel/abi/elf.h>
#include <kernel/fs/file.h>
#include <kernel/fs/initramfs.h>
#include <kernel/fs/ramfs.h>
#include <kernel/fs/vfs.h>
#include <kernel/init.h>
#include <kernel/lib/printk.h>
#include <kernel/mm/memblock.h>
#include <kernel/mm/mm.h>
#include <kernel/mm/paging.h>
#include <stdio.h>
#include <string.h>

#define PROGRAM_MODE 0755u
#define FREE_STEP (1ul << 20) /* so much of an archive is unpacked, then freed */

static struct boot_program program;
static bool have_program;
static u64 freed[BOOT_MAX_MODULES]; /* up to here, physical */
static bool may_free[BOOT_MAX_MODULES];

struct boot_program *rootfs_program(void)
{
	return have_program ? &program : NULL;
}

static bool overlap(u64 start, u64 end, u64 other_start, u64 other_end)
{
	return start < other_end && other_start < end;
}

/*
 * Whether a module's pages are plain memory that nothing else lies in: a loader is not to be
 * trusted with what would be a double free.
 */
static bool is_own_memory(u32 nr)
{
	u64 start = boot_info.modules[nr].start & PAGE_MASK;
	u64 end = ALIGN_UP(boot_info.modules[nr].end, PAGE_SIZE);
	bool usable = false;

	for (u32 i = 0; i < boot_info.nregions; i++) {
		const struct boot_region *r = &boot_info.regions[i];

		if (r->type == BOOT_MEM_USABLE)
			usable |= start >= r->start && end <= r->end;
		else if (overlap(start, end, r->start, r->end))
			return false;
	}
	for (u32 i = 0; i < boot_info.nmodules; i++) {
		const struct boot_module *m = &boot_info.modules[i];

		if (i != nr && overlap(start, end, m->start & PAGE_MASK,
				       ALIGN_UP(m->end, PAGE_SIZE)))
			return false;
	}
	return usable && !overlap(start, end, (u64)__boot_start, virt_to_phys(_end));
}

/* Give a module's pages below `to` to the allocator. */
static void free_module(u32 nr, u64 to)
{
	u64 from = max(freed[nr], boot_info.modules[nr].start & PAGE_MASK);

	if (!may_free[nr] || from >= to)
		return;
	page_alloc_add(from, to);
	freed[nr] = to;
}

static void free_whole_module(u32 nr)
{
	free_module(nr, ALIGN_UP(boot_info.modules[nr].end, PAGE_SIZE));
}

/* --- archives -------------------------------------------------------------------------------- */

/* So many bytes of the archive are done with. */
static void unpacked(size_t bytes, void *arg)
{
	u32 nr = (u32)(unsigned long)arg;
	u64 to = (boot_info.modules[nr].start + bytes) & PAGE_MASK;

	if (to >= max(freed[nr], boot_info.modules[nr].start) + FREE_STEP)
		free_module(nr, to);
}

static void unpack_module(u32 nr, const struct boot_module *m)
{
	struct initramfs_stats count = { .progress = unpacked,
					 .progress_arg = (void *)(unsigned long)nr };
	const char *error = unpack_to_rootfs(phys_to_virt(m->start), m->end - m->start, &count);

	pr_info("initrd: module %u: %u files, %u directories, %u links, %lu bytes unpacked\n", nr,
		count.files, count.dirs, count.links, (unsigned long)count.bytes);
	if (count.skipped)
		pr_info("initrd: module %u: %u entries skipped (device nodes, /dev, /proc)\n", nr,
			count.skipped);
	if (error)
		pr_err("initrd: module %u is damaged: %s\n", nr, error);
	free_whole_module(nr);
}

/* --- programs -------------------------------------------------------------------------------- */

/* "/hello" for "path/to/hello ARG ARG". */
static void module_path(char *path, size_t size, const char *string)
{
	size_t begin = 0, end = 0;

	while (string[end] && string[end] != ' ') {
		if (string[end] == '/')
			begin = end + 1;
		end++;
	}
	if (end == begin || end - begin > size - 2)
		snprintf(path, size, "/program");
	else
		snprintf(path, size, "/%.*s", (int)(end - begin), string + begin);
}

/* The module's pages become the file's; what is behind its end in the last one is cleared. */
static int adopt_pages(struct ramfs_inode *inode, const struct boot_module *m)
{
	u64 end = ALIGN_UP(m->end, PAGE_SIZE), at = m->start;
	int err = 0;

	memset(phys_to_virt(m->end), 0, end - m->end);
	page_alloc_adopt(m->start, end);
	for (; at < end && !err; at += PAGE_SIZE)
		err = ramfs_add_page(inode, phys_to_virt(at), min(m->end - at, PAGE_SIZE));
	if (err)
		at -= PAGE_SIZE;
	for (; at < end; at += PAGE_SIZE)
		put_page(virt_to_page(phys_to_virt(at)));
	return err;
}

static int fill_file(struct ramfs_inode *inode, u32 nr, const struct boot_module *m)
{
	size_t len = m->end - m->start;
	ssize_t n;

	if (may_free[nr] && IS_ALIGNED(m->start, PAGE_SIZE))
		return adopt_pages(inode, m);
	n = ramfs_write(inode, 0, phys_to_virt(m->start), len);
	free_whole_module(nr);
	return n < 0 ? (int)n : (size_t)n < len ? -ENOSPC : 0;
}

static void place_program(u32 nr, const struct boot_module *m)
{
	char path[sizeof(program.path)];
	struct file *f;
	int err;

	module_path(path, sizeof(path), m->string);
	do_unlinkat(AT_FDCWD, path);
	f = do_filp_open(AT_FDCWD, path, O_CREAT | O_EXCL | O_WRONLY, 0);
	err = IS_ERR(f) ? (int)PTR_ERR(f) : 0;
	if (!err) {
		ramfs_file_inode(f)->mode |= PROGRAM_MODE;
		err = fill_file(ramfs_file_inode(f), nr, m);
		fput(f);
	}
	if (err) {
		pr_err("initrd: module %u: cannot make %s (error %d)\n", nr, path, -err);
		return;
	}
	pr_info("initrd: module %u: the program %s\n", nr, path);
	if (have_program)
		return;
	have_program = true;
	memcpy(program.path, path, sizeof(path));
	program.string = m->string;
}

static void take_module(u32 nr, const struct boot_module *m)
{
	const u8 *data = phys_to_virt(m->start);
	size_t len = m->end - m->start;

	may_free[nr] = is_own_memory(nr);
	if (is_elf(data, len)) {
		place_program(nr, m);
	} else if (is_initramfs(data, len)) {
		unpack_module(nr, m);
	} else {
		pr_warn("initrd: module %u '%s' is neither an ELF program nor a cpio archive: "
			"ignored\n", nr, m->string);
		free_whole_module(nr);
	}
}

/* Where programs look for name servers, unless an archive says it: what DHCP or ip= gave. */
static void link_resolv_conf(void)
{
	int err = do_statat(AT_FDCWD, "/etc/resolv.conf", false, NULL);

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
	size_t limit, used;
	int err;

	/* What the boot modules hold is there already: no limit for it. */
	ramfs_set_limit(~0ul);
	for (u32 i = 0; i < boot_info.nmodules; i++)
		take_module(i, &boot_info.modules[i]);
	ramfs_usage(&limit, &used);
	limit = totalram_pages() * PAGE_SIZE;
	ramfs_set_limit(used < limit ? used + (limit - used) / 2 : limit);
	err = do_mkdirat(AT_FDCWD, "/tmp", 01777);
	if (err && err != -EEXIST)
		pr_err("cannot make /tmp (%d)\n", err);
	link_resolv_conf();
}
