#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/text.hpp>
#include <rowan/query/operator_shapes.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/set_operation.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/query/take.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/repository/take_rows.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

/// What Query is made of.
namespace rowan::detail {

/// The values of a query, a tuple a clause.
template <class Projection = std::tuple<>, class From = std::tuple<>, class Where = std::tuple<>,
          class Group = std::tuple<>, class Having = std::tuple<>, class Order = std::tuple<>>
struct QueryValues {
    Projection projection{};
    From from{};
    Where where{};
    Group group{};
    Having having{};
    Order order{};
    std::int64_t limit = 0;
    std::int64_t offset = 0;
};

/// Does a clause have values?
template <class Values>
inline constexpr bool any = !std::is_same_v<Values, std::tuple<>>;

/// What becomes of the rows of a query: classes of the row only, not of the query, so that queries share what follows.
template <class Row, class Reader, bool each_row, bool by_key>
struct AllRows {
    std::vector<Row>& rows;

    /// Are they taken, by a statement of its own?
    template <class Execution>
    static constexpr bool takes = each_row && takes_rows<Row, Execution>;

    template <class Execution>
    Result<void> operator()(Execution& execution, const Statement& statement) const {
        if constexpr (takes<Execution>)
            return take_rows<by_key>(execution, statement, rows);
        else
            return read_rows(execution, statement, Reader{}, rows);
    }
};

/// What is sent to read the rows of a query whose plain text is that of `plain`.
template <class Read, class Query, class Connection>
const Statement& sent_by([[maybe_unused]] const Statement& plain) {
    if constexpr (Read::template takes<typename Connection::Execution>)
        return statement<TakeText<Query, Connection::dialect>>;
    else
        return plain;
}

template <class Row, class Reader>
struct FirstRow {
    std::optional<Row>& row;

    template <class Execution>
    Result<void> operator()(Execution& execution, const Statement& statement) const {
        return read_row(execution, statement, Reader{}, row);
    }
};
template <class Row, class Reader>
struct OneRow {
    Row& row;

    template <class Execution>
    Result<void> operator()(Execution& execution, const Statement& statement) const {
        return read_only_row(execution, statement, Reader{}, row);
    }
};
template <class Row, class Reader>
struct OneRowOrNone {
    std::optional<Row>& row;

    template <class Execution>
    Result<void> operator()(Execution& execution, const Statement& statement) const {
        return read_row_or_none(execution, statement, Reader{}, row);
    }
};
template <class Value>
struct OneValueOf {
    template <class Execution>
    Result<Value> operator()(Execution& execution, const Statement&) const {
        return read_value<Value>(execution);
    }
};

/// The `Db` of a query that is only part of another.
struct NoDatabase {
    /// Becomes whatever the caller gives, so that the sentence is the only error.
    struct Anything {
        template <class Outcome>
        operator Outcome() const {
            return Failure(Error{Category::programming, Code::misuse, {}});
        }
    };

    template <class Fn>
    Anything lend(Fn&&) {
        static_assert(!std::is_same_v<Fn, Fn>, "rowan: this query is part of another and has no database: start it as "
                                               "from<T>(db) to run it");
        return {};
    }
    template <class Fn>
    Anything hold(Fn&& fn) {
        return lend(fn);
    }
};

/// The text of a query on the database that `db` is.
template <class Shape, class Db>
std::string_view text_on(Db& db) {
    std::string_view text;
    (void)db.lend([&]<class Connection>(Connection&) -> Result<void> {
        text = text_of<QueryText<Shape, Connection::dialect>>;
        return {};
    });
    return text;
}

template <SetOperation op, class Db, class First, class Second>
auto make_set_operation(Db* db, const First& first, const Second& second);

/// The functions that put the rows of two queries together, for a class that derives from it. A row is one of `Self`'s
/// type in both.
template <class Self>
class SetOperations {
public:
    /// The rows of this query, then those of `other`, also where they are alike.
    template <class Other>
    auto union_all(const Other& other) const {
        return with<SetOperation::union_all>(other);
    }
    /// The rows of both, each once. NULLs are alike here, as in `intersect` and `except`.
    template <class Other>
    auto union_(const Other& other) const {
        return with<SetOperation::union_distinct>(other);
    }
    /// The rows that both have, each once.
    template <class Other>
    auto intersect(const Other& other) const {
        return with<SetOperation::intersect>(other);
    }
    /// The rows of this query that `other` does not have, each once.
    template <class Other>
    auto except(const Other& other) const {
        return with<SetOperation::except>(other);
    }

private:
    template <SetOperation op, class Other>
    auto with(const Other& other) const {
        const Self& self = static_cast<const Self&>(*this);
        return make_set_operation<op>(self.database(), self, other);
    }
};

/// What two calls of where, or of having, come to.
template <class Previous, class Shape>
struct Both {
    using type = BinaryShape<Operator::conjunction, bool, Previous, Shape>;
};
template <class Shape>
struct Both<Nothing, Shape> {
    using type = Shape;
};

}  // namespace rowan::detail
