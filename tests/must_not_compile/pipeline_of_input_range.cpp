// error: rowan: pipeline_each calls its function twice for an item, so the range must be one that can be walked again: put its items into a std::vector first
#include <rowan/rowan.hpp>

#include <iterator>
#include <sstream>

struct Row {
    std::int64_t id{};
    std::string name{};
};

/// The numbers of a text, which can be read once.
struct Numbers {
    std::istringstream text{"1 2 3"};
    std::istream_iterator<int> begin() { return std::istream_iterator<int>{text}; }
    std::istream_iterator<int> end() const { return {}; }
};

auto use(rowan::Database& db) {
#ifdef ROWAN_CONTROL
    std::vector<int> numbers{1, 2, 3};
#else
    Numbers numbers;
#endif
    return db.pipeline_each(numbers, [](auto& step, int id) { return rowan::repository<Row>(step).find(id); });
}
