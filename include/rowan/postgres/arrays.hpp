#pragma once

#include <rowan/postgres/oids.hpp>
#include <rowan/postgres/wire.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/stored.hpp>
#include <rowan/types/timestamp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rowan::postgres {

/// Rows, collected as one array a column in the binary format. Values come row by row, in the order of the columns.
/// https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/arrayfuncs.c (array_recv)
class Arrays {
public:
    /// The bytes before the first value.
    static constexpr std::size_t header = 20;

    explicit Arrays(std::span<const Form> forms) : columns_(forms.size()) {
        for (std::size_t i = 0; i != forms.size(); ++i) {
            columns_[i].bytes.resize(header);
            wire::store(columns_[i].bytes.data(), std::int32_t{1});
            wire::store(columns_[i].bytes.data() + 8, std::uint32_t{oid::of(forms[i].stored)});
            wire::store(columns_[i].bytes.data() + 16, std::int32_t{1});
        }
    }

    Fault put_null() {
        columns_[next_].has_null = true;
        append_length(-1);
        return advance();
    }
    Fault put(bool value) {
        append_length(1);
        columns_[next_].bytes += value ? '\1' : '\0';
        return advance();
    }
    Fault put(std::int64_t value) { return add_number(value); }
    Fault put(double value) { return add_number(value); }
    Fault put(std::string_view value) {
        if (value.find('\0') != std::string_view::npos) return Fault::nul_byte;
        return add_bytes(value);
    }
    Fault put(std::span<const std::byte> value) {
        return add_bytes({reinterpret_cast<const char*>(value.data()), value.size()});
    }
    Fault put(Timestamp value) {
        std::int64_t microseconds{};
        if (const Fault fault = wire::from_timestamp(value, microseconds); fault != Fault::none) return fault;
        return add_number(microseconds);
    }
    Fault put(std::chrono::sys_days value) {
        std::int32_t days{};
        if (const Fault fault = wire::from_days(value, days); fault != Fault::none) return fault;
        return add_number(days);
    }

    [[nodiscard]] std::size_t rows() const { return rows_; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }

    /// The finished array of a column; valid until the next row.
    [[nodiscard]] std::string_view column(std::size_t i) {
        Column& column = columns_[i];
        wire::store(column.bytes.data() + 4, std::int32_t{column.has_null ? 1 : 0});
        wire::store(column.bytes.data() + 12, static_cast<std::int32_t>(rows_));
        return column.bytes;
    }

    [[nodiscard]] std::size_t columns() const { return columns_.size(); }

    void clear() {
        for (Column& column : columns_) {
            column.bytes.resize(header);
            column.has_null = false;
        }
        rows_ = bytes_ = next_ = 0;
    }

private:
    struct Column {
        std::string bytes{};
        bool has_null = false;
    };

    void append_length(std::int32_t length) {
        char bytes[4];
        wire::store(bytes, length);
        columns_[next_].bytes.append(bytes, sizeof bytes);
    }

    template <class Number>
    Fault add_number(Number value) {
        char bytes[4 + sizeof value];
        wire::store(bytes, static_cast<std::int32_t>(sizeof value));
        wire::store(bytes + 4, value);
        columns_[next_].bytes.append(bytes, sizeof bytes);
        return advance();
    }

    Fault add_bytes(std::string_view value) {
        if (value.size() > std::numeric_limits<std::int32_t>::max()) return Fault::out_of_range;
        append_length(static_cast<std::int32_t>(value.size()));
        columns_[next_].bytes += value;
        bytes_ += value.size();
        return advance();
    }

    Fault advance() {
        if (++next_ == columns_.size()) {
            next_ = 0;
            ++rows_;
        }
        return Fault::none;
    }

    std::vector<Column> columns_;
    std::size_t next_ = 0;
    std::size_t rows_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace rowan::postgres
