#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/any_sink.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/filter.hpp>
#include <rowan/query/functions.hpp>
#include <rowan/query/keyset.hpp>
#include <rowan/query/order.hpp>
#include <rowan/query/run_time_part.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/subquery_shapes.hpp>
#include <rowan/repository/cursor.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/repository/stream.hpp>
#include <rowan/repository/whole_rows.hpp>
#include <rowan/schema/ddl.hpp>
#include <rowan/session/loan.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace rowan {

namespace detail {

/// The rows of a statement that was made at run time, as they come. `Query` puts its values, and keeps them until the
/// first row.
template <class T, class Connection, class Query>
class RunTimeRows final : public RowSource<T> {
public:
    RunTimeRows(Connection& connection, Loan loan, Query query, std::string text, std::vector<Form> forms)
        : query_{std::move(query)},
          statement_{std::move(text), std::move(forms)},
          rows_{connection, std::move(loan), statement_.statement(), ReadEntity{}} {}

    [[nodiscard]] const Statement& statement() const { return statement_.statement(); }
    [[nodiscard]] const Query& query() const { return query_; }
    [[nodiscard]] auto& parameters() { return rows_.parameters(); }

    Result<bool> next(T& row) override { return rows_.next(row); }

private:
    Query query_;
    RunTimeStatement statement_;
    ConnectionRows<T, Connection, ReadEntity> rows_;
};

/// The opposite order.
template <class Orders>
struct ReversedOrder;
template <class... Orders>
struct ReversedOrder<OrderShapes<Orders...>> {
    using type = OrderShapes<typename PageKey<Orders>::Reversed...>;
};

}  // namespace detail

/// The rows that a Filter chooses: what `Repository::matching` gives. The statement is made anew for each call and not
/// kept prepared. See Query for what the functions give.
///
/// The rows come in the order that the filter names, or in one that `order_by` fixes here: only that one has pages, as
/// the compiler then knows the type of the cursor. With both, each call is Code::misuse.
template <class T, class Db, class Orders = detail::OrderShapes<>, bool backwards = false>
class [[nodiscard]] MatchingQuery {
public:
    /// A place in the order that `order_by` gave.
    using Cursor = rowan::Cursor<T, Orders>;

    MatchingQuery(Db& db, Filter<T> filter, std::optional<std::int64_t> limit = {}, std::int64_t offset = 0)
        : db_{&db}, filter_{std::move(filter)}, limit_{limit}, offset_{offset} {}

    /// See Query::order_by.
    template <class... Items>
    [[nodiscard]] auto order_by(Items... items) const {
        static_assert(sizeof...(Items) != 0,
                      "rowan: order_by needs at least one rowan::asc<&T::m> or rowan::desc<&T::m>");
        static_assert(!backwards, "rowan: order_by comes in front of before(...), whose place is one in that order");
        using List = decltype(rowan::order_by(items...));
        static_assert(std::is_same_v<List, detail::OrderList<typename List::Shapes>>,
                      "rowan: the order of a filter's rows cannot hold a value: write it as rowan::constant<value>");
        return MatchingQuery<T, Db, typename List::Shapes>{*db_, filter_, limit_, offset_};
    }

    [[nodiscard]] MatchingQuery limit(std::int64_t count) const { return {*db_, filter_, count, offset_}; }
    [[nodiscard]] MatchingQuery offset(std::int64_t count) const { return {*db_, filter_, limit_, count}; }

    /// See Query::cursor, after and before.
    [[nodiscard]] auto cursor(const T& row) const { return detail::cursor_of(row, Orders{}); }
    [[nodiscard]] MatchingQuery after(const Cursor& cursor) const {
        (void)detail::Paging<T, Orders>::require();
        MatchingQuery query = *this;
        query.filter_.add(detail::keyset<false>(cursor, Orders{}));
        return query;
    }
    [[nodiscard]] auto before(const Cursor& cursor) const {
        (void)detail::Paging<T, Orders>::require();
        using Reversed = typename detail::ReversedOrder<Orders>::type;
        Filter<T> filter = filter_;
        filter.add(detail::keyset<true>(cursor, Orders{}));
        return MatchingQuery<T, Db, Reversed, true>{*db_, std::move(filter), limit_, offset_};
    }

    [[nodiscard]] Result<std::vector<T>> all() const {
        return run<detail::Wanted::rows>(limit_, [](auto& execution, const Statement& statement) {
            Result<std::vector<T>> rows = detail::read_rows<T>(execution, statement, detail::ReadEntity{});
            if constexpr (backwards)
                if (rows)
                    for (std::size_t i = 0; i != rows->size() / 2; ++i)
                        std::swap((*rows)[i], (*rows)[rows->size() - 1 - i]);
            return rows;
        });
    }
    [[nodiscard]] Result<std::optional<T>> first() const {
        static_assert(!backwards, "rowan: before(...) gives a page: limit(n).all()");
        const std::int64_t one = limit_ && *limit_ < 1 ? *limit_ : 1;
        return run<detail::Wanted::rows>(one, [](auto& execution, const Statement& statement) {
            return detail::read_row<T>(execution, statement, detail::ReadEntity{});
        });
    }
    /// The number of rows that the filter chooses, whatever limit and offset leave of them: what a page of a list
    /// needs. Ask it of the query without `after` and `before`, which are conditions.
    [[nodiscard]] Result<std::int64_t> count() const {
        return run<detail::Wanted::count>(std::nullopt, [](auto& execution, const Statement&) {
            return detail::read_value<std::int64_t>(execution);
        });
    }

    /// See Query::for_each and Query::stream. A stream keeps the filter; what the filter keeps by view must live until
    /// the first row.
    template <class Fn>
    [[nodiscard]] Result<void> for_each(Fn fn) const {
        const Result<Rows> rows = open_rows();
        if (!rows) return Failure(rows.error());
        return detail::for_each_row<T>(**rows, fn);
    }
    [[nodiscard]] Result<Stream<T>> stream() const {
        Result<Rows> rows = open_rows();
        if (!rows) return Failure(std::move(rows).error());
        return Stream<T>{*std::move(rows)};
    }

private:
    using Rows = std::unique_ptr<detail::RowSource<T>>;
    static constexpr bool has_order = !std::is_same_v<Orders, detail::OrderShapes<>>;

    template <detail::Wanted wanted>
    [[nodiscard]] std::string text(const Dialect& dialect, bool limited) const {
        return detail::run_time_text([&](detail::TextWriter& out) {
            std::size_t parameter = 1;
            out << "SELECT ";
            if (wanted == detail::Wanted::rows)
                detail::write_columns(out, dialect, table_info<T>, detail::column_list<T, detail::Columns::all>);
            else
                out << "count(*)";
            out << " FROM ";
            detail::write_table_name(out, dialect, table_info<T>);
            if (!filter_.conditions().empty()) out << " WHERE ";
            detail::write_parts(out, dialect, parameter, filter_.conditions(), " AND ");
            if (wanted != detail::Wanted::rows) return;
            write_order(out, dialect, parameter);
            if (limited) {
                out << " LIMIT ";
                detail::write_parameter(out, dialect, parameter++);
            }
            if (offset_ == 0) return;
            if (!limited) out << dialect.no_limit;
            out << " OFFSET ";
            detail::write_parameter(out, dialect, parameter++);
        });
    }

    void write_order(detail::TextWriter& out, const Dialect& dialect, std::size_t& parameter) const {
        if (has_order || !filter_.order().empty()) out << " ORDER BY ";
        if constexpr (has_order) return Orders::template write<detail::TableScope<T>>(out, dialect, parameter);
        detail::Separator comma{", "};
        for (const auto& [column, direction] : filter_.order()) {
            out << comma;
            detail::write_column(out, dialect, table_info<T>, column);
            if (direction == Direction::descending) out << " DESC";
        }
    }

    template <detail::Wanted wanted>
    [[nodiscard]] std::vector<Form> forms(bool limited) const {
        std::vector<Form> forms = detail::forms_of_parts(filter_.conditions());
        if (limited) forms.push_back({Stored::integer});
        if (wanted == detail::Wanted::rows && offset_ != 0) forms.push_back({Stored::integer});
        return forms;
    }

    /// Puts all values, unless one cannot be put.
    template <detail::Wanted wanted, class Sink>
    Result<void> fill(Sink& values, std::optional<std::int64_t> limit, const Statement& statement) const {
        if ((limit && *limit < 0) || offset_ < 0) return detail::negative_limit();
        if (has_order && !filter_.order().empty())
            return Failure(Error{Category::programming, Code::misuse,
                                 "the rows are ordered twice: by the filter's order_by and by that of matching(...)"});
        detail::SinkAdapter sink{values};
        if (const detail::ValueFault found = detail::put_parts(filter_.conditions(), sink))
            return detail::write_failure(found, statement);
        if (limit) (void)values.put(*limit);
        if (wanted == detail::Wanted::rows && offset_ != 0) (void)values.put(offset_);
        return {};
    }

    template <detail::Wanted wanted, class Read>
    auto run(std::optional<std::int64_t> limit, Read read) const {
        return db_->lend([&]<class Connection>(Connection& connection) {
            const bool limited = limit.has_value();
            const detail::RunTimeStatement made{text<wanted>(Connection::dialect, limited), forms<wanted>(limited)};
            typename Connection::Execution execution{connection, made.statement()};
            using Outcome = decltype(read(execution, made.statement()));
            if (Result<void> filled = fill<wanted>(execution, limit, made.statement()); !filled)
                return Outcome{Failure(std::move(filled).error())};
            return read(execution, made.statement());
        });
    }

    [[nodiscard]] Result<Rows> open_rows() const {
        static_assert(!backwards, "rowan: before(...) gives a page: limit(n).all()");
        return db_->hold([this](auto& connection, Loan loan) { return this->open_on(connection, std::move(loan)); });
    }

    // A function of its own: Clang 16 leaves out the virtual functions of classes that are first needed in a generic
    // lambda with this result.
    template <class Connection>
    [[nodiscard]] Result<Rows> open_on(Connection& connection, Loan loan) const {
        constexpr auto wanted = detail::Wanted::rows;
        const bool limited = limit_.has_value();
        auto rows = std::make_unique<detail::RunTimeRows<T, Connection, MatchingQuery>>(
            connection, std::move(loan), *this, text<wanted>(Connection::dialect, limited), forms<wanted>(limited));
        Result<void> filled = rows->query().template fill<wanted>(rows->parameters(), limit_, rows->statement());
        if (!filled) return Failure(std::move(filled).error());
        return Rows{std::move(rows)};
    }

    Db* db_;
    Filter<T> filter_;
    std::optional<std::int64_t> limit_;
    std::int64_t offset_;
};

}  // namespace rowan
