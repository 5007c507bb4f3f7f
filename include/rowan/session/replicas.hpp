#pragma once

#include <rowan/core/atomic.hpp>
#include <rowan/core/result.hpp>
#include <rowan/core/time.hpp>
#include <rowan/session/health.hpp>
#include <rowan/session/observer.hpp>
#include <rowan/session/pool_settings.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace rowan {

/// Servers that follow the primary. Read-only sessions go to one of them, in turn, and everything else to the primary:
/// also a read-only session that is serializable, which replicas do not have, or while no replica is there, or all are
/// too far behind.
///
/// What a replica shows may be older than what the program has just stored, by up to `max_lag` and the time between two
/// checks. A program that must see its own writes reads in a `transaction`, which goes to the primary.
struct ReplicaSettings {
    std::vector<std::string> urls{};
    /// A replica that is further behind is left out.
    std::chrono::milliseconds max_lag{5000};
    /// How long a check of a replica's lag holds good. The first read-only session behind that makes a new one, a round
    /// trip.
    std::chrono::milliseconds check_every{1000};
    /// For connecting to a replica, waiting for one of its connections and asking it. Then another one serves, or the
    /// primary. The pool's own time-out holds where it is shorter.
    std::chrono::milliseconds timeout{2000};
};

namespace detail {

/// Pools of replicas, opened when they are first needed, so that one that is down keeps nobody from starting.
template <class AnyPool>
class Replicas {
    using Clock = std::chrono::steady_clock;

public:
    Replicas(ReplicaSettings settings, const PoolSettings& pool)
        : settings_{std::move(settings)}, pool_settings_{pool} {
        if (settings_.timeout < pool_settings_.timeout) pool_settings_.timeout = settings_.timeout;
        for (std::string& url : settings_.urls) members_.push_back(std::make_unique<Member>(std::move(url)));
    }

    [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }

    /// The next one that is near enough to the primary, or null.
    [[nodiscard]] AnyPool* choose() {
        const std::size_t first = next_.add(1);
        for (std::size_t i = 0; i != members_.size(); ++i) {
            Member& member = *members_[(first + i) % members_.size()];
            if (AnyPool* pool = check(member)) return pool;
        }
        return nullptr;
    }

    /// `pool` has failed: it is left out until the next check.
    void leave_out(const AnyPool* pool) {
        for (const auto& member : members_) {
            const std::lock_guard lock{member->mutex};
            if (!member->pool || &*member->pool != pool) continue;
            member->usable = false;
            member->checked = Clock::now();
        }
    }

    void observe(const std::shared_ptr<Observer>& observer) {
        for (const auto& member : members_) {
            const std::lock_guard lock{member->mutex};
            member->observer = observer;
            if (member->pool) member->pool->observe(observer);
        }
    }

    template <class Report = Health>
    [[nodiscard]] std::vector<Report> health() {
        std::vector<Report> all;
        for (const auto& member : members_) {
            const std::lock_guard lock{member->mutex};
            if (Result<void> opened = open(*member); !opened) {
                Report& health = all.emplace_back();
                health.error = std::move(opened).error();
            } else {
                all.push_back(health_of(*member->pool));
            }
        }
        return all;
    }

private:
    struct Member {
        explicit Member(std::string where) : url{std::move(where)} {}

        const std::string url;
        std::mutex mutex{};
        std::optional<AnyPool> pool{};
        std::shared_ptr<Observer> observer{};
        /// The clock's zero: never.
        Clock::time_point checked{};
        bool usable = false;
    };

    [[nodiscard]] Result<void> open(Member& member) {
        if (member.pool) return {};
        Result<AnyPool> pool = AnyPool::open(member.url, pool_settings_);
        if (!pool) return Failure(std::move(pool).error());
        pool->observe(member.observer);
        member.pool.emplace(*std::move(pool));
        return {};
    }

    [[nodiscard]] AnyPool* check(Member& member) {
        std::unique_lock lock{member.mutex, std::try_to_lock};
        // Another thread is checking it: rather than wait for that, go on with the next one.
        if (!lock.owns_lock()) return nullptr;
        if (member.checked == Clock::time_point{} || Clock::now() - member.checked > settings_.check_every) {
            member.usable = open(member).has_value() && is_near(*member.pool);
            member.checked = Clock::now();
        }
        return member.usable ? &*member.pool : nullptr;
    }

    [[nodiscard]] bool is_near(AnyPool& pool) const {
        auto lease = pool.acquire();
        if (!lease) return false;
        const Result<ServerStatus> status = (*lease)->status();
        // One that was made a primary itself goes its own way from then on.
        return status && status->is_replica && status->lag && *status->lag <= settings_.max_lag;
    }

    ReplicaSettings settings_;
    PoolSettings pool_settings_;
    std::vector<std::unique_ptr<Member>> members_{};
    Atomic<std::size_t> next_{0};
};

}  // namespace detail
}  // namespace rowan
