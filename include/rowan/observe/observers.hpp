#pragma once

#include <rowan/session/observer.hpp>

#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace rowan {

/// Several observers in the place of one, told in their order:
/// `connection.observe(std::make_shared<rowan::Observers>(log, summary))`. Those that do not want values do not get
/// them. Safe from any thread if each of them is.
class Observers : public Observer {
public:
    explicit Observers(std::vector<std::shared_ptr<Observer>> observers) {
        for (std::shared_ptr<Observer>& observer : observers)
            if (observer != nullptr) add(std::move(observer));
    }

    template <class... Derived>
    explicit Observers(std::shared_ptr<Derived>... observers)
        : Observers{std::vector<std::shared_ptr<Observer>>{std::move(observers)...}} {}

    [[nodiscard]] bool wants_values() const noexcept override { return wants_values_; }

    void on_statement(const StatementEvent& event) noexcept override {
        StatementEvent bare = event;
        bare.values = {};
        for (const Member& member : members_) member.observer->on_statement(member.wants_values ? event : bare);
    }

    void on_retry(const RetryEvent& event) noexcept override {
        for (const Member& member : members_) member.observer->on_retry(event);
    }

    void on_overdue_lease(const LeaseEvent& event) noexcept override {
        for (const Member& member : members_) member.observer->on_overdue_lease(event);
    }

private:
    struct Member {
        std::shared_ptr<Observer> observer;
        bool wants_values;
    };

    void add(std::shared_ptr<Observer> observer) {
        const bool wants = observer->wants_values();
        wants_values_ = wants_values_ || wants;
        members_.push_back({std::move(observer), wants});
    }

    std::vector<Member> members_;
    bool wants_values_ = false;
};

}  // namespace rowan
