#pragma once

#include <rowan/query/columns.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/value_text.hpp>
#include <rowan/schema/key.hpp>
#include <rowan/schema/managed.hpp>
#include <rowan/types/integer.hpp>
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

/// A part of a key, converted. An integer that the key's type does not hold would name another row: `fits` is false
/// then.
template <class Part, class Value>
Part part_of_key(const Value& value, bool& fits) {
    if constexpr (Integer<Part> && Integer<Value>) {
        fits = fits && std::in_range<Part>(value);
        return static_cast<Part>(value);
    } else {
        return value;
    }
}

template <class T>
class RowAtVersion {
public:
    static constexpr bool checked = true;

    template <class K>
    explicit RowAtVersion(const AtVersion<K>& row) : key_{convert(row.key, fits_)}, seen_{row.version} {}

    template <class Sink>
    ValueFault put_key(Sink& sink) const {
        if (!fits_) return {Fault::out_of_range, place_of<T>(table<T>.key_columns()[0])};
        return write_key<T>(sink, key_);
    }
    template <class Sink>
    ValueFault put(Sink& sink) const {
        if (const ValueFault found = put_key(sink)) return found;
        return {Type<Version>::write(sink, seen_), place_of<T>(managed_columns<T>.version)};
    }
    [[nodiscard]] std::int64_t version() const { return seen_; }

private:
    template <class K>
    static Key<T> convert(const K& key, [[maybe_unused]] bool& fits) {
        if constexpr (key_size<T> == 1)
            return part_of_key<Key<T>>(key, fits);
        else if constexpr (key_size<T> > 1)
            return [&]<std::size_t... I>(std::index_sequence<I...>) {
                return Key<T>{part_of_key<std::tuple_element_t<I, Key<T>>>(std::get<I>(key), fits)...};
            }(std::make_index_sequence<key_size<T>>{});
        else
            return key;
    }

    bool fits_ = true;
    Key<T> key_;
    Version seen_;
};

/// A ValueText that puts the key's columns in front: `exchange = 'okx', number = 3`. A template, as a program then
/// compiles only those of its functions that it calls.
template <class Values>
class KeyTextOf {
public:
    explicit KeyTextOf(const TableInfo& table) : table_{table} {}

    template <class Value>
    Fault put(const Value& value) {
        name();
        return values_.put(value);
    }
    Fault put_null() {
        name();
        return values_.put_null();
    }
    [[nodiscard]] auto& text() { return values_.text(); }

private:
    void name() {
        if (next_ != 0) text() += ", ";
        text().append(table_.columns[table_.key[next_++]].name).append(" = ");
    }

    const TableInfo& table_;
    Values values_{};
    std::size_t next_ = 0;
};
using KeyText = KeyTextOf<ValueText>;

template <class T, class Row>
[[gnu::cold]] std::string key_text(const Row& row) {
    KeyText text{table_info<T>};
    // What has just been written to a statement can be shown as well.
    (void)row.put_key(text);
    return std::move(text.text());
}

}  // namespace detail
}  // namespace rowan
