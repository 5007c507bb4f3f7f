#pragma once

#include <rowan/core/time.hpp>

#include <cstdint>

namespace rowan::sqlite {

enum class Journal : std::uint8_t { wal, rollback, truncate, persist, memory, off };
enum class Synchronous : std::uint8_t { off, normal, full, extra };
enum class Access : std::uint8_t { read_only, read_write, create };

/// How a connection is opened. The defaults are those that a program with several readers and one writer wants.
struct Options {
    /// A missing file is created; `read_write` and `read_only` make it an error.
    Access access = Access::create;

    /// WAL: readers and the writer do not wait for each other. It stays with the file, needs a local file system,
    /// and is refused with an error where it cannot be had. A database in memory has none. `rollback` is SQLite's
    /// own default, DELETE.
    Journal journal = Journal::wal;

    /// NORMAL: with WAL a committed transaction survives the end of the program, and the file is never damaged;
    /// the last ones before a power cut may be lost. FULL also keeps those. With another journal than WAL choose
    /// FULL: https://www.sqlite.org/pragma.html#pragma_synchronous
    Synchronous synchronous = Synchronous::normal;

    /// How long a statement waits for another connection's lock before it fails with Code::busy.
    std::chrono::milliseconds busy_timeout{5000};

    /// SQLite itself leaves foreign keys unchecked unless asked.
    bool foreign_keys = true;
};

}  // namespace rowan::sqlite
