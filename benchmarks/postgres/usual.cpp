#include <postgres/competitors.hpp>
#include <postgres/usual.hpp>

namespace bench::postgres {

namespace {

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
    enter<WholeRow>(suite, "usual, whole row", course);
}

}  // namespace bench::postgres
