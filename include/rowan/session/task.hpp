#pragma once

#include <rowan/core/result.hpp>
#include <rowan/session/scopes.hpp>

namespace rowan::detail {

/// What a Task does on one type of connection.
template <class Connection>
struct TaskOn {
    Result<void> (*run)(void* context, Connection& connection);
};

/// Work for a connection that is one of several, as functions that do not know what they work on: all that lies
/// between a repository and the connection is then compiled once, and not for each operation of each struct.
template <class... Connections>
struct Task : TaskOn<Connections>... {
    void* context;

    template <class Connection>
    Result<void> operator()(Connection& connection) const {
        return static_cast<const TaskOn<Connection>&>(*this).run(context, connection);
    }
};

/// `Work::run(context, connection)` for what a `Connection` is, or for all that it can be.
template <class Work, class Connection>
[[gnu::always_inline]] inline auto task(void* context) {
    if constexpr (chooses_at_run_time<Connection>)
        return Connection::template task<Work>(context);
    else
        return Task<Connection>{{&Work::template run<Connection>}, context};
}

}  // namespace rowan::detail
