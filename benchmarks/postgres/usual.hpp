#pragma once

#include <cstdint>
#include <optional>
#include <postgres/hand.hpp>
#include <postgres/place.hpp>
#include <postgres/text.hpp>
#include <span>
#include <string_view>
#include <support/candle.hpp>
#include <utility>
#include <vector>

namespace bench::postgres {

/// The usual hand-written code, and for single rows also the best that we know: statements prepared once with the types
/// of their parameters, binary in both directions, one PQexecPrepared a row.
class Usual {
public:
    explicit Usual(const Place& place) : keeper_{place}, line_{connect(place.url())} {
        constexpr Oid i = int8_type, d = float8_type, t = text_type;
        const Oid candle[] = {t, t, t, i, d, d, d, d, d, i, i, i};
        const Oid integers[] = {i, i};
        const Oid patch[] = {d, d, i};
        const Oid texts[] = {t, t};
        prepare("insert", text::insert, {candle, 11});
        prepare("upsert_nothing", text::upsert_nothing, {candle, 11});
        prepare("upsert_update", text::upsert_update, {candle, 11});
        prepare("find", text::find, {integers, 1});
        prepare("range", text::range, integers);
        prepare("page_at", text::page_at, integers);
        prepare("page_behind", text::page_behind, integers);
        prepare("update", text::update, candle);
        prepare("patch", text::patch, patch);
        prepare("erase", text::erase, {integers, 1});
        prepare("users", text::users, {});
        prepare("users_with_posts", text::users_with_posts, {texts, 1});
        prepare("insert_user", text::insert_user, texts);
    }

    Keeper& keeper() { return keeper_; }
    [[nodiscard]] PGconn* line() const { return line_.get(); }
    void begin() { execute(line(), "BEGIN"); }
    void commit() { execute(line(), "COMMIT"); }

    void prepare(const char* name, const char* sql, std::span<const Oid> types) {
        checked(line(), PQprepare(line(), name, sql, static_cast<int>(types.size()), types.data()), PGRES_COMMAND_OK);
    }

    std::int64_t insert(const Candle& candle) {
        Parameters<11> parameters;
        parameters.put_values(candle);
        const Answer answer = parameters.execute(line(), "insert", PGRES_TUPLES_OK);
        return load<std::int64_t>(PQgetvalue(answer.get(), 0, 0));
    }
    std::int64_t upsert_nothing(const Candle& candle) { return write("upsert_nothing", candle); }
    std::int64_t upsert_update(const Candle& candle) { return write("upsert_update", candle); }

    std::optional<Candle> find(std::int64_t id) {
        Parameters<1> parameters;
        parameters.put(id);
        const Answer answer = parameters.execute(line(), "find", PGRES_TUPLES_OK);
        std::optional<Candle> candle;
        if (PQntuples(answer.get()) != 0) read(answer.get(), 0, candle.emplace());
        return candle;
    }
    std::vector<Candle> range(std::int64_t first, std::int64_t end) { return rows("range", first, end); }
    std::vector<Candle> page_at(std::int64_t offset, std::int64_t count) { return rows("page_at", count, offset); }
    std::vector<Candle> page_behind(std::int64_t id, std::int64_t count) { return rows("page_behind", id, count); }

    std::int64_t update(const Candle& candle) {
        Parameters<12> parameters;
        parameters.put_values(candle);
        parameters.put(candle.id);
        return affected(parameters.execute(line(), "update", PGRES_COMMAND_OK));
    }
    std::int64_t patch(const Candle& candle, double close, double volume) {
        Parameters<3> parameters;
        parameters.put(close);
        parameters.put(volume);
        parameters.put(candle.id);
        return affected(parameters.execute(line(), "patch", PGRES_COMMAND_OK));
    }
    std::int64_t erase(std::int64_t id) {
        Parameters<1> parameters;
        parameters.put(id);
        return affected(parameters.execute(line(), "erase", PGRES_COMMAND_OK));
    }

    std::vector<User> users() {
        const Answer answer = Parameters<1>{}.execute(line(), "users", PGRES_TUPLES_OK);
        const int count = PQntuples(answer.get());
        std::vector<User> found(static_cast<std::size_t>(count));
        for (int i = 0; i != count; ++i) read(answer.get(), i, found[static_cast<std::size_t>(i)]);
        return found;
    }
    std::vector<std::pair<User, std::optional<Post>>> users_with_posts(std::string_view color) {
        Parameters<1> parameters;
        parameters.put(color);
        const Answer answer = parameters.execute(line(), "users_with_posts", PGRES_TUPLES_OK);
        const PGresult* result = answer.get();
        const int count = PQntuples(result);
        std::vector<std::pair<User, std::optional<Post>>> found(static_cast<std::size_t>(count));
        for (int i = 0; i != count; ++i) {
            auto& [user, post] = found[static_cast<std::size_t>(i)];
            read(result, i, user);
            if (PQgetisnull(result, i, 3) != 0) continue;
            post.emplace();
            post->id = integer_at(result, i, 3);
            post->user_id = integer_at(result, i, 4);
            post->title = text_at(result, i, 5);
            if (PQgetisnull(result, i, 6) == 0) post->body = text_at(result, i, 6);
        }
        return found;
    }
    std::size_t insert_users(std::span<const User> users) {
        begin();
        for (const User& user : users) {
            Parameters<2> parameters;
            parameters.put(std::string_view{user.name});
            parameters.put(user.hair_color);
            parameters.execute(line(), "insert_user", PGRES_COMMAND_OK);
        }
        commit();
        return users.size();
    }

private:
    std::int64_t write(const char* name, const Candle& candle) {
        Parameters<11> parameters;
        parameters.put_values(candle);
        return affected(parameters.execute(line(), name, PGRES_COMMAND_OK));
    }
    std::vector<Candle> rows(const char* name, std::int64_t first, std::int64_t second) {
        Parameters<2> parameters;
        parameters.put(first);
        parameters.put(second);
        const Answer answer = parameters.execute(line(), name, PGRES_TUPLES_OK);
        const int count = PQntuples(answer.get());
        std::vector<Candle> found(static_cast<std::size_t>(count));
        for (int i = 0; i != count; ++i) read(answer.get(), i, found[static_cast<std::size_t>(i)]);
        return found;
    }

    PostgresKeeper keeper_;
    Line line_;
};

}  // namespace bench::postgres
