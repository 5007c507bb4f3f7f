#pragma once

#include <rowan/core/result.hpp>
#include <rowan/session/deadline.hpp>
#include <rowan/session/transaction_options.hpp>
#include <rowan/sqlite/errors.hpp>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <sqlite3.h>

namespace rowan::sqlite {

/// What a connection keeps to while a transaction is open: it may only read, and has a deadline. A template of its
/// handle, as a program then compiles only those of its functions that it calls.
template <class Handle>
class LimitsOn {
public:
    /// Sets what the options ask for, before BEGIN.
    [[nodiscard]] Result<void> set(Handle* db, const TransactionOptions& options) {
        if (options.read_only) {
            Result<std::int64_t> before = ask(db, "PRAGMA query_only");
            if (!before) return Failure(std::move(before).error());
            // What the program has set itself stays.
            if (*before == 0) {
                query_only_ = true;
                if (const int code = read_only(db, true); code != SQLITE_OK)
                    return Failure(make_error(code, sqlite3_errmsg(db), "PRAGMA query_only = ON"));
            }
        }
        if (options.timeout.count() == 0) return {};
        Result<std::int64_t> busy_timeout = ask(db, "PRAGMA busy_timeout");
        if (!busy_timeout) {
            lift(db);
            return Failure(std::move(busy_timeout).error());
        }
        busy_timeout_ = static_cast<int>(*busy_timeout);
        deadline_.set(options.timeout);
        wait_for_locks(db);
        // Some tens of microseconds of work.
        constexpr int steps = 1000;
        const auto is_over = [](void* deadline) {
            return static_cast<const rowan::detail::Deadline*>(deadline)->is_over() ? 1 : 0;
        };
        sqlite3_progress_handler(db, steps, is_over, &deadline_);
        return {};
    }

    [[nodiscard]] bool have_deadline() const noexcept { return deadline_.is_set(); }

    /// Why `text` must not be run any more, or nothing.
    [[nodiscard]] std::optional<Error> check(Handle* db, std::string_view text = {}) const {
        if (!deadline_.is_set() || text.starts_with("ROLLBACK")) [[likely]]
            return std::nullopt;
        return refusal(db);
    }

    /// What SQLite says of a failure, or the deadline. (Virtual, so that it is compiled where a connection is opened,
    /// and not wherever one is used.)
    [[nodiscard]] virtual Error error(int code, const char* message, std::string_view statement) const {
        Error error = make_error(code, message, statement);
        return deadline_.is_set() ? deadline_.explain(std::move(error)) : std::move(error);
    }

    /// Nothing is stopped any more.
    void stop(Handle* db) noexcept {
        if (!deadline_.is_set()) [[likely]]
            return;
        sqlite3_progress_handler(db, 0, nullptr, nullptr);
        sqlite3_busy_timeout(db, busy_timeout_);
        deadline_.clear();
    }

    /// Puts everything back.
    void lift(Handle* db) noexcept {
        stop(db);
        // If there is no memory even for that, the next transaction's end does it.
        if (query_only_) query_only_ = read_only(db, false) != SQLITE_OK;
    }

private:
    /// Virtual as well.
    [[nodiscard]] virtual std::optional<Error> refusal(Handle* db) const {
        wait_for_locks(db);
        return deadline_.refusal();
    }

    void wait_for_locks(Handle* db) const noexcept {
        const auto left = static_cast<int>(deadline_.left().count());
        sqlite3_busy_timeout(db, busy_timeout_ < left ? busy_timeout_ : left);
    }

    enum class Compiling : std::uint8_t { unknown, is_enough, does_nothing };

    /// SQLite sets the flag when it compiles the PRAGMA. To run it would do nothing more, but that all statements of
    /// the connection are compiled again at their next use; so that is done only should it be needed one day.
    int read_only(Handle* db, bool on) noexcept {
        const char* const pragma = on ? "PRAGMA query_only = ON" : "PRAGMA query_only = OFF";
        if (compiling_ == Compiling::does_nothing) return sqlite3_exec(db, pragma, nullptr, nullptr, nullptr);
        sqlite3_stmt* compiled = nullptr;
        const int code = sqlite3_prepare_v2(db, pragma, -1, &compiled, nullptr);
        sqlite3_finalize(compiled);
        if (code != SQLITE_OK || compiling_ == Compiling::is_enough) return code;
        const Result<std::int64_t> is_on = ask(db, "PRAGMA query_only");
        compiling_ = is_on && (*is_on != 0) == on ? Compiling::is_enough : Compiling::does_nothing;
        return compiling_ == Compiling::is_enough ? SQLITE_OK : read_only(db, on);
    }

    /// The number that a PRAGMA gives, or 0.
    [[nodiscard]] static Result<std::int64_t> ask(Handle* db, const char* pragma) {
        std::int64_t answer = 0;
        const auto take = [](void* target, int, char** values, char**) {
            if (values[0] != nullptr) *static_cast<std::int64_t*>(target) = std::atoll(values[0]);
            return 0;
        };
        const int code = sqlite3_exec(db, pragma, take, &answer, nullptr);
        if (code == SQLITE_OK) return answer;
        return Failure(make_error(code, sqlite3_errmsg(db), pragma));
    }

    rowan::detail::Deadline deadline_{};
    int busy_timeout_ = 0;
    bool query_only_ = false;
    Compiling compiling_ = Compiling::unknown;
};

using TransactionLimits = LimitsOn<sqlite3>;

}  // namespace rowan::sqlite
