#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace rowan {

namespace detail {

/// Its address stands for the type T.
template <class T>
inline constexpr char type_mark = 0;

}  // namespace detail

/// A row that is not as the caller believed.
struct RowConflict {
    enum class What : std::uint8_t {
        modified,  ///< it is there, with another version
        deleted,   ///< it is gone, though the caller's version says that it was stored once
        missing,   ///< there is no row with this key, and nothing says that there ever was
    };

    What what{};
    /// The row's place in the range, from 0; 0 where the operation was about one row.
    std::size_t index = 0;
    /// The key's columns and values, such as `id = 7` or `exchange = 'okx', number = 3`.
    std::string key{};
    /// The version that the caller had, and the one that the row has: 0 where there is none.
    std::int64_t expected = 0;
    std::int64_t found = 0;

    /// The row as it was when the conflict was found. Null unless `carry_current` asked for it, the row is there, and
    /// it is a T.
    template <class T>
    [[nodiscard]] const T* current() const noexcept {
        return type_ == &detail::type_mark<T> ? static_cast<const T*>(row_.get()) : nullptr;
    }

    template <class T>
    void carry(T row) {
        row_ = std::make_shared<const T>(std::move(row));
        type_ = &detail::type_mark<T>;
    }

private:
    std::shared_ptr<const void> row_{};
    const char* type_ = nullptr;
};

[[nodiscard]] constexpr std::string_view to_string(RowConflict::What what) noexcept {
    switch (what) {
        case RowConflict::What::modified: return "modified";
        case RowConflict::What::deleted: return "deleted";
        case RowConflict::What::missing: return "missing";
    }
    return "unknown";
}

}  // namespace rowan
