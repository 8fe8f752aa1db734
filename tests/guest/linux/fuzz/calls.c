// SPDX-License-Identifier: BSD-2-Clause
/*
 * Which calls are made, and of what their arguments are. Not among them: what ends, replaces or
 * stops the program (exit, execve, kill with SIGKILL, sigreturn, clone, arch_prctl), what would keep
 * it from being woken (sigprocmask, sigaction), reboot, and what takes its limits or rights away.
 */
#define _GNU_SOURCE
#include <sys/syscall.h>

#include "fuzz.h"

#define C(name, args, weight, fd) {SYS_##name, #name, args, weight, fd}

const struct call calls[] = {
	/* making descriptors */
	C(socket, "iii", 12, 1), C(socketpair, "iiip", 4, 3), C(pipe2, "po", 4, 2), C(pipe, "p", 2, 2),
	C(open, "Poi", 12, 1), C(openat, "fPoi", 3, 1), C(creat, "Pi", 2, 1), C(eventfd2, "Io", 3, 1),
	C(epoll_create1, "o", 3, 1), C(timerfd_create, "io", 3, 1), C(signalfd4, "fpio", 2, 1),
	C(memfd_create, "Pi", 3, 1), C(dup, "f", 4, 1), C(inotify_init1, "o", 1, 1),
	C(accept4, "fSpo", 8, 1), C(accept, "fSp", 4, 1),
	/* sockets */
	C(bind, "fSl", 14, 0), C(listen, "fi", 10, 0), C(connect, "fSl", 14, 0),
	C(getsockname, "fpp", 4, 0), C(getpeername, "fpp", 4, 0), C(sendto, "fploSl", 24, 0),
	C(recvfrom, "fploSp", 24, 0), C(sendmsg, "fmo", 16, 0), C(recvmsg, "fmo", 16, 0),
	C(sendmmsg, "fMio", 8, 0), C(recvmmsg, "fMiot", 8, 0), C(shutdown, "fw", 8, 0),
	C(setsockopt, "fspl", 40, 0), C(getsockopt, "fspp", 30, 0),
	/* files */
	C(read, "fpl", 20, 0), C(write, "fpl", 20, 0), C(readv, "fvi", 8, 0), C(writev, "fvi", 8, 0),
	C(pread64, "fplI", 6, 0), C(pwrite64, "fplI", 6, 0), C(preadv2, "fviI0o", 3, 0),
	C(pwritev2, "fviI0o", 3, 0), C(lseek, "fIw", 8, 0), C(close, "F", 24, 0), C(dup2, "fF", 4, 0),
	C(dup3, "fFo", 3, 0), C(fcntl, "fiI", 16, 0), C(ioctl, "fcp", 24, 0), C(fstat, "fp", 4, 0),
	C(stat, "Pp", 4, 0), C(lstat, "Pp", 2, 0), C(newfstatat, "fPpo", 3, 0), C(statx, "fPoIp", 3, 0),
	C(statfs, "Pp", 2, 0), C(fstatfs, "fp", 2, 0), C(access, "Pi", 2, 0),
	C(faccessat2, "fPio", 2, 0), C(readlink, "Ppl", 2, 0), C(readlinkat, "fPpl", 2, 0),
	C(mkdir, "Pi", 3, 0), C(mkdirat, "fPi", 2, 0), C(rmdir, "P", 3, 0), C(unlink, "P", 4, 0),
	C(unlinkat, "fPo", 2, 0), C(link, "PP", 3, 0), C(linkat, "fPfPo", 2, 0), C(symlink, "PP", 3, 0),
	C(rename, "PP", 4, 0), C(renameat2, "fPfPi", 3, 0), C(mknod, "PiI", 2, 0),
	C(truncate, "Pl", 3, 0), C(ftruncate, "fl", 4, 0), C(fallocate, "fiII", 3, 0),
	C(chmod, "Pi", 2, 0), C(fchmod, "fi", 2, 0), C(chown, "Pii", 1, 0), C(fchown, "fii", 1, 0),
	C(utimensat, "fPto", 2, 0), C(getdents64, "fpl", 4, 0), C(getdents, "fpl", 1, 0),
	C(getcwd, "pl", 2, 0), C(chdir, "P", 2, 0), C(fchdir, "f", 2, 0), C(umask, "i", 1, 0),
	C(fsync, "f", 1, 0), C(fdatasync, "f", 1, 0), C(sync, "", 1, 0), C(flock, "fi", 3, 0),
	C(sendfile, "ffpl", 6, 0), C(splice, "fpfplo", 6, 0), C(tee, "fflo", 3, 0),
	C(vmsplice, "fvio", 3, 0), C(copy_file_range, "fpfpl0", 4, 0), C(fadvise64, "fIli", 1, 0),
	C(sync_file_range, "fIlo", 1, 0), C(readahead, "fIl", 1, 0), C(name_to_handle_at, "fPppo", 1, 0),
	C(setxattr, "PPpli", 1, 0), C(getxattr, "PPpl", 1, 0), C(listxattr, "Ppl", 1, 0),
	/* waiting */
	C(poll, "diT", 10, 0), C(ppoll, "ditp0", 4, 0), C(select, "ipppt", 6, 0),
	C(pselect6, "ipppt0", 3, 0), C(epoll_ctl, "fife", 24, 0), C(epoll_wait, "fpiT", 10, 0),
	C(epoll_pwait, "fpiT00", 3, 0), C(epoll_pwait2, "fpit00", 2, 0), C(nanosleep, "tp", 1, 0),
	C(clock_nanosleep, "iitp", 1, 0), C(timerfd_settime, "fitp", 4, 0),
	C(timerfd_gettime, "fp", 2, 0), C(inotify_add_watch, "fPi", 1, 0), C(futex, "piitpi", 8, 0),
	C(rt_sigtimedwait, "p0ti", 2, 0), C(rt_sigpending, "pi", 1, 0),
	/* memory: the victim area alone */
	C(mmap, "VLiifI", 10, 0), C(munmap, "VL", 8, 0), C(mprotect, "VLi", 8, 0),
	C(madvise, "VLi", 6, 0), C(mremap, "VLLiV", 5, 0), C(msync, "VLi", 3, 0), C(mincore, "VLp", 3, 0),
	C(mlock, "VL", 2, 0), C(munlock, "VL", 2, 0), C(brk, "0", 1, 0), C(membarrier, "ii0", 1, 0),
	/* time, identity, the machine */
	C(clock_gettime, "ip", 2, 0), C(clock_getres, "ip", 1, 0), C(gettimeofday, "pp", 1, 0),
	C(time, "p", 1, 0), C(times, "p", 1, 0), C(getrusage, "ip", 1, 0), C(sysinfo, "p", 1, 0),
	C(uname, "p", 1, 0), C(getrandom, "plo", 2, 0), C(getpid, "", 1, 0), C(gettid, "", 1, 0),
	C(getuid, "", 1, 0), C(getgroups, "ip", 1, 0), C(getresuid, "ppp", 1, 0), C(getpgid, "i", 1, 0),
	C(getsid, "i", 1, 0), C(getpriority, "ii", 1, 0), C(sched_yield, "", 2, 0),
	C(sched_getaffinity, "ilp", 1, 0), C(sched_setaffinity, "ilp", 1, 0),
	C(sched_getparam, "ip", 1, 0), C(sched_getscheduler, "i", 1, 0), C(prctl, "iIIII", 2, 0),
	C(getrlimit, "ip", 1, 0), C(setitimer, "ipp", 1, 0), C(getitimer, "ip", 1, 0),
	C(timer_create, "i0p", 2, 0), C(timer_settime, "iipp", 2, 0), C(timer_gettime, "ip", 1, 0),
	C(timer_delete, "i", 2, 0), C(timer_getoverrun, "i", 1, 0), C(kill, "ig", 1, 0),
	C(tgkill, "iig", 1, 0), C(syslog, "ipl", 1, 0), C(fork, "", 1, 0), C(vfork, "", 1, 0),
	C(io_uring_setup, "ip", 1, 0), C(bpf, "ipl", 1, 0), C(ptrace, "iiII", 1, 0),
	C(wait4, "ipop", 1, 0), C(waitid, "iipop", 1, 0), C(mount, "PPPIp", 1, 0),
	C(rseq, "plii", 1, 0), C(get_robust_list, "ipp", 1, 0), C(close_range, "FFi", 1, 0),
	C(personality, "I", 1, 0), C(capget, "pp", 1, 0), C(sethostname, "pl", 1, 0),
	C(process_vm_readv, "iviviI", 1, 0), C(kcmp, "iiiII", 1, 0), C(getcpu, "ppp", 1, 0),
};
const size_t nr_calls = sizeof(calls) / sizeof(calls[0]);
