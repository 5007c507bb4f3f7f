// Compiled with -fno-exceptions -fno-rtti. With the word "value" or "must" behind it, it asks for a value that is not
// there, and so has to abort with the message.

#include <rowan/rowan.hpp>

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#if defined(__cpp_exceptions) || defined(__cpp_rtti)
#error "exceptions and RTTI must be off here"
#endif

struct Note {
    std::int64_t id{};
    std::string text;
    std::optional<double> weight;
};

int main(int count, char** words) {
    auto opened = rowan::open("sqlite::memory:");
    if (!opened) {
        std::fputs(opened.error().to_string().c_str(), stderr);
        return 1;
    }
    rowan::Repository<Note> notes{*opened};
    if (notes.insert({.text = "too early", .weight = {}})) {
        std::fputs("an insert without a table was accepted\n", stderr);
        return 1;
    }
    if (count > 1) {
        const bool by_value = std::string_view{words[1]} == "value";
        return static_cast<int>(by_value ? notes.count().value() : rowan::must(notes.count()));
    }
    if (auto made = notes.create_table(); !made) {
        std::fputs(made.error().to_string().c_str(), stderr);
        return 1;
    }
    auto stored = notes.insert({.text = "it's", .weight = 1.5});
    if (!stored) {
        std::fputs(stored.error().to_string().c_str(), stderr);
        return 1;
    }
    auto heavy = notes.where(rowan::col<&Note::weight> > 1.0).all();
    if (!heavy || heavy->size() != 1 || heavy->front().id != stored->id) {
        std::fputs("the stored note was not found\n", stderr);
        return 1;
    }
    return 0;
}
