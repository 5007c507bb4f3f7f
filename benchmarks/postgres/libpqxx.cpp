#include <cstdint>
#include <optional>
#include <postgres/competitors.hpp>
#include <postgres/text.hpp>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace bench::postgres {

namespace {

void read(const pqxx::row& row, Candle& candle) {
    candle.id = row[0].as<std::int64_t>();
    candle.exchange = row[1].as<std::string>();
    candle.symbol = row[2].as<std::string>();
    candle.timeframe = row[3].as<std::string>();
    candle.start_time = row[4].as<std::int64_t>();
    candle.open = row[5].as<double>();
    candle.high = row[6].as<double>();
    candle.low = row[7].as<double>();
    candle.close = row[8].as<double>();
    candle.volume = row[9].as<double>();
    candle.trades = row[10].as<std::int64_t>();
    candle.updated_at = row[11].as<std::int64_t>();
}

void read(const pqxx::row& row, User& user) {
    user.id = row[0].as<std::int64_t>();
    user.name = row[1].as<std::string>();
    if (!row[2].is_null()) user.hair_color = row[2].as<std::string>();
}

/// libpqxx with prepared statements, and stream_to (a COPY) for many new rows.
class Libpqxx {
public:
    explicit Libpqxx(const Place& place) : keeper_{place}, connection_{place.url()} {
        connection_.prepare("insert", text::insert);
        connection_.prepare("upsert_nothing", text::upsert_nothing);
        connection_.prepare("upsert_update", text::upsert_update);
        connection_.prepare("find", text::find);
        connection_.prepare("range", text::range);
        connection_.prepare("page_at", text::page_at);
        connection_.prepare("page_behind", text::page_behind);
        connection_.prepare("update", text::update);
        connection_.prepare("patch", text::patch);
        connection_.prepare("erase", text::erase);
        connection_.prepare("users", text::users);
        connection_.prepare("users_with_posts", text::users_with_posts);
        connection_.prepare("insert_user", text::insert_user);
    }

    Keeper& keeper() { return keeper_; }
    void begin() { work_.emplace(connection_); }
    void commit() {
        work_->commit();
        work_.reset();
    }

    std::int64_t insert(const Candle& candle) { return execute_with("insert", candle)[0][0].as<std::int64_t>(); }
    std::int64_t upsert_nothing(const Candle& candle) { return affected_by(execute_with("upsert_nothing", candle)); }
    std::int64_t upsert_update(const Candle& candle) { return affected_by(execute_with("upsert_update", candle)); }

    std::optional<Candle> find(std::int64_t id) {
        const pqxx::result rows = run("find", id);
        std::optional<Candle> candle;
        if (!rows.empty()) read(rows[0], candle.emplace());
        return candle;
    }
    std::vector<Candle> range(std::int64_t first, std::int64_t end) { return candles(run("range", first, end)); }
    std::vector<Candle> page_at(std::int64_t offset, std::int64_t count) {
        return candles(run("page_at", count, offset));
    }
    std::vector<Candle> page_behind(std::int64_t id, std::int64_t count) {
        return candles(run("page_behind", id, count));
    }

    std::int64_t update(const Candle& c) {
        return affected_by(run("update", c.exchange, c.symbol, c.timeframe, c.start_time, c.open, c.high, c.low,
                               c.close, c.volume, c.trades, c.updated_at, c.id));
    }
    std::int64_t patch(const Candle& candle, double close, double volume) {
        return affected_by(run("patch", close, volume, candle.id));
    }
    std::int64_t erase(std::int64_t id) { return affected_by(run("erase", id)); }

    std::uint64_t insert_many(std::span<const Candle> rows) {
        begin();
        static const std::vector<std::string> columns{"exchange", "symbol", "timeframe", "start_time",
                                                      "open",     "high",   "low",       "close",
                                                      "volume",   "trades", "updated_at"};
        pqxx::stream_to stream{*work_, "candle", columns};
        for (const Candle& c : rows)
            stream << std::make_tuple(c.exchange, c.symbol, c.timeframe, c.start_time, c.open, c.high, c.low, c.close,
                                      c.volume, c.trades, c.updated_at);
        stream.complete();
        commit();
        return rows.size();
    }

    std::vector<User> users() {
        std::vector<User> found;
        for (const pqxx::row& row : run("users")) read(row, found.emplace_back());
        return found;
    }
    std::vector<std::pair<User, std::optional<Post>>> users_with_posts(std::string_view color) {
        std::vector<std::pair<User, std::optional<Post>>> found;
        for (const pqxx::row& row : run("users_with_posts", std::string{color})) {
            auto& [user, post] = found.emplace_back();
            read(row, user);
            if (row[3].is_null()) continue;
            post = Post{row[3].as<std::int64_t>(), row[4].as<std::int64_t>(), row[5].as<std::string>(), std::nullopt};
            if (!row[6].is_null()) post->body = row[6].as<std::string>();
        }
        return found;
    }
    std::size_t insert_users(std::span<const User> users) {
        begin();
        for (const User& user : users) {
            if (user.hair_color)
                run("insert_user", user.name, *user.hair_color);
            else
                run("insert_user", user.name, nullptr);
        }
        commit();
        return users.size();
    }

private:
    template <class... Arguments>
    pqxx::result run(const char* name, const Arguments&... arguments) {
        if (work_) return work_->exec_prepared(name, arguments...);
        pqxx::nontransaction alone{connection_};
        return alone.exec_prepared(name, arguments...);
    }
    pqxx::result execute_with(const char* name, const Candle& c) {
        return run(name, c.exchange, c.symbol, c.timeframe, c.start_time, c.open, c.high, c.low, c.close, c.volume,
                   c.trades, c.updated_at);
    }
    static std::int64_t affected_by(const pqxx::result& result) {
        return static_cast<std::int64_t>(result.affected_rows());
    }
    static std::vector<Candle> candles(const pqxx::result& rows) {
        std::vector<Candle> found;
        found.reserve(rows.size());
        for (const pqxx::row& row : rows) read(row, found.emplace_back());
        return found;
    }

    PostgresKeeper keeper_;
    pqxx::connection connection_;
    std::optional<pqxx::work> work_{};
};

/// libpqxx's pipelines, which take texts without parameters and do not prepare them.
class LibpqxxPipeline {
public:
    explicit LibpqxxPipeline(const Place& place) : keeper_{place}, connection_{place.url()} {}

    Keeper& keeper() { return keeper_; }

    std::vector<std::optional<Candle>> find_each(const std::vector<std::int64_t>& keys) {
        pqxx::nontransaction alone{connection_};
        std::vector<std::optional<Candle>> found;
        for_each_result(
            alone, keys,
            [](std::int64_t key) {
                return "SELECT id, " ROWAN_BENCH_PG_COLUMNS " FROM candle WHERE id = " + pqxx::to_string(key);
            },
            [&](const pqxx::result& rows) {
                found.emplace_back();
                if (!rows.empty()) read(rows[0], found.back().emplace());
            });
        return found;
    }

    std::vector<std::int64_t> insert_each(std::span<const Candle> candles) {
        pqxx::work work{connection_};
        std::vector<std::int64_t> keys;
        const auto text_of = [&](const Candle& c) {
            std::string text = "INSERT INTO candle (" ROWAN_BENCH_PG_COLUMNS ") VALUES (";
            for (const std::string* value : {&c.exchange, &c.symbol, &c.timeframe}) text += work.quote(*value) + ", ";
            text += pqxx::to_string(c.start_time);
            for (const double value : {c.open, c.high, c.low, c.close, c.volume}) text += ", " + pqxx::to_string(value);
            return text + ", " + pqxx::to_string(c.trades) + ", " + pqxx::to_string(c.updated_at) + ") RETURNING id";
        };
        for_each_result(work, candles, text_of,
                        [&](const pqxx::result& rows) { keys.push_back(rows[0][0].as<std::int64_t>()); });
        work.commit();
        return keys;
    }

private:
    template <class Items, class TextOf, class Use>
    static void for_each_result(pqxx::transaction_base& transaction, const Items& items, TextOf text_of, Use use) {
        pqxx::pipeline pipeline{transaction};
        // All at once, not as soon as the server has nothing to do.
        pipeline.retain(static_cast<int>(items.size()));
        std::vector<pqxx::pipeline::query_id> queries;
        for (const auto& item : items) queries.push_back(pipeline.insert(text_of(item)));
        for (const auto query : queries) use(pipeline.retrieve(query));
    }

    PostgresKeeper keeper_;
    pqxx::connection connection_;
};

}  // namespace

void enter_libpqxx(Suite& suite, const Course& course) {
    enter<Libpqxx>(suite, "libpqxx", course);
    if (!course.way.empty()) enter<LibpqxxPipeline>(suite, "libpqxx, pipeline", course);
}

}  // namespace bench::postgres
