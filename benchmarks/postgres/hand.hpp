#pragma once

#include <array>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <support/candle.hpp>
#include <support/subject.hpp>

#include <libpq-fe.h>

/// What hand-written code on libpq has anyway: handles that close themselves, checks of each call, and numbers in the
/// order of the network.
namespace bench::postgres {

struct Finish {
    void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using Line = std::unique_ptr<PGconn, Finish>;

struct Clear {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

inline Line connect(const std::string& url) {
    Line line{PQconnectdb(url.c_str())};
    if (PQstatus(line.get()) != CONNECTION_OK) fail(std::string{"PostgreSQL: "} + PQerrorMessage(line.get()));
    return line;
}

inline Answer checked(PGconn* connection, PGresult* result, ExecStatusType wanted) {
    Answer answer{result};
    if (PQresultStatus(result) != wanted) [[unlikely]]
        fail(std::string{"PostgreSQL: "} + PQerrorMessage(connection));
    return answer;
}

inline void execute(PGconn* connection, const char* text) {
    Answer answer{PQexec(connection, text)};
    const ExecStatusType status = PQresultStatus(answer.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail(std::string{"PostgreSQL: "} + PQerrorMessage(connection));
}

inline std::int64_t affected(const Answer& answer) {
    const char* text = PQcmdTuples(answer.get());
    std::int64_t count = 0;
    std::from_chars(text, text + std::strlen(text), count);
    return count;
}

template <class Number>
Number in_network_order(Number number) {
    if constexpr (std::endian::native == std::endian::big) return number;
    if constexpr (sizeof number == 8) return static_cast<Number>(__builtin_bswap64(static_cast<std::uint64_t>(number)));
    if constexpr (sizeof number == 4) return static_cast<Number>(__builtin_bswap32(static_cast<std::uint32_t>(number)));
    if constexpr (sizeof number == 2) return static_cast<Number>(__builtin_bswap16(static_cast<std::uint16_t>(number)));
}

template <class Number>
void store(char* to, Number number) {
    const Number ordered = in_network_order(number);
    std::memcpy(to, &ordered, sizeof ordered);
}

template <class Number>
Number load(const char* from) {
    Number number{};
    std::memcpy(&number, from, sizeof number);
    return in_network_order(number);
}

inline constexpr Oid int8_type = 20, float8_type = 701, text_type = 25, int8_array_type = 1016;

/// The parameters of one call, on the stack.
template <std::size_t size>
class Parameters {
public:
    void put(std::int64_t value) {
        store(numbers_[count_].data(), value);
        add(numbers_[count_].data(), 8);
    }
    void put(double value) { put(std::bit_cast<std::int64_t>(value)); }
    void put(std::string_view text) { add(text.data(), text.size()); }
    void put(const std::optional<std::string>& text) {
        if (text)
            put(std::string_view{*text});
        else
            add(nullptr, 0);
    }
    void put_values(const Candle& candle) {
        put(std::string_view{candle.exchange});
        put(std::string_view{candle.symbol});
        put(std::string_view{candle.timeframe});
        put(candle.start_time);
        put(candle.open);
        put(candle.high);
        put(candle.low);
        put(candle.close);
        put(candle.volume);
        put(candle.trades);
        put(candle.updated_at);
    }

    Answer execute(PGconn* connection, const char* name, ExecStatusType wanted) const {
        return checked(connection,
                       PQexecPrepared(connection, name, static_cast<int>(count_), values_.data(), lengths_.data(),
                                      formats().data(), 1),
                       wanted);
    }
    void send(PGconn* connection, const char* name) const {
        if (PQsendQueryPrepared(connection, name, static_cast<int>(count_), values_.data(), lengths_.data(),
                                formats().data(), 1) == 0)
            fail(std::string{"PostgreSQL: "} + PQerrorMessage(connection));
    }

private:
    void add(const char* value, std::size_t length) {
        values_[count_] = value;
        lengths_[count_] = static_cast<int>(length);
        ++count_;
    }
    static const std::array<int, size>& formats() {
        static constexpr std::array<int, size> all_binary = [] {
            std::array<int, size> made{};
            made.fill(1);
            return made;
        }();
        return all_binary;
    }

    std::array<const char*, size> values_;
    std::array<int, size> lengths_;
    std::array<std::array<char, 8>, size> numbers_;
    std::size_t count_ = 0;
};

// Cells of a binary result.

inline std::int64_t integer_at(const PGresult* result, int row, int column) {
    const char* bytes = PQgetvalue(result, row, column);
    return PQgetlength(result, row, column) == 4 ? load<std::int32_t>(bytes) : load<std::int64_t>(bytes);
}
inline double double_at(const PGresult* result, int row, int column) {
    return std::bit_cast<double>(load<std::int64_t>(PQgetvalue(result, row, column)));
}
inline std::string_view text_at(const PGresult* result, int row, int column) {
    return {PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column))};
}

inline void read(const PGresult* result, int row, Candle& candle) {
    const auto integer = [&](int column) { return load<std::int64_t>(PQgetvalue(result, row, column)); };
    candle.id = integer(0);
    candle.exchange = text_at(result, row, 1);
    candle.symbol = text_at(result, row, 2);
    candle.timeframe = text_at(result, row, 3);
    candle.start_time = integer(4);
    candle.open = double_at(result, row, 5);
    candle.high = double_at(result, row, 6);
    candle.low = double_at(result, row, 7);
    candle.close = double_at(result, row, 8);
    candle.volume = double_at(result, row, 9);
    candle.trades = integer(10);
    candle.updated_at = integer(11);
}

inline void read(const PGresult* result, int row, User& user) {
    user.id = integer_at(result, row, 0);
    user.name = text_at(result, row, 1);
    if (PQgetisnull(result, row, 2) == 0) user.hair_color = text_at(result, row, 2);
}

}  // namespace bench::postgres
