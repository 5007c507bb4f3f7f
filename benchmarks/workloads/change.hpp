#pragma once

#include <cstdint>
#include <support/candle.hpp>
#include <support/subject.hpp>
#include <vector>

namespace bench {

/// All columns of rows that are there, one by one in one transaction.
template <class Client>
class UpdateOneByOne : public Subject {
public:
    template <class Place>
    UpdateOneByOne(const Place& place, std::size_t rows) : client_{place}, rows_{with_news(make_candles(rows))} {
        client_.keeper().load(make_candles(rows));
    }

    void prepare() override { client_.keeper().fill("1 = 1"); }
    std::uint64_t work() override {
        std::int64_t sum = 0;
        client_.begin();
        for (const Candle& row : rows_) sum += client_.update(row);
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

/// All columns of many rows in one call, where there is one for that.
template <class Client>
class UpdateMany : public Subject {
public:
    template <class Place>
    UpdateMany(const Place& place, std::size_t rows) : client_{place}, rows_{with_news(make_candles(rows))} {
        client_.keeper().load(make_candles(rows));
    }

    void prepare() override { client_.keeper().fill("1 = 1"); }
    std::uint64_t work() override {
        if constexpr (requires { client_.update_many(rows_); }) {
            return client_.update_many(rows_);
        } else {
            std::int64_t sum = 0;
            client_.begin();
            for (const Candle& row : rows_) sum += client_.update(row);
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

/// Two columns that no index holds, one row by another in one transaction.
template <class Client>
class PatchOneByOne : public Subject {
public:
    template <class Place>
    PatchOneByOne(const Place& place, std::size_t rows) : client_{place}, rows_{make_candles(rows)} {
        client_.keeper().load(rows_);
    }

    void prepare() override { client_.keeper().fill("1 = 1"); }
    std::uint64_t work() override {
        std::int64_t sum = 0;
        client_.begin();
        for (const Candle& row : rows_) sum += client_.patch(row, row.close + 1, row.volume + 2);
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

/// Rows by their keys, in random order, one by one in one transaction. Half of the table goes.
template <class Client>
class DeleteOneByOne : public Subject {
public:
    template <class Place>
    DeleteOneByOne(const Place& place, std::size_t rows) : client_{place}, keys_{make_keys(rows, 2 * rows)} {
        client_.keeper().load(make_candles(2 * rows));
    }

    void prepare() override { client_.keeper().fill("1 = 1"); }
    std::uint64_t work() override {
        std::int64_t sum = 0;
        client_.begin();
        for (const std::int64_t key : keys_) sum += client_.erase(key);
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
    std::vector<std::int64_t> keys_;
};

/// The same in one call, where there is one for that.
template <class Client>
class DeleteMany : public Subject {
public:
    template <class Place>
    DeleteMany(const Place& place, std::size_t rows) : client_{place}, keys_{make_keys(rows, 2 * rows)} {
        client_.keeper().load(make_candles(2 * rows));
    }

    void prepare() override { client_.keeper().fill("1 = 1"); }
    std::uint64_t work() override {
        if constexpr (requires { client_.erase_many(keys_); }) {
            return client_.erase_many(keys_);
        } else {
            std::int64_t sum = 0;
            client_.begin();
            for (const std::int64_t key : keys_) sum += client_.erase(key);
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
    std::vector<std::int64_t> keys_;
};

}  // namespace bench
