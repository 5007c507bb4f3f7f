#pragma once

#include <rowan/session/observer.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What an observer was told, kept.
struct Seen {
    std::string text{};
    bool is_constant = false;
    std::vector<std::string> values{};
    std::chrono::nanoseconds duration{};
    std::int64_t rows = 0;
    std::string error{};
    std::uint64_t connection = 0;
    int attempt = 0;
    std::string file{};
    std::uint_least32_t line = 0;
    rowan::StatementKind kind{};
};

class Recorder : public rowan::Observer {
public:
    explicit Recorder(bool values = false) : values_{values} {}

    [[nodiscard]] bool wants_values() const noexcept override { return values_; }

    void on_statement(const rowan::StatementEvent& event) noexcept override {
        const std::lock_guard lock{mutex_};
        seen_.push_back({.text = std::string{event.text},
                         .is_constant = event.is_constant,
                         .values = {event.values.begin(), event.values.end()},
                         .duration = event.duration,
                         .rows = event.rows,
                         .error = event.error != nullptr ? std::string{to_string(event.error->code())} : "",
                         .connection = event.connection,
                         .attempt = event.attempt,
                         .file = event.place.file_name(),
                         .line = event.place.line(),
                         .kind = event.kind()});
    }

    /// What was seen since the last call.
    [[nodiscard]] std::vector<Seen> take() {
        const std::lock_guard lock{mutex_};
        return std::exchange(seen_, {});
    }

private:
    bool values_;
    std::mutex mutex_;
    std::vector<Seen> seen_;
};

/// The kinds of what was seen, with `?` for what is no part of a transaction's life.
inline std::string kinds(const std::vector<Seen>& seen) {
    std::string text;
    for (const Seen& one : seen) {
        if (!text.empty()) text += ", ";
        text += one.kind == rowan::StatementKind::statement ? "?" : to_string(one.kind);
    }
    return text;
}
