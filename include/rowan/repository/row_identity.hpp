#pragma once

#include <rowan/query/columns.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/value_text.hpp>
#include <rowan/schema/key.hpp>
#include <rowan/schema/managed.hpp>
#include <rowan/types/version.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>

namespace rowan {

/// A row as it was when it had this version: what `at_version` gives.
template <class K>
struct AtVersion {
    K key;
    Version version;
};

/// Names a row and the version that the caller has seen, where no struct is at hand: `patch(at_version(7, 3), …)`.
template <class K>
[[nodiscard]] constexpr AtVersion<K> at_version(K key, Version version) {
    return {std::move(key), version};
}

namespace detail {

/// 0 where there is none.
template <class T>
std::int64_t version_of([[maybe_unused]] const T& entity) {
    if constexpr (has_version<T>)
        return std::get<managed_columns<T>.version>(reflect::tie(entity));
    else
        return 0;
}

// Three ways to name the row that an operation is about. `checked`: only while it has that version.

template <class T>
struct RowByKey {
    static constexpr bool checked = false;
    const Key<T>& key;

    template <class Sink>
    ValueFault put_key(Sink& sink) const {
        return write_key<T>(sink, key);
    }
    template <class Sink>
    ValueFault put(Sink& sink) const {
        return put_key(sink);
    }
    [[nodiscard]] static std::int64_t version() { return 0; }
};

template <class T>
struct RowOfEntity {
    static constexpr bool checked = has_version<T>;
    const T& entity;

    template <class Sink>
    ValueFault put_key(Sink& sink) const {
        return write_identity<T>(sink, entity);
    }
    template <class Sink>
    ValueFault put(Sink& sink) const {
        return write_identity<T, Columns::key_and_version>(sink, entity);
    }
    [[nodiscard]] std::int64_t version() const { return version_of(entity); }
};

template <class T>
struct RowAtVersion {
    static constexpr bool checked = true;
    Key<T> key;
    Version seen;

    template <class Sink>
    ValueFault put_key(Sink& sink) const {
        return write_key<T>(sink, key);
    }
    template <class Sink>
    ValueFault put(Sink& sink) const {
        if (const ValueFault found = put_key(sink)) return found;
        return {Type<Version>::write(sink, seen), place_of<T>(managed_columns<T>.version)};
    }
    [[nodiscard]] std::int64_t version() const { return seen; }
};

/// A ValueText that puts the columns' names in front: `exchange = 'okx', number = 3`.
template <class T>
class KeyText {
public:
    template <class Value>
    Fault put(const Value& value) {
        name();
        return values_.put(value);
    }
    Fault put_null() {
        name();
        return values_.put_null();
    }
    [[nodiscard]] std::string& text() { return values_.text(); }

private:
    void name() {
        if (next_ != 0) text() += ", ";
        text().append(table_info<T>.columns[table_info<T>.key[next_++]].name).append(" = ");
    }

    ValueText values_{};
    std::size_t next_ = 0;
};

template <class T, class Row>
std::string key_text(const Row& row) {
    KeyText<T> text;
    // What has just been written to a statement can be shown as well.
    (void)row.put_key(text);
    return std::move(text.text());
}

}  // namespace detail
}  // namespace rowan
