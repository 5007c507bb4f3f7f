#pragma once

#include <rowan/core/real.hpp>
#include <rowan/session/value_texts.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/iso8601.hpp>
#include <rowan/types/stored.hpp>
#include <rowan/types/timestamp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include <sqlite3.h>

/// A list of values as a table: `x IN rowan_list(?1)`, where the parameter is a pointer to a List. So a list of any
/// length is one constant text, its values are neither copied nor turned into text, and nothing that SQL can say makes
/// a pointer. https://www.sqlite.org/vtab.html, https://www.sqlite.org/bindptr.html
namespace rowan::sqlite {

/// The values of one list. Text and bytes are not copied.
class List {
public:
    Fault put_null() { return add({}); }
    Fault put(bool value) { return put(std::int64_t{value}); }
    Fault put(std::int64_t value) { return add({.type = SQLITE_INTEGER, .integer = value}); }
    Fault put(double value) {
        if (rowan::detail::is_nan(value)) return Fault::not_a_number;
        return add({.type = SQLITE_FLOAT, .real = value});
    }
    Fault put(std::string_view value) {
        return add({.type = SQLITE_TEXT, .bytes = value.data() != nullptr ? value.data() : "", .size = value.size()});
    }
    Fault put(std::span<const std::byte> value) {
        const char* bytes = value.data() != nullptr ? reinterpret_cast<const char*>(value.data()) : "";
        return add({.type = SQLITE_BLOB, .bytes = bytes, .size = value.size()});
    }
    Fault put(Timestamp value) { return put(std::int64_t{value.time_since_epoch().count()}); }
    Fault put(std::chrono::sys_days value) {
        Item item{.type = date};
        if (!rowan::detail::format_date(value, item.day)) return Fault::out_of_range;
        return add(item);
    }

    [[nodiscard]] std::size_t size() const { return items_.size(); }

    void give(std::size_t i, sqlite3_context* context) const {
        const Item& item = items_[i];
        switch (item.type) {
            case SQLITE_INTEGER: return sqlite3_result_int64(context, item.integer);
            case SQLITE_FLOAT: return sqlite3_result_double(context, item.real);
            case SQLITE_TEXT: return sqlite3_result_text64(context, item.bytes, item.size, SQLITE_STATIC, SQLITE_UTF8);
            case SQLITE_BLOB: return sqlite3_result_blob64(context, item.bytes, item.size, SQLITE_STATIC);
            case date: return sqlite3_result_text(context, item.day, sizeof item.day, SQLITE_TRANSIENT);
            default: return sqlite3_result_null(context);
        }
    }

    /// Hands its values, which are of the form `stored`, to those that an observer is shown.
    void show(rowan::detail::ValueTexts& values, Stored stored) const {
        values.put_list(items_.size(), [&](rowan::detail::ValueTexts& sink) {
            for (std::size_t i = 0; i != items_.size() && i <= sink.longest_list; ++i)
                show_item(sink, items_[i], stored);
        });
    }

    static constexpr const char* pointer_type = "rowan_list";

private:
    static constexpr int date = -1;

    struct Item {
        int type = SQLITE_NULL;
        std::int64_t integer = 0;
        double real = 0;
        const char* bytes = nullptr;
        std::size_t size = 0;
        char day[rowan::detail::date_length]{};
    };

    static void show_item(rowan::detail::ValueTexts& sink, const Item& item, Stored stored) {
        const auto bytes = std::span{item.bytes, item.size};
        switch (item.type) {
            case SQLITE_INTEGER:
                if (stored == Stored::boolean)
                    (void)sink.put(item.integer != 0);
                else if (stored == Stored::timestamp)
                    (void)sink.put(Timestamp{std::chrono::microseconds{item.integer}});
                else
                    (void)sink.put(item.integer);
                break;
            case SQLITE_FLOAT: (void)sink.put(item.real); break;
            case SQLITE_TEXT: (void)sink.put(std::string_view{item.bytes, item.size}); break;
            case SQLITE_BLOB: (void)sink.put(std::as_bytes(bytes)); break;
            case date: (void)sink.put(std::string_view{item.day, sizeof item.day}); break;
            default: (void)sink.put_null(); break;
        }
    }

    Fault add(const Item& item) {
        items_.push_back(item);
        return Fault::none;
    }

    std::vector<Item> items_;
};

namespace detail {

struct ListCursor : sqlite3_vtab_cursor {
    const List* list = nullptr;
    std::size_t position = 0;
};

inline constexpr int list_value_column = 0;
inline constexpr int list_pointer_column = 1;

inline int connect_list(sqlite3* db, void*, int, const char* const*, sqlite3_vtab** table, char**) {
    sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    const int code = sqlite3_declare_vtab(db, "CREATE TABLE x(value, list HIDDEN)");
    if (code != SQLITE_OK) return code;
    *table = new sqlite3_vtab{};
    return SQLITE_OK;
}

inline int disconnect_list(sqlite3_vtab* table) {
    delete table;
    return SQLITE_OK;
}

inline int plan_list(sqlite3_vtab*, sqlite3_index_info* info) {
    for (int i = 0; i != info->nConstraint; ++i) {
        const auto& constraint = info->aConstraint[i];
        if (constraint.iColumn != list_pointer_column || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
        if (constraint.usable == 0) return SQLITE_CONSTRAINT;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        info->estimatedCost = 1;
        info->estimatedRows = 100;
    }
    return SQLITE_OK;
}

inline int open_list(sqlite3_vtab*, sqlite3_vtab_cursor** cursor) {
    *cursor = new ListCursor{};
    return SQLITE_OK;
}

inline int close_list(sqlite3_vtab_cursor* cursor) {
    delete static_cast<ListCursor*>(cursor);
    return SQLITE_OK;
}

inline int filter_list(sqlite3_vtab_cursor* base, int, const char*, int count, sqlite3_value** values) {
    auto* cursor = static_cast<ListCursor*>(base);
    cursor->list =
        count == 1 ? static_cast<const List*>(sqlite3_value_pointer(values[0], List::pointer_type)) : nullptr;
    cursor->position = 0;
    return SQLITE_OK;
}

inline int advance_list(sqlite3_vtab_cursor* cursor) {
    ++static_cast<ListCursor*>(cursor)->position;
    return SQLITE_OK;
}

inline int list_is_over(sqlite3_vtab_cursor* base) {
    const auto* cursor = static_cast<ListCursor*>(base);
    return cursor->list == nullptr || cursor->position >= cursor->list->size() ? 1 : 0;
}

inline int list_column(sqlite3_vtab_cursor* base, sqlite3_context* context, int column) {
    const auto* cursor = static_cast<ListCursor*>(base);
    if (column == list_value_column) cursor->list->give(cursor->position, context);
    return SQLITE_OK;
}

inline int list_rowid(sqlite3_vtab_cursor* cursor, sqlite3_int64* rowid) {
    *rowid = static_cast<sqlite3_int64>(static_cast<ListCursor*>(cursor)->position);
    return SQLITE_OK;
}

/// Without xCreate it is there without CREATE VIRTUAL TABLE, and never stored.
inline const sqlite3_module& list_module() {
    static const sqlite3_module module = [] {
        sqlite3_module made{};
        made.xConnect = &connect_list;
        made.xBestIndex = &plan_list;
        made.xDisconnect = &disconnect_list;
        made.xOpen = &open_list;
        made.xClose = &close_list;
        made.xFilter = &filter_list;
        made.xNext = &advance_list;
        made.xEof = &list_is_over;
        made.xColumn = &list_column;
        made.xRowid = &list_rowid;
        return made;
    }();
    return module;
}

}  // namespace detail

[[nodiscard]] inline int register_list(sqlite3* db) {
    return sqlite3_create_module_v2(db, "rowan_list", &detail::list_module(), nullptr, nullptr);
}

}  // namespace rowan::sqlite
