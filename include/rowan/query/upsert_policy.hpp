#pragma once

#include <rowan/query/expression.hpp>
#include <rowan/query/select.hpp>
#include <rowan/query/shape.hpp>

#include <tuple>
#include <type_traits>
#include <utility>

/// What the caller says of rows that are there already: `on_conflict<&T::a>.do_update()`. How it is spelled is
/// upsert.hpp's.
namespace rowan {

/// Leave the row that is there as it is.
struct DoNothing {
    std::tuple<> values{};
};

namespace detail {

/// Overwrite `Members` of the row that is there; without members, all columns but those of the key and of the conflict
/// target.
template <auto... Members>
struct Overwrite {};

/// Set what the assignments say.
template <class... AssignmentShapes>
struct SetTo {};

}  // namespace detail

/// Change the row that is there, where `Where` is true.
template <class What, class WhereShape, class... Held>
struct DoUpdate {
    std::tuple<Held...> values{};

    /// Only rows for which this is true: `.where(excluded<&T::updated_at> > col<&T::updated_at>)`.
    template <detail::Condition Where>
    [[nodiscard]] constexpr auto where(Where condition) const {
        static_assert(std::is_same_v<WhereShape, detail::Nothing>,
                      "rowan: where was called twice: join the conditions with and");
        return [&]<class... All>(std::tuple<All...> all) {
            return DoUpdate<What, typename Where::Shape, All...>{std::move(all)};
        }(std::tuple_cat(values, condition.values));
    }
};

namespace detail {

/// `Action`, where the conflict target is the partial unique index with that condition.
template <class PredicateShape, class Action>
struct OnPartial : Action {};

template <class PredicateShape, class Action>
constexpr auto on_partial(Action action) {
    if constexpr (std::is_void_v<PredicateShape>)
        return action;
    else
        return OnPartial<PredicateShape, Action>{std::move(action)};
}

/// The condition of an action's conflict target, or void.
template <class Action>
struct PredicateOf {
    using type = void;
};
template <class PredicateShape, class Action>
struct PredicateOf<OnPartial<PredicateShape, Action>> {
    using type = PredicateShape;
};

}  // namespace detail

/// What to do with a row that is there already, where "already" means the same values in `Target`, which must be the
/// key or a unique constraint of the table.
template <class ActionType, auto... Target>
struct UpsertPolicy {
    using Action = ActionType;
    Action action{};

    /// See DoUpdate::where.
    template <detail::Condition Where>
    [[nodiscard]] constexpr auto where(Where condition) const {
        auto narrowed =
            detail::on_partial<typename detail::PredicateOf<Action>::type>(action.where(std::move(condition)));
        return UpsertPolicy<decltype(narrowed), Target...>{std::move(narrowed)};
    }
};

template <class PredicateShape, auto... Target>
struct ConflictTarget {
    static_assert(sizeof...(Target) != 0,
                  "rowan: on_conflict needs the members of a key or unique constraint: on_conflict<&T::m>");

    [[nodiscard]] constexpr auto do_nothing() const { return policy(DoNothing{}); }

    /// Overwrites these members, or all but the key and the conflict target.
    template <auto... Members>
    [[nodiscard]] constexpr auto do_update() const {
        return policy(DoUpdate<detail::Overwrite<Members...>, detail::Nothing>{});
    }

    /// Sets what the assignments say: `do_update(set<&T::total> = col<&T::total> + excluded<&T::total>)`.
    template <class First, class... Rest>
        requires requires { typename First::Shape; }
    [[nodiscard]] constexpr auto do_update(First first, Rest... rest) const {
        return [&]<class... All>(std::tuple<All...> all) {
            using What = detail::SetTo<typename First::Shape, typename Rest::Shape...>;
            return policy(DoUpdate<What, detail::Nothing, All...>{std::move(all)});
        }(std::tuple_cat(first.values, rest.values...));
    }

    /// The partial unique index with this condition, as it was declared: `.unique<&T::m>(condition)`.
    template <detail::Condition Predicate>
    [[nodiscard]] constexpr auto among(const Predicate&) const {
        return ConflictTarget<typename Predicate::Shape, Target...>{};
    }

private:
    template <class Action>
    static constexpr auto policy(Action action) {
        auto complete = detail::on_partial<PredicateShape>(std::move(action));
        return UpsertPolicy<decltype(complete), Target...>{std::move(complete)};
    }
};

template <auto... Target>
using OnConflict = ConflictTarget<void, Target...>;

/// `rowan::on_conflict<&T::a, &T::b>.do_nothing()` or `.do_update()` or `.do_update<&T::c>()`.
template <auto... Target>
inline constexpr OnConflict<Target...> on_conflict{};

}  // namespace rowan
