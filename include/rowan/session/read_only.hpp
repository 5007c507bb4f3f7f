#pragma once

#include <rowan/core/result.hpp>
#include <rowan/session/reading_session.hpp>
#include <rowan/session/scopes.hpp>
#include <rowan/session/transaction.hpp>
#include <rowan/session/transaction_options.hpp>
#include <rowan/session/writable.hpp>

#include <utility>

namespace rowan {

/// A transaction on a `Db` that only reads: what `read_only(fn)` hands over. Its repositories have no functions that
/// write, it has no `execute`, and the database refuses writes as well (Code::read_only), which is for `query` with SQL
/// that should not have been written so; it is no wall against SQL that wants to write. Otherwise like
/// BasicTransaction: ended when it is dropped, used by one thread at a time.
template <class Db>
class [[nodiscard]] BasicReadOnly : public ReadingSession<BasicReadOnly<Db>> {
public:
    explicit BasicReadOnly(BasicTransaction<Db> transaction) : transaction_{std::move(transaction)} {}

    /// Neither committed nor rolled back, and none around it either.
    [[nodiscard]] bool active() const noexcept { return transaction_.active(); }

    /// Ends it. Nothing is stored, but only now what was read at Isolation::serializable is known to be sound.
    [[nodiscard]] Result<void> commit() { return transaction_.commit(); }
    [[nodiscard]] Result<void> rollback() { return transaction_.rollback(); }

    /// Runs `fn(inner)` in a savepoint of this session: an error inside leaves this session usable. While it runs, this
    /// handle refuses.
    template <class Fn>
    auto read_only(Fn&& fn) {
        return detail::run_in(detail::as_read_only(transaction_.begin()), std::forward<Fn>(fn));
    }

    [[nodiscard]] auto borrow() { return transaction_.borrow(); }

private:
    BasicTransaction<Db> transaction_;
};

template <class Db>
inline constexpr bool is_read_only<BasicReadOnly<Db>> = true;
template <class Db>
inline constexpr bool chooses_at_run_time<BasicReadOnly<Db>> = chooses_at_run_time<Db>;

namespace detail {

template <class Db>
Result<BasicReadOnly<Db>> as_read_only(Result<BasicTransaction<Db>> begun) {
    if (!begun) return Failure(std::move(begun).error());
    return BasicReadOnly<Db>{*std::move(begun)};
}

}  // namespace detail
}  // namespace rowan
