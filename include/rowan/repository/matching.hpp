#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/any_sink.hpp>
#include <rowan/query/columns.hpp>
#include <rowan/query/filter.hpp>
#include <rowan/query/row.hpp>
#include <rowan/query/run_time_part.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/subquery_shapes.hpp>
#include <rowan/query/update.hpp>
#include <rowan/repository/change.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/schema/ddl.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rowan {

namespace detail {

template <class T>
ValueFault put_parts(const RunTimeParts<T>& parts, AnySink& sink) {
    ValueFault found;
    for (const auto& part : parts) {
        found = part->put(sink);
        if (found) break;
    }
    return found;
}

template <class T>
std::vector<Form> forms_of_parts(const RunTimeParts<T>& parts) {
    std::vector<Form> forms;
    for (const auto& part : parts) part->list_forms(forms);
    return forms;
}

template <class T, class Connection>
Result<T> patch_chosen(Connection& connection, const Key<T>& key, const Patch<T>& patch) {
    constexpr const Dialect& dialect = Connection::dialect;
    const std::string text = run_time_text([&](TextWriter& out) {
        std::size_t parameter = 1;
        out << "UPDATE ";
        write_table_name(out, dialect, table_info<T>);
        out << " SET ";
        write_parts(out, dialect, parameter, patch.assignments(), ", ");
        out << " WHERE ";
        write_assignments(out, dialect, table_info<T>, column_list<T, Columns::key>, parameter, " AND ");
        write_returning<T>(out, dialect);
    });
    std::vector<Form> forms = forms_of_parts(patch.assignments());
    for (const Form form : column_forms<T, Columns::key>) forms.push_back(form);
    const Statement statement{text, forms, Statement::Kept::no};
    typename Connection::Execution execution{connection, statement};
    SinkAdapter sink{execution};
    if (const ValueFault found = put_parts(patch.assignments(), sink)) return write_failure(found, statement);
    if (const ValueFault found = write_key<T>(execution, key)) return write_failure(found, statement);
    Result<std::optional<T>> row = read_row<T>(execution, statement, ReadEntity{});
    if (!row) return Failure(std::move(row).error());
    if (!*row) return Failure(not_found<T>(statement));
    return std::move(**row);
}

}  // namespace detail

/// The rows that a Filter chooses: what `Repository::matching` gives. The statement is made anew for each call and not
/// kept prepared. See Query for what the functions give.
template <class T, class Db>
class [[nodiscard]] MatchingQuery {
public:
    MatchingQuery(Db& db, Filter<T> filter) : db_{&db}, filter_{std::move(filter)} {}

    [[nodiscard]] MatchingQuery limit(std::int64_t count) const {
        MatchingQuery query = *this;
        query.limit_ = count;
        return query;
    }
    [[nodiscard]] MatchingQuery offset(std::int64_t count) const {
        MatchingQuery query = *this;
        query.offset_ = count;
        return query;
    }

    [[nodiscard]] Result<std::vector<T>> all() const {
        return run<detail::Wanted::rows>(limit_, [](auto& execution, const Statement& statement) {
            return detail::read_rows<T>(execution, statement, detail::ReadEntity{});
        });
    }
    [[nodiscard]] Result<std::optional<T>> first() const {
        const std::int64_t one = limit_ && *limit_ < 1 ? *limit_ : 1;
        return run<detail::Wanted::rows>(one, [](auto& execution, const Statement& statement) {
            return detail::read_row<T>(execution, statement, detail::ReadEntity{});
        });
    }
    /// The number of rows that the filter chooses, whatever limit and offset leave of them: what a page of a list
    /// needs.
    [[nodiscard]] Result<std::int64_t> count() const {
        return run<detail::Wanted::count>(std::nullopt, [](auto& execution, const Statement&) {
            return detail::read_value<std::int64_t>(execution);
        });
    }

private:
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
            if (!filter_.order().empty()) out << " ORDER BY ";
            detail::Separator comma{", "};
            for (const auto& [column, direction] : filter_.order()) {
                out << comma;
                detail::write_column(out, dialect, table_info<T>, column);
                if (direction == Direction::descending) out << " DESC";
            }
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

    template <detail::Wanted wanted, class Read>
    auto run(std::optional<std::int64_t> limit, Read read) const {
        return db_->lend([&]<class Connection>(Connection& connection) {
            const bool pages = wanted == detail::Wanted::rows;
            const std::string sql = text<wanted>(Connection::dialect, limit.has_value());
            std::vector<Form> forms = detail::forms_of_parts(filter_.conditions());
            if (limit) forms.push_back({Stored::integer});
            if (pages && offset_ != 0) forms.push_back({Stored::integer});
            const Statement statement{sql, forms, Statement::Kept::no};
            typename Connection::Execution execution{connection, statement};
            using Outcome = decltype(read(execution, statement));
            if ((limit && *limit < 0) || offset_ < 0) return Outcome{detail::negative_limit()};
            detail::SinkAdapter sink{execution};
            if (const detail::ValueFault found = detail::put_parts(filter_.conditions(), sink))
                return Outcome{detail::write_failure(found, statement)};
            if (limit) (void)execution.put(*limit);
            if (pages && offset_ != 0) (void)execution.put(offset_);
            return read(execution, statement);
        });
    }

    Db* db_;
    Filter<T> filter_;
    std::optional<std::int64_t> limit_{};
    std::int64_t offset_ = 0;
};

}  // namespace rowan
