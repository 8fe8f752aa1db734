// SPDX-License-Identifier: BSD-2-Clause
/*
 * Threads as C++ programs use them: std::thread, std::async with an exception, condition variables
 * with timeouts, std::atomic::wait, latches and semaphores (C++20), thread_local with destructors.
 * What it prints is the same on every system.
 */
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <iostream>
#include <latch>
#include <mutex>
#include <numeric>
#include <semaphore>
#include <shared_mutex>
#include <stdexcept>
#include <thread>
#include <vector>

static std::atomic<int> destroyed;

struct Own {
	int value = 0;
	~Own()
	{
		destroyed += value;
	}
};

static thread_local Own own;

static long sum_of_squares(int from, int to)
{
	long sum = 0;

	for (int i = from; i < to; i++)
		sum += static_cast<long>(i) * i;
	return sum;
}

static void test_async()
{
	std::vector<std::future<long>> parts;
	long sum = 0;

	for (int i = 0; i < 20; i++)
		parts.push_back(std::async(std::launch::async, sum_of_squares, i * 1000,
					   (i + 1) * 1000));
	for (auto &p : parts)
		sum += p.get();
	std::cout << "async: " << sum << "\n";
	auto thrower = std::async(std::launch::async, []() -> int {
		throw std::runtime_error("from another thread");
	});
	try {
		thrower.get();
	} catch (const std::exception &e) {
		std::cout << "caught: " << e.what() << "\n";
	}
}

static void test_waiting()
{
	using namespace std::chrono_literals;
	std::mutex m;
	std::condition_variable cv;
	std::unique_lock<std::mutex> lock(m);
	auto start = std::chrono::steady_clock::now();
	bool timed_out = cv.wait_for(lock, 20ms) == std::cv_status::timeout;
	std::timed_mutex tm;

	std::cout << "timeout: " << timed_out << " "
		  << (std::chrono::steady_clock::now() - start >= 20ms) << "\n";
	tm.lock();
	std::thread([&] { std::cout << "try_lock_for: " << tm.try_lock_for(5ms) << "\n"; }).join();
	tm.unlock();
}

static void test_atomics()
{
	std::atomic<int> turn{0};
	std::vector<std::jthread> players;
	std::latch done(8);
	std::counting_semaphore<8> few(3);
	std::atomic<int> inside{0}, most{0};

	for (int i = 0; i < 8; i++) {
		players.emplace_back([&, i] {
			for (int round = 0; round < 50; round++) {
				int now;

				while ((now = turn.load()) % 8 != i)
					turn.wait(now);
				turn++;
				turn.notify_all();
			}
			few.acquire();
			int n = ++inside;
			if (n > most)
				most = n;
			std::this_thread::yield();
			inside--;
			few.release();
			own.value = i;
			done.count_down();
		});
	}
	done.wait();
	players.clear(); /* joins */
	std::cout << "turns: " << turn << ", at most three inside: " << (most <= 3)
		  << ", own destroyed: " << destroyed << "\n";
}

static void test_shared()
{
	std::shared_mutex m;
	std::vector<std::thread> threads;
	long a = 0, b = 0, torn = 0;

	for (int i = 0; i < 12; i++) {
		threads.emplace_back([&, i] {
			for (int k = 0; k < 200; k++) {
				if (i % 3 == 0) {
					std::unique_lock<std::shared_mutex> l(m);
					a++;
					std::this_thread::yield();
					b++;
				} else {
					std::shared_lock<std::shared_mutex> l(m);
					if (a != b)
						__atomic_fetch_add(&torn, 1, __ATOMIC_RELAXED);
				}
			}
		});
	}
	for (auto &t : threads)
		t.join();
	std::cout << "shared: " << a << " " << b << " torn " << torn << "\n";
}

int main()
{
	test_async();
	test_waiting();
	test_atomics();
	test_shared();
	return 0;
}
