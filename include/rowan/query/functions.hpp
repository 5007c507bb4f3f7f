#pragma once

#include <rowan/query/choice_functions.hpp>
#include <rowan/query/column.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/number_functions.hpp>
#include <rowan/query/text_functions.hpp>
#include <rowan/query/time_operators.hpp>
#include <rowan/query/window_functions.hpp>
#include <rowan/schema/ordering.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

namespace rowan {

/// In small letters, in capitals: as the database understands it (some only ASCII).
template <detail::AnyExpression Text>
[[nodiscard]] constexpr auto lower(Text text) {
    static_assert(std::is_same_v<typename Text::Type, std::string>, "rowan: lower is for text");
    return detail::combine<detail::CallShape<"lower", std::string, true, typename Text::Shape>>(std::move(text));
}
template <detail::AnyExpression Text>
[[nodiscard]] constexpr auto upper(Text text) {
    static_assert(std::is_same_v<typename Text::Type, std::string>, "rowan: upper is for text");
    return detail::combine<detail::CallShape<"upper", std::string, true, typename Text::Shape>>(std::move(text));
}

/// The first of the two that is not NULL.
template <detail::AnyExpression First, class Second>
[[nodiscard]] constexpr auto coalesce(First first, Second&& second) {
    auto other = detail::operand_beside<typename First::Shape>(std::forward<Second>(second));
    using Shape = detail::CallShape<"coalesce", typename First::Type, false, typename First::Shape,
                                    detail::ShapeIn<decltype(other)>>;
    return detail::combine<detail::ReadAs<Shape, typename First::Shape>>(std::move(first), std::move(other));
}

/// Parts of a timestamp, in UTC.
enum class Unit : unsigned char { second, minute, hour, day, week, month, year };

/// The timestamp at which its second, minute, … or year began; weeks begin on Mondays.
template <Unit unit, detail::AnyExpression Time>
[[nodiscard]] constexpr auto truncate(Time time) {
    static_assert(std::is_same_v<typename Time::Type, Timestamp>, "rowan: truncate is for timestamps");
    constexpr auto function =
        static_cast<Function>(static_cast<int>(Function::truncate_to_second) + static_cast<int>(unit));
    return detail::combine<detail::PatternShape<function, Timestamp, typename Time::Shape>>(std::move(time));
}

/// Rows, or those for which an expression is not NULL.
[[nodiscard]] constexpr auto count() { return detail::Expression<detail::CountRowsShape>{}; }
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto count(Inner inner) {
    return detail::combine<detail::CountShape<typename Inner::Shape, false>>(std::move(inner));
}
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto count_distinct(Inner inner) {
    return detail::combine<detail::CountShape<typename Inner::Shape, true>>(std::move(inner));
}

/// Of integers std::int64_t, of others double. Of no row it is NULL, so the member that takes it is a std::optional
/// unless the query groups. A sum of integers over the limit is an error.
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto sum(Inner inner) {
    using Type = typename Inner::Type;
    static_assert(detail::Number<Type>, "rowan: sum is for numbers");
    if constexpr (Integer<Type>)
        return detail::combine<
            detail::IntegerSumShape<detail::AggregateShape<"sum", std::int64_t, typename Inner::Shape>>>(
            std::move(inner));
    else
        return detail::combine<detail::AggregateShape<"sum", double, detail::CastShape<double, typename Inner::Shape>>>(
            std::move(inner));
}
/// Always a double.
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto avg(Inner inner) {
    static_assert(detail::Number<typename Inner::Type>, "rowan: avg is for numbers");
    return detail::combine<detail::AggregateShape<"avg", double, detail::CastShape<double, typename Inner::Shape>>>(
        std::move(inner));
}
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto min(Inner inner) {
    return detail::combine<detail::ExtremeShape<"min", typename Inner::Shape>>(std::move(inner));
}
template <detail::AnyExpression Inner>
[[nodiscard]] constexpr auto max(Inner inner) {
    return detail::combine<detail::ExtremeShape<"max", typename Inner::Shape>>(std::move(inner));
}

namespace detail {

template <auto Member, bool descending>
constexpr auto as_ordered(Ordering<Member, descending>) {
    if constexpr (descending)
        return col<Member>.desc();
    else
        return col<Member>.asc();
}
template <class Shape, class... Held>
constexpr auto as_ordered(Ordered<Shape, Held...> ordered) {
    return ordered;
}
template <class Shape, class... Held>
constexpr auto as_ordered(const Expression<Shape, Held...>& expression) {
    return expression.asc();
}

}  // namespace detail

namespace detail {

/// What an item of an ORDER BY is, without making it: see as_ordered.
template <class Item>
struct OrderItem {
    using type = typename decltype(as_ordered(std::declval<const Item&>()))::Shape;
};
template <auto Member, bool descending>
struct OrderItem<Ordering<Member, descending>> {
    using type = OrderShape<ColumnShape<Member, "">, descending, Nulls::by_default>;
};
template <class Item>
using OrderOf = typename OrderItem<Item>::type;

/// Is it a column, which has no values?
template <class Item>
inline constexpr bool is_plain_order = false;
template <auto Member, bool descending>
inline constexpr bool is_plain_order<Ordering<Member, descending>> = true;

}  // namespace detail

/// The order of a window's rows: `rowan::asc<&T::m>`, `rowan::desc<&T::m>`, or an expression's `.asc()` or `.desc()`.
template <class... Items>
[[nodiscard]] constexpr auto order_by(Items... items) {
    return [&]<class... Held>(std::tuple<Held...> all) {
        using Shapes = detail::OrderShapes<typename decltype(detail::as_ordered(items))::Shape...>;
        return detail::OrderList<Shapes, Held...>{std::move(all)};
    }(std::tuple_cat(detail::as_ordered(items).values...));
}

/// The rows of a window: those alike in all these expressions.
template <detail::AnyExpression... Items>
[[nodiscard]] constexpr auto partition_by(Items... items) {
    return [&]<class... Held>(std::tuple<Held...> all) {
        return detail::PartitionList<detail::PartitionShapes<typename Items::Shape...>, Held...>{std::move(all)};
    }(std::tuple_cat(items.values...));
}

namespace detail {

/// `CASE` that has no ELSE yet.
template <class Value, class WhenShapes, class... Held>
class CaseBuilder;

template <class Value, class... Whens, class... Held>
class CaseBuilder<Value, TypeList<Whens...>, Held...> {
public:
    constexpr explicit CaseBuilder(std::tuple<Held...> values) : values_{std::move(values)} {}

    template <Condition Where, class Result>
    [[nodiscard]] constexpr auto when(Where condition, Result&& result) const {
        auto value = operand_beside<ShapeOf<Value>>(std::forward<Result>(result));
        using When = WhenShape<typename Where::Shape, ShapeIn<decltype(value)>>;
        return [&]<class... All>(std::tuple<All...> all) {
            return CaseBuilder<Value, TypeList<Whens..., When>, All...>{std::move(all)};
        }(std::tuple_cat(values_, condition.values, value.values));
    }

    template <class Result>
    [[nodiscard]] constexpr auto otherwise(Result&& result) const {
        auto value = operand_beside<ShapeOf<Value>>(std::forward<Result>(result));
        using Shape = CaseShape<Value, ShapeIn<decltype(value)>, Whens...>;
        return [&]<class... All>(std::tuple<All...> all) {
            return Expression<Shape, All...>{std::move(all)};
        }(std::tuple_cat(values_, value.values));
    }

private:
    std::tuple<Held...> values_;
};

}  // namespace detail

/// `case_when(condition, value).when(condition, value).otherwise(value)`: the value behind the first condition that is
/// true. All values are of the first one's type, where integers are std::int64_t and other numbers double.
template <detail::Condition Where, class Result>
[[nodiscard]] constexpr auto case_when(Where condition, Result&& result) {
    using Given = typename detail::ShapeOfOperand<Result>::Type;
    using Value =
        std::conditional_t<Integer<Given>, std::int64_t, std::conditional_t<detail::Floating<Given>, double, Given>>;
    return detail::CaseBuilder<Value, detail::TypeList<>>{std::tuple<>{}}.when(std::move(condition),
                                                                               std::forward<Result>(result));
}

/// Does the query give a row?
template <class Query>
[[nodiscard]] constexpr auto exists(const Query& query) {
    return [&]<class... Held>(std::tuple<Held...> values) {
        return detail::Expression<detail::ExistsShape<typename Query::QueryShape>, Held...>{std::move(values)};
    }(query.template values<detail::Wanted::existence>());
}

/// The only value of a query that selects one column and gives at most one row; NULL where it gives none.
template <class Query>
[[nodiscard]] constexpr auto scalar(const Query& query) {
    return [&]<class... Held>(std::tuple<Held...> values) {
        return detail::Expression<detail::ScalarShape<typename Query::QueryShape>, Held...>{std::move(values)};
    }(query.values());
}

/// The member of a JSON document at a path, as text: `json_text<"address", "city">(col<&T::document>)`. NULL where
/// there is none.
template <FixedString... path, detail::AnyExpression Document>
[[nodiscard]] constexpr auto json_text(Document document) {
    static_assert(std::is_same_v<typename Document::Type, std::string>, "rowan: json_text is for text that holds JSON");
    static_assert(sizeof...(path) != 0, "rowan: json_text needs the path of a member: json_text<\"name\">(document)");
    return detail::combine<detail::PatternShape<Function::json_text, std::string, typename Document::Shape,
                                                detail::JsonPathShape<path...>>>(
        std::move(document), detail::Expression<detail::JsonPathShape<path...>>{});
}

}  // namespace rowan
