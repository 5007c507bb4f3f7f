#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <unistd.h>

#include "cookbook.hpp"

/// Cooks every recipe on SQLite and on PostgreSQL, checks that both give the same, and writes the page:
///
///     rowan_cookbook FOLDER_OF_THE_RECIPES PAGE
///     rowan_cookbook FOLDER_OF_THE_RECIPES PAGE --check
///
/// The last form fails when the page differs.
namespace {

using cookbook::Book;
using cookbook::Recipe;
using cookbook::Table;

constexpr std::size_t line_length = 116;

constexpr std::string_view preface = R"(# Cookbook

Each recipe is the C++ as it was compiled, the SQL that was sent, and the rows that came back. A program writes this
page while it runs every recipe on PostgreSQL and on SQLite, and stops if they do not give the same rows. One statement
means that both were sent the same, where SQLite's parameters are `?1`, not `$1`. Line breaks in the SQL were added for
reading. Every recipe starts from [the same tables](#the-tables).

`all()`, `first()`, `update(…)` and their like give a `rowan::Result`: the value, or an error. `rowan::must(result)`
gives the value or throws.

)";

/// Puts a statement on several lines. Only white space outside of quotes is changed.
class SqlLayout {
public:
    explicit SqlLayout(std::string_view sql) : sql_{sql} {}

    std::string text() {
        if (sql_.size() < line_length && sql_.find("(SELECT ") == sql_.npos && sql_.find(';') == sql_.npos)
            return std::string{sql_};
        for (std::size_t i = 0; i < sql_.size(); ++i) {
            const char c = sql_[i];
            if (quote_ != 0) {
                quote_ = c == quote_ ? '\0' : quote_;
            } else if (c == '"' || c == '\'') {
                quote_ = c;
            } else if (c == '(') {
                parentheses_.push_back(starts(i + 1, "SELECT ") || starts(i + 1, "INSERT "));
                line_ += c;
                if (parentheses_.back()) finish_line();
                continue;
            } else if (c == ')') {
                const bool around_query = parentheses_.back();
                if (around_query) finish_line();
                parentheses_.pop_back();
                if (around_query) indented_ = depth();
            } else if (c == ' ' && (parentheses_.empty() || parentheses_.back()) && starts_clause(i + 1)) {
                finish_line();
                continue;
            }
            line_ += c;
        }
        finish_line();
        out_.pop_back();
        return std::move(out_);
    }

private:
    [[nodiscard]] bool starts(std::size_t at, std::string_view word) const {
        return sql_.substr(at, word.size()) == word;
    }
    [[nodiscard]] bool starts_clause(std::size_t at) const {
        for (const std::string_view word :
             {"FROM ", "WHERE ", "GROUP BY ", "HAVING ", "ORDER BY ", "LIMIT ", "LEFT JOIN ", "JOIN ", "UNION ALL ",
              "ON CONFLICT ", "RETURNING ", "SET ", "VALUES ", "SELECT ", "FOR UPDATE"})
            if (starts(at, word)) return !ends("LEFT") && !ends("DELETE") && !ends("DO UPDATE");
        return ends(";");
    }

    [[nodiscard]] bool ends(std::string_view word) const { return line_.ends_with(word); }

    void finish_line() {
        while (!line_.empty() && line_.front() == ' ') line_.erase(0, 1);
        std::string indentation(4 * indented_, ' ');
        // A long line goes on behind a comma or before a condition.
        while (indentation.size() + line_.size() > line_length) {
            const std::size_t place = break_before(line_length - indentation.size());
            if (place == 0) break;
            out_ += indentation + line_.substr(0, place) + "\n";
            line_.erase(0, place + 1);
            indentation = std::string(4 * indented_ + 4, ' ');
        }
        if (!line_.empty()) out_ += indentation + line_ + "\n";
        line_.clear();
        indented_ = depth();
    }
    /// The last space outside of quotes that may be a line's end; 0 if there is none.
    [[nodiscard]] std::size_t break_before(std::size_t limit) const {
        std::size_t place = 0;
        char quote = 0;
        const std::string_view line = line_;
        for (std::size_t i = 0; i != std::min(limit, line.size()); ++i) {
            const char c = line[i];
            if (quote != 0)
                quote = c == quote ? '\0' : quote;
            else if (c == '"' || c == '\'')
                quote = c;
            else if (c == ' ' && i != 0 &&
                     (line[i - 1] == ',' || line.substr(i, 5) == " AND " || line.substr(i, 4) == " OR " ||
                      line.substr(i, 6) == " WHEN "))
                place = i;
        }
        return place;
    }
    [[nodiscard]] std::size_t depth() const {
        return static_cast<std::size_t>(std::count(parentheses_.begin(), parentheses_.end(), true));
    }

    std::string_view sql_;
    std::string out_{};
    std::string line_{};
    std::vector<bool> parentheses_{};
    /// How deep the line begins.
    std::size_t indented_ = 0;
    char quote_ = 0;
};

std::string laid_out(const std::vector<std::string>& statements) {
    std::string text;
    bool several_before = false;
    for (const std::string& statement : statements) {
        const std::string lines = SqlLayout{statement}.text();
        // What takes several lines stands apart.
        const bool several = lines.find('\n') != lines.npos;
        if (!text.empty() && (several || several_before)) text += '\n';
        several_before = several;
        text += lines + ";\n";
    }
    // Behind a comment the semicolon would be part of it.
    for (std::size_t at = 0; (at = text.find("  -- ", at)) != text.npos; ++at) {
        const std::size_t end = text.find(";\n", at);
        text.erase(end, 1);
        text.insert(at, ";");
        at = end;
    }
    return text;
}

std::string markdown(const Table& table) {
    if (table.header.empty()) return {};
    const auto line = [](const std::vector<std::string>& cells) {
        std::string text = "|";
        for (const std::string& cell : cells) {
            text += ' ';
            for (const char c : cell) text += c == '|' ? "\\|" : std::string{c};
            text += " |";
        }
        return text + "\n";
    };
    std::string text = line(table.header) + "|";
    for (std::size_t i = 0; i != table.header.size(); ++i) text += "---|";
    text += "\n";
    for (const auto& row : table.rows) text += line(row);
    if (table.rows.empty()) text += "\nNo rows.\n";
    return text;
}

/// What a title is called in a link.
std::string anchor(std::string_view title) {
    std::string name;
    for (const char c : title) {
        const bool upper = c >= 'A' && c <= 'Z';
        if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-')
            name += upper ? static_cast<char>(c - 'A' + 'a') : c;
        else if (c == ' ')
            name += '-';
    }
    return name;
}

std::string sql_blocks(const Recipe& postgres, const Recipe& sqlite) {
    const std::string first = laid_out(postgres.statements);
    if (postgres.only_postgres) return "```sql\n" + first + "```\n";
    const std::string second = laid_out(sqlite.statements);
    std::string marked = first;
    for (std::size_t i = 0; i + 1 < marked.size(); ++i)
        if (marked[i] == '$' && marked[i + 1] >= '0' && marked[i + 1] <= '9') marked[i] = '?';
    if (marked == second) return "```sql\n" + first + "```\n";
    return "```sql\n-- PostgreSQL\n" + first + "\n-- SQLite\n" + second + "```\n";
}

std::string file_text(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// The blocks of a file between `//<` and `//>`.
std::string marked_blocks(const std::string& path) {
    const std::string text = file_text(path);
    std::string blocks;
    for (std::size_t begin = 0; (begin = text.find("//<\n", begin)) != text.npos;) {
        begin += 4;
        const std::size_t end = text.find("//>\n", begin);
        if (end == text.npos) break;
        blocks += (blocks.empty() ? "```cpp\n" : "\n```cpp\n") + text.substr(begin, end - begin) + "```\n";
        begin = end;
    }
    if (blocks.empty()) throw std::runtime_error{"no code in " + path};
    return blocks;
}

std::string page(Book& postgres, Book& sqlite, const std::string& sources) {
    std::string text{preface};
    const auto& recipes = postgres.recipes();
    std::string chapter;
    for (const Recipe& recipe : recipes) {
        if (recipe.chapter != chapter) {
            text += (chapter.empty() ? "- **" : "\n- **") + recipe.chapter + "**: ";
            chapter = recipe.chapter;
        } else {
            text += " ·\n  ";
        }
        text += "[" + recipe.title + "](#" + anchor(recipe.title) + ")";
    }
    text += "\n\n## The tables\n\n" + marked_blocks(sources + "/market.hpp");
    for (const auto& [name, table] : postgres.tables()) text += "\n`" + name + "`\n\n" + markdown(table);
    chapter.clear();
    for (std::size_t i = 0; i != recipes.size(); ++i) {
        const Recipe& recipe = recipes[i];
        if (recipe.chapter != chapter) {
            chapter = recipe.chapter;
            text += "\n## " + chapter + "\n";
        }
        text += "\n### " + recipe.title + "\n\n";
        // Lines of the page are short, those of the sources have no say in it.
        std::size_t column = 0;
        for (std::size_t at = 0; at < recipe.text.size();) {
            const std::size_t end = std::min(recipe.text.find(' ', at), recipe.text.size());
            if (column != 0 && column + 1 + end - at > 120) {
                text += "\n";
                column = 0;
            }
            text += (column == 0 ? "" : " ") + recipe.text.substr(at, end - at);
            column += (column == 0 ? 0 : 1) + end - at;
            at = end + 1;
        }
        text += (recipe.text.empty() ? "```cpp\n" : "\n\n```cpp\n") + recipe.code + "```\n\n" +
                sql_blocks(recipe, sqlite.recipes()[i]);
        if (const std::string table = markdown(recipe.table); !table.empty()) text += "\n" + table;
    }
    return text;
}

void cook(Book& book) {
    book.choosing();
    book.text_and_null();
    book.numbers_and_times();
    book.sorting_and_pages();
    book.joins();
    book.groups();
    book.windows();
    book.trees_and_ctes();
    book.changes();
    book.change_carefully();
    book.by_hand();
}

void require_same(const Book& postgres, const Book& sqlite) {
    std::vector<std::string> titles;
    for (std::size_t i = 0; i != postgres.recipes().size(); ++i) {
        const Recipe& one = postgres.recipes()[i];
        const Recipe& other = sqlite.recipes()[i];
        if (!one.only_postgres && one.table != other.table)
            throw std::runtime_error{one.title + ": PostgreSQL gives\n" + markdown(one.table) + "but SQLite\n" +
                                     markdown(other.table)};
        if (one.statements.empty()) throw std::runtime_error{one.title + ": no statement was seen"};
        titles.push_back(anchor(one.title));
    }
    std::sort(titles.begin(), titles.end());
    if (const auto twice = std::adjacent_find(titles.begin(), titles.end()); twice != titles.end())
        throw std::runtime_error{"two recipes are called " + *twice};
}

int run(const std::string& program, const std::string& sources, const std::string& path, bool check) {
    const char* server = std::getenv("ROWAN_TEST_POSTGRES");
    if (server == nullptr)
        throw std::runtime_error{"ROWAN_TEST_POSTGRES is not set: run tests/run, or .ci/postgres run COMMAND"};
    const std::string database =
        (std::filesystem::temp_directory_path() / ("rowan_cookbook_" + std::to_string(::getpid()) + ".db")).string();
    Book sqlite{"sqlite:" + database, sources};
    Book postgres{server, sources};
    cook(sqlite);
    cook(postgres);
    require_same(postgres, sqlite);
    const std::string text = page(postgres, sqlite, sources);
    if (!check) {
        std::ofstream file{path, std::ios::binary};
        file << text;
        if (!file.flush()) throw std::runtime_error{"cannot write " + path};
        std::cout << path << ": " << postgres.recipes().size() << " recipes\n";
    } else if (file_text(path) != text) {
        throw std::runtime_error{path + " is out of date. To write it anew:\n\n    .ci/postgres run " + program + " " +
                                 sources + " " + path};
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) try {
    const std::vector<std::string> words(arguments, arguments + count);
    const bool check = count == 4 && words[3] == "--check";
    if (count != 3 && !check) {
        std::cerr << "usage: rowan_cookbook FOLDER_OF_THE_RECIPES PAGE [--check]\n";
        return 2;
    }
    return run(words[0], words[1], words[2], check);
} catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
}
