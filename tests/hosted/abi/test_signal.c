// SPDX-License-Identifier: BSD-2-Clause
/*
 * Queues of signals and the timers that fill them, in virtual time: limits, order, choice of the
 * thread, overruns to the number, memory that runs out. Delivery is tested in QEMU.
 */
#include <tests/hosted/test.h>

#include <errno.h>
#include <kernel/abi/signal_calls.h>
#include <kernel/fs/file.h>
#include <kernel/lib/signal_hook.h>
#include <kernel/sched/thread.h>
#include <kernel/sys.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <tests/hosted/abi/abi_test.h>
#include <tests/hosted/services/hosted.h>
#include <time.h>

#define RT 40

static struct timespec ms(long n)
{
	return (struct timespec){ .tv_sec = n / 1000, .tv_nsec = n % 1000 * 1000000 };
}

static void handle(int sig)
{
	the_process->signal->action[sig - 1].handler = 0x1000;
}

static long queue(int sig, int value)
{
	siginfo_t info = { .si_signo = sig, .si_code = SI_QUEUE };

	info.si_int = value;
	return sys_rt_sigqueueinfo(the_process->pid, sig, &info);
}

/* Take the next one that is not blocked; its value in *value. */
static int take(int *value)
{
	siginfo_t info;
	int sig = dequeue_signal(current_user, current_user->blocked, &info);

	if (sig && value)
		*value = info.si_int;
	return sig;
}

static void standard_once_real_time_often(void **state)
{
	int value;

	(void)state;
	handle(SIGUSR1);
	handle(RT);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(queue(RT, i), 0);
		assert_int_equal(queue(SIGUSR1, i), 0);
	}
	assert_int_equal(the_process->signal->nr_queued, 4);
	assert_true(current_user->flags & TIF_SIGPENDING);
	assert_true(signal_pending(current));
	assert_int_equal(take(&value), SIGUSR1);
	assert_int_equal(value, 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(take(&value), RT);
		assert_int_equal(value, i);
	}
	assert_int_equal(take(NULL), 0);
	assert_false(signal_pending(current));
	assert_int_equal(the_process->signal->nr_queued, 0);
}

static void limit_of_the_queue(void **state)
{
	struct rlimit lim = { .rlim_cur = 2, .rlim_max = 2 };
	siginfo_t info;
	int value = -1;

	(void)state;
	handle(RT);
	handle(RT + 1);
	the_process->rlimits->lim[RLIMIT_SIGPENDING] = lim;
	assert_int_equal(queue(RT, 1), 0);
	assert_int_equal(queue(RT, 2), 0);
	assert_int_equal(queue(RT, 3), -EAGAIN);
	/* kill() never fails for it: the signal comes, what it carried is lost. */
	assert_int_equal(sys_kill(the_process->pid, RT + 1), 0);
	assert_int_equal(take(&value), RT);
	assert_int_equal(take(&value), RT);
	assert_int_equal(value, 2);
	assert_int_equal(dequeue_signal(current_user, 0, &info), RT + 1);
	assert_int_equal(info.si_code, SI_USER);
	assert_int_equal(info.si_pid, 0);
	assert_int_equal(take(NULL), 0);
}

static void ignored_are_not_queued_unless_blocked(void **state)
{
	(void)state;
	assert_int_equal(sys_kill(0, SIGCHLD), 0);
	assert_int_equal(signals_waiting(current_user), 0);
	set_current_blocked(sigmask(SIGCHLD) | sigmask(SIGKILL));
	assert_int_equal(current_user->blocked, sigmask(SIGCHLD));
	assert_int_equal(sys_kill(0, SIGCHLD), 0);
	assert_int_equal(signals_waiting(current_user), sigmask(SIGCHLD));
	assert_false(signal_pending(current));
	flush_signals(the_process, ~0UL);
	assert_int_equal(signals_waiting(current_user), 0);
}

static void stop_and_continue_undo_each_other(void **state)
{
	(void)state;
	set_current_blocked(sigmask(SIGTSTP) | sigmask(SIGCONT));
	sys_kill(0, SIGTSTP);
	assert_int_equal(signals_waiting(current_user), sigmask(SIGTSTP));
	sys_kill(0, SIGCONT);
	assert_int_equal(signals_waiting(current_user), sigmask(SIGCONT));
	sys_kill(0, SIGTSTP);
	assert_int_equal(signals_waiting(current_user), sigmask(SIGTSTP));
}

static int sleeper(void *arg)
{
	long *result = arg;

	*result = sys_pause();
	return 0;
}

static void a_thread_that_does_not_block_it_takes_it(void **state)
{
	long result = 0;
	int tid;

	(void)state;
	handle(SIGUSR1);
	tid = program_thread(sleeper, &result);
	set_current_blocked(sigmask(SIGUSR1));
	thread_yield();
	sys_kill(the_process->pid, SIGUSR1);
	assert_false(signal_pending(current));
	assert_true(program_task(tid)->flags & TIF_SIGPENDING);
	thread_yield();
	assert_int_equal(result, -ERESTARTNOHAND);
	/* It ended without taking it: the signal is the program's, and waits for us. */
	assert_int_equal(signals_waiting(current_user), sigmask(SIGUSR1));
	set_current_blocked(0);
	assert_int_equal(take(NULL), SIGUSR1);
}

static void blocking_hands_it_to_another(void **state)
{
	long result = 0;
	int tid;

	(void)state;
	handle(SIGUSR1);
	tid = program_thread(sleeper, &result);
	thread_yield();
	sys_kill(the_process->pid, SIGUSR1);
	assert_true(signal_pending(current));
	assert_false(program_task(tid)->flags & TIF_SIGPENDING);
	set_current_blocked(sigmask(SIGUSR1));
	assert_false(signal_pending(current));
	assert_true(program_task(tid)->flags & TIF_SIGPENDING);
	thread_yield();
	assert_int_equal(result, -ERESTARTNOHAND);
	assert_int_equal(sys_tgkill(the_process->pid, tid, SIGUSR1), -ESRCH);
}

static void sigtimedwait_takes_what_is_blocked(void **state)
{
	sigset_kernel_t set = sigmask(SIGUSR1);
	struct timespec t = ms(50);
	u64 start = hosted_now_ns();

	(void)state;
	set_current_blocked(set);
	assert_int_equal(sys_rt_sigtimedwait(&set, NULL, &t, 8), -EAGAIN);
	assert_true(hosted_now_ns() - start >= 50 * NSEC_PER_MSEC);
	sys_kill(0, SIGUSR1);
	assert_int_equal(sys_rt_sigtimedwait(&set, NULL, NULL, 8), SIGUSR1);
	assert_int_equal(current_user->blocked, set);
	assert_int_equal(current_user->real_blocked, 0);
}

/* --- timers ---------------------------------------------------------------------------------- */

static void set_timer(int id, long value, long interval)
{
	struct itimerspec its = { .it_value = ms(value), .it_interval = ms(interval) };

	assert_int_equal(sys_timer_settime(id, 0, &its, NULL), 0);
}

static void overruns_to_the_number(void **state)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = RT };
	struct itimerspec its;
	siginfo_t info;
	int id;

	(void)state;
	handle(RT);
	assert_int_equal(sys_timer_create(CLOCK_MONOTONIC, &ev, &id), 0);
	set_current_blocked(sigmask(RT));
	set_timer(id, 10, 10);
	msleep(105);
	assert_int_equal(the_process->signal->nr_queued, 0); /* the timer's own entry */
	assert_int_equal(dequeue_signal(current_user, 0, &info), RT);
	assert_int_equal(info.si_code, SI_TIMER);
	assert_int_equal(info.si_overrun, 9);
	assert_int_equal(sys_timer_getoverrun(id), 9);
	assert_int_equal(dequeue_signal(current_user, 0, &info), 0);
	assert_int_equal(sys_timer_gettime(id, &its), 0);
	assert_int_equal(its.it_interval.tv_nsec, 10000000);
	assert_in_range(its.it_value.tv_nsec, 1, 10000000);
	msleep(10);
	assert_int_equal(dequeue_signal(current_user, 0, &info), RT);
	assert_int_equal(info.si_overrun, 0);
	/* Deleted: no more, but the signal that waits stays. */
	msleep(10);
	assert_int_equal(sys_timer_delete(id), 0);
	assert_int_equal(dequeue_signal(current_user, 0, &info), RT);
	msleep(50);
	assert_int_equal(dequeue_signal(current_user, 0, &info), 0);
}

static void a_signal_of_an_old_setting_starts_nothing(void **state)
{
	siginfo_t info;
	int id;

	(void)state;
	set_current_blocked(sigmask(SIGALRM));
	assert_int_equal(sys_timer_create(CLOCK_REALTIME, NULL, &id), 0);
	set_timer(id, 10, 10);
	msleep(35);
	set_timer(id, 0, 0);
	assert_int_equal(dequeue_signal(current_user, 0, &info), SIGALRM);
	assert_int_equal(info.si_int, id);
	msleep(50);
	assert_int_equal(dequeue_signal(current_user, 0, &info), 0);
}

static void a_timer_whose_signal_is_ignored_goes_on(void **state)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGURG };
	struct itimerspec its;
	siginfo_t info;
	int id;

	(void)state;
	assert_int_equal(sys_timer_create(CLOCK_MONOTONIC, &ev, &id), 0);
	set_timer(id, 10, 10);
	msleep(105);
	assert_int_equal(signals_waiting(current_user), 0);
	assert_int_equal(sys_timer_gettime(id, &its), 0);
	assert_in_range(its.it_value.tv_nsec, 1, 10000000);
	handle(SIGURG);
	msleep(10);
	assert_int_equal(dequeue_signal(current_user, 0, &info), SIGURG);
	sys_timer_delete(id);
}

static void itimer_goes_on_when_taken(void **state)
{
	struct itimerval v = { .it_value = { .tv_usec = 10000 },
			       .it_interval = { .tv_usec = 20000 } };
	struct itimerval old;
	siginfo_t info;

	(void)state;
	set_current_blocked(sigmask(SIGALRM));
	assert_int_equal(sys_setitimer(ITIMER_REAL, &v, NULL), 0);
	msleep(5);
	assert_int_equal(dequeue_signal(current_user, 0, &info), 0);
	msleep(100);
	assert_int_equal(dequeue_signal(current_user, 0, &info), SIGALRM);
	assert_int_equal(dequeue_signal(current_user, 0, &info), 0);
	msleep(20);
	assert_int_equal(dequeue_signal(current_user, 0, &info), SIGALRM);
	assert_int_equal(sys_alarm(0), 1);
	assert_int_equal(sys_getitimer(ITIMER_REAL, &old), 0);
	assert_false(timerisset(&old.it_value) || timerisset(&old.it_interval));
}

static void timerfd_counts(void **state)
{
	struct itimerspec its = { .it_value = ms(10), .it_interval = ms(5) }, old;
	int fd = (int)sys_timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	u64 n = 0;

	(void)state;
	assert_int_equal(sys_timerfd_settime(fd, 0, &its, NULL), 0);
	msleep(32);
	assert_int_equal(sys_read(fd, &n, sizeof(n)), sizeof(n));
	assert_int_equal(n, 5);
	assert_int_equal(sys_read(fd, &n, sizeof(n)), -EAGAIN);
	assert_int_equal(sys_timerfd_gettime(fd, &old), 0);
	assert_in_range(old.it_value.tv_nsec, 1, 5000000);
	its.it_value = ms(0);
	assert_int_equal(sys_timerfd_settime(fd, 0, &its, &old), 0);
	assert_int_equal(old.it_interval.tv_nsec, 5000000);
	msleep(20);
	assert_int_equal(sys_read(fd, &n, sizeof(n)), -EAGAIN);
	assert_int_equal(sys_close(fd), 0);
}

static void signalfd_takes_and_polls(void **state)
{
	sigset_kernel_t set = sigmask(RT);
	struct signalfd_siginfo si[2];
	int fd = (int)sys_signalfd4(-1, &set, 8, SFD_NONBLOCK);

	(void)state;
	set_current_blocked(set);
	assert_int_equal(sys_read(fd, si, sizeof(si)), -EAGAIN);
	queue(RT, 7);
	assert_int_equal(sys_read(fd, si, sizeof(si[0]) - 1), -EINVAL);
	assert_int_equal(sys_read(fd, si, sizeof(si)), sizeof(si[0]));
	assert_int_equal(si[0].ssi_signo, RT);
	assert_int_equal(si[0].ssi_int, 7);
	assert_int_equal(sys_close(fd), 0);
}

static void hooks_reach_the_program(void **state)
{
	siginfo_t info;

	(void)state;
	handle(SIGTERM);
	handle(SIGPIPE);
	signal_hooks_init();
	assert_true(send_sig_program(SIGTERM));
	assert_int_equal(dequeue_signal(current_user, 0, &info), SIGTERM);
	assert_int_equal(info.si_code, SI_KERNEL);
	send_sig_thread(SIGPIPE);
	assert_int_equal(current_user->sig_pending, sigmask(SIGPIPE));
	assert_int_equal(dequeue_signal(current_user, 0, &info), SIGPIPE);
	assert_int_equal(info.si_code, SI_USER);
	assert_int_equal(info.si_pid, the_process->pid);
	signal_set_receiver(NULL);
	assert_false(send_sig_program(SIGTERM));
}

static int up_with_files(void **state)
{
	static bool once;
	int err;

	if (!once)
		fs_init(); /* the kernel's own: before the test's memory is counted */
	once = true;
	err = program_up(state);
	current->files = files_alloc();
	return err;
}

static int down_with_files(void **state)
{
	files_put(current->files);
	current->files = NULL;
	return program_down(state);
}

#define T(f) cmocka_unit_test_setup_teardown(f, program_up, program_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(standard_once_real_time_often),
		T(limit_of_the_queue),
		T(ignored_are_not_queued_unless_blocked),
		T(stop_and_continue_undo_each_other),
		T(a_thread_that_does_not_block_it_takes_it),
		T(blocking_hands_it_to_another),
		T(sigtimedwait_takes_what_is_blocked),
		T(overruns_to_the_number),
		T(a_signal_of_an_old_setting_starts_nothing),
		T(a_timer_whose_signal_is_ignored_goes_on),
		T(itimer_goes_on_when_taken),
		cmocka_unit_test_setup_teardown(timerfd_counts, up_with_files, down_with_files),
		cmocka_unit_test_setup_teardown(signalfd_takes_and_polls, up_with_files,
						down_with_files),
		T(hooks_reach_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
