#pragma once

#include <rowan/query/feed_target.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/session/fork.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <sqlite3.h>

namespace rowan::sqlite {

/// The prepared statements of one connection, under the numbers of their Statements. A template of its handle, as a
/// program then compiles only those of its functions that it calls.
template <class Handle>
class PreparedOn {
public:
    PreparedOn() = default;
    PreparedOn(PreparedOn&&) noexcept = default;
    PreparedOn& operator=(PreparedOn&& other) noexcept {
        clear();
        entries_ = std::move(other.entries_);
        process_ = other.process_;
        return *this;
    }
    ~PreparedOn() { clear(); }

    /// Where a statement is kept; `nowhere` if it is finalized when it is given back.
    using Slot = std::uint32_t;
    static constexpr Slot nowhere = std::numeric_limits<Slot>::max();
    /// The code of a text with another statement behind its first, which SQLite would leave out silently.
    static constexpr int several = SQLITE_ERROR | 255 << 8;

    struct Taken {
        sqlite3_stmt* statement = nullptr;
        int code = SQLITE_OK;
        Slot slot = nowhere;
    };

    /// Lends the prepared form of `statement` until `give_back`, if it is there and idle; else null, and `prepare`
    /// makes one.
    [[nodiscard]] Taken take_idle(const Statement& statement) noexcept {
        const Slot slot = statement.known_slot();
        if (slot >= entries_.size() || entries_[slot].text != statement.text().data()) [[unlikely]]
            return {};
        return {std::exchange(entries_[slot].idle, nullptr), SQLITE_OK, slot};
    }

    /// Compiles `statement`, to be kept when it is given back. While the kept one is under way, or if it is not to be
    /// kept, it is finalized then. (Virtual, so that it is compiled where a connection is opened, and not wherever one
    /// is used.)
    [[nodiscard]] virtual Taken prepare(Handle* db, const Statement& statement) {
        if (!statement.is_kept()) return compile(db, statement.text(), 0);
        const Slot slot = statement.slot();
        if (slot >= entries_.size()) entries_.resize(std::size_t{slot} + 1);
        Entry& entry = entries_[slot];
        Taken taken = compile(db, statement.text(), SQLITE_PREPARE_PERSISTENT);
        if (taken.code == SQLITE_OK && entry.idle == entry.prepared) {
            sqlite3_finalize(entry.prepared);
            entry = {taken.statement, nullptr, statement.text().data(), 0, {}};
            taken.slot = slot;
        }
        return taken;
    }

    void give_back(const Taken& taken) noexcept {
        if (taken.slot == nowhere) [[unlikely]] {
            sqlite3_finalize(taken.statement);
        } else {
            sqlite3_reset(taken.statement);
            entries_[taken.slot].idle = taken.statement;
        }
    }

    /// How many rows the statement gave when it was asked for all of them the last time.
    [[nodiscard]] std::size_t rows(const Statement& statement) const noexcept {
        return statement.is_kept() ? entries_[statement.slot()].rows : 0;
    }
    void remember_rows(const Statement& statement, std::size_t rows) noexcept {
        if (statement.is_kept()) entries_[statement.slot()].rows = rows;
    }

    /// What is known of a statement that takes rows from a feed.
    [[nodiscard]] rowan::detail::FeedProgram feed_program(const Statement& statement) const noexcept {
        const Slot slot = statement.known_slot();
        if (slot >= entries_.size() || entries_[slot].text != statement.text().data()) return {};
        return entries_[slot].feed;
    }
    void remember_feed(const Statement& statement, rowan::detail::FeedProgram program) noexcept {
        const Slot slot = statement.known_slot();
        if (slot < entries_.size() && entries_[slot].text == statement.text().data()) entries_[slot].feed = program;
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
        /// The same, unless it is under way.
        sqlite3_stmt* idle = nullptr;
        /// Two shared libraries may number their statements alike: the text tells whose this is.
        const char* text = nullptr;
        std::size_t rows = 0;
        rowan::detail::FeedProgram feed{};
    };

    static Taken compile(Handle* db, std::string_view text, unsigned flags) {
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
        sqlite3_finalize(second);
        if (code == SQLITE_OK && second == nullptr) return taken;
        sqlite3_finalize(std::exchange(taken.statement, nullptr));
        taken.code = several;
        return taken;
    }

    std::vector<Entry> entries_;
    unsigned process_ = rowan::detail::process_generation();
};

using PreparedStatements = PreparedOn<sqlite3>;

}  // namespace rowan::sqlite
