// Compiled as C++23 with ROWAN_USE_STD_EXPECTED.

#include <rowan/rowan.hpp>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <expected>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

struct Note {
    std::int64_t id{};
    std::string text{};
};

static_assert(std::is_same_v<rowan::Result<Note>, std::expected<Note, rowan::Error>>);

namespace {

void check(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "std_expected: %s\n", what);
    std::exit(1);
}

}  // namespace

int main() {
    auto db = rowan::must(rowan::open("sqlite::memory:"));
    auto notes = rowan::repository<Note>(db);
    rowan::must(notes.create_table());

    const Note stored = notes.insert({.text = "it's"}).value();
    check(rowan::must(notes.get(stored.id)).text == "it's", "get gives another row");
    check(rowan::must(notes.insert(std::vector<Note>{{.text = "a"}, {.text = "b"}})) == 2, "a range is not stored");
    check(notes.get(77).error().code() == rowan::Code::not_found, "get finds what is not there");

    const auto failed = db.transaction([&](rowan::Transaction& tx) -> rowan::Result<void> {
        auto inside = rowan::repository<Note>(tx);
        if (auto erased = inside.erase(stored.id); !erased) return rowan::Failure(std::move(erased).error());
        return rowan::Failure(rowan::Error{rowan::Category::state, rowan::Code::stale, "not now"});
    });
    check(failed.error().message() == "not now", "the error of a transaction is another one");
    check(rowan::must(notes.count()) == 3, "the transaction was not rolled back");

    bool thrown = false;
    try {
        rowan::must(notes.get(77));
    } catch (const rowan::Exception& exception) {
        thrown = std::string_view{exception.what()} == exception.error().to_string();
    }
    check(thrown, "must does not throw the whole message");
    thrown = false;
    try {
        (void)notes.get(77).value();
    } catch (const std::bad_expected_access<rowan::Error>& exception) {
        thrown = exception.error().code() == rowan::Code::not_found;
    }
    check(thrown, "value() does not throw the error");
    return 0;
}
