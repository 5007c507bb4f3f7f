#pragma once

#include <rowan/reflect/fields.hpp>
#include <rowan/schema/codec.hpp>
#include <rowan/schema/info.hpp>
#include <rowan/schema/managed.hpp>
#include <rowan/schema/table.hpp>
#include <rowan/types/optional.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace rowan {

namespace detail {

template <class T>
inline constexpr auto column_infos =
    []<std::size_t... I, class... Members>(std::index_sequence<I...>, TypeList<Members...>) {
        return std::array<ColumnInfo, sizeof...(I)>{
            ColumnInfo{table<T>.columns()[I].name, CodecOf<T, I, Members>::column, is_optional<Members>}...};
    }(std::make_index_sequence<reflect::field_count<T>>{}, reflect::MemberTypes<T>{});

}  // namespace detail

/// T's table without T.
template <class T>
inline constexpr TableInfo table_info{.name = table<T>.name(),
                                      .schema = table<T>.schema(),
                                      .columns = detail::column_infos<T>,
                                      .key = table<T>.key_columns(),
                                      .generated_key = table<T>.has_generated_key(),
                                      .indexes = table<T>.indexes(),
                                      .index_columns = table<T>.index_columns(),
                                      .managed = detail::managed_columns<T>};

}  // namespace rowan
