#pragma once

#include <utility>

namespace rowan {

/// A connection that is lent for longer than one call, by a pool: it is given back when this goes. Empty where the
/// connection is the caller's own.
class Loan {
public:
    /// `Stage::relaxed`: the work is done, but a handle may still point to the connection.
    enum class Stage : bool { relaxed, ended };
    using GiveBack = void (*)(void* lender, void* lent, Stage stage) noexcept;

    Loan() = default;
    Loan(GiveBack give_back, void* lender, void* lent) : give_back_{give_back}, lender_{lender}, lent_{lent} {}
    Loan(Loan&& other) noexcept
        : give_back_{std::exchange(other.give_back_, nullptr)}, lender_{other.lender_}, lent_{other.lent_} {}
    Loan& operator=(Loan&& other) noexcept {
        if (this != &other) {
            end();
            give_back_ = std::exchange(other.give_back_, nullptr);
            lender_ = other.lender_;
            lent_ = other.lent_;
        }
        return *this;
    }
    ~Loan() { end(); }

    [[nodiscard]] bool is_empty() const noexcept { return give_back_ == nullptr; }

    void end() noexcept {
        if (give_back_ != nullptr) std::exchange(give_back_, nullptr)(lender_, lent_, Stage::ended);
    }
    void relax() noexcept {
        if (give_back_ != nullptr) give_back_(lender_, lent_, Stage::relaxed);
    }

private:
    GiveBack give_back_ = nullptr;
    void* lender_ = nullptr;
    void* lent_ = nullptr;
};

}  // namespace rowan
