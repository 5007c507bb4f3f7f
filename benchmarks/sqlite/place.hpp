#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <sqlite/hand.hpp>
#include <string>
#include <support/candle.hpp>
#include <support/keeper.hpp>

#include <sqlite3.h>

namespace bench::sqlite {

/// Where a competitor's database is to be: in memory, or a file of its own with WAL.
struct Place {
    bool is_file = false;
    std::filesystem::path file{};
    /// `INTEGER PRIMARY KEY AUTOINCREMENT`, as many tables have it. No other competitor has it.
    bool autoincrement = false;

    [[nodiscard]] std::string path() const { return is_file ? file.string() : ":memory:"; }

    /// For a competitor to begin with.
    void clear() const {
        if (!is_file) return;
        for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix);
    }
};

/// See bench::Keeper. Works on the competitor's own connection, as a database in memory has no other.
class SqliteKeeper : public Keeper {
public:
    SqliteKeeper(sqlite3* db, const Place& place);

    void load(std::span<const Candle> candles) override;
    void fill(const char* condition) override;
    std::uint64_t digest() override;
    void load_users(std::span<const User> users) override;
    std::uint64_t digest_users() override;

private:
    /// The same number of pages in the log, and thus of checkpoints in the work that follows, for each.
    void settle();

    sqlite3* db_;
    Place place_;
};

}  // namespace bench::sqlite
