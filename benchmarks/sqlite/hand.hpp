#pragma once

#include <memory>
#include <string>
#include <support/subject.hpp>

#include <sqlite3.h>

/// What hand-written code on SQLite's C interface has anyway: handles that close themselves, and checks of each call.
namespace bench::sqlite {

inline void check(sqlite3* db, int code, int wanted = SQLITE_OK) {
    if (code != wanted) [[unlikely]]
        fail(std::string{"SQLite: "} + sqlite3_errmsg(db));
}

struct Close {
    void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
};
using Database = std::unique_ptr<sqlite3, Close>;

struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
};
using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

inline Database open(const std::string& path, int flags) {
    sqlite3* db = nullptr;
    const int code = sqlite3_open_v2(path.c_str(), &db, flags, nullptr);
    Database owner{db};
    check(db, code);
    return owner;
}

inline Prepared prepare(sqlite3* db, const char* text, unsigned flags) {
    sqlite3_stmt* statement = nullptr;
    check(db, sqlite3_prepare_v3(db, text, -1, flags, &statement, nullptr));
    return Prepared{statement};
}

inline void execute(sqlite3* db, const char* text) { check(db, sqlite3_exec(db, text, nullptr, nullptr, nullptr)); }

}  // namespace bench::sqlite
