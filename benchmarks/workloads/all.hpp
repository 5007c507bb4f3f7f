#pragma once

#include <cstddef>
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
    std::vector<std::size_t> singles, many, deep_page, trivial, complex, batches;
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

    if constexpr (requires(Client client, Candle row) { client.insert(row); }) {
        add("insert", sizes.singles, entry.template operator()<InsertOneByOne<Client>>());
        add("insert many", sizes.many, entry.template operator()<InsertMany<Client>>());
    }
    if constexpr (requires(Client client, Candle row) { client.upsert_nothing(row); }) {
        add("upsert, do nothing", sizes.singles,
            entry.template operator()<UpsertOneByOne<Client, OnConflict::nothing>>());
        add("upsert many, do nothing", sizes.many,
            entry.template operator()<UpsertMany<Client, OnConflict::nothing>>());
        add("upsert, update", sizes.singles, entry.template operator()<UpsertOneByOne<Client, OnConflict::update>>());
        add("upsert many, update", sizes.many, entry.template operator()<UpsertMany<Client, OnConflict::update>>());
    }
    if constexpr (requires(Client client) { client.find(1); }) {
        add("point read", reads, entry.template operator()<PointRead<Client, Inside::no_transaction>>());
        add("point read in a transaction", reads, entry.template operator()<PointRead<Client, Inside::transaction>>());
        add("point read, latency", reads, entry.template operator()<PointReadLatency<Client>>());
        add("read by many keys", sizes.many, entry.template operator()<ReadMany<Client>>());
    }
    if constexpr (requires(Client client) { client.range(1, 2); })
        add("range scan", sizes.many, entry.template operator()<RangeScan<Client>>());
    if constexpr (requires(Client client, Candle row) { client.update(row); }) {
        add("update", sizes.singles, entry.template operator()<UpdateOneByOne<Client>>());
        add("update many", sizes.many, entry.template operator()<UpdateMany<Client>>());
    }
    if constexpr (requires(Client client, Candle row) { client.patch(row, 1.0, 2.0); })
        add("patch", sizes.singles, entry.template operator()<PatchOneByOne<Client>>());
    if constexpr (requires(Client client) { client.erase(1); }) {
        add("delete", sizes.singles, entry.template operator()<DeleteOneByOne<Client>>());
        add("delete many", sizes.many, entry.template operator()<DeleteMany<Client>>());
    }
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
