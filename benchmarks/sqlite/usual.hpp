#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <sqlite/hand.hpp>
#include <sqlite/place.hpp>
#include <sqlite/text.hpp>
#include <string>
#include <string_view>
#include <support/candle.hpp>
#include <utility>
#include <vector>

#include <sqlite3.h>

namespace bench::sqlite {

/// The usual hand-written code: statements prepared once, SQLITE_TRANSIENT, sqlite3_column_text and _bytes, reset and
/// clear_bindings after each use, sqlite3_open's default of a mutex a connection.
class Usual {
public:
    explicit Usual(const Place& place)
        : db_{(place.clear(), open(place.path(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE))},
          keeper_{db_.get(), place} {}

    Keeper& keeper() { return keeper_; }
    void begin() { run(begin_.get()); }
    void commit() { run(commit_.get()); }

    std::int64_t insert(const Candle& candle) {
        bind_values(insert_.get(), candle);
        run(insert_.get());
        return sqlite3_last_insert_rowid(db_.get());
    }
    std::int64_t upsert_nothing(const Candle& candle) { return write(upsert_nothing_.get(), candle); }
    std::int64_t upsert_update(const Candle& candle) { return write(upsert_update_.get(), candle); }

    std::optional<Candle> find(std::int64_t id) {
        sqlite3_stmt* statement = find_.get();
        check(sqlite3_bind_int64(statement, 1, id));
        std::optional<Candle> candle;
        const int code = sqlite3_step(statement);
        if (code == SQLITE_ROW)
            read(statement, candle.emplace());
        else
            check(code, SQLITE_DONE);
        end(statement);
        return candle;
    }

    std::vector<Candle> range(std::int64_t first, std::int64_t end) { return rows(range_.get(), first, end); }
    std::vector<Candle> page_at(std::int64_t offset, std::int64_t count) { return rows(page_at_.get(), count, offset); }
    std::vector<Candle> page_behind(std::int64_t id, std::int64_t count) { return rows(page_behind_.get(), id, count); }

    std::int64_t update(const Candle& candle) {
        bind_values(update_.get(), candle);
        check(sqlite3_bind_int64(update_.get(), 12, candle.id));
        run(update_.get());
        return sqlite3_changes(db_.get());
    }

    std::int64_t patch(const Candle& candle, double close, double volume) {
        check(sqlite3_bind_double(patch_.get(), 1, close));
        check(sqlite3_bind_double(patch_.get(), 2, volume));
        check(sqlite3_bind_int64(patch_.get(), 3, candle.id));
        run(patch_.get());
        return sqlite3_changes(db_.get());
    }

    std::int64_t erase(std::int64_t id) {
        check(sqlite3_bind_int64(erase_.get(), 1, id));
        run(erase_.get());
        return sqlite3_changes(db_.get());
    }

    std::vector<User> users() {
        sqlite3_stmt* statement = users_.get();
        std::vector<User> found;
        int code = 0;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) read(statement, found.emplace_back());
        check(code, SQLITE_DONE);
        end(statement);
        return found;
    }

    std::vector<std::pair<User, std::optional<Post>>> users_with_posts(std::string_view color) {
        sqlite3_stmt* statement = users_with_posts_.get();
        bind_text(statement, 1, color);
        std::vector<std::pair<User, std::optional<Post>>> found;
        int code = 0;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
            auto& [user, post] = found.emplace_back();
            read(statement, user);
            if (sqlite3_column_type(statement, 3) == SQLITE_NULL) continue;
            post.emplace();
            post->id = sqlite3_column_int64(statement, 3);
            post->user_id = sqlite3_column_int64(statement, 4);
            post->title = text_at(statement, 5);
            if (sqlite3_column_type(statement, 6) != SQLITE_NULL) post->body = text_at(statement, 6);
        }
        check(code, SQLITE_DONE);
        end(statement);
        return found;
    }

    std::size_t insert_users(std::span<const User> users) {
        begin();
        for (const User& user : users) {
            bind_text(insert_user_.get(), 1, user.name);
            if (user.hair_color)
                bind_text(insert_user_.get(), 2, *user.hair_color);
            else
                check(sqlite3_bind_null(insert_user_.get(), 2));
            run(insert_user_.get());
        }
        commit();
        return users.size();
    }

private:
    void check(int code, int wanted = SQLITE_OK) const { sqlite::check(db_.get(), code, wanted); }
    Prepared prepare(const char* text) const { return sqlite::prepare(db_.get(), text, 0); }

    void end(sqlite3_stmt* statement) {
        check(sqlite3_reset(statement));
        check(sqlite3_clear_bindings(statement));
    }
    void run(sqlite3_stmt* statement) {
        check(sqlite3_step(statement), SQLITE_DONE);
        end(statement);
    }
    std::int64_t write(sqlite3_stmt* statement, const Candle& candle) {
        bind_values(statement, candle);
        // What is there already leaves the number of an earlier change.
        const int before = sqlite3_total_changes(db_.get());
        run(statement);
        return sqlite3_total_changes(db_.get()) - before;
    }

    void bind_text(sqlite3_stmt* statement, int parameter, std::string_view text) {
        check(sqlite3_bind_text(statement, parameter, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT));
    }
    void bind_values(sqlite3_stmt* statement, const Candle& candle) {
        bind_text(statement, 1, candle.exchange);
        bind_text(statement, 2, candle.symbol);
        bind_text(statement, 3, candle.timeframe);
        check(sqlite3_bind_int64(statement, 4, candle.start_time));
        check(sqlite3_bind_double(statement, 5, candle.open));
        check(sqlite3_bind_double(statement, 6, candle.high));
        check(sqlite3_bind_double(statement, 7, candle.low));
        check(sqlite3_bind_double(statement, 8, candle.close));
        check(sqlite3_bind_double(statement, 9, candle.volume));
        check(sqlite3_bind_int64(statement, 10, candle.trades));
        check(sqlite3_bind_int64(statement, 11, candle.updated_at));
    }

    static std::string_view text_at(sqlite3_stmt* statement, int column) {
        const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
        return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
    }
    static void read(sqlite3_stmt* statement, Candle& candle) {
        candle.id = sqlite3_column_int64(statement, 0);
        candle.exchange = text_at(statement, 1);
        candle.symbol = text_at(statement, 2);
        candle.timeframe = text_at(statement, 3);
        candle.start_time = sqlite3_column_int64(statement, 4);
        candle.open = sqlite3_column_double(statement, 5);
        candle.high = sqlite3_column_double(statement, 6);
        candle.low = sqlite3_column_double(statement, 7);
        candle.close = sqlite3_column_double(statement, 8);
        candle.volume = sqlite3_column_double(statement, 9);
        candle.trades = sqlite3_column_int64(statement, 10);
        candle.updated_at = sqlite3_column_int64(statement, 11);
    }
    static void read(sqlite3_stmt* statement, User& user) {
        user.id = sqlite3_column_int64(statement, 0);
        user.name = text_at(statement, 1);
        if (sqlite3_column_type(statement, 2) != SQLITE_NULL) user.hair_color = text_at(statement, 2);
    }

    std::vector<Candle> rows(sqlite3_stmt* statement, std::int64_t first, std::int64_t second) {
        check(sqlite3_bind_int64(statement, 1, first));
        check(sqlite3_bind_int64(statement, 2, second));
        std::vector<Candle> found;
        int code = 0;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW) read(statement, found.emplace_back());
        check(code, SQLITE_DONE);
        end(statement);
        return found;
    }

    Database db_;
    SqliteKeeper keeper_;
    Prepared begin_ = prepare("BEGIN IMMEDIATE");
    Prepared commit_ = prepare("COMMIT");
    Prepared insert_ = prepare(text::insert);
    Prepared upsert_nothing_ = prepare(text::upsert_nothing);
    Prepared upsert_update_ = prepare(text::upsert_update);
    Prepared find_ = prepare(text::find);
    Prepared range_ = prepare(text::range);
    Prepared page_at_ = prepare(text::page_at);
    Prepared page_behind_ = prepare(text::page_behind);
    Prepared update_ = prepare(text::update);
    Prepared patch_ = prepare(text::patch);
    Prepared erase_ = prepare(text::erase);
    Prepared users_ = prepare(text::users);
    Prepared users_with_posts_ = prepare(text::users_with_posts);
    Prepared insert_user_ = prepare(text::insert_user);
};

}  // namespace bench::sqlite
