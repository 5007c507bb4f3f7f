#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace rowan::detail {

/// Items that somebody else keeps: a std::span of constants, which costs many times more to compile for each type.
template <class T>
class View {
public:
    constexpr View() = default;
    constexpr View(const T* data, std::size_t size) : data_{data}, size_{size} {}
    template <std::size_t size>
    constexpr View(const T (&items)[size]) : data_{items}, size_{size} {}
    template <std::size_t size>
    constexpr View(const std::array<T, size>& items) : data_{items.data()}, size_{size} {}
    View(const std::vector<T>& items) : data_{items.data()}, size_{items.size()} {}

    [[nodiscard]] constexpr const T* data() const noexcept { return data_; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] constexpr const T& operator[](std::size_t i) const noexcept { return data_[i]; }
    [[nodiscard]] constexpr View first(std::size_t count) const noexcept { return {data_, count}; }
    [[nodiscard]] constexpr const T* begin() const noexcept { return data_; }
    [[nodiscard]] constexpr const T* end() const noexcept { return data_ + size_; }

private:
    const T* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace rowan::detail
