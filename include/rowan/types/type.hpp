#pragma once

#include <rowan/types/fault.hpp>
#include <rowan/types/stored.hpp>

#include <type_traits>

namespace rowan {

/// How a C++ type is stored in one column. A specialisation has
///
///     static constexpr ColumnType column;                             // what CREATE TABLE says
///     template <class Sink> static Fault write(Sink&, const T&);      // sink.put(value in a Stored form)
///     template <class Cell> static Fault read(const Cell&, T&);       // cell.get(value in a Stored form)
///
/// and may be written for a type of the program's own; it usually calls those of a type that is there.
/// `sink.put` takes bool, std::int64_t, double, std::string_view, std::span<const std::byte>, Timestamp or
/// std::chrono::sys_days, and `sink.put_null()` a NULL; text and bytes must live until the statement has run.
/// `cell.get` fills one of the same and says Fault::null_value for NULL; text and bytes that it gives are
/// valid until the next row.
template <class T>
struct Type;

/// T has a Type that can be written: a column's type, or a view of one such as std::string_view.
template <class T>
concept Writable = requires { sizeof(Type<T>); };

/// T can be a column.
template <class T>
concept Storable = Writable<T> && requires { Type<T>::column; };

}  // namespace rowan
