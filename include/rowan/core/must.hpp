#pragma once

#include <rowan/core/result.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <type_traits>
#include <utility>

namespace rowan {

/// What `must` throws. `what()` is the error's whole message.
class Exception : public std::exception {
public:
    explicit Exception(Error error) : error_{std::move(error)}, text_{error_.to_string()} {}

    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }
    [[nodiscard]] const Error& error() const noexcept { return error_; }

private:
    Error error_;
    std::string text_;
};

namespace detail {

[[noreturn, gnu::cold]] inline void raise(Error error) {
#if defined(__cpp_exceptions)
    throw Exception{std::move(error)};
#else
    std::fputs(error.to_string().append("\n").c_str(), stderr);
    std::abort();
#endif
}

}  // namespace detail

/// The value of `result`; an error is thrown as rowan::Exception. For scripts and tests. In a program that
/// is built without exceptions the message goes to stderr and the program is aborted.
template <class T>
T must(Result<T>&& result) {
    if (!result) detail::raise(std::move(result).error());
    if constexpr (!std::is_void_v<T>) return *std::move(result);
}
template <class T>
T must(const Result<T>& result) {
    if (!result) detail::raise(result.error());
    if constexpr (!std::is_void_v<T>) return *result;
}

}  // namespace rowan
