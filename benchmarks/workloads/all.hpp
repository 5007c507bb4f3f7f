#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <support/suite.hpp>
#include <vector>
#include <workloads/change.hpp>
#include <workloads/diesel.hpp>
#include <workloads/insert.hpp>
#include <workloads/pages.hpp>
#include <workloads/read.hpp>
#include <workloads/upsert.hpp>

namespace bench {

/// How many rows each kind of work takes.
struct Sizes {
    std::vector<std::size_t> singles, latency, many, deep_page, trivial, complex, batches;
};

/// Enters one competitor for each workload that it has calls for. `place` says where its database is.
template <class Client, class Place>
void enter(Suite& suite, const std::string& database, const std::string& competitor, const Place& place,
           const Sizes& sizes) {
    const auto add = [&]<class Work>(const char* workload, const std::vector<std::size_t>& counts, Work*,
                                     bool per_row = true) {
        for (const std::size_t rows : counts)
            suite.add({database, workload, rows, per_row ? rows : 1}, competitor,
                      [place, rows] { return std::make_unique<Work>(place, rows); });
    };
    const auto entry = []<class Work>() { return static_cast<Work*>(nullptr); };
    const std::vector<std::size_t> reads{sizes.singles.back()};

    // For what has no call of its own for many rows, the workload makes one call a row.
    constexpr bool inserts = requires(Client client, Candle row) { client.insert(row); };
    constexpr bool upserts = requires(Client client, Candle row) { client.upsert_update(row); };
    constexpr bool finds = requires(Client client) { client.find(1); };
    constexpr bool updates = requires(Client client, Candle row) { client.update(row); };
    constexpr bool erases = requires(Client client) { client.erase(1); };
    using Rows = std::vector<Candle>;
    using Keys = std::vector<std::int64_t>;

    if constexpr (inserts) add("insert", sizes.singles, entry.template operator()<InsertOneByOne<Client>>());
    if constexpr (inserts || requires(Client client, Rows rows) { client.insert_many(rows); })
        add("insert many", sizes.many, entry.template operator()<InsertMany<Client>>());
    if constexpr (upserts) {
        add("upsert, do nothing", sizes.singles,
            entry.template operator()<UpsertOneByOne<Client, OnConflict::nothing>>());
        add("upsert, update", sizes.singles, entry.template operator()<UpsertOneByOne<Client, OnConflict::update>>());
    }
    if constexpr (upserts || requires(Client client, Rows rows) { client.upsert_update_many(rows); }) {
        add("upsert many, do nothing", sizes.many,
            entry.template operator()<UpsertMany<Client, OnConflict::nothing>>());
        add("upsert many, update", sizes.many, entry.template operator()<UpsertMany<Client, OnConflict::update>>());
    }
    if constexpr (finds) {
        add("point read", reads, entry.template operator()<PointRead<Client, Inside::no_transaction>>());
        add("point read in a transaction", reads, entry.template operator()<PointRead<Client, Inside::transaction>>());
        add("point read, latency", sizes.latency, entry.template operator()<PointReadLatency<Client>>());
    }
    if constexpr (finds || requires(Client client, Keys keys) { client.find_many(keys); })
        add("read by many keys", sizes.many, entry.template operator()<ReadMany<Client>>());
    if constexpr (requires(Client client) { client.range(1, 2); })
        add("range scan", sizes.many, entry.template operator()<RangeScan<Client>>());
    if constexpr (updates) add("update", sizes.singles, entry.template operator()<UpdateOneByOne<Client>>());
    if constexpr (updates || requires(Client client, Rows rows) { client.update_many(rows); })
        add("update many", sizes.many, entry.template operator()<UpdateMany<Client>>());
    if constexpr (requires(Client client, Candle row) { client.patch(row, 1.0, 2.0); })
        add("patch", sizes.singles, entry.template operator()<PatchOneByOne<Client>>());
    if constexpr (erases) add("delete", sizes.singles, entry.template operator()<DeleteOneByOne<Client>>());
    if constexpr (erases || requires(Client client, Keys keys) { client.erase_many(keys); })
        add("delete many", sizes.many, entry.template operator()<DeleteMany<Client>>());
    if constexpr (requires(Client client) { client.page_at(1, 2); }) {
        add("page by OFFSET", sizes.deep_page, entry.template operator()<Page<Client, Paging::offset>>(), false);
        add("page behind a key", sizes.deep_page, entry.template operator()<Page<Client, Paging::keyset>>(), false);
    }
    if constexpr (requires(Client client) { client.users(); }) {
        add("diesel_bench trivial_query", sizes.trivial, entry.template operator()<DieselTrivial<Client>>(), false);
        add("diesel_bench medium_complex_query", sizes.complex, entry.template operator()<DieselComplex<Client>>(),
            false);
        add("diesel_bench insert", sizes.batches, entry.template operator()<DieselInsert<Client>>(), false);
    }
}

}  // namespace bench
