#pragma once

#include <rowan/core/error.hpp>

#include <type_traits>
#include <utility>

namespace rowan {

/// The error of a Result: `return rowan::Failure(error);`.
class Failure {
public:
    explicit Failure(const Error& error) : error_{error} {}
    explicit Failure(Error&& error) noexcept : error_{std::move(error)} {}

    [[nodiscard]] Error& error() & noexcept { return error_; }
    [[nodiscard]] const Error& error() const& noexcept { return error_; }
    [[nodiscard]] Error&& error() && noexcept { return std::move(error_); }

private:
    Error error_;
};

template <class T>
class Result;
template <>
class Result<void>;

namespace detail {

template <class R>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<Result<T>> = true;

/// Whether a Result<T> may take a U as its value. Another Result only where T wants that, and not as the bool that it
/// can be asked for.
template <class T, class U>
inline constexpr bool may_be_value = true;
template <class T>
inline constexpr bool may_be_value<T, Failure> = false;
template <class T>
inline constexpr bool may_be_value<T, std::in_place_t> = false;
template <class T>
inline constexpr bool may_be_value<T, Result<T>> = false;
template <class T, class U>
inline constexpr bool may_be_value<T, Result<U>> = std::is_convertible_v<Result<U>, T>;

}  // namespace detail
}  // namespace rowan
