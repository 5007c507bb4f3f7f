#pragma once

#include <rowan/core/result.hpp>
#include <rowan/repository/conflict.hpp>
#include <rowan/repository/row_identity.hpp>

namespace rowan::detail {

/// Fills a struct with the row that has a key, if there is one. `must`: it is an error that there is none.
template <class T, bool must>
struct FindOne {
    const RowByKey<T>* row;
    T* entity;
    bool found = false;

    template <class Connection>
    static Result<void> run(void* context, Connection& connection) {
        auto& work = *static_cast<FindOne*>(context);
        Result<void> read = read_current(connection, *work.row, *work.entity, work.found);
        if constexpr (must)
            if (read && !work.found) return Failure(missing<T>(*work.row, select_by_key<T, Connection>()));
        return read;
    }
};

}  // namespace rowan::detail
