// SPDX-License-Identifier: BSD-2-Clause
/*
 * How many threads there can be: `many N` starts N that all sleep and ends them again, several
 * times over; `many limit` starts threads until the system refuses, and sees that it then goes on,
 * also with another thread once one has ended.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STACK_SIZE 16384
#define MOST 100000
#define ROUNDS 3

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int may_end, there;
static pthread_t threads[MOST];
static pthread_attr_t attr;

static void *stay(void *arg)
{
	pthread_mutex_lock(&lock);
	there++;
	while (!may_end)
		pthread_cond_wait(&changed, &lock);
	there--;
	pthread_mutex_unlock(&lock);
	return arg;
}

static int start(int n)
{
	for (int i = 0; i < n; i++) {
		int err = pthread_create(&threads[i], &attr, stay, NULL);

		if (err) {
			printf("refused: %s\n", strerror(err));
			return i;
		}
	}
	return n;
}

static void end(int n)
{
	pthread_mutex_lock(&lock);
	may_end = 1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	may_end = 0;
	if (there)
		printf("FAILED: %d are still there\n", there);
}

int main(int argc, char **argv)
{
	int n = argc > 1 ? atoi(argv[1]) : 0;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	for (int i = 0; n && i < ROUNDS; i++) {
		int got = start(n);

		printf("%d threads at once\n", got);
		end(got);
	}
	if (!n) {
		n = start(MOST);
		fprintf(stderr, "threads: %d\n", n);
		end(n);
		printf("after the limit: %d threads\n", start(10));
		end(10);
	}
	return 0;
}
