#pragma once

#include <rowan/core/error.hpp>
#include <rowan/core/exception.hpp>

#include <cassert>
#include <new>
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

namespace detail {

template <class R>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<Result<T>> = true;

/// What a Result<T> is not made of as of a value.
template <class U>
inline constexpr bool is_no_value = is_result<U>;
template <>
inline constexpr bool is_no_value<Failure> = true;
template <>
inline constexpr bool is_no_value<std::in_place_t> = true;

/// Holds the error of a Result aside while a value is made in its place, and puts it back if that throws.
class KeptError {
public:
    explicit KeptError(Error& place) noexcept : place_{&place}, error_{std::move(place)} { place_->~Error(); }
    KeptError(const KeptError&) = delete;
    KeptError& operator=(const KeptError&) = delete;
    ~KeptError() {
        if (place_ != nullptr) ::new (static_cast<void*>(place_)) Error(std::move(error_));
    }
    void drop() noexcept { place_ = nullptr; }

private:
    Error* place_;
    Error error_;
};

}  // namespace detail

/// A value, or the reason why there is none. It has the functions of C++23's `std::expected<T, rowan::Error>`, less
/// `constexpr` and the overloads for `const&&`, and costs the compiler a fraction of it.
///
/// The value is as `T` is: a Result is as copyable, movable and thread-safe as that. `*result`, `result->` and `error()`
/// want to be sure that there is a value, or an error: they assert it, and it is undefined behaviour where NDEBUG is
/// defined. `value()` looks, and throws rowan::Exception with the error's whole message.
template <class T>
class [[nodiscard]] Result {
    static_assert(!std::is_reference_v<T>, "rowan: a Result holds a value. Give a pointer where you mean a reference.");

public:
    using value_type = T;
    using error_type = Error;
    using unexpected_type = Failure;
    template <class U>
    using rebind = Result<U>;

    Result() : value_(), has_value_{true} {}
    Result(T&& value) : value_(std::move(value)), has_value_{true} {}  // NOLINT: a value is a result
    Result(const T& value) requires(__is_constructible(T, const T&)) : value_(value), has_value_{true} {}
    template <class U>
        requires(!detail::is_no_value<std::remove_cvref_t<U>> && __is_constructible(T, U))
    explicit(!std::is_convertible_v<U, T>) Result(U&& value) : value_(std::forward<U>(value)), has_value_{true} {}
    template <class... Arguments>
        requires(__is_constructible(T, Arguments...))
    explicit Result(std::in_place_t, Arguments&&... arguments)
        : value_(std::forward<Arguments>(arguments)...), has_value_{true} {}
    Result(Failure&& failure) noexcept : error_{std::move(failure).error()}, has_value_{false} {}
    Result(const Failure& failure) : error_{failure.error()}, has_value_{false} {}

    Result(Result&& other) noexcept(__is_nothrow_constructible(T, T)) : has_value_{other.has_value_} {
        if (has_value_)
            make(std::move(other.value_));
        else
            ::new (static_cast<void*>(&error_)) Error(std::move(other.error_));
    }
    Result(const Result& other) requires(__is_constructible(T, const T&)) : has_value_{other.has_value_} {
        if (has_value_)
            make(other.value_);
        else
            ::new (static_cast<void*>(&error_)) Error(other.error_);
    }
    Result& operator=(Result&& other) noexcept(__is_nothrow_constructible(T, T) && __is_nothrow_assignable(T&, T)) {
        if (has_value_ && other.has_value_)
            value_ = std::move(other.value_);
        else if (other.has_value_)
            emplace(std::move(other.value_));
        else
            fail(std::move(other.error_));
        return *this;
    }
    Result& operator=(const Result& other) requires(__is_constructible(T, const T&)) {
        if (this != &other) *this = Result(other);
        return *this;
    }
    ~Result() {
        if (has_value_)
            value_.~T();
        else
            error_.~Error();
    }

    /// Makes the value anew; what was there is gone. If that throws, an error stays, a value is lost.
    template <class... Arguments>
    T& emplace(Arguments&&... arguments) {
        if (has_value_) {
            T made(std::forward<Arguments>(arguments)...);
            value_.~T();
            make(std::move(made));
        } else {
            detail::KeptError kept{error_};
            make(std::forward<Arguments>(arguments)...);
            kept.drop();
            has_value_ = true;
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

    template <class U>
    [[nodiscard]] T value_or(U&& otherwise) const& {
        return has_value_ ? value_ : static_cast<T>(std::forward<U>(otherwise));
    }
    template <class U>
    [[nodiscard]] T value_or(U&& otherwise) && {
        return has_value_ ? std::move(value_) : static_cast<T>(std::forward<U>(otherwise));
    }

private:
    void checked() const noexcept { assert(has_value_ && "rowan: a Result was read that holds an error"); }
    void failed() const noexcept { assert(!has_value_ && "rowan: error() of a Result that holds a value"); }

    template <class... Arguments>
    void make(Arguments&&... arguments) {
        ::new (static_cast<void*>(__builtin_addressof(value_))) T(std::forward<Arguments>(arguments)...);
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
    ~Result() {
        if (!has_value_) error_.~Error();
    }

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

private:
    void failed() const noexcept { assert(!has_value_ && "rowan: error() of a Result that holds a value"); }

    union {
        char nothing_;
        Error error_;
    };
    bool has_value_;
};

}  // namespace rowan
