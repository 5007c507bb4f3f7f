#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <support/suite.hpp>
#include <type_traits>
#include <vector>
#include <workloads/change.hpp>
#include <workloads/diesel.hpp>
#include <workloads/insert.hpp>
#include <workloads/pages.hpp>
#include <workloads/pipelined.hpp>
#include <workloads/read.hpp>
#include <workloads/upsert.hpp>

namespace bench {

/// How many rows each kind of work takes; none leaves it out.
struct Sizes {
    using Counts = std::vector<std::size_t>;

    /// One row a call: new rows, changes of those that are there, reads.
    Counts inserts{}, changes{}, reads{}, reads_in_transaction{}, latency{};
    /// Many in one call: new rows, upserts that update, and scans; reads and deletes by keys; other work.
    Counts bulk{}, keyed{}, many{};
    /// Numbers of pages.
    Counts deep_page{};
    /// diesel_bench's.
    Counts trivial{}, complex{}, batches{};
    /// Competitors without a call for many rows make one call a row; not for more rows than this. The usual code may
    /// have more, as all others are compared with it.
    std::size_t most_one_by_one = any, most_of_usual = any;

    static constexpr std::size_t any = std::numeric_limits<std::size_t>::max();

    [[nodiscard]] Sizes of_usual() const {
        Sizes sizes = *this;
        sizes.most_one_by_one = most_of_usual;
        return sizes;
    }
};

/// Enters one competitor for each workload that it has calls for. `place` says where its database is.
template <class Client, class Place>
void enter(Suite& suite, const std::string& database, const std::string& competitor, const Place& place,
           const Sizes& sizes) {
    const auto add_for = [&]<class Work>(std::type_identity<Work>, const char* workload, std::size_t rows,
                                         std::size_t units) {
        suite.add({database, workload, rows, units}, competitor,
                  [place, rows] { return std::make_unique<Work>(place, rows); });
    };
    const auto add = [&](const char* workload, const Sizes::Counts& counts, auto work) {
        for (const std::size_t rows : counts) add_for(work, workload, rows, rows);
    };
    const auto add_many = [&](const char* workload, const Sizes::Counts& counts, bool in_one_call, auto work) {
        for (const std::size_t rows : counts)
            if (in_one_call || rows <= sizes.most_one_by_one) add_for(work, workload, rows, rows);
    };
    const auto add_call = [&](const char* workload, const Sizes::Counts& counts, auto work) {
        for (const std::size_t rows : counts) add_for(work, workload, rows, 1);
    };

    using Rows = std::vector<Candle>;
    using Keys = std::vector<std::int64_t>;
    constexpr bool inserts = requires(Client client, Candle row) { client.insert(row); };
    constexpr bool inserts_many = requires(Client client, Rows rows) { client.insert_many(rows); };
    constexpr bool upserts = requires(Client client, Candle row) { client.upsert_update(row); };
    constexpr bool upserts_many = requires(Client client, Rows rows) { client.upsert_update_many(rows); };
    constexpr bool finds = requires(Client client) { client.find(1); };
    constexpr bool finds_many = requires(Client client, Keys keys) { client.find_many(keys); };
    constexpr bool scans = requires(Client client) { client.range(1, 2); };
    constexpr bool updates = requires(Client client, Candle row) { client.update(row); };
    constexpr bool updates_many = requires(Client client, Rows rows) { client.update_many(rows); };
    constexpr bool patches = requires(Client client, Candle row) { client.patch(row, 1.0, 2.0); };
    constexpr bool erases = requires(Client client) { client.erase(1); };
    constexpr bool erases_many = requires(Client client, Keys keys) { client.erase_many(keys); };
    constexpr bool pages = requires(Client client) { client.page_at(1, 2); };
    constexpr bool has_users = requires(Client client) { client.users(); };
    constexpr bool pipelines = requires(Client client, Keys keys) { client.find_each(keys); };

    constexpr auto nothing = OnConflict::nothing, update = OnConflict::update;
    using std::type_identity;

    if constexpr (inserts) add("insert", sizes.inserts, type_identity<InsertOneByOne<Client>>{});
    if constexpr (pipelines) add("insert", sizes.inserts, type_identity<PipelinedInserts<Client>>{});
    if constexpr (inserts || inserts_many)
        add_many("insert many", sizes.bulk, inserts_many, type_identity<InsertMany<Client>>{});
    if constexpr (upserts) {
        add("upsert, do nothing", sizes.changes, type_identity<UpsertOneByOne<Client, nothing>>{});
        add("upsert, update", sizes.changes, type_identity<UpsertOneByOne<Client, update>>{});
    }
    if constexpr (upserts || upserts_many) {
        add_many("upsert many, do nothing", sizes.many, upserts_many, type_identity<UpsertMany<Client, nothing>>{});
        add_many("upsert many, update", sizes.bulk, upserts_many, type_identity<UpsertMany<Client, update>>{});
    }
    if constexpr (finds) {
        add("point read", sizes.reads, type_identity<PointRead<Client, Inside::no_transaction>>{});
        add("point read in a transaction", sizes.reads_in_transaction,
            type_identity<PointRead<Client, Inside::transaction>>{});
        add("point read, latency", sizes.latency, type_identity<PointReadLatency<Client>>{});
    }
    if constexpr (pipelines) add("point read", sizes.reads, type_identity<PipelinedReads<Client>>{});
    if constexpr (finds || finds_many)
        add_many("read by many keys", sizes.keyed, finds_many, type_identity<ReadMany<Client>>{});
    if constexpr (scans) add("range scan", sizes.bulk, type_identity<RangeScan<Client>>{});
    if constexpr (updates) add("update", sizes.changes, type_identity<UpdateOneByOne<Client>>{});
    if constexpr (updates || updates_many)
        add_many("update many", sizes.many, updates_many, type_identity<UpdateMany<Client>>{});
    if constexpr (patches) add("patch", sizes.changes, type_identity<PatchOneByOne<Client>>{});
    if constexpr (erases) add("delete", sizes.changes, type_identity<DeleteOneByOne<Client>>{});
    if constexpr (erases || erases_many)
        add_many("delete many", sizes.keyed, erases_many, type_identity<DeleteMany<Client>>{});
    if constexpr (pages) {
        add_call("page by OFFSET", sizes.deep_page, type_identity<Page<Client, Paging::offset>>{});
        add_call("page behind a key", sizes.deep_page, type_identity<Page<Client, Paging::keyset>>{});
    }
    if constexpr (has_users) {
        add_call("diesel_bench trivial_query", sizes.trivial, type_identity<DieselTrivial<Client>>{});
        add_call("diesel_bench medium_complex_query", sizes.complex, type_identity<DieselComplex<Client>>{});
        add_call("diesel_bench insert", sizes.batches, type_identity<DieselInsert<Client>>{});
    }
}

}  // namespace bench
