// SPDX-License-Identifier: BSD-2-Clause
// Exceptions, threads and static constructors of a C++ program.
#include <atomic>
#include <iostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

static std::string made = std::string("constructed ") + "before main";

static int thrower(int n)
{
	if (n == 0)
		throw std::runtime_error("thrown");
	return thrower(n - 1) + 1;
}

int main()
{
	std::atomic<int> sum{0};
	std::vector<std::thread> threads;

	std::cout << made << std::endl;
	try {
		thrower(20);
	} catch (const std::exception &e) {
		std::cout << "caught " << e.what() << std::endl;
	}
	for (int i = 1; i <= 8; i++)
		threads.emplace_back([&sum, i] { sum += i; });
	for (auto &t : threads)
		t.join();
	std::cout << "sum " << sum << std::endl;
	return 5;
}
