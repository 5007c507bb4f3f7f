#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <stdexcept>
#include <unistd.h>

#include <libpq-fe.h>

#include "cookbook.hpp"

namespace cookbook {

std::string cell(bool value) { return value ? "true" : "false"; }

std::string cell(double value) {
    // Ten digits: what is behind them may depend on the order in which a database adds up.
    char text[32];
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, 10).ptr};
}

std::string cell(std::int64_t value) { return std::to_string(value); }

std::string cell(rowan::Timestamp value) {
    const auto day = std::chrono::floor<std::chrono::days>(value);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::minutes>(value - day)};
    char text[32];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()));
    return text;
}

namespace {

/// Adds a statement, or counts it where it is the one before once more.
class Statements {
public:
    void add(std::string text) {
        if (!texts_.empty() && texts_.back() == text) {
            ++counts_.back();
            return;
        }
        texts_.push_back(std::move(text));
        counts_.push_back(1);
    }

    [[nodiscard]] std::vector<std::string> take() {
        for (std::size_t i = 0; i != texts_.size(); ++i)
            if (counts_[i] != 1) texts_[i] += "  -- " + std::to_string(counts_[i]) + " times";
        return std::move(texts_);
    }

private:
    std::vector<std::string> texts_{};
    std::vector<int> counts_{};
};

}  // namespace

/// What is sent to a database until it is told to stop: to PostgreSQL as its own client tells it, and to SQLite as an
/// observer is told, where the functions that hand rows over do not show.
class Recorder {
public:
    explicit Recorder(rowan::Database& db) : Recorder{*rowan::must(db.acquire())} {}
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;
    ~Recorder() { stop(); }

    void stop() {
        if (sqlite_ != nullptr) sqlite_->observe(nullptr);
        if (postgres_ != nullptr) PQuntrace(postgres_->native());
    }

    [[nodiscard]] std::vector<std::string> take() {
        if (postgres_ != nullptr) read_trace();
        return watch_->statements.take();
    }

private:
    /// The pool's only connection, so that the recipe works on it as well.
    explicit Recorder(rowan::AnyConnection& connection)
        : sqlite_{connection.get_if<rowan::sqlite::Connection>()},
          postgres_{connection.get_if<rowan::postgres::Connection>()} {
        if (sqlite_ != nullptr) sqlite_->observe(watch_);
        if (postgres_ != nullptr) {
            trace_.reset(std::tmpfile());
            if (trace_ == nullptr) throw std::runtime_error{"no temporary file"};
            PQtrace(postgres_->native(), trace_.get());
        }
    }

    struct Watch final : rowan::Observer {
        Statements statements{};

        void on_statement(const rowan::StatementEvent& event) noexcept override {
            statements.add(std::string{event.text});
        }
    };

    /// Lines like `time F 58 Parse "name" "SELECT 1" 0` and `time F 10 Query "BEGIN"`, with tabs before the first
    /// quotes.
    void read_trace() {
        std::fflush(trace_.get());
        std::rewind(trace_.get());
        std::string text;
        for (char part[4096]; const std::size_t size = std::fread(part, 1, sizeof part, trace_.get());)
            text.append(part, size);
        for (std::size_t begin = 0; begin != text.size();) {
            const std::size_t end = text.find('\n', begin);
            read_line({text.data() + begin, end - begin});
            begin = end + 1;
        }
    }
    void read_line(std::string_view line) {
        std::size_t begin = line.find("\tParse\t");
        if (begin != line.npos)
            begin = line.find("\" \"", begin) + 3;
        else if ((begin = line.find("\tQuery\t")) != line.npos)
            begin = line.find('"', begin) + 1;
        else
            return;
        watch_->statements.add(std::string{line.substr(begin, line.rfind('"') - begin)});
    }

    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    rowan::sqlite::Connection* sqlite_;
    rowan::postgres::Connection* postgres_;
    std::unique_ptr<std::FILE, Close> trace_{};
    std::shared_ptr<Watch> watch_ = std::make_shared<Watch>();
};

namespace {

/// The lines between `//<` and `//>` behind a line of a file, without their common indentation.
std::string code_behind(const std::string& path, std::size_t line) {
    std::ifstream file{path};
    if (!file) throw std::runtime_error{"cannot read " + path};
    std::vector<std::string> lines;
    std::string text;
    const auto trimmed = [&] { return text.substr(std::min(text.find_first_not_of(' '), text.size())); };
    for (std::size_t number = 1; std::getline(file, text); ++number)
        if (number > line && trimmed() == "//<") break;
    const std::size_t indentation = text.find("//<");
    std::string code;
    while (std::getline(file, text) && trimmed() != "//>")
        code += text.substr(std::min(indentation, text.size())) + "\n";
    if (code.empty() || !file) throw std::runtime_error{path + ": no code behind line " + std::to_string(line)};
    return code;
}

std::string name_of(std::string_view path) { return std::string{path.substr(path.find_last_of("/\\") + 1)}; }

}  // namespace

Book::Book(std::string url, std::string sources)
    : url_{std::move(url)}, sources_{std::move(sources)}, schema_{"rowan_cookbook_" + std::to_string(::getpid())} {}

Book::~Book() {
    if (is_sqlite()) {
        db = rowan::must(rowan::open("sqlite::memory:"));
        remove_files();
    } else if (auto admin = rowan::open(url_)) {
        (void)admin->execute(rowan::unsafe_sql{"DROP SCHEMA IF EXISTS " + schema_ + " CASCADE"});
    }
}

bool Book::is_sqlite() const { return url_.starts_with("sqlite:"); }

void Book::remove_files() {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(url_.substr(7) + suffix);
}

void Book::start_afresh() {
    std::string url = url_;
    if (is_sqlite()) {
        db = rowan::must(rowan::open("sqlite::memory:"));
        remove_files();
    } else {
        url += "?options=-csearch_path%3D" + schema_;
        auto admin = rowan::must(rowan::open(url_));
        rowan::must(admin.execute(rowan::unsafe_sql{"SET client_min_messages = warning; DROP SCHEMA IF EXISTS " +
                                                    schema_ + " CASCADE; CREATE SCHEMA " + schema_}));
    }
    {
        auto other = rowan::must(rowan::open(url));
        rowan::must(fill(other));
    }
    // One connection that has prepared nothing yet, so that each statement of the recipe is seen.
    db = rowan::must(rowan::open(url, {.size = 1, .max_overflow = 0}));
}

void Book::stop_recording() { recorder_->stop(); }

void Book::recipe(std::string title, std::string text, const std::function<Table()>& cook, std::source_location place) {
    start_afresh();
    Recipe recipe{.chapter = chapter_, .title = std::move(title), .text = std::move(text)};
    recipe.code = code_behind(sources_ + "/" + name_of(place.file_name()), place.line());
    recorder_ = std::make_unique<Recorder>(db);
    try {
        recipe.table = cook();
    } catch (const std::exception& error) {
        recorder_.reset();
        throw std::runtime_error{recipe.title + ": " + error.what()};
    }
    recipe.statements = recorder_->take();
    recorder_.reset();
    recipes_.push_back(std::move(recipe));
}

void Book::recipe_for_postgres(std::string title, std::string text, const std::function<Table()>& cook,
                               std::source_location place) {
    if (is_sqlite())
        recipes_.push_back({.chapter = chapter_, .title = std::move(title)});
    else
        recipe(std::move(title), std::move(text), cook, place);
    recipes_.back().only_postgres = true;
}

std::vector<std::pair<std::string, Table>> Book::tables() {
    start_afresh();
    return {{"stocks", show(stocks.order_by(asc<&Stock::symbol>).all())},
            {"customers", show(customers.order_by(asc<&Customer::id>).all())},
            {"orders", show(orders.order_by(asc<&Order::id>).all())},
            {"candles", show(candles.order_by(asc<&Candle::symbol>, asc<&Candle::start>).all())}};
}

}  // namespace cookbook
