#pragma once

#include <rowan/core/error.hpp>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <utility>

namespace rowan {

/// What `must`, and the `value()` of a Result that holds none, throw. `what()` is the error's whole message.
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

/// Throws `error`. A program that is built without exceptions is aborted, its message on stderr.
[[noreturn, gnu::cold]] inline void raise(Error error) {
#if defined(__cpp_exceptions)
    throw Exception{std::move(error)};
#else
    std::fputs(error.to_string().append("\n").c_str(), stderr);
    std::abort();
#endif
}

}  // namespace detail
}  // namespace rowan
