#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/exception.hpp>
#include <rowan/core/failure.hpp>
#include <rowan/core/monadic.hpp>

#include <cassert>
#include <new>
#include <utility>

namespace rowan {

/// Success, or the reason why there is none.
template <>
class [[nodiscard]] Result<void> {
public:
    using value_type = void;
    using error_type = Error;
    using unexpected_type = Failure;
    template <class U>
    using rebind = Result<U>;

    Result() noexcept : nothing_{}, has_value_{true} {}
    explicit Result(std::in_place_t) noexcept : Result{} {}
    Result(Failure&& failure) noexcept : error_{std::move(failure).error()}, has_value_{false} {}
    Result(const Failure& failure) : error_{failure.error()}, has_value_{false} {}
    Result(Result&& other) noexcept : nothing_{}, has_value_{other.has_value_} {
        if (!has_value_) ::new (static_cast<void*>(&error_)) Error(std::move(other.error_));
    }
    Result(const Result& other) : nothing_{}, has_value_{other.has_value_} {
        if (!has_value_) ::new (static_cast<void*>(&error_)) Error(other.error_);
    }
    Result& operator=(Result&& other) noexcept {
        if (other.has_value_)
            emplace();
        else if (has_value_)
            ::new (static_cast<void*>(&error_)) Error(std::move(other.error_));
        else
            error_ = std::move(other.error_);
        has_value_ = other.has_value_;
        return *this;
    }
    Result& operator=(const Result& other) {
        if (this != &other) *this = Result(other);
        return *this;
    }
// GCC 12 loses track of has_value_ in large functions, and then warns of the part of the union that is not there.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
    ~Result() {
        if (!has_value_) error_.~Error();
    }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

    void emplace() noexcept {
        if (!has_value_) error_.~Error();
        has_value_ = true;
    }

    [[nodiscard]] bool has_value() const noexcept { return has_value_; }
    [[nodiscard]] explicit operator bool() const noexcept { return has_value_; }
    void operator*() const noexcept { assert(has_value_ && "rowan: a Result was read that holds an error"); }

    /// Nothing, or rowan::Exception with the whole message of the error.
    void value() const& {
        if (!has_value_) detail::raise(error_);
    }
    void value() && {
        if (!has_value_) detail::raise(std::move(error_));
    }

    [[nodiscard]] Error& error() & noexcept { return failed(), error_; }
    [[nodiscard]] const Error& error() const& noexcept { return failed(), error_; }
    [[nodiscard]] Error&& error() && noexcept { return failed(), std::move(error_); }

    /// The error, or `otherwise` where there is none.
    [[nodiscard]] Error error_or(Error otherwise) const& { return has_value_ ? std::move(otherwise) : Error(error_); }
    [[nodiscard]] Error error_or(Error otherwise) && { return has_value_ ? std::move(otherwise) : std::move(error_); }

    /// What `fn()`, a Result itself, gives; an error goes on as it is.
    template <class Fn>
    auto and_then(Fn&& fn) & {
        return detail::and_then(*this, fn);
    }
    template <class Fn>
    auto and_then(Fn&& fn) const& {
        return detail::and_then(*this, fn);
    }
    template <class Fn>
    auto and_then(Fn&& fn) && {
        return detail::and_then(std::move(*this), fn);
    }
    /// A Result of what `fn()` gives, which may be nothing; an error goes on as it is.
    template <class Fn>
    auto transform(Fn&& fn) & {
        return detail::transform(*this, fn);
    }
    template <class Fn>
    auto transform(Fn&& fn) const& {
        return detail::transform(*this, fn);
    }
    template <class Fn>
    auto transform(Fn&& fn) && {
        return detail::transform(std::move(*this), fn);
    }
    /// This, or what `fn(error)` gives: a Result of the same type.
    template <class Fn>
    auto or_else(Fn&& fn) & {
        return detail::or_else(*this, fn);
    }
    template <class Fn>
    auto or_else(Fn&& fn) const& {
        return detail::or_else(*this, fn);
    }
    template <class Fn>
    auto or_else(Fn&& fn) && {
        return detail::or_else(std::move(*this), fn);
    }
    /// This, with the Error that `fn(error)` gives in the place of its own.
    template <class Fn>
    auto transform_error(Fn&& fn) & {
        return detail::transform_error(*this, fn);
    }
    template <class Fn>
    auto transform_error(Fn&& fn) const& {
        return detail::transform_error(*this, fn);
    }
    template <class Fn>
    auto transform_error(Fn&& fn) && {
        return detail::transform_error(std::move(*this), fn);
    }

private:
    void failed() const noexcept { assert(!has_value_ && "rowan: error() of a Result that holds a value"); }

    union {
        char nothing_;
        Error error_;
    };
    bool has_value_;
};

}  // namespace rowan
