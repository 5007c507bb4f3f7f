#pragma once

#include <cstddef>
#include <string_view>

namespace rowan::postgres {

/// May this text change something? Where that is hard to tell, yes. A SELECT is taken for one that reads, though a
/// function in it might write.
[[nodiscard]] constexpr bool may_write(std::string_view text) noexcept {
    const std::size_t start = text.find_first_not_of(" \t\r\n(");
    if (start == std::string_view::npos) return false;
    text.remove_prefix(start);
    // More than one statement, or a literal with a semicolon.
    if (const std::size_t end = text.find(';'); end != std::string_view::npos)
        if (text.find_first_not_of("; \t\r\n", end) != std::string_view::npos) return true;
    for (const std::string_view reading : {"SELECT", "BEGIN", "SHOW", "SET", "VALUES", "TABLE"}) {
        if (text.size() < reading.size()) continue;
        bool same = true;
        for (std::size_t i = 0; i != reading.size(); ++i) same = same && (text[i] & ~0x20) == reading[i];
        if (same) return false;
    }
    return true;
}

static_assert(!may_write("SELECT 1") && !may_write("\n select 1; ") && !may_write("(SELECT 1) UNION (SELECT 2)"));
static_assert(may_write("INSERT INTO t VALUES (1)") && may_write("SELECT 1; DELETE FROM t") &&
              may_write("WITH x AS ("));

}  // namespace rowan::postgres
