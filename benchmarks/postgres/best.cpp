#include <charconv>
#include <iterator>
#include <postgres/competitors.hpp>
#include <postgres/usual.hpp>
#include <string>
#include <utility>

namespace bench::postgres {

namespace {

/// The best hand-written code that we know for many rows. Its single rows are those of Usual.
class Best {
public:
    explicit Best(const Place& place) : usual_{place} {
        execute(line(), "CREATE TEMPORARY TABLE incoming (LIKE candle) ON COMMIT DELETE ROWS;"
                        "ALTER TABLE incoming ALTER id DROP NOT NULL");
        constexpr Oid keys[] = {int8_array_type};
        usual_.prepare("find_many",
                       "SELECT id, " ROWAN_BENCH_PG_COLUMNS
                       " FROM unnest($1) AS wanted(key) JOIN candle ON candle.id = wanted.key",
                       keys);
        usual_.prepare("erase_many", "DELETE FROM candle USING unnest($1) AS gone(key) WHERE candle.id = gone.key",
                       keys);
    }

    Keeper& keeper() { return usual_.keeper(); }

    std::uint64_t insert_many(std::span<const Candle> rows) {
        return copy("COPY candle (" ROWAN_BENCH_PG_COLUMNS ") FROM STDIN BINARY", rows, false);
    }
    std::uint64_t upsert_nothing_many(std::span<const Candle> rows) {
        return through_table(rows, false,
                             "INSERT INTO candle (" ROWAN_BENCH_PG_COLUMNS ") SELECT " ROWAN_BENCH_PG_COLUMNS
                             " FROM incoming" ROWAN_BENCH_PG_ON_CONFLICT "NOTHING");
    }
    std::uint64_t upsert_update_many(std::span<const Candle> rows) {
        return through_table(rows, false,
                             "INSERT INTO candle (" ROWAN_BENCH_PG_COLUMNS ") SELECT " ROWAN_BENCH_PG_COLUMNS
                             " FROM incoming" ROWAN_BENCH_PG_ON_CONFLICT ROWAN_BENCH_PG_OVERWRITE);
    }
    std::uint64_t update_many(std::span<const Candle> rows) {
        return through_table(rows, true,
                             "UPDATE candle SET exchange = n.exchange, symbol = n.symbol, timeframe = n.timeframe, "
                             "start_time = n.start_time, open = n.open, high = n.high, low = n.low, close = n.close, "
                             "volume = n.volume, trades = n.trades, updated_at = n.updated_at FROM incoming AS n WHERE "
                             "candle.id = n.id");
    }

    /// COPY takes no parameters, and its statement is planned each time: few rows are faster as a result.
    std::vector<Candle> range(std::int64_t first, std::int64_t end) {
        if (end - first < fewest_copied) return usual_.range(first, end);
        return copied("SELECT id, " ROWAN_BENCH_PG_COLUMNS " FROM candle WHERE id >= " + std::to_string(first) +
                          " AND id < " + std::to_string(end) + " ORDER BY id",
                      0);
    }
    std::vector<Candle> find_many(std::span<const std::int64_t> keys) {
        if (std::ssize(keys) >= fewest_copied) {
            std::string select = "SELECT id, " ROWAN_BENCH_PG_COLUMNS " FROM candle WHERE id = ANY('{";
            for (const std::int64_t key : keys) {
                char digits[24];
                select.append(digits, std::to_chars(digits, digits + sizeof digits, key).ptr);
                select += ',';
            }
            select.back() = '}';
            return copied(select + "'::bigint[])", keys.size());
        }
        const std::string array = array_of(keys);
        Parameters<1> parameters;
        parameters.put(std::string_view{array});
        const Answer answer = parameters.execute(line(), "find_many", PGRES_TUPLES_OK);
        const int count = PQntuples(answer.get());
        std::vector<Candle> found(static_cast<std::size_t>(count));
        for (int i = 0; i != count; ++i) read(answer.get(), i, found[static_cast<std::size_t>(i)]);
        return found;
    }
    std::uint64_t erase_many(std::span<const std::int64_t> keys) {
        const std::string array = array_of(keys);
        Parameters<1> parameters;
        parameters.put(std::string_view{array});
        return static_cast<std::uint64_t>(affected(parameters.execute(line(), "erase_many", PGRES_COMMAND_OK)));
    }

    std::vector<User> users() { return usual_.users(); }
    auto users_with_posts(std::string_view color) { return usual_.users_with_posts(color); }

    /// One statement with as many rows as the batch has, kept prepared for the next batch of that size.
    std::size_t insert_users(std::span<const User> users) {
        const std::string name = "insert_users_" + std::to_string(users.size());
        if (users.size() != users_in_statement_) {
            std::string sql = "INSERT INTO users (name, hair_color) VALUES ";
            for (std::size_t i = 0; i != users.size(); ++i)
                sql += (i == 0 ? "($" : ", ($") + std::to_string(2 * i + 1) + ", $" + std::to_string(2 * i + 2) + ")";
            usual_.prepare(name.c_str(), sql.c_str(), std::vector<Oid>(2 * users.size(), text_type));
            users_in_statement_ = users.size();
        }
        std::vector<const char*> values;
        std::vector<int> lengths;
        for (const User& user : users) {
            values.push_back(user.name.data());
            lengths.push_back(static_cast<int>(user.name.size()));
            values.push_back(user.hair_color ? user.hair_color->data() : nullptr);
            lengths.push_back(user.hair_color ? static_cast<int>(user.hair_color->size()) : 0);
        }
        const std::vector<int> formats(values.size(), 1);
        return static_cast<std::size_t>(
            affected(checked(line(),
                             PQexecPrepared(line(), name.c_str(), static_cast<int>(values.size()), values.data(),
                                            lengths.data(), formats.data(), 1),
                             PGRES_COMMAND_OK)));
    }

private:
    static constexpr std::int64_t fewest_copied = 1000;

    [[nodiscard]] PGconn* line() const { return usual_.line(); }

    /// https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
    std::uint64_t copy(const char* command, std::span<const Candle> rows, bool with_key) {
        checked(line(), PQexec(line(), command), PGRES_COPY_IN);
        constexpr std::size_t flush_at = 1 << 16;
        constexpr std::size_t most_of_a_row = 2 + 12 * 12 + 3 * 4;
        static constexpr char header[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
        buffer_.assign(header, 19);
        for (const Candle& row : rows) {
            const std::size_t texts = row.exchange.size() + row.symbol.size() + row.timeframe.size();
            const std::size_t begin = buffer_.size();
            buffer_.resize(begin + most_of_a_row + texts);
            char* to = buffer_.data() + begin;
            store(to, static_cast<std::int16_t>(with_key ? 12 : 11));
            to += 2;
            const auto put = [&](std::int64_t value) {
                store(to, std::int32_t{8});
                store(to + 4, value);
                to += 12;
            };
            const auto put_double = [&](double value) { put(std::bit_cast<std::int64_t>(value)); };
            const auto put_text = [&](const std::string& text) {
                store(to, static_cast<std::int32_t>(text.size()));
                std::memcpy(to + 4, text.data(), text.size());
                to += 4 + text.size();
            };
            if (with_key) put(row.id);
            put_text(row.exchange);
            put_text(row.symbol);
            put_text(row.timeframe);
            put(row.start_time);
            put_double(row.open);
            put_double(row.high);
            put_double(row.low);
            put_double(row.close);
            put_double(row.volume);
            put(row.trades);
            put(row.updated_at);
            buffer_.resize(static_cast<std::size_t>(to - buffer_.data()));
            if (buffer_.size() >= flush_at) flush();
        }
        buffer_.append("\377\377", 2);
        flush();
        if (PQputCopyEnd(line(), nullptr) != 1) fail(PQerrorMessage(line()));
        const Answer answer = checked(line(), PQgetResult(line()), PGRES_COMMAND_OK);
        while (const Answer more{PQgetResult(line())}) {
        }
        return static_cast<std::uint64_t>(affected(answer));
    }
    void flush() {
        if (PQputCopyData(line(), buffer_.data(), static_cast<int>(buffer_.size())) != 1) fail(PQerrorMessage(line()));
        buffer_.clear();
    }

    /// COPY cannot say what to do on a conflict, so the rows go into a temporary table first.
    std::uint64_t through_table(std::span<const Candle> rows, bool with_key, const char* statement) {
        usual_.begin();
        copy(with_key ? "COPY incoming (id, " ROWAN_BENCH_PG_COLUMNS ") FROM STDIN BINARY"
                      : "COPY incoming (" ROWAN_BENCH_PG_COLUMNS ") FROM STDIN BINARY",
             rows, with_key);
        const std::int64_t count = affected(checked(line(), PQexec(line(), statement), PGRES_COMMAND_OK));
        usual_.commit();
        return static_cast<std::uint64_t>(count);
    }

    /// The rows of a SELECT, one a message. No more than `most`, where the call tells.
    std::vector<Candle> copied(const std::string& select, std::size_t most) {
        checked(line(), PQexec(line(), ("COPY (" + select + ") TO STDOUT BINARY").c_str()), PGRES_COPY_OUT);
        std::vector<Candle> found;
        found.reserve(most);
        std::size_t header = 19;
        char* message = nullptr;
        while (PQgetCopyData(line(), &message, 0) > 0) {
            const char* at = message + std::exchange(header, 0);
            // The end has -1.
            if (load<std::int16_t>(at) == 12) read_copied(at + 2, found.emplace_back());
            PQfreemem(message);
        }
        const Answer answer = checked(line(), PQgetResult(line()), PGRES_COMMAND_OK);
        while (const Answer more{PQgetResult(line())}) {
        }
        return found;
    }
    static void read_copied(const char* at, Candle& candle) {
        const auto integer = [&] {
            at += 12;
            return load<std::int64_t>(at - 8);
        };
        const auto real = [&] { return std::bit_cast<double>(integer()); };
        const auto text = [&](std::string& into) {
            const auto size = static_cast<std::size_t>(load<std::int32_t>(at));
            into.assign(at + 4, size);
            at += 4 + size;
        };
        candle.id = integer();
        text(candle.exchange);
        text(candle.symbol);
        text(candle.timeframe);
        candle.start_time = integer();
        candle.open = real();
        candle.high = real();
        candle.low = real();
        candle.close = real();
        candle.volume = real();
        candle.trades = integer();
        candle.updated_at = integer();
    }

    static std::string array_of(std::span<const std::int64_t> keys) {
        std::string array(20 + 12 * keys.size(), '\0');
        store(array.data(), std::int32_t{1});
        store(array.data() + 8, static_cast<std::int32_t>(int8_type));
        store(array.data() + 12, static_cast<std::int32_t>(keys.size()));
        store(array.data() + 16, std::int32_t{1});
        char* to = array.data() + 20;
        for (const std::int64_t key : keys) {
            store(to, std::int32_t{8});
            store(to + 4, key);
            to += 12;
        }
        return array;
    }

    Usual usual_;
    std::string buffer_{};
    std::size_t users_in_statement_ = 0;
};

}  // namespace

void enter_best(Suite& suite, const Course& course) { enter<Best>(suite, "best", course); }

}  // namespace bench::postgres
