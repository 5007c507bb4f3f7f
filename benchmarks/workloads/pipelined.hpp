#pragma once

#include <cstdint>
#include <optional>
#include <support/candle.hpp>
#include <support/subject.hpp>
#include <vector>

namespace bench {

/// Point reads (see PointRead) that are sent before the first of them is answered: `find_each(keys)`.
template <class Client>
class PipelinedReads : public Subject {
public:
    template <class Place>
    PipelinedReads(const Place& place, std::size_t rows) : client_{place}, keys_{make_keys(rows, 2 * rows)} {
        client_.keeper().load(make_candles(2 * rows));
        client_.keeper().fill("1 = 1");
    }

    std::uint64_t work() override {
        std::int64_t sum = 0;
        for (const std::optional<Candle>& row : read())
            sum += row->id + row->trades + static_cast<std::int64_t>(row->symbol.size());
        return static_cast<std::uint64_t>(sum);
    }
    std::uint64_t check() override {
        Digest digest;
        for (const std::optional<Candle>& row : read()) digest.add(*row);
        for (const std::optional<Candle>& row : client_.find_each({-1, -2}))
            if (row) fail("found a row that is not there");
        return digest.value();
    }

private:
    std::vector<std::optional<Candle>> read() {
        std::vector<std::optional<Candle>> rows = client_.find_each(keys_);
        if (rows.size() != keys_.size()) fail("an answer is missing");
        for (const std::optional<Candle>& row : rows)
            if (!row) fail("a row is missing");
        return rows;
    }

    Client client_;
    std::vector<std::int64_t> keys_;
};

/// New rows in one transaction (see InsertOneByOne) that are sent before the first of them is answered:
/// `insert_each(rows)` gives their keys.
template <class Client>
class PipelinedInserts : public Subject {
public:
    template <class Place>
    PipelinedInserts(const Place& place, std::size_t rows) : client_{place}, rows_{without_keys(make_candles(rows))} {}

    void prepare() override { client_.keeper().fill("1 = 0"); }
    std::uint64_t work() override {
        std::int64_t sum = 0;
        for (const std::int64_t key : client_.insert_each(rows_)) sum += key;
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

}  // namespace bench
