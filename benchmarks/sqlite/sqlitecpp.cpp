#include <SQLiteCpp/SQLiteCpp.h>
#include <cstdint>
#include <optional>
#include <sqlite/competitors.hpp>
#include <sqlite/text.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench::sqlite {

namespace {

/// SQLiteCpp, with statements that are kept, as its documentation shows them.
class SqliteCpp {
public:
    explicit SqliteCpp(const Place& place)
        : db_{(place.clear(), place.path()), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE},
          keeper_{db_.getHandle(), place} {}

    Keeper& keeper() { return keeper_; }
    void begin() { transaction_.emplace(db_, SQLite::TransactionBehavior::IMMEDIATE); }
    void commit() {
        transaction_->commit();
        transaction_.reset();
    }

    std::int64_t insert(const Candle& candle) {
        bind_values(insert_, candle);
        run(insert_);
        return db_.getLastInsertRowid();
    }
    std::int64_t upsert_nothing(const Candle& candle) { return write(upsert_nothing_, candle); }
    std::int64_t upsert_update(const Candle& candle) { return write(upsert_update_, candle); }

    std::optional<Candle> find(std::int64_t id) {
        find_.bind(1, id);
        std::optional<Candle> candle;
        if (find_.executeStep()) read(find_, candle.emplace());
        find_.reset();
        return candle;
    }
    std::vector<Candle> range(std::int64_t first, std::int64_t end) { return rows(range_, first, end); }
    std::vector<Candle> page_at(std::int64_t offset, std::int64_t count) { return rows(page_at_, count, offset); }
    std::vector<Candle> page_behind(std::int64_t id, std::int64_t count) { return rows(page_behind_, id, count); }

    std::int64_t update(const Candle& candle) {
        bind_values(update_, candle);
        update_.bind(12, candle.id);
        return run(update_);
    }
    std::int64_t patch(const Candle& candle, double close, double volume) {
        patch_.bind(1, close);
        patch_.bind(2, volume);
        patch_.bind(3, candle.id);
        return run(patch_);
    }
    std::int64_t erase(std::int64_t id) {
        erase_.bind(1, id);
        return run(erase_);
    }

    std::vector<User> users() {
        std::vector<User> found;
        while (users_.executeStep()) read(users_, found.emplace_back());
        users_.reset();
        return found;
    }
    std::vector<std::pair<User, std::optional<Post>>> users_with_posts(std::string_view color) {
        users_with_posts_.bind(1, std::string{color});
        std::vector<std::pair<User, std::optional<Post>>> found;
        while (users_with_posts_.executeStep()) {
            auto& [user, post] = found.emplace_back();
            read(users_with_posts_, user);
            if (users_with_posts_.isColumnNull(3)) continue;
            post.emplace();
            post->id = users_with_posts_.getColumn(3).getInt64();
            post->user_id = users_with_posts_.getColumn(4).getInt64();
            post->title = users_with_posts_.getColumn(5).getString();
            if (!users_with_posts_.isColumnNull(6)) post->body = users_with_posts_.getColumn(6).getString();
        }
        users_with_posts_.reset();
        return found;
    }
    std::size_t insert_users(std::span<const User> users) {
        begin();
        for (const User& user : users) {
            insert_user_.bind(1, user.name);
            if (user.hair_color)
                insert_user_.bind(2, *user.hair_color);
            else
                insert_user_.bind(2);
            run(insert_user_);
        }
        commit();
        return users.size();
    }

private:
    std::int64_t run(SQLite::Statement& statement) {
        const int changed = statement.exec();
        statement.reset();
        return changed;
    }
    std::int64_t write(SQLite::Statement& statement, const Candle& candle) {
        bind_values(statement, candle);
        // What is there already leaves the number of an earlier change.
        const int before = db_.getTotalChanges();
        run(statement);
        return db_.getTotalChanges() - before;
    }
    static void bind_values(SQLite::Statement& statement, const Candle& candle) {
        statement.bind(1, candle.exchange);
        statement.bind(2, candle.symbol);
        statement.bind(3, candle.timeframe);
        statement.bind(4, candle.start_time);
        statement.bind(5, candle.open);
        statement.bind(6, candle.high);
        statement.bind(7, candle.low);
        statement.bind(8, candle.close);
        statement.bind(9, candle.volume);
        statement.bind(10, candle.trades);
        statement.bind(11, candle.updated_at);
    }
    static void read(SQLite::Statement& statement, Candle& candle) {
        candle.id = statement.getColumn(0).getInt64();
        candle.exchange = statement.getColumn(1).getString();
        candle.symbol = statement.getColumn(2).getString();
        candle.timeframe = statement.getColumn(3).getString();
        candle.start_time = statement.getColumn(4).getInt64();
        candle.open = statement.getColumn(5).getDouble();
        candle.high = statement.getColumn(6).getDouble();
        candle.low = statement.getColumn(7).getDouble();
        candle.close = statement.getColumn(8).getDouble();
        candle.volume = statement.getColumn(9).getDouble();
        candle.trades = statement.getColumn(10).getInt64();
        candle.updated_at = statement.getColumn(11).getInt64();
    }
    static void read(SQLite::Statement& statement, User& user) {
        user.id = statement.getColumn(0).getInt64();
        user.name = statement.getColumn(1).getString();
        if (!statement.isColumnNull(2)) user.hair_color = statement.getColumn(2).getString();
    }
    static std::vector<Candle> rows(SQLite::Statement& statement, std::int64_t first, std::int64_t second) {
        statement.bind(1, first);
        statement.bind(2, second);
        std::vector<Candle> found;
        while (statement.executeStep()) read(statement, found.emplace_back());
        statement.reset();
        return found;
    }

    SQLite::Database db_;
    SqliteKeeper keeper_;
    std::optional<SQLite::Transaction> transaction_{};
    SQLite::Statement insert_{db_, text::insert};
    SQLite::Statement upsert_nothing_{db_, text::upsert_nothing};
    SQLite::Statement upsert_update_{db_, text::upsert_update};
    SQLite::Statement find_{db_, text::find};
    SQLite::Statement range_{db_, text::range};
    SQLite::Statement page_at_{db_, text::page_at};
    SQLite::Statement page_behind_{db_, text::page_behind};
    SQLite::Statement update_{db_, text::update};
    SQLite::Statement patch_{db_, text::patch};
    SQLite::Statement erase_{db_, text::erase};
    SQLite::Statement users_{db_, text::users};
    SQLite::Statement users_with_posts_{db_, text::users_with_posts};
    SQLite::Statement insert_user_{db_, text::insert_user};
};

}  // namespace

void enter_sqlitecpp(Suite& suite, const Course& course) { enter<SqliteCpp>(suite, "SQLiteCpp", course); }

}  // namespace bench::sqlite
