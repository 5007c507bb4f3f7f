#pragma once

#include <rowan/observe/disclosure.hpp>
#include <rowan/observe/writing.hpp>
#include <rowan/session/observer.hpp>

#include <cstddef>
#include <cstdio>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace rowan {

/// Writes a line for each statement, for each transaction that is tried again, and for each lease that is overdue:
///
///     #3 0.412 ms, 1 row, orders.cpp:120: UPDATE orders SET status = ?1 WHERE id = ?2 ['paid', 42]
///     #3 1.630 ms, attempt 2: COMMIT -> operational/busy: database is locked
///     attempt 2 failed, the next begins in 12.345 ms, orders.cpp:115 -> operational/busy: database is locked
///     a connection has been lent for 60000.000 ms, report.cpp:12
///
/// `#3` is the connection's number. Values are shown only if `disclosure` asks for them; a line never holds a
/// connection string. Safe from any thread; `write` is called by one thread at a time, and must not throw.
class StatementLog : public Observer {
public:
    /// To a file or stream of the program, such as stderr, which it does not close.
    explicit StatementLog(std::FILE* file, Disclosure disclosure = {})
        : StatementLog{[file](std::string_view line) {
                           const std::string whole = std::string{line}.append(1, '\n');
                           std::fwrite(whole.data(), 1, whole.size(), file);
                       },
                       std::move(disclosure)} {}

    /// To `write(line)`, or `write(line, error)` where `const Error* error` is null for what has succeeded. A line has
    /// no line break at its end, nor within.
    template <class Write>
        requires std::is_invocable_v<Write&, std::string_view> ||
                     std::is_invocable_v<Write&, std::string_view, const Error*>
    explicit StatementLog(Write write, Disclosure disclosure = {})
        : disclosure_{std::move(disclosure)}, lines_{std::make_unique<LinesTo<Write>>(std::move(write))} {}

    [[nodiscard]] bool wants_values() const noexcept override { return disclosure_.values; }

    void on_statement(const StatementEvent& event) noexcept override {
        const bool values = detail::shows_values(disclosure_, event.text);
        std::string line{'#'};
        detail::append_number(line, event.connection);
        detail::append_milliseconds(line.append(1, ' '), event.duration);
        line += " ms";
        if (event.error == nullptr && event.kind() == StatementKind::statement && event.rows >= 0) {
            detail::append_number(line.append(", "), event.rows);
            line += event.rows == 1 ? " row" : " rows";
        }
        if (event.attempt != 1) detail::append_number(line.append(", attempt "), event.attempt);
        if (event.place.line() != 0) detail::append_place(line.append(", "), event.place);
        line += ": ";
        detail::append_in_one_line(line, detail::shown_text(event, values));
        if (values && !event.values.empty()) append_values(line, event.values);
        finish(std::move(line), event.error, event.is_constant || values);
    }

    void on_retry(const RetryEvent& event) noexcept override {
        std::string line{"attempt "};
        detail::append_number(line, event.attempt);
        detail::append_milliseconds(line.append(" failed, the next begins in "), event.wait);
        line += " ms";
        if (event.place.line() != 0) detail::append_place(line.append(", "), event.place);
        finish(std::move(line), &event.error, false);
    }

    void on_overdue_lease(const LeaseEvent& event) noexcept override {
        std::string line = event.is_returned ? "a connection came back after " : "a connection has been lent for ";
        detail::append_milliseconds(line, event.held);
        line += " ms";
        if (event.place.line() != 0) detail::append_place(line.append(", "), event.place);
        write(line, nullptr);
    }

private:
    class Lines {
    public:
        Lines() = default;
        Lines(const Lines&) = delete;
        Lines& operator=(const Lines&) = delete;
        virtual ~Lines() = default;
        virtual void write(std::string_view line, const Error* error) = 0;
    };

    template <class Write>
    class LinesTo final : public Lines {
    public:
        explicit LinesTo(Write write) : write_{std::move(write)} {}
        void write(std::string_view line, [[maybe_unused]] const Error* error) override {
            if constexpr (std::is_invocable_v<Write&, std::string_view, const Error*>)
                write_(line, error);
            else
                write_(line);
        }

    private:
        Write write_;
    };

    static void append_values(std::string& line, std::span<const std::string> values) {
        for (std::size_t i = 0; i != values.size(); ++i)
            detail::append_in_one_line(line.append(i == 0 ? " [" : ", "), values[i]);
        line += ']';
    }

    void finish(std::string line, const Error* error, bool quotes) {
        if (error != nullptr) detail::append_in_one_line(line.append(" -> "), detail::shown_error(*error, quotes));
        write(line, error);
    }

    void write(std::string_view line, const Error* error) {
        const std::lock_guard lock{mutex_};
        lines_->write(line, error);
    }

    Disclosure disclosure_;
    std::mutex mutex_;
    std::unique_ptr<Lines> lines_;
};

}  // namespace rowan
