#pragma once

#include <rowan/types/timestamp.hpp>
#include <rowan/types/type.hpp>

namespace rowan {

/// When the row was last written, as a Timestamp of the writing program's clock: set by each insert, update, patch and
/// upsert that goes through rowan. No `set<&T::updated_at>` compiles.
struct UpdatedAt : Timestamp {
    constexpr UpdatedAt() = default;
    constexpr UpdatedAt(Timestamp time) : Timestamp{time} {}
};

/// When the row was inserted, as a Timestamp of the writing program's clock, unless the struct comes with a time of its
/// own, as imports do. Never written again: what an update finds in it is not sent.
struct CreatedAt : Timestamp {
    constexpr CreatedAt() = default;
    constexpr CreatedAt(Timestamp time) : Timestamp{time} {}
};

template <>
struct Type<UpdatedAt> : Type<Timestamp> {};
template <>
struct Type<CreatedAt> : Type<Timestamp> {};

}  // namespace rowan
