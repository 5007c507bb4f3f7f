#pragma once

#include <rowan/core/fixed_string.hpp>
#include <rowan/core/tuple.hpp>
#include <rowan/query/aggregate_shapes.hpp>
#include <rowan/query/function_shapes.hpp>
#include <rowan/query/operand.hpp>
#include <rowan/query/operator_shapes.hpp>
#include <rowan/query/order.hpp>
#include <rowan/query/shape.hpp>
#include <rowan/query/subquery_shapes.hpp>
#include <rowan/query/window_shapes.hpp>
#include <rowan/types/integer.hpp>
#include <rowan/types/optional.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan::detail {

template <class Shape, class... Held>
class Expression;

template <class E>
inline constexpr bool is_expression = false;
template <class Shape, class... Held>
inline constexpr bool is_expression<Expression<Shape, Held...>> = true;

/// E is an expression.
template <class E>
concept AnyExpression = is_expression<std::remove_cvref_t<E>>;

template <AnyExpression E>
using ShapeIn = typename std::remove_cvref_t<E>::Shape;

/// E is an expression that is true or false.
template <class E>
concept Condition = AnyExpression<E> && std::is_same_v<typename ShapeIn<E>::Type, bool>;

template <class T>
concept Number = Integer<T> || Floating<T>;

template <class Shape, class... Held>
constexpr Expression<Shape, Held...> expression_of(std::tuple<Held...>&& values) {
    return {static_cast<std::tuple<Held...>&&>(values)};
}

/// An expression of `Shape`, with the values of its operands in order.
template <class Shape, AnyExpression... Operands>
constexpr auto combine(Operands&&... operands) {
    return expression_of<Shape>(join(static_cast<Operands&&>(operands).values...));
}

/// A value that is compared with an expression of type Type, as a query holds it. A function of the types only, which
/// many columns share.
template <class Type, class Value>
constexpr auto held_value(Value&& value) {
    if constexpr (require_comparable<Type, std::remove_cvref_t<Value>>()) {
        using Kept = typename HeldFor<Type, Value>::type;
        return Kept(static_cast<Value&&>(value));
    } else {
        return typename HeldFor<Type, Type>::type{};
    }
}

/// A value that is compared with an expression of `Like`.
template <class Like, class Value>
constexpr auto make_value(Value&& value) {
    using Kept = typename HeldFor<typename Like::Type, Value>::type;
    return Expression<ValueShape<Like>, Kept>{std::tuple<Kept>{Kept(std::forward<Value>(value))}};
}

template <class Left, class Right>
consteval bool require_alike() {
    using Type = typename Right::Type;
    using Other = typename Left::Type;
    static_assert(std::is_same_v<Type, Other> || (Integer<Type> && Integer<Other>) || (Number<Type> && Number<Other>),
                  "rowan: two expressions of unlike types are compared: cast<T>(...) one of them");
    return true;
}

/// `right` as an operand beside an expression of `Like`: an expression as it is, a value as a parameter.
template <class Like, class Right>
constexpr auto operand_beside(Right&& right) {
    if constexpr (AnyExpression<Right>) {
        static_assert(require_alike<Like, ShapeIn<Right>>());
        return std::remove_cvref_t<Right>{std::forward<Right>(right)};
    } else if constexpr (require_comparable<typename Like::Type, std::remove_cvref_t<Right>>()) {
        return make_value<Like>(std::forward<Right>(right));
    } else {
        return make_value<Like>(typename Like::Type{});
    }
}

/// `right` as an operand that brings its own type.
template <class Right>
constexpr auto operand_of_its_own(Right&& right) {
    if constexpr (AnyExpression<Right>)
        return std::remove_cvref_t<Right>{std::forward<Right>(right)};
    else if constexpr (std::convertible_to<Right, std::string_view>)
        return make_value<ShapeOf<std::string>>(std::forward<Right>(right));
    else
        return make_value<ShapeOf<std::remove_cvref_t<Right>>>(std::forward<Right>(right));
}

template <class T>
using ShapeOfOperand = ShapeIn<decltype(operand_of_its_own(std::declval<T>()))>;

/// Takes a value that may be missing.
template <class Like, class Scope>
struct MaybeValue {
    static constexpr Form form = OneValue<Like, Scope>::form;

    template <class Sink, class Held>
    static ValueFault write(Sink& sink, const std::optional<Held>& held) {
        if (held) return OneValue<Like, Scope>::write(sink, *held);
        return {sink.put_null(), Like::template place<Scope>()};
    }
};

template <class Like>
struct MaybeValueShape : ValueShape<Like> {
    template <class Scope>
    static constexpr bool nullable = true;
    template <class Scope>
    using Parameters = TypeList<MaybeValue<Like, Scope>>;
};

/// A range that outlives the query, seen through a pointer; a temporary is kept whole.
template <class Range>
struct RangeView {
    const Range* range;
    [[nodiscard]] auto begin() const { return std::begin(*range); }
    [[nodiscard]] auto end() const { return std::end(*range); }
};

template <class R>
concept ConstRange = requires(const R& range) {
    std::begin(range);
    std::end(range);
};

template <class Range>
using ItemOf = std::remove_cvref_t<decltype(*std::begin(std::declval<const Range&>()))>;

/// A part of a statement with a value: a column, a constant, or what functions and operators make of them.
///
/// Text and bytes that are not temporaries are kept by view and must outlive the query; so must ranges.
template <class ExpressionShape, class... Held>
class Expression {
public:
    using Shape = ExpressionShape;
    using Type = typename Shape::Type;

    std::tuple<Held...> values{};

    /// Writes it as a condition in the description of T's table: see write_predicate.
    template <class T>
    static constexpr void write_alone(TextWriter& out, const Dialect& dialect) {
        static_assert(sizeof...(Held) == 0, "rowan: the condition of an index cannot have parameters: write a value as "
                                            "rowan::constant<value>");
        std::size_t none = 1;
        if constexpr (sizeof...(Held) == 0) Shape::template write<DescriptionScope<T>>(out, dialect, none);
    }

    template <Nulls nulls = Nulls::by_default>
    [[nodiscard]] constexpr auto asc() const {
        return Ordered<OrderShape<Shape, false, nulls>, Held...>{values};
    }
    template <Nulls nulls = Nulls::by_default>
    [[nodiscard]] constexpr auto desc() const {
        return Ordered<OrderShape<Shape, true, nulls>, Held...>{values};
    }

    /// The name of the column in a projection: that of the member that takes it.
    template <FixedString name>
    [[nodiscard]] constexpr auto as() const {
        return combine<NamedShape<Shape, name>>(*this);
    }

    [[nodiscard]] constexpr auto is_null() const { return combine<NullTestShape<Shape, true>>(*this); }
    [[nodiscard]] constexpr auto is_not_null() const { return combine<NullTestShape<Shape, false>>(*this); }

    /// From `low` to `high`, both included.
    template <class Low, class High>
    [[nodiscard]] constexpr auto between(Low&& low, High&& high) const {
        auto first = operand_beside<Shape>(std::forward<Low>(low));
        auto last = operand_beside<Shape>(std::forward<High>(high));
        return combine<BetweenShape<Shape, ShapeIn<decltype(first)>, ShapeIn<decltype(last)>>>(*this, std::move(first),
                                                                                               std::move(last));
    }

    /// Is it one of the values of a range, or of the rows of a query with one column? Of an empty range: never. One
    /// constant text whatever the length.
    template <class Many>
    [[nodiscard]] constexpr auto in(Many&& many) const {
        return listed<Function::in_list, true>(std::forward<Many>(many));
    }
    [[nodiscard]] auto in(std::initializer_list<Type> many) const { return in(std::vector<Type>(many)); }

    /// Is it none of them? Of an empty range: always, unless it is NULL itself.
    template <class Many>
    [[nodiscard]] constexpr auto not_in(Many&& many) const {
        return listed<Function::not_in_list, false>(std::forward<Many>(many));
    }
    [[nodiscard]] auto not_in(std::initializer_list<Type> many) const { return not_in(std::vector<Type>(many)); }

    /// Does it differ from a value, or an expression, where NULL is a value like any other? std::nullopt may be given.
    template <class Right>
    [[nodiscard]] constexpr auto is_distinct_from(Right&& right) const {
        return distinct<Function::distinct>(std::forward<Right>(right));
    }
    template <class Right>
    [[nodiscard]] constexpr auto is_not_distinct_from(Right&& right) const {
        return distinct<Function::not_distinct>(std::forward<Right>(right));
    }

    /// SQL's LIKE: `%` stands for any text, `_` for any character, a backslash takes the next one literally. Capitals
    /// are told apart, on every database; by `ilike` not (on some databases for ASCII only).
    template <class Right>
    [[nodiscard]] constexpr auto like(Right&& pattern) const {
        return text_test<Function::like>(std::forward<Right>(pattern));
    }
    template <class Right>
    [[nodiscard]] constexpr auto ilike(Right&& pattern) const {
        return text_test<Function::ilike>(std::forward<Right>(pattern));
    }
    /// Is the text in it, at its start, at its end? Every character of the text means itself.
    template <class Right>
    [[nodiscard]] constexpr auto contains(Right&& text) const {
        return text_test<Function::contains>(std::forward<Right>(text));
    }
    template <class Right>
    [[nodiscard]] constexpr auto starts_with(Right&& text) const {
        return text_test<Function::starts_with>(std::forward<Right>(text));
    }
    template <class Right>
    [[nodiscard]] constexpr auto ends_with(Right&& text) const {
        return text_test<Function::ends_with>(std::forward<Right>(text));
    }

    /// Only of the rows for which `condition` is true: behind an aggregate.
    template <Condition Where>
    [[nodiscard]] constexpr auto filter(Where condition) const {
        using Aggregate = typename Aggregated<Shape>::Bare;
        static_assert(
            requires { Aggregate::counts; },
            "rowan: filter belongs behind an aggregate, as in sum(x).filter(condition)");
        using Filtered = FilterShape<Aggregate, ShapeIn<Where>>;
        return combine<typename Aggregated<Shape>::template Whole<Filtered>>(*this, std::move(condition));
    }

    /// The function over a window: `.over(partition_by(…), order_by(…), rows_between(…, …))`, each of which may be left
    /// out.
    template <class Partition, class... First, class Order, class... Second, AnyFrame Frame = NoFrame>
    [[nodiscard]] constexpr auto over(const PartitionList<Partition, First...>& partition,
                                      const OrderList<Order, Second...>& order, Frame = {}) const {
        using Windowed = OverShape<typename Aggregated<Shape>::Bare, Partition, Order, Frame>;
        return with_values<typename Aggregated<Shape>::template Whole<Windowed>>(
            std::tuple_cat(values, partition.values, order.values));
    }
    template <class Partition, class... First, AnyFrame Frame = NoFrame>
    [[nodiscard]] constexpr auto over(const PartitionList<Partition, First...>& partition, Frame frame = {}) const {
        return over(partition, OrderList<OrderShapes<>>{}, frame);
    }
    template <class Order, class... Second, AnyFrame Frame = NoFrame>
    [[nodiscard]] constexpr auto over(const OrderList<Order, Second...>& order, Frame frame = {}) const {
        return over(PartitionList<PartitionShapes<>>{}, order, frame);
    }
    template <AnyFrame Frame = NoFrame>
    [[nodiscard]] constexpr auto over(Frame frame = {}) const {
        return over(PartitionList<PartitionShapes<>>{}, OrderList<OrderShapes<>>{}, frame);
    }

private:
    template <class NewShape, class... Values>
    static constexpr auto with_values(std::tuple<Values...> all) {
        return Expression<NewShape, Values...>{std::move(all)};
    }

    template <Function function, class Right>
    constexpr auto text_test(Right&& right) const {
        static_assert(std::is_same_v<Type, std::string>, "rowan: this is a test of text, on something that is no text");
        auto text = operand_beside<Shape>(std::forward<Right>(right));
        return combine<PatternShape<function, bool, Shape, ShapeIn<decltype(text)>>>(*this, std::move(text));
    }

    template <Function function, class Right>
    constexpr auto distinct(Right&& right) const {
        using Value = std::remove_cvref_t<Right>;
        if constexpr (std::is_same_v<Value, std::nullopt_t>) {
            return distinct<function>(std::optional<Type>{});
        } else if constexpr (is_optional<Value>) {
            (void)require_comparable<Type, typename Value::value_type>();
            using Maybe = MaybeValueShape<Shape>;
            return combine<PatternShape<function, bool, Shape, Maybe>>(
                *this, Expression<Maybe, Value>{std::tuple<Value>{std::forward<Right>(right)}});
        } else {
            auto other = operand_beside<Shape>(std::forward<Right>(right));
            return combine<PatternShape<function, bool, Shape, ShapeIn<decltype(other)>>>(*this, std::move(other));
        }
    }

    template <Function function, bool wanted, class Many>
    constexpr auto listed(Many&& many) const {
        using Range = std::remove_cvref_t<Many>;
        if constexpr (requires { typename Range::QueryShape; }) {
            return with_values<InSubqueryShape<Shape, typename Range::QueryShape, wanted>>(
                std::tuple_cat(values, many.values()));
        } else {
            static_assert(ConstRange<Range>, "rowan: in takes a range of values, or a query that selects one column");
            if constexpr (takes_items<Range>()) {
                using Kept = std::conditional_t<std::is_lvalue_reference_v<Many>, RangeView<Range>, Range>;
                using Listed = PatternShape<function, bool, Shape, ListShape<Shape>>;
                if constexpr (std::is_lvalue_reference_v<Many>)
                    return with_values<Listed>(std::tuple_cat(values, std::tuple<Kept>{Kept{&many}}));
                else
                    return with_values<Listed>(std::tuple_cat(values, std::tuple<Kept>{std::move(many)}));
            } else {
                return listed<function, wanted>(std::vector<Type>{});
            }
        }
    }

    template <class Range>
    static constexpr bool takes_items() {
        if constexpr (ConstRange<Range>)
            return require_comparable<Type, ItemOf<Range>>();
        else
            return false;
    }
};

}  // namespace rowan::detail
