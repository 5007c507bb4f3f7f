#pragma once

#include <rowan/core/result.hpp>
#include <rowan/repository/conflict.hpp>
#include <rowan/repository/one_row.hpp>
#include <rowan/repository/row_identity.hpp>

namespace rowan::detail {

/// Fills a struct with the row that has a key, if there is one. `must`: it is an error that there is none.
template <class T, bool must>
struct FindOne {
    template <class Connection>
    static Result<void> run(void* context, Connection& connection) {
        using Execution = typename Connection::Execution;
        FoundRow& work = *static_cast<FoundRow*>(context);
        if constexpr (!must && has_simple_key<T>) {
            return read_by_key<T>(connection, &put_simple_key<Key<T>, Execution>, work);
        } else if constexpr (!must) {
            return read_by_key<T>(connection, &put_key_of<RowByKey<T>, Execution>, work);
        } else {
            Result<void> read = FindOne<T, false>::run(context, connection);
            if (!read || work.found) return read;
            const Statement& statement = select_by_key<T, Connection>();
            if constexpr (has_simple_key<T>)
                return Failure(missing_key(table_info<T>, &put_simple_key<Key<T>, KeyText>, work.what, statement));
            else
                return Failure(missing<T>(*static_cast<const RowByKey<T>*>(work.what), statement));
        }
    }
};

/// What names a row of T by its key, for FindOne.
template <class T>
auto named_by(const Key<T>& key) {
    if constexpr (has_simple_key<T>)
        return KeyRow{&key, &table_info<T>};
    else
        return RowByKey<T>{key};
}

}  // namespace rowan::detail
