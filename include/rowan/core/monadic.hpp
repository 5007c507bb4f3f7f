#pragma once

#include <rowan/core/failure.hpp>

#include <type_traits>
#include <utility>

namespace rowan::detail {

/// What `fn` gives of the value that `result` holds; of nothing, where that is void.
template <class R, class Fn>
decltype(auto) apply(R&& result, Fn& fn) {
    if constexpr (std::is_void_v<typename std::remove_cvref_t<R>::value_type>)
        return fn();
    else
        return fn(*std::forward<R>(result));
}

// Once for all kinds of Result, as each declaration of a member is paid for with every T.

template <class R, class Fn>
auto and_then(R&& result, Fn& fn) {
    using Next = std::remove_cvref_t<decltype(apply(std::forward<R>(result), fn))>;
    static_assert(is_result<Next>,
                  "rowan: the function of and_then gives a Result. One that gives a value goes to transform.");
    if (!result.has_value()) return Next{Failure(std::forward<R>(result).error())};
    return Next(apply(std::forward<R>(result), fn));
}

template <class R, class Fn>
auto or_else(R&& result, Fn& fn) {
    using Same = std::remove_cvref_t<R>;
    static_assert(std::is_same_v<std::remove_cvref_t<decltype(fn(std::forward<R>(result).error()))>, Same>,
                  "rowan: the function of or_else gives a Result of the same type as it is called for.");
    if (result.has_value()) return Same(std::forward<R>(result));
    return Same(fn(std::forward<R>(result).error()));
}

template <class R, class Fn>
auto transform(R&& result, Fn& fn) {
    using Value = std::remove_cv_t<decltype(apply(std::forward<R>(result), fn))>;
    if (!result.has_value()) return Result<Value>{Failure(std::forward<R>(result).error())};
    if constexpr (std::is_void_v<Value>) {
        apply(std::forward<R>(result), fn);
        return Result<Value>{};
    } else {
        return Result<Value>{std::in_place, apply(std::forward<R>(result), fn)};
    }
}

template <class R, class Fn>
auto transform_error(R&& result, Fn& fn) {
    using Same = std::remove_cvref_t<R>;
    static_assert(std::is_same_v<std::remove_cv_t<decltype(fn(std::forward<R>(result).error()))>, Error>,
                  "rowan: the function of transform_error gives a rowan::Error, which is what every Result holds.");
    if (result.has_value()) return Same(std::forward<R>(result));
    return Same{Failure(fn(std::forward<R>(result).error()))};
}

}  // namespace rowan::detail
