// One program, whichever database DATABASE_URL names:
//
//     DATABASE_URL=sqlite:settings.db                        a file (without DATABASE_URL: in memory)
//     DATABASE_URL=postgresql://user:password@host/database  a server
//
// In a URL, reserved characters of a part are written as %XX: the password p@ss/word is p%40ss%2Fword.

#include <rowan/rowan.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string_view>

struct Setting {
    std::string name{};
    std::optional<std::string> value{};
    rowan::Timestamp changed_at{};
};

template <>
inline constexpr auto rowan::table<Setting> = rowan::describe<Setting>().in("rowan_examples").key<&Setting::name>();

/// A part of a URL, made safe: everything but letters, digits and `-._~` as %XX.
std::string percent_encoded(std::string_view part) {
    constexpr std::string_view hexadecimal = "0123456789ABCDEF";
    constexpr std::string_view safe = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string text;
    for (const char c : part) {
        const auto byte = static_cast<unsigned char>(c);
        if (safe.find(c) != safe.npos)
            text += c;
        else
            (text += '%').append({hexadecimal[byte >> 4], hexadecimal[byte & 15]});
    }
    return text;
}

rowan::Result<void> run(rowan::Database& db) {
    rowan::Repository<Setting> settings{db};
    if (auto dropped = settings.drop_table(); !dropped) return dropped;
    if (auto created = settings.create_table(); !created) return created;

    using namespace std::chrono;
    const rowan::Timestamp noon = sys_days{2024y / February / 29} + 12h;
    auto set = settings.upsert({"theme", "dark", noon}, rowan::on_conflict<&Setting::name>.do_update());
    if (!set) return rowan::Failure(set.error());
    auto unset = settings.insert({"language", std::nullopt, noon + 1us});
    if (!unset) return rowan::Failure(unset.error());

    auto all = settings.order_by(rowan::asc<&Setting::name>).all();
    if (!all) return rowan::Failure(all.error());
    for (const Setting& setting : *all)
        std::cout << setting.name << " = " << setting.value.value_or("(not set)") << ", changed "
                  << (setting.changed_at - noon).count() << " us after noon\n";
    return settings.drop_table();
}

int main() {
    std::cout << "the password p@ss/word in a URL: postgresql://me:" << percent_encoded("p@ss/word")
              << "@host/market\n";
    const char* const url = std::getenv("DATABASE_URL");
    auto db = rowan::open(url != nullptr ? url : "sqlite::memory:");
    if (!db) {
        std::cerr << db.error().to_string() << '\n';
        return 1;
    }
    if (auto done = run(*db); !done) {
        std::cerr << done.error().to_string() << '\n';
        return 1;
    }
}
