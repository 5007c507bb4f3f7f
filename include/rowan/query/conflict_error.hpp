#pragma once

#include <rowan/core/error.hpp>
#include <rowan/schema/info.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Sentences about rows that are not as the caller believed. Templates of RowConflict, as a program then compiles them
/// where a row can be in conflict only.
namespace rowan::detail {

/// The text, or its beginning where it is long, cut between two characters.
inline std::string shortened(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return std::string{text};
    while (limit != 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
    return std::string{text.substr(0, limit)} + "…";
}

template <class Conflict>
[[gnu::cold]] std::string describe_conflict(const Conflict& conflict) {
    std::string text = shortened(conflict.key, 200);
    const std::string expected = std::to_string(conflict.expected);
    switch (conflict.what) {
        case RowConflict::What::modified:
            if (conflict.expected == 0)
                return text.append(" is there with version ")
                    .append(std::to_string(conflict.found))
                    .append(", but this struct was never stored or read");
            text.append(" was modified by someone else: version ")
                .append(expected)
                .append(" was expected, but it has ");
            return text.append("version ").append(std::to_string(conflict.found));
        case RowConflict::What::deleted:
            text.append(" was deleted by someone else: version ").append(expected).append(" was expected");
            return text.append(", but it is gone");
        case RowConflict::What::missing: return text.append(" is not there");
    }
    return text;
}

/// Of rows that an operation did not find as it expected them: one at least. Nothing of the operation is stored.
template <class Conflict>
[[gnu::cold]] Error conflict_error(const TableInfo& table, std::vector<Conflict> conflicts, bool of_range,
                                   std::string_view statement) {
    bool stale = false;
    for (const Conflict& conflict : conflicts) stale = stale || conflict.what != RowConflict::What::missing;
    ErrorDetails details{.category = Category::state, .code = stale ? Code::stale : Code::not_found};
    details.table = table.name;
    details.statement = statement;
    std::string& message = details.message;
    message = table.name;
    if (!of_range) {
        const Conflict& only = conflicts.front();
        if (only.what == RowConflict::What::missing)
            message.append(" has no row with this key: ").append(shortened(only.key, 200));
        else
            message.append(": ").append(describe_conflict(only));
        if (only.what == RowConflict::What::modified) message.append("; read it again and repeat the change");
    } else {
        // A long list would bury what it says. The error has them all.
        constexpr std::size_t shown = 10;
        message.append(": ").append(std::to_string(conflicts.size()));
        message.append(conflicts.size() == 1 ? " row is" : " rows are")
            .append(" not as expected, so nothing was changed");
        for (std::size_t i = 0; i != shown && i != conflicts.size(); ++i)
            message.append("; ").append(describe_conflict(conflicts[i]));
        if (conflicts.size() > shown)
            message.append("; and ").append(std::to_string(conflicts.size() - shown)).append(" more");
    }
    details.conflicts = std::move(conflicts);
    return Error{std::move(details)};
}

/// The same of one row.
template <class Conflict>
[[gnu::cold]] Error conflict_error(const TableInfo& table, Conflict conflict, std::string_view statement) {
    std::vector<Conflict> conflicts;
    conflicts.push_back(std::move(conflict));
    return conflict_error(table, std::move(conflicts), false, statement);
}

}  // namespace rowan::detail
