#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/assignment.hpp>
#include <rowan/query/expression.hpp>
#include <rowan/query/run_time_part.hpp>
#include <rowan/reflect/fields.hpp>
#include <rowan/schema/managed.hpp>
#include <rowan/schema/table_info.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace rowan {

enum class Direction : unsigned char { ascending, descending };

/// Conditions and an order that a form or a request chooses, for `Repository::matching`. Each condition is typed and
/// was checked by the compiler, its values are always bound; only the choice is made at run time. Cheap to copy.
///
///     rowan::Filter<Trade> filter;
///     if (form.symbol) filter.add(rowan::col<&Trade::symbol> == *form.symbol);
///     if (auto sorted = filter.order_by(form.sort, rowan::Direction::descending); !sorted) …
///
/// Text, bytes and ranges that are not temporaries are kept by view and must outlive the filter.
template <class T>
class Filter {
public:
    /// Only rows for which this is true as well. For alternatives join conditions with `or`.
    template <detail::Condition Where>
    Filter& add(Where condition) {
        conditions_.push_back(
            detail::make_part<T, detail::ConditionWriter, typename Where::Shape>(std::move(condition).values));
        return *this;
    }

    /// Sorts by the member of this name, after those that were named before. Code::undefined_column, and no change, if
    /// T has no such member: the name may come from outside.
    [[nodiscard]] Result<void> order_by(std::string_view member, Direction direction = Direction::ascending) {
        for (std::size_t i = 0; i != reflect::field_count<T>; ++i)
            if (reflect::names<T>[i] == member) {
                order_.push_back({i, direction});
                return {};
            }
        return Failure(Error{Category::programming, Code::undefined_column,
                             "unknown column: " + std::string{table_info<T>.name} +
                                 " has no member of this name to "
                                 "sort by: nothing was sent"});
    }

    [[nodiscard]] const detail::RunTimeParts<T>& conditions() const { return conditions_; }
    [[nodiscard]] const std::vector<std::pair<std::size_t, Direction>>& order() const { return order_; }

private:
    detail::RunTimeParts<T> conditions_;
    std::vector<std::pair<std::size_t, Direction>> order_;
};

/// Columns to change that are chosen at run time, for `Repository::patch`. Only what was set is written; with nothing
/// set nothing is.
template <class T>
class Patch {
public:
    /// The value as `rowan::set` takes it: one of the member's type, std::nullopt, or an expression.
    template <auto Member, class Value>
    Patch& set(Value&& value) {
        auto assignment = (rowan::set<Member> = std::forward<Value>(value));
        using Shape = typename decltype(assignment)::Shape;
        assignments_.push_back(detail::make_part<T, detail::AssignmentWriter, Shape>(std::move(assignment.values)));
        if constexpr (detail::marks_changes<T>)
            changes_.push_back(
                detail::make_part<T, detail::AssignmentWriter, detail::ChangeShape<Shape>>(std::tuple<>{}));
        return *this;
    }

    [[nodiscard]] bool empty() const { return assignments_.empty(); }
    [[nodiscard]] const detail::RunTimeParts<T>& assignments() const { return assignments_; }
    /// The tests whether they would change anything, with the parameters of the assignments. Empty where nothing asks.
    [[nodiscard]] const detail::RunTimeParts<T>& changes() const { return changes_; }

private:
    detail::RunTimeParts<T> assignments_;
    detail::RunTimeParts<T> changes_;
};

}  // namespace rowan
