#pragma once

#include <rowan/core/must.hpp>
#include <rowan/repository/repository.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <support/subject.hpp>
#include <support/tables.hpp>
#include <tuple>
#include <utility>
#include <vector>

namespace bench {

/// rowan, as its documentation says to use it, on either database. `Connection` is one of rowan's.
template <class Connection>
class RowanClient {
public:
    explicit RowanClient(Connection connection) : db_{std::move(connection)} {}

    Connection& connection() { return db_; }

    // A program would call db.transaction(…); a workload has its body elsewhere.
    void begin() { transaction_.emplace(rowan::must(db_.begin())); }
    void commit() {
        rowan::must(transaction_->commit());
        transaction_.reset();
    }

    std::int64_t insert(const Candle& candle) {
        return with_candles([&](auto candles) { return checked(candles.insert(candle)).id; });
    }
    std::int64_t upsert_nothing(const Candle& candle) {
        return with_candles([&](auto candles) { return touched(candles.upsert(candle, same_candle.do_nothing())); });
    }
    std::int64_t upsert_update(const Candle& candle) {
        return with_candles([&](auto candles) { return touched(candles.upsert(candle, same_candle.do_update())); });
    }
    rowan::Result<std::optional<Candle>> find(std::int64_t id) {
        return with_candles([&](auto candles) { return candles.find(id); });
    }
    std::vector<Candle> range(std::int64_t first, std::int64_t end) {
        return rowan::must(rowan::repository<Candle>(db_)
                               .where(rowan::col<&Candle::id> >= first and rowan::col<&Candle::id> < end)
                               .order_by(rowan::asc<&Candle::id>)
                               .all());
    }
    std::vector<Candle> page_at(std::int64_t offset, std::int64_t count) {
        return rowan::must(in_order().limit(count).offset(offset).all());
    }
    std::vector<Candle> page_behind(std::int64_t id, std::int64_t count) {
        Candle last;
        last.id = id;
        const auto query = in_order();
        return rowan::must(query.after(query.cursor(last)).limit(count).all());
    }
    std::int64_t update(const Candle& candle) {
        return with_candles([&](auto candles) { return checked(candles.update(candle)).id == candle.id ? 1 : 0; });
    }
    std::int64_t patch(const Candle& candle, double close, double volume) {
        return with_candles([&](auto candles) {
            rowan::must(candles.patch_only(candle.id, rowan::set<& Candle::close> = close,
                                           rowan::set<& Candle::volume> = volume));
            return 1;
        });
    }
    std::int64_t erase(std::int64_t id) {
        return with_candles([&](auto candles) { return rowan::must(candles.erase(id)) ? 1 : 0; });
    }

    std::uint64_t insert_many(std::span<const Candle> rows) {
        return rowan::must(rowan::repository<Candle>(db_).insert(rows));
    }
    std::uint64_t upsert_nothing_many(std::span<const Candle> rows) {
        return touched(rowan::must(rowan::repository<Candle>(db_).upsert(rows, same_candle.do_nothing())));
    }
    std::uint64_t upsert_update_many(std::span<const Candle> rows) {
        return touched(rowan::must(rowan::repository<Candle>(db_).upsert(rows, same_candle.do_update())));
    }
    std::uint64_t update_many(std::span<const Candle> rows) {
        return rowan::must(rowan::repository<Candle>(db_).update(rows)).size();
    }
    std::vector<Candle> find_many(const std::vector<std::int64_t>& keys) {
        return rowan::must(rowan::repository<Candle>(db_).where(rowan::col<&Candle::id>.in(keys)).all());
    }
    std::uint64_t erase_many(const std::vector<std::int64_t>& keys) {
        return static_cast<std::uint64_t>(
            rowan::must(rowan::repository<Candle>(db_).where(rowan::col<&Candle::id>.in(keys)).erase()));
    }

    std::vector<User> users() { return rowan::must(rowan::repository<User>(db_).all()); }
    auto users_with_posts(std::string_view color) {
        return rowan::must(rowan::from<User>(db_)
                               .template left_join<Post>(rowan::col<&Post::user_id> == rowan::col<&User::id>)
                               .where(rowan::col<&User::hair_color> == color)
                               .all());
    }
    std::size_t insert_users(std::span<const User> users) {
        return rowan::must(rowan::repository<User>(db_).insert(users));
    }

private:
    static constexpr auto same_candle =
        rowan::on_conflict<&Candle::exchange, &Candle::symbol, &Candle::timeframe, &Candle::start_time>;

    /// What the result holds, where it is. (must would move it.)
    template <class T>
    static const T& checked(const rowan::Result<T>& result) {
        if (!result) fail(result.error().to_string());
        return *result;
    }
    static std::int64_t touched(const rowan::Result<rowan::Upserted>& done) {
        return checked(done) == rowan::Upserted::unchanged ? 0 : 1;
    }
    static std::uint64_t touched(const rowan::UpsertCounts& counts) { return counts.inserted + counts.updated; }

    auto in_order() { return rowan::repository<Candle>(db_).order_by(rowan::asc<&Candle::id>); }

    /// The repository of the open transaction, if there is one.
    template <class Use>
    auto with_candles(Use use) {
        return transaction_ ? use(rowan::repository<Candle>(*transaction_)) : use(rowan::repository<Candle>(db_));
    }

    Connection db_;
    std::optional<rowan::BasicTransaction<Connection>> transaction_{};
};

/// The same, but for a patch that gives the row as it is then, which the others do not.
template <class Connection>
class RowanPatchWithRow {
public:
    explicit RowanPatchWithRow(Connection connection) : db_{std::move(connection)} {}

    Connection& connection() { return db_; }
    void begin() { transaction_.emplace(rowan::must(db_.begin())); }
    void commit() {
        rowan::must(transaction_->commit());
        transaction_.reset();
    }
    std::int64_t patch(const Candle& candle, double close, double volume) {
        const rowan::Result<Candle> patched =
            rowan::repository<Candle>(*transaction_)
                .patch(candle.id, rowan::set<& Candle::close> = close, rowan::set<& Candle::volume> = volume);
        if (!patched) fail(patched.error().to_string());
        return patched->id == candle.id ? 1 : 0;
    }

private:
    Connection db_;
    std::optional<rowan::BasicTransaction<Connection>> transaction_{};
};

}  // namespace bench
