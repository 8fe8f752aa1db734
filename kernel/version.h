/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_VERSION_H
#define BW_KERNEL_VERSION_H

/* The one place that names the version. */
#define BAREWIRE_VERSION "0.1.0"

#endif /* BW_KERNEL_VERSION_H */
