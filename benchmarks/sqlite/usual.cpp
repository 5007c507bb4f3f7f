#include <sqlite/competitors.hpp>
#include <sqlite/usual.hpp>

namespace bench::sqlite {

namespace {

/// The usual code on a table whose key is declared AUTOINCREMENT.
class WithAutoincrement {
public:
    explicit WithAutoincrement(const Place& place) : usual_{place} {}

    Keeper& keeper() { return usual_.keeper(); }
    void begin() { usual_.begin(); }
    void commit() { usual_.commit(); }
    std::int64_t insert(const Candle& candle) { return usual_.insert(candle); }
    std::int64_t upsert_nothing(const Candle& candle) { return usual_.upsert_nothing(candle); }
    std::int64_t upsert_update(const Candle& candle) { return usual_.upsert_update(candle); }

private:
    Usual usual_;
};

/// A change of two columns as it is made where there is one UPDATE for all of them.
class WholeRow {
public:
    explicit WholeRow(const Place& place) : usual_{place} {}

    Keeper& keeper() { return usual_.keeper(); }
    void begin() { usual_.begin(); }
    void commit() { usual_.commit(); }
    std::int64_t patch(const Candle& candle, double close, double volume) {
        Candle changed = candle;
        changed.close = close;
        changed.volume = volume;
        return usual_.update(changed);
    }

private:
    Usual usual_;
};

}  // namespace

void enter_usual(Suite& suite, const Course& course) {
    enter<Usual>(suite, "usual", course.of_usual());
    enter<WithAutoincrement>(suite, "usual, AUTOINCREMENT", course, {.autoincrement = true});
    enter<WholeRow>(suite, "usual, whole row", course);
}

}  // namespace bench::sqlite
