#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <support/candle.hpp>
#include <support/subject.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace bench {

enum class Inside { no_transaction, transaction };

/// The row that a client has found, or null. A client gives a std::optional, or a result that holds one.
template <class Found>
const Candle* row_in(const Found& found) {
    if constexpr (std::is_same_v<Found, std::optional<Candle>>)
        return found ? &*found : nullptr;
    else
        return found ? row_in(*found) : nullptr;
}

/// Half of a table's rows by their keys, in random order, one call each.
template <class Client, Inside inside>
class PointRead : public Subject {
public:
    template <class Place>
    PointRead(const Place& place, std::size_t rows) : client_{place}, keys_{make_keys(rows, 2 * rows)} {
        client_.keeper().load(make_candles(2 * rows));
        client_.keeper().fill("1 = 1");
    }

    std::uint64_t work() override {
        std::int64_t sum = 0;
        read([&](const Candle& row) { sum += row.id + row.trades + static_cast<std::int64_t>(row.symbol.size()); });
        return static_cast<std::uint64_t>(sum);
    }
    std::uint64_t check() override {
        Digest digest;
        read([&](const Candle& row) { digest.add(row); });
        if (row_in(client_.find(-1)) != nullptr) fail("found a row that is not there");
        return digest.value();
    }

private:
    template <class Use>
    void read(Use use) {
        if constexpr (inside == Inside::transaction) client_.begin();
        for (const std::int64_t key : keys_) {
            const auto found = client_.find(key);
            const Candle* row = row_in(found);
            if (row == nullptr) fail("a row is missing");
            use(*row);
        }
        if constexpr (inside == Inside::transaction) client_.commit();
    }

    Client client_;
    std::vector<std::int64_t> keys_;
};

/// The same, each call timed for itself: what a caller waits for, mostly and at worst.
template <class Client>
class PointReadLatency : public Subject {
public:
    template <class Place>
    PointReadLatency(const Place& place, std::size_t rows) : client_{place}, keys_{make_keys(rows, 2 * rows)} {
        client_.keeper().load(make_candles(2 * rows));
        client_.keeper().fill("1 = 1");
    }

    std::uint64_t work() override {
        std::int64_t sum = 0;
        for (const std::int64_t key : keys_) {
            const auto begin = std::chrono::steady_clock::now();
            const auto found = client_.find(key);
            const auto end = std::chrono::steady_clock::now();
            const Candle* row = row_in(found);
            if (row == nullptr) fail("a row is missing");
            sum += row->id;
            waits_.push_back(std::chrono::duration<double, std::nano>(end - begin).count());
        }
        return static_cast<std::uint64_t>(sum);
    }
    std::uint64_t check() override {
        const std::uint64_t sum = work();
        waits_.clear();
        return sum;
    }
    std::map<std::string, double> figures() override {
        const std::vector<double> waits = std::exchange(waits_, {});
        return {{"p50", percentile(waits, 0.50)}, {"p99", percentile(waits, 0.99)}};
    }

private:
    static double percentile(std::vector<double> waits, double part) {
        const auto place = waits.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(waits.size() - 1) * part);
        std::nth_element(waits.begin(), place, waits.end());
        return *place;
    }

    Client client_;
    std::vector<std::int64_t> keys_;
    std::vector<double> waits_{};
};

/// All rows whose keys lie between two others, in the order of their keys, into a vector.
template <class Client>
class RangeScan : public Subject {
public:
    template <class Place>
    RangeScan(const Place& place, std::size_t rows) : client_{place}, rows_{static_cast<std::int64_t>(rows)} {
        client_.keeper().load(make_candles(rows + 2 * aside));
        client_.keeper().fill("1 = 1");
    }

    std::uint64_t work() override {
        const std::vector<Candle> rows = client_.range(1 + aside, 1 + aside + rows_);
        return rows.size() ^ static_cast<std::uint64_t>(rows.back().id);
    }
    std::uint64_t check() override {
        Digest digest;
        for (const Candle& row : client_.range(1 + aside, 1 + aside + rows_)) digest.add(row);
        return digest.value();
    }

private:
    static constexpr std::int64_t aside = 100;

    Client client_;
    std::int64_t rows_;
};

/// Rows by many keys, in random order, in one call where there is one for that; the rows may come in any order.
template <class Client>
class ReadMany : public Subject {
public:
    template <class Place>
    ReadMany(const Place& place, std::size_t rows) : client_{place}, keys_{make_keys(rows, 2 * rows)} {
        client_.keeper().load(make_candles(2 * rows));
        client_.keeper().fill("1 = 1");
    }

    std::uint64_t work() override { return read().size(); }
    std::uint64_t check() override {
        std::vector<Candle> rows = read();
        std::sort(rows.begin(), rows.end(), [](const Candle& a, const Candle& b) { return a.id < b.id; });
        Digest digest;
        for (const Candle& row : rows) digest.add(row);
        return digest.value();
    }

private:
    std::vector<Candle> read() {
        if constexpr (requires { client_.find_many(keys_); }) {
            return client_.find_many(keys_);
        } else {
            std::vector<Candle> rows;
            rows.reserve(keys_.size());
            client_.begin();
            for (const std::int64_t key : keys_)
                if (std::optional<Candle> row = client_.find(key)) rows.push_back(*std::move(row));
            client_.commit();
            return rows;
        }
    }

    Client client_;
    std::vector<std::int64_t> keys_;
};

}  // namespace bench
