# SPDX-License-Identifier: BSD-2-Clause
# libc as the kernel's and the programs' C library. The Makefile takes libc/*/*.c by itself; these
# are the flags of single files.

# The compiler must not turn the loops in here into calls of the functions they are.
CFLAGS_libc/string/mem.c := -fno-tree-loop-distribute-patterns -fno-builtin
CFLAGS_libc/string/str.c := -fno-tree-loop-distribute-patterns -fno-builtin
