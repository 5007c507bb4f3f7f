#pragma once

#include <rowan/query/statement.hpp>
#include <rowan/session/fork.hpp>

#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include <sqlite3.h>

namespace rowan::sqlite {

/// The prepared statements of one connection, under the numbers of their Statements.
class PreparedStatements {
public:
    PreparedStatements() = default;
    PreparedStatements(PreparedStatements&&) noexcept = default;
    PreparedStatements& operator=(PreparedStatements&& other) noexcept {
        clear();
        entries_ = std::move(other.entries_);
        process_ = other.process_;
        return *this;
    }
    ~PreparedStatements() { clear(); }

    struct Taken {
        sqlite3_stmt* statement = nullptr;
        int code = SQLITE_OK;
        /// Finalized when it is given back: the kept one was under way already.
        bool extra = false;
        /// There is another statement behind it, which SQLite would leave out silently.
        bool several = false;
    };

    /// Lends the prepared form of `statement` until `give_back`.
    [[nodiscard]] Taken take(sqlite3* db, const Statement& statement) {
        if (!statement.is_kept()) [[unlikely]]
            return prepare_once(db, statement);
        const std::size_t slot = statement.slot();
        if (slot >= entries_.size()) entries_.resize(slot + 1);
        Entry& entry = entries_[slot];
        if (entry.prepared != nullptr && entry.text == statement.text().data() && !entry.taken) [[likely]] {
            entry.taken = true;
            return {entry.prepared};
        }
        return prepare(db, statement, entry);
    }

    void give_back(const Statement& statement, const Taken& taken) noexcept {
        if (taken.extra) {
            sqlite3_finalize(taken.statement);
        } else if (taken.statement != nullptr) {
            sqlite3_reset(taken.statement);
            entries_[statement.slot()].taken = false;
        }
    }

    /// How many rows the statement gave when it was asked for all of them the last time.
    [[nodiscard]] std::size_t rows(const Statement& statement) const noexcept {
        return statement.is_kept() ? entries_[statement.slot()].rows : 0;
    }
    void remember_rows(const Statement& statement, std::size_t rows) noexcept {
        if (statement.is_kept()) entries_[statement.slot()].rows = rows;
    }

    void clear() noexcept {
        // Those of a parent process are left alone, as their connection is.
        if (process_ == rowan::detail::process_generation())
            for (Entry& entry : entries_) sqlite3_finalize(entry.prepared);
        entries_.clear();
    }

private:
    struct Entry {
        sqlite3_stmt* prepared = nullptr;
        /// Two shared libraries may number their statements alike: the text tells whose this is.
        const char* text = nullptr;
        bool taken = false;
        std::size_t rows = 0;
    };

    static Taken prepare_once(sqlite3* db, const Statement& statement) {
        Taken taken = compile(db, statement.text(), 0);
        taken.extra = true;
        return taken;
    }

    static Taken prepare(sqlite3* db, const Statement& statement, Entry& entry) {
        Taken taken = compile(db, statement.text(), SQLITE_PREPARE_PERSISTENT);
        taken.extra = entry.taken;
        if (taken.code == SQLITE_OK && !taken.extra) {
            sqlite3_finalize(entry.prepared);
            entry = {taken.statement, statement.text().data(), true, 0};
        }
        return taken;
    }

    static Taken compile(sqlite3* db, std::string_view text, unsigned flags) {
        Taken taken;
        const char* rest = nullptr;
        const auto length = [&] { return static_cast<int>(text.size() + 1); };
        taken.code = sqlite3_prepare_v3(db, text.data(), length(), flags, &taken.statement, &rest);
        if (taken.code != SQLITE_OK) return taken;
        text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
        if (text.find_first_not_of("; \t\r\n") == std::string_view::npos) return taken;
        // A comment, or another statement.
        sqlite3_stmt* second = nullptr;
        const int code = sqlite3_prepare_v3(db, text.data(), length(), 0, &second, nullptr);
        taken.several = code != SQLITE_OK || second != nullptr;
        sqlite3_finalize(second);
        if (!taken.several) return taken;
        sqlite3_finalize(std::exchange(taken.statement, nullptr));
        taken.code = SQLITE_ERROR;
        return taken;
    }

    std::vector<Entry> entries_;
    unsigned process_ = rowan::detail::process_generation();
};

}  // namespace rowan::sqlite
