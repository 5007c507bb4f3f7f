#pragma once

#include <rowan/core/error.hpp>
#include <rowan/session/fork.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace rowan {

/// What a connection's transaction is like, as the database itself sees it.
enum class TransactionState : std::uint8_t {
    idle,    ///< none: each statement stands for itself
    open,    ///< one is under way
    failed,  ///< one is under way, and after an error it can only be rolled back
};

/// Is a `Db` one of several databases, so that only the run of the program tells what it can do?
template <class Db>
inline constexpr bool chooses_at_run_time = false;

/// Does each `begin()` of a `Db` take a connection that works, a new one if need be? Only then is a transaction run
/// again whose connection was lost.
template <class Db>
inline constexpr bool renews_connection = false;

struct TransactionOptions;

/// A transaction that is open around all work on a connection, and is not for those who work there: a test's, which
/// rolls it back. Their transactions are savepoints in it, and what is done outside of those stands for itself, as
/// without it.
class Surrounding {
public:
    /// The connection's own handle is about to be used: why it must not be, or nothing.
    [[nodiscard]] virtual std::optional<Error> enter() = 0;
    /// Undoes what was done since; false where that fails.
    [[nodiscard]] virtual bool undo() noexcept = 0;
    /// Why a savepoint cannot stand for a transaction with these options, or nothing.
    [[nodiscard]] virtual std::optional<Error> refusal(const TransactionOptions& options) const = 0;

protected:
    ~Surrounding() = default;
};

/// Names a handle that works on a connection: the connection itself (0), or a transaction or savepoint.
using ScopeId = std::uint64_t;
inline constexpr ScopeId outermost = 0;

/// The transactions and savepoints that are open on one connection, innermost last. Only the innermost
/// handle may be used: what an outer one did meanwhile would be undone or kept with the inner one. A template, as a
/// program then compiles only those of its functions that it calls.
template <class Id>
class ScopesOf {
public:
    [[nodiscard]] ScopeId enter() {
        open_.push_back(++last_);
        return last_;
    }

    /// Ends `scope` and all that were opened inside it.
    void leave(ScopeId scope) noexcept { open_.resize(place_of(scope)); }

    /// Ends all of them.
    void clear() noexcept { open_.clear(); }

    [[nodiscard]] ScopeId innermost() const noexcept { return open_.empty() ? outermost : open_.back(); }

    [[nodiscard]] bool is_open(ScopeId scope) const noexcept {
        return scope == outermost || place_of(scope) != open_.size();
    }

    /// May a handle be used now, as far as that is known here? That of a transaction only while there is one.
    [[nodiscard]] bool allows(ScopeId scope) const noexcept {
        return scope == innermost() && (scope != outermost || surrounding_ == nullptr) && !is_inherited();
    }

    /// Why a handle must not be used now, or nothing.
    [[nodiscard]] std::optional<Error> refusal(ScopeId scope, TransactionState state) const {
        if (allows(scope) && (scope == outermost || state != TransactionState::idle)) [[likely]]
            return std::nullopt;
        return explain(scope);
    }

    /// From here on all work is done inside of a transaction that is open; null: no more.
    void surround(Surrounding* surrounding) noexcept { surrounding_ = surrounding; }
    [[nodiscard]] Surrounding* surrounding() const noexcept { return surrounding_; }

    /// Was the connection opened before fork(), by the parent of this process? Then whatever is done with it is done to
    /// the parent's session.
    [[nodiscard]] bool is_inherited() const noexcept { return process_ != detail::process_generation_now(); }

    [[gnu::cold, nodiscard]] static Error inherited() {
        return {Category::programming, Code::wrong_handle,
                "this connection was opened before fork() and is the parent's: open one in this process, or use the "
                "pool, which does; nothing was sent"};
    }
    [[gnu::cold, nodiscard]] static Error ended() {
        return {Category::programming, Code::wrong_handle, "this transaction or savepoint has ended: nothing was sent"};
    }

private:
    /// Among the open ones, or their number where it is none of them.
    [[nodiscard]] std::size_t place_of(ScopeId scope) const noexcept {
        std::size_t i = 0;
        while (i != open_.size() && open_[i] != scope) ++i;
        return i;
    }

    /// Virtual, so that it is compiled where a connection is opened, and not wherever one is used.
    [[gnu::cold, gnu::noinline, nodiscard]] virtual std::optional<Error> explain(ScopeId scope) const {
        if (is_inherited()) return inherited();
        if (scope == outermost && innermost() == outermost) return surrounding_->enter();
        if (!is_open(scope)) return ended();
        if (scope != innermost())
            return Error{Category::programming, Code::wrong_handle,
                         "a transaction or savepoint is open inside: use its own handle until it ends; nothing was "
                         "sent"};
        return Error{Category::internal, Code::transaction_lost,
                     "the database has rolled this transaction back by itself, after an earlier error: roll back and "
                     "start again; nothing was sent"};
    }

    std::vector<Id> open_;
    ScopeId last_ = outermost;
    Surrounding* surrounding_ = nullptr;
    unsigned process_ = detail::process_generation();
};

using Scopes = ScopesOf<ScopeId>;

/// Keeps a connection's own handle from being used as long as it lives; inside a transaction, whose handle is the
/// innermost, it does nothing.
template <class Id>
class ScopeGuardOf {
public:
    explicit ScopeGuardOf(ScopesOf<Id>& scopes)
        : scopes_{scopes.innermost() == outermost ? &scopes : nullptr},
          scope_{scopes_ != nullptr ? scopes.enter() : outermost} {}
    ScopeGuardOf(const ScopeGuardOf&) = delete;
    ScopeGuardOf& operator=(const ScopeGuardOf&) = delete;
    ~ScopeGuardOf() {
        if (scopes_ != nullptr) scopes_->leave(scope_);
    }

private:
    ScopesOf<Id>* scopes_;
    ScopeId scope_;
};

using ScopeGuard = ScopeGuardOf<ScopeId>;

}  // namespace rowan
