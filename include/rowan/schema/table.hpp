#pragma once

#include <rowan/core/text.hpp>
#include <rowan/core/view.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/info.hpp>
#include <rowan/schema/managed.hpp>
#include <rowan/schema/naming.hpp>
#include <rowan/schema/ordering.hpp>
#include <rowan/schema/requirements.hpp>
#include <rowan/types/enumeration.hpp>
#include <rowan/types/integer.hpp>
#include <rowan/types/optional.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace rowan {

/// Says that the database makes the key: see Table::key.
struct Generated {};
inline constexpr Generated generated{};

/// How an enum's column holds it.
enum class EnumStorage : std::uint8_t { by_default, by_name, by_value };

namespace detail {

inline void a_table_can_have_at_most_16_unique_constraints_and_indexes() {}
inline void the_unique_constraints_and_indexes_of_a_table_can_name_at_most_64_columns() {}

struct ColumnOptions {
    std::string_view name;
    EnumStorage storage = EnumStorage::by_default;
};

}  // namespace detail

/// What a struct says of its table. A value of the compiler: each call gives a changed copy, and the last
/// one is stored in `rowan::table<T>`.
template <class T>
class Table {
public:
    static_assert(require_storable<T>() && detail::require_managed<T>());

    constexpr explicit Table(std::string_view name) : name_{name} {
        for (std::size_t i = 0; i != columns_.size(); ++i) columns_[i].name = reflect::names<T>[i];
        if constexpr (constexpr std::size_t id = id_column(); id != reflect::field_count<T>) {
            static_assert(detail::require_no_managed_key<reflect::Field<T, id>>());
            key_[key_count_++] = id;
            generated_ = Integer<reflect::Field<T, id>>;
        }
    }

    /// The schema that holds the table; where the database has none, a prefix of the table's name.
    [[nodiscard]] constexpr Table in(std::string_view schema) const {
        Table changed = *this;
        changed.schema_ = schema;
        return changed;
    }

    /// The primary key, of one column or of several: its values come with the row.
    template <auto... Members>
    [[nodiscard]] constexpr Table key() const {
        static_assert(sizeof...(Members) != 0, "rowan: a key needs at least one member: .key<&T::m>()");
        static_assert((!detail::is_optional<reflect::MemberOf<Members>> && ...),
                      "rowan: a key's member cannot be std::optional: a key is never NULL");
        static_assert((detail::require_no_managed_key<reflect::MemberOf<Members>>() && ...));
        Table changed = *this;
        changed.key_ = {};
        changed.key_count_ = 0;
        ((changed.key_[changed.key_count_++] = static_cast<std::uint16_t>(reflect::index_of<T, Members>())), ...);
        changed.generated_ = false;
        return changed;
    }

    /// A key that the database makes where the row comes with 0; any other number is stored as it is given.
    template <auto Member>
    [[nodiscard]] constexpr Table key(Generated) const {
        static_assert(Integer<reflect::MemberOf<Member>>,
                      "rowan: a generated key must be an integer, such as std::int64_t");
        Table changed = key<Member>();
        changed.generated_ = Integer<reflect::MemberOf<Member>>;
        return changed;
    }

    /// No two rows are alike in all these columns. A NULL is like nothing, not even another NULL.
    template <auto... Members>
    [[nodiscard]] constexpr Table unique() const {
        static_assert(sizeof...(Members) != 0, "rowan: unique needs at least one member: .unique<&T::m>()");
        return with_index<Ordering<Members, false>...>(true);
    }

    /// The same among those rows only that fulfil a condition without parameters:
    /// `.unique<&T::user>(rowan::col<&T::active> == rowan::constant<true>)`.
    template <auto... Members, class Predicate>
    [[nodiscard]] constexpr Table unique(const Predicate&) const {
        return with_index<Ordering<Members, false>...>(true, true, &Predicate::template write_alone<T>);
    }

    /// An index over `&T::m` (ascending), `rowan::asc<&T::m>` or `rowan::desc<&T::m>`.
    template <auto... Columns>
    [[nodiscard]] constexpr Table index() const {
        static_assert(sizeof...(Columns) != 0, "rowan: an index needs at least one member: .index<&T::m>()");
        return with_index<typename detail::OrderingOf<Columns>::type...>(false);
    }

    /// The same over those rows only that fulfil a condition without parameters.
    template <auto... Columns, class Predicate>
    [[nodiscard]] constexpr Table index(const Predicate&) const {
        return with_index<typename detail::OrderingOf<Columns>::type...>(false, true,
                                                                         &Predicate::template write_alone<T>);
    }

    /// The column's name where it is not the member's.
    template <auto Member>
    [[nodiscard]] constexpr Table column(std::string_view name) const {
        Table changed = *this;
        changed.columns_[reflect::index_of<T, Member>()].name = name;
        return changed;
    }

    /// Stores an enum as its enumerator's name, whatever the default of its type.
    template <auto Member>
    [[nodiscard]] constexpr Table by_name() const {
        constexpr bool described = reflect::DescribedEnum<detail::required_t<reflect::MemberOf<Member>>>;
        static_assert(described, "rowan: by_name needs the enumerators' names: list them with BOOST_DESCRIBE_ENUM");
        return with_storage<Member>(described ? EnumStorage::by_name : EnumStorage::by_default);
    }

    /// Stores an enum as its number, whatever the default of its type.
    template <auto Member>
    [[nodiscard]] constexpr Table by_value() const {
        using Enum = detail::required_t<reflect::MemberOf<Member>>;
        if constexpr (!std::is_enum_v<Enum>)
            static_assert(std::is_enum_v<Enum>, "rowan: by_value is for members of an enum type");
        else
            static_assert(detail::NumberedEnum<Enum>, "rowan: an enum over bool or a character type cannot be stored "
                                                      "by value: give it an integer type, or store its names");
        return with_storage<Member>(detail::NumberedEnum<Enum> ? EnumStorage::by_value : EnumStorage::by_default);
    }

    [[nodiscard]] constexpr std::string_view name() const { return name_; }
    [[nodiscard]] constexpr std::string_view schema() const { return schema_; }
    [[nodiscard]] constexpr const auto& columns() const { return columns_; }
    [[nodiscard]] constexpr detail::View<std::uint16_t> key_columns() const { return {key_.data(), key_count_}; }
    [[nodiscard]] constexpr bool has_generated_key() const { return generated_; }
    [[nodiscard]] constexpr detail::View<IndexInfo> indexes() const { return {indexes_.data(), index_count_}; }
    [[nodiscard]] constexpr detail::View<IndexColumn> index_columns() const {
        return {index_columns_.data(), index_column_count_};
    }

private:
    static constexpr std::uint16_t id_column() {
        std::uint16_t i = 0;
        while (i != reflect::field_count<T> && reflect::names<T>[i] != "id") ++i;
        return i;
    }

    template <class... Orderings>
    [[nodiscard]] constexpr Table with_index(bool unique, bool partial = false,
                                             detail::WritePredicate predicate = nullptr) const {
        Table changed = *this;
        if (index_count_ == indexes_.size()) detail::a_table_can_have_at_most_16_unique_constraints_and_indexes();
        if (index_column_count_ + sizeof...(Orderings) > index_columns_.size())
            detail::the_unique_constraints_and_indexes_of_a_table_can_name_at_most_64_columns();
        changed.indexes_[changed.index_count_++] = {static_cast<std::uint16_t>(index_column_count_),
                                                    static_cast<std::uint16_t>(sizeof...(Orderings)), unique, partial,
                                                    predicate};
        ((changed.index_columns_[changed.index_column_count_++] = {static_cast<std::uint16_t>(
                                                                       reflect::index_of<T, Orderings::member>()),
                                                                   Orderings::descending}),
         ...);
        return changed;
    }

    template <auto Member>
    [[nodiscard]] constexpr Table with_storage(EnumStorage storage) const {
        Table changed = *this;
        changed.columns_[reflect::index_of<T, Member>()].storage = storage;
        return changed;
    }

    std::string_view name_;
    std::string_view schema_{};
    std::array<detail::ColumnOptions, reflect::field_count<T>> columns_{};
    std::array<std::uint16_t, 16> key_{};
    std::size_t key_count_ = 0;
    bool generated_ = false;
    std::array<IndexInfo, 16> indexes_{};
    std::size_t index_count_ = 0;
    std::array<IndexColumn, 64> index_columns_{};
    std::size_t index_column_count_ = 0;
};

/// Starts the description of T's table: named as given, else as T in snake_case. A member called `id` is the
/// key, generated if it is an integer, until `key` says otherwise.
template <class T>
[[nodiscard]] constexpr Table<T> describe(std::string_view name = detail::text_of<detail::SnakeCaseOf<T>>) {
    return Table<T>{name};
}

/// T's table. Specialise it right behind the struct, before anything uses it:
///
///     template <>
///     inline constexpr auto rowan::table<Candle> = rowan::describe<Candle>("candles").unique<&Candle::time>();
template <class T>
inline constexpr Table<T> table = describe<T>();

}  // namespace rowan
