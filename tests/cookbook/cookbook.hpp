#pragma once

#include <rowan/rowan.hpp>

#include <charconv>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "market.hpp"

namespace cookbook {

/// What a recipe gave, as text.
struct Table {
    std::vector<std::string> header{};
    std::vector<std::vector<std::string>> rows{};

    friend bool operator==(const Table&, const Table&) = default;
};

std::string cell(bool value);
std::string cell(double value);
std::string cell(std::int64_t value);
std::string cell(rowan::Timestamp value);
inline std::string cell(Side value) { return value == Side::buy ? "buy" : "sell"; }
inline std::string cell(const std::string& value) { return value; }
template <class T>
std::string cell(const std::optional<T>& value) {
    return value ? cell(*value) : "*NULL*";
}

template <class T>
inline constexpr bool is_tuple = false;
template <class... T>
inline constexpr bool is_tuple<std::tuple<T...>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// Adds a row, or a part of one.
template <class Row>
void add_cells(std::vector<std::string>& cells, const Row& row) {
    if constexpr (is_tuple<Row>)
        std::apply([&](const auto&... part) { (add_cells(cells, part), ...); }, row);
    else if constexpr (requires { cell(row); })
        cells.push_back(cell(row));
    else
        std::apply([&](const auto&... member) { (cells.push_back(cell(member)), ...); }, rowan::reflect::tie(row));
}

/// The rows of a result under the names of a struct's members, or under given names. Throws its error.
template <class Value>
Table show(const rowan::Result<Value>& result, std::vector<std::string> header = {}) {
    Table table{.header = std::move(header)};
    const auto add = [&]<class Row>(const Row& row) {
        add_cells(table.rows.emplace_back(), row);
        if constexpr (std::is_class_v<Row> && !is_tuple<Row> && !requires { cell(row); })
            if (table.header.empty())
                table.header.assign(rowan::reflect::names<Row>.begin(), rowan::reflect::names<Row>.end());
    };
    const Value value = rowan::must(result);
    if constexpr (is_vector<Value>) {
        for (const auto& row : value) add(row);
    } else if constexpr (is_optional<Value>) {
        if (value) add(*value);
    } else {
        add(value);
    }
    return table;
}
template <class Value>
    requires(!rowan::detail::is_result<Value>)
Table show(const Value& value, std::vector<std::string> header = {}) {
    return show(rowan::Result<Value>{value}, std::move(header));
}

struct Recipe {
    std::string chapter{};
    std::string title{};
    std::string text{};
    std::string code{};
    std::vector<std::string> statements{};
    Table table{};
    bool only_postgres = false;
};

class Recorder;

/// All recipes, cooked on one database.
class Book {
public:
    /// `sources` is the folder of the recipes' text.
    Book(std::string url, std::string sources);
    Book(const Book&) = delete;
    Book& operator=(const Book&) = delete;
    ~Book();

    // The chapters, each in a file of its own.
    void choosing();
    void text_and_null();
    void numbers_and_times();
    void sorting_and_pages();
    void joins();
    void groups();
    void windows();
    void trees_and_ctes();
    void changes();
    void change_carefully();
    void by_hand();

    /// The rows of the four tables as they are before each recipe.
    [[nodiscard]] std::vector<std::pair<std::string, Table>> tables();

    [[nodiscard]] const std::vector<Recipe>& recipes() const { return recipes_; }

private:
    void chapter(std::string title) { chapter_ = std::move(title); }

    /// Runs `cook` on fresh tables. What stands between the next two lines that mark code is what the page shows.
    void recipe(std::string title, std::string text, const std::function<Table()>& cook,
                std::source_location place = std::source_location::current());
    /// The same where only PostgreSQL can do it.
    void recipe_for_postgres(std::string title, std::string text, const std::function<Table()>& cook,
                             std::source_location place = std::source_location::current());
    /// What is asked from here on, to show what a recipe did, is not part of it.
    void stop_recording();
    void start_afresh();
    void remove_files();
    [[nodiscard]] bool is_sqlite() const;

    std::string url_;
    std::string sources_;
    /// Where the tables are on PostgreSQL.
    std::string schema_;
    std::string chapter_{};
    std::vector<Recipe> recipes_{};
    std::unique_ptr<Recorder> recorder_{};

    rowan::Database db{rowan::must(rowan::open("sqlite::memory:"))};
    rowan::Repository<Stock> stocks{db};
    rowan::Repository<Customer> customers{db};
    rowan::Repository<Order> orders{db};
    rowan::Repository<Candle> candles{db};
};

}  // namespace cookbook
