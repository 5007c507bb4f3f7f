#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/text.hpp>
#include <rowan/query/operator_shapes.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/set_operation.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/repository/rows.hpp>
#include <rowan/repository/take_rows.hpp>
#include <rowan/repository/whole_rows.hpp>

#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

/// What Query is made of.
namespace rowan::detail {

/// What becomes of the rows of a query: classes of the row only, not of the query, so that queries share what follows.
template <class Row, class Reader, bool each_row, TakenOrder order>
struct AllRows {
    /// Are they taken, by a statement of its own?
    template <class Execution>
    static constexpr bool takes = each_row && takes_rows<Row, Execution>;

    template <class Execution>
    static Result<void> read(Execution& execution, const Statement& statement, void* target) {
        if constexpr (takes<Execution>)
            return take_rows(execution, statement, rows_of<Row, RowOf<Execution>, true>(), target,
                             &Reordered<Row, order>::arrange);
        else
            return read_rows(execution, statement, Reader{}, *static_cast<std::vector<Row>*>(target));
    }
};

template <class Row, class Reader>
struct FirstRow {
    template <class Execution>
    static Result<void> read(Execution& execution, const Statement& statement, void* target) {
        return read_row(execution, statement, Reader{}, *static_cast<std::optional<Row>*>(target));
    }
};
template <class Row, class Reader>
struct OneRow {
    template <class Execution>
    static Result<void> read(Execution& execution, const Statement& statement, void* target) {
        return read_only_row(execution, statement, Reader{}, *static_cast<Row*>(target));
    }
};
template <class Row, class Reader>
struct OneRowOrNone {
    template <class Execution>
    static Result<void> read(Execution& execution, const Statement& statement, void* target) {
        return read_row_or_none(execution, statement, Reader{}, *static_cast<std::optional<Row>*>(target));
    }
};
template <class Value>
struct OneValueOf {
    template <class Execution>
    static Result<void> read(Execution& execution, const Statement&, void* target) {
        return read_value(execution, *static_cast<Value*>(target));
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
    template <class Work>
    Anything perform(void*) {
        return lend(Work{});
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
