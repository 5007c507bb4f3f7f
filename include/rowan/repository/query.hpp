#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/comparison.hpp>
#include <rowan/query/logic.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/schema/ordering.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

/// Rows of T that fulfil a condition, in an order, up to a number: what `Repository::where` begins. Nothing is
/// sent before `all`, `first`, `count` or `exists`; each may be called again. Each gives the database's error,
/// or Category::data with the column's name where a value does not fit its member.
///
/// A query keeps a pointer to `Db`, and views of text and bytes that were not temporaries.
template <class T, class Db, class Where = detail::Everything, class Order = detail::OrderBy<>,
          class Limit = detail::Unlimited>
class [[nodiscard]] Query {
public:
    Query(Db& db, Where where, std::int64_t limit = 0) : db_{&db}, where_{std::move(where)}, limit_{limit} {}

    /// Only rows for which this is true as well.
    template <detail::Condition More>
    auto where(More more) const {
        auto both = detail::both(where_, std::move(more));
        return Query<T, Db, decltype(both), Order, Limit>{*db_, std::move(both), limit_};
    }

    /// `rowan::asc<&T::m>` or `rowan::desc<&T::m>`, the most significant first. Replaces an earlier order.
    template <auto... Members, bool... Descending>
    auto order_by(Ordering<Members, Descending>...) const {
        static_assert(sizeof...(Members) != 0,
                      "rowan: order_by needs at least one rowan::asc<&T::m> or rowan::desc<&T::m>");
        return Query<T, Db, Where, detail::OrderBy<Ordering<Members, Descending>...>, Limit>{*db_, where_, limit_};
    }

    /// At most `count` rows. A negative count is an error, told when the query is run.
    auto limit(std::int64_t count) const {
        return Query<T, Db, Where, Order, detail::LimitParameter>{*db_, where_, count};
    }

    [[nodiscard]] Result<std::vector<T>> all() const {
        return run<detail::Wanted::rows, Limit>(limit_, [](auto& execution, const Statement& statement) {
            return detail::read_rows<T>(execution, statement);
        });
    }

    /// The first row, if there is any.
    [[nodiscard]] Result<std::optional<T>> first() const {
        using One = std::conditional_t<std::is_same_v<Limit, detail::Unlimited>, detail::LimitTo<1>, Limit>;
        return run<detail::Wanted::rows, One>(
            std::min<std::int64_t>(limit_, 1),
            [](auto& execution, const Statement& statement) { return detail::read_row<T>(execution, statement); });
    }

    [[nodiscard]] Result<std::int64_t> count() const {
        return run<detail::Wanted::count, Limit>(
            limit_, [](auto& execution, const Statement&) { return detail::read_value<std::int64_t>(execution); });
    }

    [[nodiscard]] Result<bool> exists() const {
        return run<detail::Wanted::existence, Limit>(
            limit_, [](auto& execution, const Statement&) { return detail::read_value<bool>(execution); });
    }

private:
    template <detail::Wanted wanted, class LimitUsed, class Read>
    auto run(std::int64_t limit, Read read) const {
        return db_->lend([&]<class Connection>(Connection& connection) {
            using Text =
                detail::Select<T, typename Connection::Dialect, wanted, typename Where::Shape, Order, LimitUsed>;
            const Statement& statement = detail::statement<Text>;
            typename Connection::Execution execution{connection, statement};
            using Outcome = decltype(read(execution, statement));
            if (const detail::ColumnFault found = where_.template write_values<T>(execution))
                return Outcome{detail::write_failure<T>(found, statement)};
            if constexpr (std::is_same_v<LimitUsed, detail::LimitParameter>) {
                if (limit < 0)
                    return Outcome{
                        Failure(Error{Category::programming, Code::misuse, "limit takes a number of rows, 0 or more"})};
                (void)execution.put(limit);
            }
            return read(execution, statement);
        });
    }

    Db* db_;
    Where where_;
    std::int64_t limit_;
};

}  // namespace rowan
