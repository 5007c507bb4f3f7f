#pragma once

#include <cstdint>
#include <postgres/hand.hpp>
#include <span>
#include <string>
#include <support/candle.hpp>
#include <support/keeper.hpp>

namespace bench::postgres {

/// Where a competitor's tables are to be: a schema of its own.
struct Place {
    std::string server, schema;
    /// The server as the competitor reaches it, where that is another way.
    std::string way{};

    [[nodiscard]] std::string url() const { return on(way.empty() ? server : way); }
    [[nodiscard]] std::string direct_url() const { return on(server); }

private:
    [[nodiscard]] std::string on(const std::string& reached) const {
        return reached + "?options=-csearch_path%3D" + schema;
    }
};

/// See bench::Keeper. Works on a connection of its own.
class PostgresKeeper : public Keeper {
public:
    explicit PostgresKeeper(const Place& place);
    ~PostgresKeeper() override;

    void load(std::span<const Candle> candles) override;
    void fill(const char* condition) override;
    std::uint64_t digest() override;
    void load_users(std::span<const User> users) override;
    std::uint64_t digest_users() override;

private:
    void copy(const char* command, const std::string& lines);

    Line line_;
    std::string schema_;
    bool is_analyzed_ = false;
};

}  // namespace bench::postgres
