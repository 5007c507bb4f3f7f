#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#if defined(_WIN32)
#include <io.h>
inline bool is_terminal() { return _isatty(_fileno(stdout)) != 0; }
#else
#include <unistd.h>
inline bool is_terminal() { return isatty(STDOUT_FILENO) != 0; }
#endif

enum class Colour { green = 32, red = 31, grey = 90, bold = 1 };

/// `text` in a colour, where somebody sees it and has not asked for none (https://no-color.org).
inline std::string paint(Colour colour, std::string text) {
    static const bool on = is_terminal() && std::getenv("NO_COLOR") == nullptr;
    return on ? "\033[" + std::to_string(static_cast<int>(colour)) + "m" + text + "\033[0m" : text;
}

/// 13103 → `13,103`, right-aligned.
inline std::string with_commas(std::size_t number, std::size_t width = 0) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
    return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
}

/// A number with two decimals, right-aligned.
inline std::string decimals(double number, int width) {
    char text[64];
    std::snprintf(text, sizeof text, "%*.2f", width, number);
    return text;
}

/// Since its start, as `   41 ms,  319,585 rows/s`.
class Stopwatch {
public:
    [[nodiscard]] std::string rate(std::size_t rows) const {
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
        char text[32];
        std::snprintf(text, sizeof text, "%8.0f ms, ", seconds * 1000);
        return paint(Colour::grey,
                     text + with_commas(static_cast<std::size_t>(static_cast<double>(rows) / seconds), 9) + " rows/s");
    }

private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// A bar that grows on its line until `clear` makes room for the result; nothing where nobody watches.
class Progress {
public:
    Progress(std::string_view what, std::size_t total) : what_{what}, total_{total} {}
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress() { clear(); }

    void show(std::size_t done) const {
        if (!is_terminal()) return;
        std::string bar;
        for (std::size_t i = 0; i != 40; ++i) bar += i * total_ < done * 40 ? "█" : "░";
        std::printf("\r  %-20s %s %3zu %%", what_.c_str(), bar.c_str(), done * 100 / total_);
        std::fflush(stdout);
    }

    void clear() const {
        if (is_terminal()) std::fputs("\r\033[2K", stdout);
    }

private:
    std::string what_;
    std::size_t total_;
};
