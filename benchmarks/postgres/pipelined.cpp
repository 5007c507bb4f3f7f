#include <rowan/core/must.hpp>
#include <rowan/postgres.hpp>
#include <rowan/repository/repository.hpp>
#include <rowan/session/pipeline.hpp>

#include <postgres/competitors.hpp>
#include <postgres/usual.hpp>
#include <support/tables.hpp>

namespace bench::postgres {

namespace {

/// The best hand-written code that we know for many statements of which each wants its own answer: libpq's pipeline
/// mode, all of them in one round trip, the transaction's begin and end with them.
class Pipelined {
public:
    explicit Pipelined(const Place& place) : usual_{place} {
        usual_.prepare("begin", "BEGIN", {});
        usual_.prepare("commit", "COMMIT", {});
    }

    Keeper& keeper() { return usual_.keeper(); }

    std::vector<std::optional<Candle>> find_each(const std::vector<std::int64_t>& keys) {
        const InPipeline pipeline{line()};
        for (const std::int64_t key : keys) {
            Parameters<1> parameters;
            parameters.put(key);
            parameters.send(line(), "find");
        }
        sync();
        std::vector<std::optional<Candle>> found(keys.size());
        for (std::optional<Candle>& candle : found) {
            const Answer answer = next(PGRES_TUPLES_OK);
            if (PQntuples(answer.get()) != 0) read(answer.get(), 0, candle.emplace());
        }
        end();
        return found;
    }

    std::vector<std::int64_t> insert_each(std::span<const Candle> rows) {
        const InPipeline pipeline{line()};
        Parameters<1>{}.send(line(), "begin");
        for (const Candle& row : rows) {
            Parameters<11> parameters;
            parameters.put_values(row);
            parameters.send(line(), "insert");
        }
        Parameters<1>{}.send(line(), "commit");
        sync();
        next(PGRES_COMMAND_OK);
        std::vector<std::int64_t> keys(rows.size());
        for (std::int64_t& key : keys) key = load<std::int64_t>(PQgetvalue(next(PGRES_TUPLES_OK).get(), 0, 0));
        next(PGRES_COMMAND_OK);
        end();
        return keys;
    }

private:
    struct InPipeline {
        explicit InPipeline(PGconn* of) : connection{of} {
            if (PQenterPipelineMode(connection) != 1) fail(PQerrorMessage(connection));
        }
        InPipeline(const InPipeline&) = delete;
        InPipeline& operator=(const InPipeline&) = delete;
        ~InPipeline() { PQexitPipelineMode(connection); }

        PGconn* connection;
    };

    [[nodiscard]] PGconn* line() const { return usual_.line(); }
    void sync() {
        if (PQpipelineSync(line()) != 1) fail(PQerrorMessage(line()));
    }
    /// What one statement gives; behind it is a null result.
    Answer next(ExecStatusType wanted) {
        Answer answer = checked(line(), PQgetResult(line()), wanted);
        if (const Answer more{PQgetResult(line())}) fail("PostgreSQL: more than one result");
        return answer;
    }
    void end() { checked(line(), PQgetResult(line()), PGRES_PIPELINE_SYNC); }

    Usual usual_;
};

/// rowan's usual calls as the steps of a pipeline.
class RowanPipeline {
public:
    explicit RowanPipeline(const Place& place)
        : keeper_{place}, db_{rowan::must(rowan::postgres::Connection::open(place.url()))} {}

    Keeper& keeper() { return keeper_; }

    std::vector<std::optional<Candle>> find_each(const std::vector<std::int64_t>& keys) {
        auto results = db_.pipeline_each(
            keys, [](auto& step, std::int64_t key) { return rowan::repository<Candle>(step).find(key); });
        std::vector<std::optional<Candle>> found;
        found.reserve(results.size());
        for (auto& result : results) found.push_back(rowan::must(std::move(result)));
        return found;
    }

    std::vector<std::int64_t> insert_each(std::span<const Candle> rows) {
        auto transaction = rowan::must(db_.begin());
        const auto results = transaction.pipeline_each(
            rows, [](auto& step, const Candle& row) { return rowan::repository<Candle>(step).insert(row); });
        std::vector<std::int64_t> keys;
        keys.reserve(results.size());
        for (const auto& result : results) {
            if (!result) fail(result.error().to_string());
            keys.push_back(result->id);
        }
        rowan::must(transaction.commit());
        return keys;
    }

private:
    PostgresKeeper keeper_;
    rowan::postgres::Connection db_;
};

}  // namespace

void enter_pipelined(Suite& suite, const Course& course) {
    enter<Pipelined>(suite, "best", course);
    enter<RowanPipeline>(suite, "rowan, pipeline_each", course);
}

}  // namespace bench::postgres
