#pragma once

#include <cstdint>
#include <support/candle.hpp>
#include <support/subject.hpp>
#include <vector>

namespace bench {

/// New rows one by one, in one transaction; each call gives the key that the database has made.
template <class Client>
class InsertOneByOne : public Subject {
public:
    template <class Place>
    InsertOneByOne(const Place& place, std::size_t rows) : client_{place}, rows_{without_keys(make_candles(rows))} {}

    void prepare() override { client_.keeper().fill("1 = 0"); }
    std::uint64_t work() override {
        std::int64_t sum = 0;
        client_.begin();
        for (const Candle& row : rows_) sum += client_.insert(row);
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

/// New rows from a vector, all or nothing, as fast as it goes.
template <class Client>
class InsertMany : public Subject {
public:
    template <class Place>
    InsertMany(const Place& place, std::size_t rows) : client_{place}, rows_{without_keys(make_candles(rows))} {}

    void prepare() override { client_.keeper().fill("1 = 0"); }
    std::uint64_t work() override {
        if constexpr (requires { client_.insert_many(rows_); }) {
            return client_.insert_many(rows_);
        } else {
            client_.begin();
            for (const Candle& row : rows_) (void)client_.insert(row);
            client_.commit();
            return rows_.size();
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
