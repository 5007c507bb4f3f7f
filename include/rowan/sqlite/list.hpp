#pragma once

#include <rowan/core/sort.hpp>
#include <rowan/core/time.hpp>
#include <rowan/session/value_texts.hpp>
#include <rowan/sqlite/value.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/stored.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <new>
#include <span>
#include <string_view>
#include <vector>

#include <sqlite3.h>

/// A list of values as a table: `x IN rowan_list(?1)`, where the parameter is a pointer to a List. So a list of any
/// length is one constant text, its values are neither copied nor turned into text, and nothing that SQL can say makes
/// a pointer. `rowan_set` has each of its integers once, in ascending order: a join to it finds what IN finds.
/// https://www.sqlite.org/vtab.html, https://www.sqlite.org/bindptr.html
namespace rowan::sqlite {

/// The values of one list. Text and bytes are not copied. A template, as a program then compiles only those of its
/// functions that it calls.
template <class Item>
class ListOf : public ValueSink<ListOf<Item>> {
public:
    /// Where the next value goes.
    [[nodiscard]] Item& place() { return items_.emplace_back(); }

    [[nodiscard]] std::size_t size() const { return items_.size(); }
    [[nodiscard]] const Item& operator[](std::size_t i) const { return items_[i]; }

    /// Each integer once, in ascending order, as keys often come already.
    void make_set() {
        if (is_set()) return;
        rowan::detail::sort(items_.data(), items_.size(),
                            [](const Item& a, const Item& b) { return a.integer < b.integer; });
        std::size_t kept = 1;
        for (const Item& item : items_)
            if (items_[kept - 1].integer != item.integer) items_[kept++] = item;
        while (items_.size() > kept) items_.pop_back();
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
    [[nodiscard]] bool is_set() const {
        for (std::size_t i = 1; i < items_.size(); ++i)
            if (items_[i - 1].integer >= items_[i].integer) return false;
        return true;
    }

    static void show_item(rowan::detail::ValueTexts& sink, const Item& item, Stored stored) {
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
            case SQLITE_TEXT: (void)sink.put(std::string_view{item.bytes.data, item.bytes.size}); break;
            case SQLITE_BLOB: (void)sink.put(std::as_bytes(std::span{item.bytes.data, item.bytes.size})); break;
            case Item::date:
                (void)sink.put(std::string_view{static_cast<const char*>(item.day), sizeof item.day});
                break;
            default: (void)sink.put_null(); break;
        }
    }

    std::vector<Item> items_;
};

using List = ListOf<Value>;

namespace detail {

struct ListTable : sqlite3_vtab {
    bool is_set = false;
};

template <class List>
struct ListCursor : sqlite3_vtab_cursor {
    const List* list = nullptr;
    std::size_t position = 0;
};

/// What the modules are told by, and how their columns are called: those of a set stand beside a table's.
inline constexpr const char* list_schema = "CREATE TABLE x(value, list HIDDEN)";
inline constexpr const char* set_schema = "CREATE TABLE x(rowan_member, rowan_members HIDDEN)";

inline constexpr int list_value_column = 0;
inline constexpr int list_pointer_column = 1;

inline int connect_list(sqlite3* db, void* is_set, int, const char* const*, sqlite3_vtab** table, char**) {
    sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    const int code = sqlite3_declare_vtab(db, is_set != nullptr ? set_schema : list_schema);
    if (code != SQLITE_OK) return code;
    auto* made = new (std::nothrow) ListTable{};
    if (made == nullptr) return SQLITE_NOMEM;
    made->is_set = is_set != nullptr;
    *table = made;
    return SQLITE_OK;
}

inline int disconnect_list(sqlite3_vtab* table) {
    delete static_cast<ListTable*>(table);
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

template <class List>
int open_list(sqlite3_vtab*, sqlite3_vtab_cursor** cursor) {
    *cursor = new (std::nothrow) ListCursor<List>{};
    return *cursor != nullptr ? SQLITE_OK : SQLITE_NOMEM;
}

template <class List>
int close_list(sqlite3_vtab_cursor* cursor) {
    delete static_cast<ListCursor<List>*>(cursor);
    return SQLITE_OK;
}

template <class List>
int filter_list(sqlite3_vtab_cursor* base, int, const char*, int count, sqlite3_value** values) {
    auto* cursor = static_cast<ListCursor<List>*>(base);
    auto* list = count == 1 ? static_cast<List*>(sqlite3_value_pointer(values[0], List::pointer_type)) : nullptr;
    if (list != nullptr && static_cast<ListTable*>(base->pVtab)->is_set) list->make_set();
    cursor->list = list;
    cursor->position = 0;
    return SQLITE_OK;
}

template <class List>
int advance_list(sqlite3_vtab_cursor* cursor) {
    ++static_cast<ListCursor<List>*>(cursor)->position;
    return SQLITE_OK;
}

template <class List>
int list_is_over(sqlite3_vtab_cursor* base) {
    const auto* cursor = static_cast<ListCursor<List>*>(base);
    return cursor->list == nullptr || cursor->position >= cursor->list->size() ? 1 : 0;
}

template <class List>
int list_column(sqlite3_vtab_cursor* base, sqlite3_context* context, int column) {
    const auto* cursor = static_cast<ListCursor<List>*>(base);
    if (column == list_value_column) (*cursor->list)[cursor->position].give(context);
    return SQLITE_OK;
}

template <class List>
int list_rowid(sqlite3_vtab_cursor* cursor, sqlite3_int64* rowid) {
    *rowid = static_cast<sqlite3_int64>(static_cast<ListCursor<List>*>(cursor)->position);
    return SQLITE_OK;
}

/// Without xCreate it is there without CREATE VIRTUAL TABLE, and never stored.
template <class List>
const sqlite3_module& list_module() {
    static const sqlite3_module module = [] {
        sqlite3_module made{};
        made.xConnect = &connect_list;
        made.xBestIndex = &plan_list;
        made.xDisconnect = &disconnect_list;
        made.xOpen = &open_list<List>;
        made.xClose = &close_list<List>;
        made.xFilter = &filter_list<List>;
        made.xNext = &advance_list<List>;
        made.xEof = &list_is_over<List>;
        made.xColumn = &list_column<List>;
        made.xRowid = &list_rowid<List>;
        return made;
    }();
    return module;
}

}  // namespace detail

template <class Listed = List>
[[nodiscard]] int register_list(sqlite3* db) {
    const int code = sqlite3_create_module_v2(db, "rowan_list", &detail::list_module<Listed>(), nullptr, nullptr);
    if (code != SQLITE_OK) return code;
    static char is_set;
    return sqlite3_create_module_v2(db, "rowan_set", &detail::list_module<Listed>(), &is_set, nullptr);
}

}  // namespace rowan::sqlite
