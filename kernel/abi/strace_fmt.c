// SPDX-License-Identifier: BSD-2-Clause
/*
 * Text in strace's notation (strace(1)): quoted strings with escapes, named values, sets of flags,
 * results with the name and the text of an error. Called by strace_args.c and strace_structs.c; no
 * state, nothing sleeps.
 */
#include <errno.h>
#include <kernel/abi/strace_fmt.h>
#include <kernel/lib/bug.h>
#include <kernel/mm/uaccess.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const errno_names[] = {
	[EPERM] = "EPERM", [ENOENT] = "ENOENT", [ESRCH] = "ESRCH", [EINTR] = "EINTR",
	[EIO] = "EIO", [ENXIO] = "ENXIO", [E2BIG] = "E2BIG", [ENOEXEC] = "ENOEXEC",
	[EBADF] = "EBADF", [ECHILD] = "ECHILD", [EAGAIN] = "EAGAIN", [ENOMEM] = "ENOMEM",
	[EACCES] = "EACCES", [EFAULT] = "EFAULT", [ENOTBLK] = "ENOTBLK", [EBUSY] = "EBUSY",
	[EEXIST] = "EEXIST", [EXDEV] = "EXDEV", [ENODEV] = "ENODEV", [ENOTDIR] = "ENOTDIR",
	[EISDIR] = "EISDIR", [EINVAL] = "EINVAL", [ENFILE] = "ENFILE", [EMFILE] = "EMFILE",
	[ENOTTY] = "ENOTTY", [ETXTBSY] = "ETXTBSY", [EFBIG] = "EFBIG", [ENOSPC] = "ENOSPC",
	[ESPIPE] = "ESPIPE", [EROFS] = "EROFS", [EMLINK] = "EMLINK", [EPIPE] = "EPIPE",
	[EDOM] = "EDOM", [ERANGE] = "ERANGE", [EDEADLK] = "EDEADLK",
	[ENAMETOOLONG] = "ENAMETOOLONG", [ENOLCK] = "ENOLCK", [ENOSYS] = "ENOSYS",
	[ENOTEMPTY] = "ENOTEMPTY", [ELOOP] = "ELOOP", [ENOMSG] = "ENOMSG", [EIDRM] = "EIDRM",
	[ECHRNG] = "ECHRNG", [EL2NSYNC] = "EL2NSYNC", [EL3HLT] = "EL3HLT", [EL3RST] = "EL3RST",
	[ELNRNG] = "ELNRNG", [EUNATCH] = "EUNATCH", [ENOCSI] = "ENOCSI", [EL2HLT] = "EL2HLT",
	[EBADE] = "EBADE", [EBADR] = "EBADR", [EXFULL] = "EXFULL", [ENOANO] = "ENOANO",
	[EBADRQC] = "EBADRQC", [EBADSLT] = "EBADSLT", [EBFONT] = "EBFONT", [ENOSTR] = "ENOSTR",
	[ENODATA] = "ENODATA", [ETIME] = "ETIME", [ENOSR] = "ENOSR", [ENONET] = "ENONET",
	[ENOPKG] = "ENOPKG", [EREMOTE] = "EREMOTE", [ENOLINK] = "ENOLINK", [EADV] = "EADV",
	[ESRMNT] = "ESRMNT", [ECOMM] = "ECOMM", [EPROTO] = "EPROTO", [EMULTIHOP] = "EMULTIHOP",
	[EDOTDOT] = "EDOTDOT", [EBADMSG] = "EBADMSG", [EOVERFLOW] = "EOVERFLOW",
	[ENOTUNIQ] = "ENOTUNIQ", [EBADFD] = "EBADFD", [EREMCHG] = "EREMCHG",
	[ELIBACC] = "ELIBACC", [ELIBBAD] = "ELIBBAD", [ELIBSCN] = "ELIBSCN",
	[ELIBMAX] = "ELIBMAX", [ELIBEXEC] = "ELIBEXEC", [EILSEQ] = "EILSEQ",
	[ERESTART] = "ERESTART", [ESTRPIPE] = "ESTRPIPE", [EUSERS] = "EUSERS",
	[ENOTSOCK] = "ENOTSOCK", [EDESTADDRREQ] = "EDESTADDRREQ", [EMSGSIZE] = "EMSGSIZE",
	[EPROTOTYPE] = "EPROTOTYPE", [ENOPROTOOPT] = "ENOPROTOOPT",
	[EPROTONOSUPPORT] = "EPROTONOSUPPORT", [ESOCKTNOSUPPORT] = "ESOCKTNOSUPPORT",
	[EOPNOTSUPP] = "EOPNOTSUPP", [EPFNOSUPPORT] = "EPFNOSUPPORT",
	[EAFNOSUPPORT] = "EAFNOSUPPORT", [EADDRINUSE] = "EADDRINUSE",
	[EADDRNOTAVAIL] = "EADDRNOTAVAIL", [ENETDOWN] = "ENETDOWN",
	[ENETUNREACH] = "ENETUNREACH", [ENETRESET] = "ENETRESET",
	[ECONNABORTED] = "ECONNABORTED", [ECONNRESET] = "ECONNRESET", [ENOBUFS] = "ENOBUFS",
	[EISCONN] = "EISCONN", [ENOTCONN] = "ENOTCONN", [ESHUTDOWN] = "ESHUTDOWN",
	[ETOOMANYREFS] = "ETOOMANYREFS", [ETIMEDOUT] = "ETIMEDOUT",
	[ECONNREFUSED] = "ECONNREFUSED", [EHOSTDOWN] = "EHOSTDOWN",
	[EHOSTUNREACH] = "EHOSTUNREACH", [EALREADY] = "EALREADY", [EINPROGRESS] = "EINPROGRESS",
	[ESTALE] = "ESTALE", [EUCLEAN] = "EUCLEAN", [ENOTNAM] = "ENOTNAM", [ENAVAIL] = "ENAVAIL",
	[EISNAM] = "EISNAM", [EREMOTEIO] = "EREMOTEIO", [EDQUOT] = "EDQUOT",
	[ENOMEDIUM] = "ENOMEDIUM", [EMEDIUMTYPE] = "EMEDIUMTYPE", [ECANCELED] = "ECANCELED",
	[ENOKEY] = "ENOKEY", [EKEYEXPIRED] = "EKEYEXPIRED", [EKEYREVOKED] = "EKEYREVOKED",
	[EKEYREJECTED] = "EKEYREJECTED", [EOWNERDEAD] = "EOWNERDEAD",
	[ENOTRECOVERABLE] = "ENOTRECOVERABLE", [ERFKILL] = "ERFKILL", [EHWPOISON] = "EHWPOISON",
};

/* Results that only the kernel's own restart code sees, and strace. */
static const struct st_name restart_names[] = {
	{ ERESTARTSYS, "ERESTARTSYS (To be restarted if SA_RESTART is set)" },
	{ ERESTARTNOINTR, "ERESTARTNOINTR (To be restarted)" },
	{ ERESTARTNOHAND, "ERESTARTNOHAND (To be restarted if no handler)" },
	{ ERESTART_RESTARTBLOCK, "ERESTART_RESTARTBLOCK (Interrupted by signal)" },
	{ 0, NULL },
};

void st_printf(struct st_buf *b, const char *fmt, ...)
{
	size_t room = sizeof(b->text) - b->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(b->text + b->len, room, fmt, ap);
	va_end(ap);
	if (n > 0)
		b->len += min((size_t)n, room - 1);
}

void st_puts(struct st_buf *b, const char *s)
{
	st_printf(b, "%s", s);
}

void st_pointer(struct st_buf *b, u64 addr)
{
	if (addr)
		st_printf(b, "0x%lx", (unsigned long)addr);
	else
		st_puts(b, "NULL");
}

/* next: the octal number must have three digits if a digit follows. */
static void put_escaped(struct st_buf *b, u8 c, u8 next)
{
	static const char plain[] = "\"\"\\\\\nn\tt\rr\vv\ff";
	const char *p = NULL;

	for (const char *q = plain; *q && !p; q += 2) {
		if ((u8)*q == c)
			p = q;
	}
	if (p)
		st_printf(b, "\\%c", p[1]);
	else if (c >= ' ' && c < 0x7f)
		st_printf(b, "%c", c);
	else
		st_printf(b, next >= '0' && next <= '9' ? "\\%03o" : "\\%o", c);
}

void st_quote(struct st_buf *b, const char *data, size_t n, bool more)
{
	st_puts(b, "\"");
	for (size_t i = 0; i < n; i++)
		put_escaped(b, (u8)data[i], i + 1 < n ? (u8)data[i + 1] : 0);
	st_puts(b, more ? "\"..." : "\"");
}

void st_user_string(struct st_buf *b, u64 addr)
{
	char text[ST_PATH_MAX + 1];
	long n = addr ? strncpy_from_user(text, (const char *)addr, sizeof(text)) : -EFAULT;

	if (n < 0)
		st_pointer(b, addr);
	else
		st_quote(b, text, min_t(size_t, (size_t)n, ST_PATH_MAX), n > ST_PATH_MAX);
}

void st_user_bytes(struct st_buf *b, u64 addr, size_t n)
{
	char text[ST_STRING_MAX];
	size_t shown = min_t(size_t, n, ST_STRING_MAX);

	if (!addr || copy_from_user(text, (const void *)addr, shown))
		st_pointer(b, addr);
	else
		st_quote(b, text, shown, n > shown);
}

void st_name(struct st_buf *b, const struct st_name *table, u64 value, const char *other)
{
	for (; table->name; table++) {
		if (table->value == value) {
			st_puts(b, table->name);
			return;
		}
	}
	st_printf(b, other ? "%#lx /* %s??? */" : "%#lx", (unsigned long)value, other);
}

void st_flags(struct st_buf *b, const struct st_name *table, u64 value, const char *zero)
{
	const char *sep = "";

	if (!value) {
		st_puts(b, zero);
		return;
	}
	for (; table->name; table++) {
		if (table->value && (value & table->value) == table->value) {
			st_printf(b, "%s%s", sep, table->name);
			value &= ~table->value;
			sep = "|";
		}
	}
	if (value)
		st_printf(b, "%s%#lx", sep, (unsigned long)value);
}

const char *st_errno_name(int err)
{
	return err > 0 && err < (int)ARRAY_SIZE(errno_names) ? errno_names[err] : NULL;
}

static bool hexadecimal_result(const struct syscall_desc *d)
{
	const char *eq = d && d->args ? strchr(d->args, '=') : NULL;

	return eq && eq[1] == 'p';
}

void st_result(struct st_buf *b, const struct st_call *c)
{
	const char *name;

	if (c->ret >= 0 || c->ret < -4095) {
		st_printf(b, hexadecimal_result(c->desc) ? "0x%lx" : "%ld", c->ret);
		return;
	}
	name = st_errno_name((int)-c->ret);
	if (name) {
		st_printf(b, "-1 %s (%s)", name, strerror((int)-c->ret));
		return;
	}
	for (const struct st_name *r = restart_names; r->name; r++) {
		if (r->value == (u64)-c->ret) {
			st_printf(b, "? %s", r->name);
			return;
		}
	}
	st_printf(b, "-1 (errno %ld)", -c->ret);
}
