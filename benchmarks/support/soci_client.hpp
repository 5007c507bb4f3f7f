#pragma once

#include <cstdint>
#include <optional>
#include <soci/soci.h>
#include <span>
#include <string>
#include <string_view>
#include <support/candle.hpp>
#include <support/subject.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace bench {

/// `Key` is the type that SOCI gives the key: on SQLite `int`, as the column must be declared INTEGER.
template <class Key>
struct SociCandle : Candle {};

}  // namespace bench

/// SOCI's way of storing structs.
template <class Key>
struct soci::type_conversion<bench::SociCandle<Key>> {
    using base_type = soci::values;

    static void from_base(const soci::values& values, soci::indicator, bench::SociCandle<Key>& candle) {
        candle.id = values.get<Key>("id");
        candle.exchange = values.get<std::string>("exchange");
        candle.symbol = values.get<std::string>("symbol");
        candle.timeframe = values.get<std::string>("timeframe");
        candle.start_time = values.get<long long>("start_time");
        candle.open = values.get<double>("open");
        candle.high = values.get<double>("high");
        candle.low = values.get<double>("low");
        candle.close = values.get<double>("close");
        candle.volume = values.get<double>("volume");
        candle.trades = values.get<long long>("trades");
        candle.updated_at = values.get<long long>("updated_at");
    }

    static void to_base(const bench::SociCandle<Key>& candle, soci::values& values, soci::indicator& indicator) {
        values.set("id", static_cast<Key>(candle.id));
        values.set("exchange", candle.exchange);
        values.set("symbol", candle.symbol);
        values.set("timeframe", candle.timeframe);
        values.set("start_time", static_cast<long long>(candle.start_time));
        values.set("open", candle.open);
        values.set("high", candle.high);
        values.set("low", candle.low);
        values.set("close", candle.close);
        values.set("volume", candle.volume);
        values.set("trades", static_cast<long long>(candle.trades));
        values.set("updated_at", static_cast<long long>(candle.updated_at));
        indicator = soci::i_ok;
    }
};

namespace bench {

/// SOCI on either database, with statements that are kept and structs by its own type_conversion. Where `returning`, an
/// INSERT gives the key that the database has made; else the session is asked for it.
template <bool returning>
class SociClient {
public:
    SociClient(const soci::backend_factory& backend, const std::string& where) : session_{backend, where} {}
    virtual ~SociClient() = default;
    SociClient(const SociClient&) = delete;
    SociClient& operator=(const SociClient&) = delete;

    void begin() { session_.begin(); }
    void commit() { session_.commit(); }

    std::int64_t insert(const Candle& candle) {
        static_cast<Candle&>(row_) = candle;
        insert_->execute(true);
        if constexpr (!returning) session_.get_last_insert_id("candle", key_);
        return key_;
    }
    std::int64_t upsert_nothing(const Candle& candle) { return write(*upsert_nothing_, candle); }
    std::int64_t upsert_update(const Candle& candle) { return write(*upsert_update_, candle); }

    std::optional<Candle> find(std::int64_t id) {
        first_ = id;
        if (!find_->execute(true)) return std::nullopt;
        return row_;
    }
    std::vector<Candle> range(std::int64_t first, std::int64_t end) { return rows(*range_, first, end); }
    std::vector<Candle> page_at(std::int64_t offset, std::int64_t count) { return rows(*page_at_, count, offset); }
    std::vector<Candle> page_behind(std::int64_t id, std::int64_t count) { return rows(*page_behind_, id, count); }

    std::int64_t update(const Candle& candle) { return write(*update_, candle); }
    std::int64_t patch(const Candle& candle, double close, double volume) {
        close_ = close;
        volume_ = volume;
        first_ = candle.id;
        patch_->execute(true);
        return patch_->get_affected_rows();
    }
    std::int64_t erase(std::int64_t id) {
        first_ = id;
        erase_->execute(true);
        return erase_->get_affected_rows();
    }

    std::vector<User> users() {
        std::vector<User> found;
        users_->execute();
        while (users_->fetch()) found.push_back(user());
        return found;
    }
    std::vector<std::pair<User, std::optional<Post>>> users_with_posts(std::string_view color) {
        text_ = color;
        std::vector<std::pair<User, std::optional<Post>>> found;
        users_with_posts_->execute();
        while (users_with_posts_->fetch()) {
            auto& [one, post] = found.emplace_back(user(), std::nullopt);
            if (post_indicator_ == soci::i_null) continue;
            post = Post{post_id_, post_user_, post_title_, std::nullopt};
            if (body_indicator_ != soci::i_null) post->body = post_body_;
        }
        return found;
    }
    std::size_t insert_users(std::span<const User> users) {
        begin();
        for (const User& one : users) {
            name_ = one.name;
            color_indicator_ = one.hair_color ? soci::i_ok : soci::i_null;
            color_ = one.hair_color.value_or("");
            insert_user_->execute(true);
        }
        commit();
        return users.size();
    }

protected:
    [[nodiscard]] soci::session& session() { return session_; }
    /// The number of rows that a statement has changed just now.
    virtual std::int64_t changed_by(soci::statement& statement) = 0;

    /// Once the tables are there.
    void prepare() {
        const std::string columns =
            "exchange, symbol, timeframe, start_time, open, high, low, close, volume, trades, updated_at";
        const std::string insert_text = "INSERT INTO candle (" + columns +
                                        ") VALUES (:exchange, :symbol, :timeframe, :start_time, :open, :high, :low, "
                                        ":close, :volume, :trades, :updated_at)";
        const std::string on_conflict = " ON CONFLICT (exchange, symbol, timeframe, start_time) DO ";
        const std::string select = "SELECT id, " + columns + " FROM candle ";
        using soci::into;
        using soci::use;
        if constexpr (returning)
            insert_.emplace((session_.prepare << insert_text + " RETURNING id", use(row_), into(key_)));
        else
            insert_.emplace((session_.prepare << insert_text, use(row_)));
        upsert_nothing_.emplace((session_.prepare << insert_text + on_conflict + "NOTHING", use(row_)));
        upsert_update_.emplace(
            (session_.prepare << insert_text + on_conflict +
                                     "UPDATE SET open = excluded.open, high = excluded.high, low = excluded.low, close "
                                     "= excluded.close, volume = excluded.volume, trades = excluded.trades, updated_at "
                                     "= excluded.updated_at",
             use(row_)));
        find_.emplace((session_.prepare << select + "WHERE id = :a", use(first_), into(row_)));
        const auto reading = [&](const char* rest) {
            return soci::statement{(session_.prepare << select + rest, use(first_), use(second_), into(row_))};
        };
        range_.emplace(reading("WHERE id >= :a AND id < :b ORDER BY id"));
        page_at_.emplace(reading("ORDER BY id LIMIT :a OFFSET :b"));
        page_behind_.emplace(reading("WHERE id > :a ORDER BY id LIMIT :b"));
        update_.emplace((session_.prepare
                             << "UPDATE candle SET exchange = :exchange, symbol = :symbol, timeframe = :timeframe, "
                                "start_time = :start_time, open = :open, high = :high, low = :low, close = :close, "
                                "volume = :volume, trades = :trades, updated_at = :updated_at WHERE id = :id",
                         use(row_)));
        patch_.emplace((session_.prepare << "UPDATE candle SET close = :close, volume = :volume WHERE id = :id",
                        use(close_), use(volume_), use(first_)));
        erase_.emplace((session_.prepare << "DELETE FROM candle WHERE id = :id", use(first_)));
        users_.emplace((session_.prepare << "SELECT id, name, hair_color FROM users", into(user_id_), into(name_),
                        into(color_, color_indicator_)));
        users_with_posts_.emplace(
            (session_.prepare << "SELECT u.id, u.name, u.hair_color, p.id, p.user_id, p.title, p.body FROM users AS u "
                                 "LEFT JOIN posts AS p ON u.id = p.user_id WHERE u.hair_color = :color",
             use(text_), into(user_id_), into(name_), into(color_, color_indicator_), into(post_id_, post_indicator_),
             into(post_user_, post_user_indicator_), into(post_title_, title_indicator_),
             into(post_body_, body_indicator_)));
        insert_user_.emplace((session_.prepare << "INSERT INTO users (name, hair_color) VALUES (:name, :color)",
                              use(name_), use(color_, color_indicator_)));
    }

private:
    std::int64_t write(soci::statement& statement, const Candle& candle) {
        static_cast<Candle&>(row_) = candle;
        statement.execute(true);
        return changed_by(statement);
    }
    std::vector<Candle> rows(soci::statement& statement, std::int64_t first, std::int64_t second) {
        first_ = first;
        second_ = second;
        std::vector<Candle> found;
        statement.execute();
        while (statement.fetch()) found.push_back(row_);
        return found;
    }
    [[nodiscard]] User user() const {
        User one{user_id_, name_, std::nullopt};
        if (color_indicator_ != soci::i_null) one.hair_color = color_;
        return one;
    }

    soci::session session_;
    // What the statements are bound to.
    SociCandle<std::conditional_t<returning, long long, int>> row_{};
    long long key_ = 0, first_ = 0, second_ = 0;
    double close_ = 0, volume_ = 0;
    long long user_id_ = 0, post_id_ = 0, post_user_ = 0;
    std::string name_{}, color_{}, text_{}, post_title_{}, post_body_{};
    soci::indicator color_indicator_ = soci::i_ok, post_indicator_ = soci::i_ok, post_user_indicator_ = soci::i_ok,
                    title_indicator_ = soci::i_ok, body_indicator_ = soci::i_ok;
    std::optional<soci::statement> insert_{}, upsert_nothing_{}, upsert_update_{}, find_{}, range_{}, page_at_{},
        page_behind_{}, update_{}, patch_{}, erase_{}, users_{}, users_with_posts_{}, insert_user_{};
};

}  // namespace bench
