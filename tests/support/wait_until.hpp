#pragma once

#include <chrono>
#include <thread>

#include <doctest/doctest.h>

/// Waits until `condition()` is true; a test that waits in vain fails.
template <class Condition>
void wait_until(Condition condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!condition()) {
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
}
