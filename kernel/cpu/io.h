/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BW_KERNEL_CPU_IO_H
#define BW_KERNEL_CPU_IO_H

/*
 * Port and memory-mapped I/O. The mmio accessors are single instructions of exactly that width and
 * are not reordered by the compiler; x86 keeps accesses to uncached memory in order.
 */
#include <kernel/lib/types.h>

static inline u8 inb(u16 port)
{
	u8 v;

	__asm__ volatile("inb %w1, %b0" : "=a"(v) : "Nd"(port) : "memory");
	return v;
}
static inline u16 inw(u16 port)
{
	u16 v;

	__asm__ volatile("inw %w1, %w0" : "=a"(v) : "Nd"(port) : "memory");
	return v;
}
static inline u32 inl(u16 port)
{
	u32 v;

	__asm__ volatile("inl %w1, %0" : "=a"(v) : "Nd"(port) : "memory");
	return v;
}
static inline void outb(u8 v, u16 port)
{
	__asm__ volatile("outb %b0, %w1" : : "a"(v), "Nd"(port) : "memory");
}
static inline void outw(u16 v, u16 port)
{
	__asm__ volatile("outw %w0, %w1" : : "a"(v), "Nd"(port) : "memory");
}
static inline void outl(u32 v, u16 port)
{
	__asm__ volatile("outl %0, %w1" : : "a"(v), "Nd"(port) : "memory");
}
/* About a microsecond on ISA: a write to the POST port that nobody decodes. */
static inline void io_delay(void)
{
	outb(0, 0x80);
}

static inline u8 readb(const volatile void *p)
{
	u8 v;

	__asm__ volatile("movb %1, %0" : "=q"(v) : "m"(*(const volatile u8 *)p) : "memory");
	return v;
}
static inline u16 readw(const volatile void *p)
{
	u16 v;

	__asm__ volatile("movw %1, %0" : "=r"(v) : "m"(*(const volatile u16 *)p) : "memory");
	return v;
}
static inline u32 readl(const volatile void *p)
{
	u32 v;

	__asm__ volatile("movl %1, %0" : "=r"(v) : "m"(*(const volatile u32 *)p) : "memory");
	return v;
}
static inline u64 readq(const volatile void *p)
{
	u64 v;

	__asm__ volatile("movq %1, %0" : "=r"(v) : "m"(*(const volatile u64 *)p) : "memory");
	return v;
}
static inline void writeb(u8 v, volatile void *p)
{
	__asm__ volatile("movb %0, %1" : : "q"(v), "m"(*(volatile u8 *)p) : "memory");
}
static inline void writew(u16 v, volatile void *p)
{
	__asm__ volatile("movw %0, %1" : : "r"(v), "m"(*(volatile u16 *)p) : "memory");
}
static inline void writel(u32 v, volatile void *p)
{
	__asm__ volatile("movl %0, %1" : : "r"(v), "m"(*(volatile u32 *)p) : "memory");
}
static inline void writeq(u64 v, volatile void *p)
{
	__asm__ volatile("movq %0, %1" : : "r"(v), "m"(*(volatile u64 *)p) : "memory");
}

/* Barriers against a device that reads and writes memory. */
static inline void mb(void)
{
	__asm__ volatile("mfence" ::: "memory");
}
static inline void rmb(void)
{
	__asm__ volatile("lfence" ::: "memory");
}
static inline void wmb(void)
{
	__asm__ volatile("sfence" ::: "memory");
}

#endif /* BW_KERNEL_CPU_IO_H */
