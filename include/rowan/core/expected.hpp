#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/exception.hpp>
#include <rowan/core/failure.hpp>
#include <rowan/core/kept_error.hpp>
#include <rowan/core/monadic.hpp>

#include <cassert>
#include <new>
#include <type_traits>
#include <utility>

namespace rowan {

/// A value, or the reason why there is none. It has the functions of C++23's `std::expected<T, rowan::Error>`, with the
/// same meaning, less `constexpr`, `==`, `swap` and the overloads for `const&&`, and costs the compiler a fraction of
/// it.
///
/// The value is as `T` is: a Result is as copyable, movable and thread-safe as that. `*result`, `result->` and
/// `error()` want to be sure that there is a value, or an error: they assert it, and it is undefined behaviour where
/// NDEBUG is defined. `value()` looks, and throws rowan::Exception with the error's whole message. What has been moved
/// from keeps its state: a value as T leaves it, or an error that can only be assigned to and destroyed.
template <class T>
class [[nodiscard]] Result {
    static_assert(
        std::is_object_v<T> && !std::is_array_v<T>,
        "rowan: a Result holds a value. Give a pointer or a std::array where you mean a reference or an array.");

public:
    using value_type = T;
    using error_type = Error;
    using unexpected_type = Failure;
    template <class U>
    using rebind = Result<U>;

    Result()
        requires(__is_constructible(T))
        : value_(), has_value_{true} {}
    template <class U = T>
        requires(detail::may_be_value<T, std::remove_cvref_t<U>> && __is_constructible(T, U))
    explicit(!std::is_convertible_v<U, T>) Result(U&& value) : value_(std::forward<U>(value)), has_value_{true} {}
    template <class... Arguments>
        requires(__is_constructible(T, Arguments...))
    explicit Result(std::in_place_t, Arguments&&... arguments)
        : value_(std::forward<Arguments>(arguments)...), has_value_{true} {}
    Result(Failure&& failure) noexcept : error_{std::move(failure).error()}, has_value_{false} {}
    Result(const Failure& failure) : error_{failure.error()}, has_value_{false} {}

    /// What another Result holds, where its value makes one of T.
    template <class U>
        requires(!std::is_same_v<T, U> && __is_constructible(T, U) && !std::is_convertible_v<Result<U>, T>)
    explicit(!std::is_convertible_v<U, T>) Result(Result<U> other) : has_value_{other.has_value()} {
        if (has_value_)
            make(*std::move(other));
        else
            ::new (static_cast<void*>(&error_)) Error(std::move(other).error());
    }

    Result(Result&& other) noexcept(__is_nothrow_constructible(T, T))
        requires(__is_constructible(T, T))
        : has_value_{other.has_value_} {
        if (has_value_)
            make(std::move(other.value_));
        else
            ::new (static_cast<void*>(&error_)) Error(std::move(other.error_));
    }
    Result(const Result& other)
        requires(__is_constructible(T, const T&))
        : has_value_{other.has_value_} {
        if (has_value_)
            make(other.value_);
        else
            ::new (static_cast<void*>(&error_)) Error(other.error_);
    }
    /// If a move of T throws, an error stays where there was one.
    Result& operator=(Result&& other) noexcept(__is_nothrow_constructible(T, T) && __is_nothrow_assignable(T&, T))
        requires(__is_constructible(T, T) && __is_assignable(T&, T))
    {
        if (!other.has_value_)
            fail(std::move(other.error_));
        else if (has_value_)
            value_ = std::move(other.value_);
        else
            succeed(std::move(other.value_));
        return *this;
    }
    /// If a copy of T throws, all is as it was.
    Result& operator=(const Result& other)
        requires(__is_constructible(T, const T&) && __is_assignable(T&, T))
    {
        if (this != &other) *this = Result(other);
        return *this;
    }
// GCC 12 loses track of has_value_ in large functions, and then warns of the part of the union that is not there.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
    ~Result() {
        if (has_value_)
            value_.~T();
        else
            error_.~Error();
    }
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

    /// Makes the value anew. If that throws, what was there stays: an error, or the value, unless T's own assignment
    /// that throws has changed it.
    template <class... Arguments>
    T& emplace(Arguments&&... arguments) {
        if (!has_value_) {
            succeed(std::forward<Arguments>(arguments)...);
        } else if constexpr (__is_nothrow_constructible(T, T)) {
            T made(std::forward<Arguments>(arguments)...);
            value_.~T();
            make(std::move(made));
        } else if constexpr (__is_nothrow_constructible(T, Arguments...)) {
            value_.~T();
            make(std::forward<Arguments>(arguments)...);
        } else {
            value_ = T(std::forward<Arguments>(arguments)...);
        }
        return value_;
    }

    [[nodiscard]] bool has_value() const noexcept { return has_value_; }
    [[nodiscard]] explicit operator bool() const noexcept { return has_value_; }

    [[nodiscard]] T& operator*() & noexcept { return checked(), value_; }
    [[nodiscard]] const T& operator*() const& noexcept { return checked(), value_; }
    [[nodiscard]] T&& operator*() && noexcept { return checked(), std::move(value_); }
    [[nodiscard]] T* operator->() noexcept { return checked(), __builtin_addressof(value_); }
    [[nodiscard]] const T* operator->() const noexcept { return checked(), __builtin_addressof(value_); }

    /// The value, or rowan::Exception with the whole message of the error.
    [[nodiscard]] T& value() & {
        if (!has_value_) detail::raise(error_);
        return value_;
    }
    [[nodiscard]] const T& value() const& {
        if (!has_value_) detail::raise(error_);
        return value_;
    }
    [[nodiscard]] T&& value() && {
        if (!has_value_) detail::raise(std::move(error_));
        return std::move(value_);
    }

    [[nodiscard]] Error& error() & noexcept { return failed(), error_; }
    [[nodiscard]] const Error& error() const& noexcept { return failed(), error_; }
    [[nodiscard]] Error&& error() && noexcept { return failed(), std::move(error_); }

    /// The value, or `otherwise` where there is none.
    template <class U>
    [[nodiscard]] T value_or(U&& otherwise) const& {
        return has_value_ ? value_ : static_cast<T>(std::forward<U>(otherwise));
    }
    template <class U>
    [[nodiscard]] T value_or(U&& otherwise) && {
        return has_value_ ? std::move(value_) : static_cast<T>(std::forward<U>(otherwise));
    }
    /// The error, or `otherwise` where there is none.
    [[nodiscard]] Error error_or(Error otherwise) const& { return has_value_ ? std::move(otherwise) : Error(error_); }
    [[nodiscard]] Error error_or(Error otherwise) && { return has_value_ ? std::move(otherwise) : std::move(error_); }

    /// What `fn(value)`, a Result itself, gives; an error goes on as it is.
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
    /// A Result of what `fn(value)` gives, which may be nothing; an error goes on as it is.
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
    void checked() const noexcept { assert(has_value_ && "rowan: a Result was read that holds an error"); }
    void failed() const noexcept { assert(!has_value_ && "rowan: error() of a Result that holds a value"); }

    template <class... Arguments>
    void make(Arguments&&... arguments) {
        ::new (const_cast<void*>(static_cast<const volatile void*>(__builtin_addressof(value_))))
            T(std::forward<Arguments>(arguments)...);
    }
    /// Where there is an error.
    template <class... Arguments>
    void succeed(Arguments&&... arguments) {
        if constexpr (__is_nothrow_constructible(T, Arguments...)) {
            error_.~Error();
            make(std::forward<Arguments>(arguments)...);
        } else {
            detail::KeptError kept{error_};
            make(std::forward<Arguments>(arguments)...);
            kept.drop();
        }
        has_value_ = true;
    }
    void fail(Error&& error) noexcept {
        if (has_value_) {
            Error kept{std::move(error)};
            value_.~T();
            ::new (static_cast<void*>(&error_)) Error(std::move(kept));
            has_value_ = false;
        } else {
            error_ = std::move(error);
        }
    }

    union {
        T value_;
        Error error_;
    };
    bool has_value_;
};

}  // namespace rowan
