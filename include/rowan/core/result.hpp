#pragma once

#include <rowan/core/error.hpp>

#if defined(ROWAN_USE_STD_EXPECTED)
#include <expected>
#if !defined(__cpp_lib_expected)
#error "rowan: ROWAN_USE_STD_EXPECTED needs std::expected, which this compiler has as C++23 (-std=c++23) or not at all"
#endif
#else
#include <rowan/core/expected.hpp>
#include <rowan/core/expected_void.hpp>
#endif

#include <new>
#include <utility>

namespace rowan {

/// A value, or the reason why there is none. Define ROWAN_USE_STD_EXPECTED in every translation unit of the program to
/// get `std::expected` where the compiler has it; its `value()` throws `std::bad_expected_access`, which does not say
/// why.
#if defined(ROWAN_USE_STD_EXPECTED)
template <class T>
using Result = std::expected<T, Error>;
using Failure = std::unexpected<Error>;

namespace detail {

template <class R>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<Result<T>> = true;

}  // namespace detail
#endif

namespace detail {

/// Makes a Result whose value is made of the arguments behind it, where it is.
inline constexpr std::in_place_t in_place{};

template <class T>
[[gnu::always_inline]] inline void fail(Result<T>& result, Error&& error) {
    // An assignment would be four functions more, for what never is here.
    result.~Result<T>();
    ::new (static_cast<void*>(&result)) Result<T>(Failure(std::move(error)));
}

/// Puts the error of what has run, if any, in the place of the value that it was to fill. One function of the result,
/// where giving it by value through every layer would take dozens.
template <class T>
[[gnu::always_inline]] inline void settle(Result<void>&& ran, Result<T>& result) {
    if (!ran) [[unlikely]]
        fail(result, std::move(ran).error());
}

}  // namespace detail
}  // namespace rowan
