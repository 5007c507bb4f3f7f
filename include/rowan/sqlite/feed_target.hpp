#pragma once

#include <rowan/core/result.hpp>
#include <rowan/query/feed_target.hpp>
#include <rowan/query/run_time_part.hpp>
#include <rowan/schema/info.hpp>
#include <rowan/sqlite/dialect.hpp>
#include <rowan/sqlite/errors.hpp>

#include <cstddef>
#include <string>
#include <string_view>

#include <sqlite3.h>

namespace rowan::sqlite {

/// Looks what rows of a table have to go through, as the schema is now; it stays so until the end of a transaction that
/// writes. `updates`: may they be updated, and other tables after them, whose triggers have a say then? Tells too much
/// rather than too little: of words alone, and of a table that is in neither the database nor the temporary one. Nobody
/// is told of this statement. A template, as it is compiled only where a range is stored then.
template <class Handle>
[[nodiscard]] Result<rowan::detail::FeedTarget> look_at_target(Handle* db, const TableInfo& table, bool updates) {
    using rowan::detail::FeedTarget;
    constexpr std::string_view text =
        "SELECT max((SELECT max(CASE WHEN type = 'view' THEN 3 WHEN sql GLOB '*raise*ignore*' OR sql GLOB "
        "'*conflict*ignore*' THEN 2 WHEN type = 'trigger' OR sql GLOB '*conflict*' OR sql GLOB 'create virtual*' THEN "
        "1 "
        "ELSE 0 END) FROM (SELECT type, tbl_name, lower(sql) AS sql FROM main.sqlite_schema UNION ALL SELECT type, "
        "tbl_name, lower(sql) FROM sqlite_temp_schema) WHERE tbl_name = ?1 COLLATE NOCASE AND sql IS NOT NULL), ?2 AND "
        "EXISTS (SELECT 1 FROM main.sqlite_schema AS s JOIN pragma_foreign_key_list(s.name) AS f WHERE s.type = "
        "'table' AND f.\"table\" = ?1 COLLATE NOCASE AND f.on_update NOT IN ('NO ACTION', 'RESTRICT')))";
    const std::string name = rowan::detail::run_time_text(
        [&](rowan::detail::TextWriter& out) { dialect.write_live_name(out, table.schema, table.name); });
    sqlite3_stmt* statement = nullptr;
    int code = sqlite3_prepare_v2(db, text.data(), static_cast<int>(text.size() + 1), &statement, nullptr);
    if (code == SQLITE_OK)
        code = sqlite3_bind_text(statement, 1, name.data(), static_cast<int>(name.size()), SQLITE_STATIC);
    if (code == SQLITE_OK) code = sqlite3_bind_int(statement, 2, updates ? 1 : 0);
    if (code == SQLITE_OK) code = sqlite3_step(statement);
    FeedTarget target = FeedTarget::ignoring;
    if (code == SQLITE_ROW && sqlite3_column_type(statement, 0) == SQLITE_INTEGER)
        target = static_cast<FeedTarget>(sqlite3_column_int(statement, 0));
    sqlite3_finalize(statement);
    if (code != SQLITE_ROW) return Failure(make_error(code, sqlite3_errmsg(db), text));
    return target;
}

}  // namespace rowan::sqlite
