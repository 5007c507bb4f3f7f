#pragma once

#include <rowan/core/sort.hpp>
#include <rowan/core/time.hpp>
#include <rowan/observe/histogram.hpp>
#include <rowan/observe/literals.hpp>
#include <rowan/observe/writing.hpp>
#include <rowan/session/observer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rowan {

/// What a summary knows of one statement. The median and the other quantiles are right within 3.2 %, the rest is exact.
struct StatementFigures {
    std::string text{};
    std::uint64_t count = 0;  ///< how often it ran, failures included
    std::uint64_t errors = 0;
    std::uint64_t rows = 0;
    std::chrono::nanoseconds total{};
    std::chrono::nanoseconds mean{};
    std::chrono::nanoseconds p50{};
    std::chrono::nanoseconds p95{};
    std::chrono::nanoseconds p99{};
    std::chrono::nanoseconds max{};
};

/// Counts and times each statement of a program:
///
///     auto summary = std::make_shared<rowan::StatementSummary>();
///     connection.observe(summary);
///     std::puts(summary->to_text().c_str());
///
/// Constant statements are told apart by their text. Texts made at run time are first freed from the values written
/// into them, so that no value gets into the summary; of those it keeps `longest_list` different ones, and counts
/// further ones together as `(other)`. BEGIN, SAVEPOINT and the like are each one statement, whatever their options.
///
/// Safe from any thread: connections that work at the same time rarely wait for each other, as each takes one of
/// eight parts by its number. It may be read while statements run. Memory is bounded: about 1.5 KB a statement, and
/// each of the eight parts counts for itself.
class StatementSummary : public Observer {
public:
    explicit StatementSummary(std::size_t longest_list = 200) : longest_list_{longest_list} {}

    void on_statement(const StatementEvent& event) noexcept override {
        if (event.is_constant) {
            Part& part = parts_[event.connection % parts_.size()];
            const std::lock_guard lock{part.mutex};
            Constant& constant = part.constants[event.text.data()];
            constant.text = event.text;
            constant.entry.add(event);
            return;
        }
        const StatementKind kind = event.kind();
        std::string text =
            kind == StatementKind::statement ? detail::without_literals(event.text) : std::string{to_string(kind)};
        const std::lock_guard lock{made_mutex_};
        const bool keeps = made_.size() < longest_list_ || kind != StatementKind::statement || made_.contains(text);
        (keeps ? made_[std::move(text)] : other_).add(event);
    }

    /// All statements, those that took most time in total first.
    [[nodiscard]] std::vector<StatementFigures> figures() const {
        std::vector<StatementFigures> all;
        for (const auto& [text, entry] : collect()) all.push_back(entry.figures(text));
        detail::sort(all.data(), all.size(), [](const StatementFigures& a, const StatementFigures& b) {
            return a.total != b.total ? a.total > b.total : a.text < b.text;
        });
        return all;
    }

    /// A table, a line a statement: the total in milliseconds, the other times in microseconds. Long statements are
    /// cut.
    [[nodiscard]] std::string to_text() const {
        std::string out =
            "     count   errors       rows      total ms    mean us     p50 us     p95 us     p99 us      max us  "
            "statement\n";
        for (const StatementFigures& one : figures()) {
            append_right(out, 10, [&](std::string& cell) { detail::append_number(cell, one.count); });
            append_right(out, 9, [&](std::string& cell) { detail::append_number(cell, one.errors); });
            append_right(out, 11, [&](std::string& cell) { detail::append_number(cell, one.rows); });
            append_right(out, 14, [&](std::string& cell) { detail::append_milliseconds(cell, one.total); });
            for (const auto time : {one.mean, one.p50, one.p95, one.p99})
                append_right(out, 11, [&](std::string& cell) { detail::append_thousandths(cell, time.count()); });
            append_right(out, 12, [&](std::string& cell) { detail::append_thousandths(cell, one.max.count()); });
            detail::append_in_one_line(out.append("  "), cut(one.text));
            out += '\n';
        }
        return out;
    }

    /// The same as JSON, times in nanoseconds, statements whole:
    /// `{"statements":[{"sql":"…","count":2,"errors":0,"rows":2,"total_ns":…,"mean_ns":…,"p50_ns":…,"p95_ns":…,
    /// "p99_ns":…,"max_ns":…}]}`
    [[nodiscard]] std::string to_json() const {
        std::string out = "{\"statements\":[";
        for (bool first = true; const StatementFigures& one : figures()) {
            detail::append_json_string(out.append(std::exchange(first, false) ? "{\"sql\":" : ",{\"sql\":"), one.text);
            const std::pair<std::string_view, std::uint64_t> counts[]{
                {"count", one.count}, {"errors", one.errors}, {"rows", one.rows}};
            for (const auto& [name, value] : counts) append_member(out, name, value);
            const std::pair<std::string_view, std::chrono::nanoseconds> times[]{
                {"total_ns", one.total}, {"mean_ns", one.mean}, {"p50_ns", one.p50},
                {"p95_ns", one.p95},     {"p99_ns", one.p99},   {"max_ns", one.max}};
            for (const auto& [name, value] : times) append_member(out, name, value.count());
            out += '}';
        }
        return out.append("]}");
    }

    /// Adds what another summary has counted, such as that of another thread. Its statements become this one's, in
    /// the same bounds.
    void merge(const StatementSummary& other) {
        if (&other == this) return;
        const auto theirs = other.collect();
        const std::lock_guard lock{made_mutex_};
        for (const auto& [text, entry] : theirs) {
            const bool keeps = text != other_text && (made_.size() < longest_list_ || made_.contains(text));
            (keeps ? made_[text] : other_).merge(entry);
        }
    }

    void clear() {
        for (Part& part : parts_) {
            const std::lock_guard lock{part.mutex};
            part.constants.clear();
        }
        const std::lock_guard lock{made_mutex_};
        made_.clear();
        other_ = {};
    }

private:
    static constexpr std::string_view other_text = "(other)";

    struct Entry {
        Histogram times{};
        std::uint64_t errors = 0;
        std::uint64_t rows = 0;

        void add(const StatementEvent& event) {
            times.add(event.duration);
            if (event.error != nullptr) ++errors;
            if (event.rows > 0) rows += static_cast<std::uint64_t>(event.rows);
        }

        void merge(const Entry& other) {
            times.merge(other.times);
            errors += other.errors;
            rows += other.rows;
        }

        [[nodiscard]] StatementFigures figures(std::string_view text) const {
            return {.text = std::string{text},
                    .count = times.count(),
                    .errors = errors,
                    .rows = rows,
                    .total = times.total(),
                    .mean = times.mean(),
                    .p50 = times.quantile(0.5),
                    .p95 = times.quantile(0.95),
                    .p99 = times.quantile(0.99),
                    .max = times.max()};
        }
    };

    struct Constant {
        std::string_view text{};
        Entry entry{};
    };

    /// Alone in its cache lines.
    struct alignas(64) Part {
        mutable std::mutex mutex{};
        /// By the address of the text, which is quicker than the text. One text may have several.
        std::map<const char*, Constant> constants{};
    };

    /// Everything, by text.
    [[nodiscard]] std::map<std::string, Entry> collect() const {
        std::map<std::string, Entry> all;
        for (const Part& part : parts_) {
            const std::lock_guard lock{part.mutex};
            for (const auto& [address, constant] : part.constants)
                all[std::string{constant.text}].merge(constant.entry);
        }
        const std::lock_guard lock{made_mutex_};
        for (const auto& [text, entry] : made_) all[text].merge(entry);
        if (other_.times.count() != 0) all[std::string{other_text}].merge(other_);
        return all;
    }

    template <class Append>
    static void append_right(std::string& out, std::size_t width, Append append) {
        std::string cell;
        append(cell);
        if (cell.size() < width) out.append(width - cell.size(), ' ');
        out += cell;
    }

    template <class Number>
    static void append_member(std::string& out, std::string_view name, Number value) {
        detail::append_number(out.append(",\"").append(name).append("\":"), value);
    }

    [[nodiscard]] static std::string cut(const std::string& text) {
        constexpr std::size_t longest = 120;
        if (text.size() <= longest) return text;
        std::size_t end = longest;
        while (end != 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
        return text.substr(0, end) + "…";
    }

    std::size_t longest_list_;
    std::array<Part, 8> parts_{};
    mutable std::mutex made_mutex_;
    std::map<std::string, Entry, std::less<>> made_{};
    Entry other_{};
};

}  // namespace rowan
