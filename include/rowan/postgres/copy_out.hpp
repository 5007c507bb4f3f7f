#pragma once

#include <rowan/postgres/cell.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/wire.hpp>

#include <cstddef>
#include <cstdint>

namespace rowan::postgres {

/// The rows of a COPY TO STDOUT in the binary format that has begun.
/// https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
class CopyOut {
public:
    CopyOut() = default;
    CopyOut(const CopyOut&) = delete;
    CopyOut& operator=(const CopyOut&) = delete;
    ~CopyOut() {
        if (message_ != nullptr) PQfreemem(message_);
    }

    [[nodiscard]] bool is_started() const { return fields_ != nullptr; }
    /// `row`, which has entered a result with the same columns, is the one that is read.
    void start(ResultRow& row, int columns) {
        fields_ = row.take_types();
        columns_ = columns;
    }

    enum class Next : std::uint8_t { row, end, malformed };

    /// Goes on to the next row, which is valid until the one behind it. At the end nothing more comes but the answer.
    [[gnu::hot, nodiscard]] Next next(PGconn* connection) {
        for (;;) {
            while (at_ == end_) {
                if (message_ != nullptr) PQfreemem(message_);
                const int size = PQgetCopyData(connection, &message_, /*async*/ 0);
                if (size < 0) return Next::end;
                at_ = message_;
                end_ = message_ + size;
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
        Field* const last = fields_ + columns_;
        for (Field* field = fields_; field != last && room >= 0; ++field) {
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

    Field* fields_ = nullptr;
    int columns_ = 0;
    bool is_begun_ = false;
    char* message_ = nullptr;
    const char* at_ = nullptr;
    const char* end_ = nullptr;
};

}  // namespace rowan::postgres
