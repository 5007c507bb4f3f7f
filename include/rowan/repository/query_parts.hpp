#pragma once

#include <rowan/core/result.hpp>
#include <rowan/core/text.hpp>
#include <rowan/query/operator_shapes.hpp>
#include <rowan/query/select.hpp>

#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>

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

template <class Db, class First, class Second>
auto make_union(Db* db, const First& first, const Second& second);

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
