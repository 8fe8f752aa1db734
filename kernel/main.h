/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_MAIN_H
#define BW_KERNEL_MAIN_H

/* The C entry of the kernel. */
#include <kernel/lib/types.h>

/* C entry from boot/multiboot.S: which protocol, physical address of the loader's information. */
void kernel_main(u32 magic, u32 info);

#endif /* BW_KERNEL_MAIN_H */
