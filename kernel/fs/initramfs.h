/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_FS_INITRAMFS_H
#define BW_KERNEL_FS_INITRAMFS_H

/*
 * Unpacking archives into the root file system: newc cpio, plain or gzip, any number of them one
 * behind the other with zeros in between, as Linux's initramfs buffer format has it.
 */
#include <kernel/lib/types.h>

struct initramfs_stats {
	unsigned int files, dirs, links, skipped; /* links: symbolic and hard; skipped: device nodes
						   * and what a mount covers */
	u64 bytes;
	/* Called as an archive goes, or NULL: so much of the data is not looked at again. */
	void (*progress)(size_t done, void *arg);
	void *progress_arg;
};

/*
 * NULL when all of it was unpacked, otherwise what is wrong; whole entries in front of that stay.
 * Thread context at boot; count is added to.
 */
const char *unpack_to_rootfs(const u8 *data, size_t len, struct initramfs_stats *count);
/* Whether it begins like such an archive. */
bool is_initramfs(const u8 *data, size_t len);

#endif /* BW_KERNEL_FS_INITRAMFS_H */
