#pragma once

// What a program that is written by hand against sqlite3 has once, for all of its tables.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sqlite3.h>

struct Prepared {
    Prepared(sqlite3* db, const char* sql) { sqlite3_prepare_v2(db, sql, -1, &statement, nullptr); }
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;
    ~Prepared() { sqlite3_finalize(statement); }

    sqlite3_stmt* statement = nullptr;
};

inline bool run(sqlite3* db, const char* sql) { return sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK; }

inline std::string text(sqlite3_stmt* statement, int column) {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    return bytes == nullptr ? std::string{}
                            : std::string{bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}
