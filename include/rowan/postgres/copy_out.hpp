#pragma once

#include <rowan/postgres/cell.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/wire.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace rowan::postgres {

struct FreeMemory {
    void operator()(char* memory) const noexcept { PQfreemem(memory); }
};

/// The rows of a COPY TO STDOUT in the binary format that has begun.
/// https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
class CopyOut {
public:
    /// `types` is a result with the same columns.
    explicit CopyOut(const PGresult* types)
        : columns_{PQnfields(types)}, fields_{std::make_unique<Field[]>(static_cast<std::size_t>(columns_))} {
        for (int i = 0; i != columns_; ++i) fields_[static_cast<std::size_t>(i)].type = PQftype(types, i);
    }

    enum class Next : std::uint8_t { row, end, malformed };

    /// Goes to the next row. At the end nothing more comes but the answer.
    [[gnu::hot, nodiscard]] Next next(PGconn* connection) {
        for (;;) {
            while (at_ == end_) {
                message_.reset();
                char* message = nullptr;
                const int size = PQgetCopyData(connection, &message, /*async*/ 0);
                if (size < 0) return Next::end;
                message_.reset(message);
                at_ = message;
                end_ = message + size;
                if (!is_begun_ && !skip_header()) return Next::malformed;
            }
            if (left() < 2) return Next::malformed;
            const int count = wire::load<std::int16_t>(at_);
            at_ += 2;
            if (count == columns_) return split_row() ? Next::row : Next::malformed;
            // Behind the last row.
            if (count != -1 || at_ != end_) return Next::malformed;
        }
    }

    /// One a column; valid until the next row.
    [[nodiscard]] const Field* fields() const { return fields_.get(); }

private:
    static constexpr std::ptrdiff_t header = 19;

    [[nodiscard]] std::ptrdiff_t left() const { return end_ - at_; }

    [[nodiscard]] bool skip_header() {
        if (left() < header) return false;
        const auto extension = wire::load<std::int32_t>(at_ + header - 4);
        if (extension < 0 || extension > left() - header) return false;
        at_ += header + extension;
        return is_begun_ = true;
    }

    /// The server is not trusted with where a field ends.
    [[gnu::hot, nodiscard]] bool split_row() {
        const char* at = at_;
        // For what is behind the sizes of all fields.
        std::ptrdiff_t room = left() - std::ptrdiff_t{4} * columns_;
        Field* const last = fields_.get() + columns_;
        for (Field* field = fields_.get(); field != last && room >= 0; ++field) {
            const auto size = wire::load<std::int32_t>(at);
            at += 4;
            field->bytes = at;
            field->size = size;
            if (size < 0) continue;
            room -= size;
            at += size;
        }
        at_ = at;
        return room >= 0;
    }

    int columns_;
    std::unique_ptr<Field[]> fields_;
    bool is_begun_ = false;
    std::unique_ptr<char, FreeMemory> message_{};
    const char* at_ = nullptr;
    const char* end_ = nullptr;
};

}  // namespace rowan::postgres
