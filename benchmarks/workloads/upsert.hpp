#pragma once

#include <cstdint>
#include <support/candle.hpp>
#include <support/subject.hpp>
#include <vector>

namespace bench {

enum class OnConflict { nothing, update };

/// Rows of which every other one is there already, one by one in one transaction. The sum is the number of rows that
/// were stored or changed.
template <class Client, OnConflict action>
class UpsertOneByOne : public Subject {
public:
    template <class Place>
    UpsertOneByOne(const Place& place, std::size_t rows)
        : client_{place}, rows_{without_keys(with_news(make_candles(rows)))} {
        client_.keeper().load(make_candles(rows));
    }

    void prepare() override { client_.keeper().fill("id % 2 = 0"); }
    std::uint64_t work() override {
        std::int64_t sum = 0;
        client_.begin();
        for (const Candle& row : rows_) {
            if constexpr (action == OnConflict::nothing)
                sum += client_.upsert_nothing(row);
            else
                sum += client_.upsert_update(row);
        }
        client_.commit();
        return static_cast<std::uint64_t>(sum);
    }
    std::uint64_t check() override {
        prepare();
        const std::uint64_t sum = work();
        return sum ^ client_.keeper().digest();
    }

private:
    Client client_;
    std::vector<Candle> rows_;
};

/// The same from a vector, all or nothing, as fast as it goes.
template <class Client, OnConflict action>
class UpsertMany : public Subject {
public:
    template <class Place>
    UpsertMany(const Place& place, std::size_t rows)
        : client_{place}, rows_{without_keys(with_news(make_candles(rows)))} {
        client_.keeper().load(make_candles(rows));
    }

    void prepare() override { client_.keeper().fill("id % 2 = 0"); }
    std::uint64_t work() override {
        if constexpr (requires { client_.upsert_update_many(rows_); }) {
            if constexpr (action == OnConflict::nothing)
                return client_.upsert_nothing_many(rows_);
            else
                return client_.upsert_update_many(rows_);
        } else {
            std::int64_t sum = 0;
            client_.begin();
            for (const Candle& row : rows_) {
                if constexpr (action == OnConflict::nothing)
                    sum += client_.upsert_nothing(row);
                else
                    sum += client_.upsert_update(row);
            }
            client_.commit();
            return static_cast<std::uint64_t>(sum);
        }
    }
    std::uint64_t check() override {
        prepare();
        const std::uint64_t sum = work();
        return sum ^ client_.keeper().digest();
    }

private:
    Client client_;
    std::vector<Candle> rows_;
};

}  // namespace bench
