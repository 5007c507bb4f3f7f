#pragma once

#include <cstdint>
#include <support/candle.hpp>
#include <support/subject.hpp>
#include <vector>

namespace bench {

inline constexpr std::int64_t page_size = 20;

enum class Paging { offset, keyset };

/// One page of twenty rows, deep in a table that is read in the order of its key.
template <class Client, Paging paging>
class Page : public Subject {
public:
    template <class Place>
    Page(const Place& place, std::size_t number)
        : client_{place}, before_{static_cast<std::int64_t>(number - 1) * page_size} {
        client_.keeper().load(make_candles(number * static_cast<std::size_t>(page_size)));
        client_.keeper().fill("1 = 1");
    }

    std::uint64_t work() override { return static_cast<std::uint64_t>(read().back().id); }
    std::uint64_t check() override {
        Digest digest;
        for (const Candle& row : read()) digest.add(row);
        return digest.value();
    }

private:
    std::vector<Candle> read() {
        if constexpr (paging == Paging::offset)
            return client_.page_at(before_, page_size);
        else
            // Keys count from 1 without gaps, so the last row of the page before is that one.
            return client_.page_behind(before_, page_size);
    }

    Client client_;
    std::int64_t before_;
};

}  // namespace bench
