#pragma once

#include <rowan/core/time.hpp>
#include <rowan/core/view.hpp>
#include <rowan/postgres/byte_buffer.hpp>
#include <rowan/postgres/oids.hpp>
#include <rowan/postgres/wire.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/stored.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace rowan::postgres {

/// Rows, collected as one array a column in the binary format. Values come row by row, in the order of the columns.
/// https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/arrayfuncs.c (array_recv)
class Arrays {
public:
    /// The bytes before the first value.
    static constexpr std::size_t header = 20;

    Arrays() = default;
    explicit Arrays(rowan::detail::View<Form> forms) { start(forms); }

    /// Begins anew, with the memory that is there.
    void start(rowan::detail::View<Form> forms) {
        columns_.resize(forms.size());
        clear();
        for (std::size_t i = 0; i != forms.size(); ++i) {
            char* const begin = columns_[i].bytes.data();
            wire::store(begin, std::int32_t{1});
            wire::store(begin + 8, std::uint32_t{oid::of(forms[i].stored)});
            wire::store(begin + 16, std::int32_t{1});
        }
    }

    Fault put_null() {
        columns_[next_].has_null = true;
        columns_[next_].bytes.put_null();
        return advance();
    }
    Fault put(bool value) {
        columns_[next_].bytes.put_boolean(value);
        return advance();
    }
    Fault put(std::int64_t value) { return add_number(value); }
    Fault put(double value) { return add_number(value); }
    Fault put(std::string_view value) {
        if (const Fault fault = columns_[next_].bytes.put_text(value); fault != Fault::none) return fault;
        bytes_ += value.size();
        return advance();
    }
    Fault put(std::span<const std::byte> value) {
        const auto* bytes = reinterpret_cast<const char*>(value.data());
        if (const Fault fault = columns_[next_].bytes.put_bytes(bytes, value.size()); fault != Fault::none)
            return fault;
        bytes_ += value.size();
        return advance();
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
        char* const begin = column.bytes.data();
        wire::store(begin + 4, std::int32_t{column.has_null ? 1 : 0});
        wire::store(begin + 12, static_cast<std::int32_t>(rows_));
        return {begin, column.bytes.size()};
    }

    [[nodiscard]] std::size_t columns() const { return columns_.size(); }

    /// The bytes of memory that it has.
    [[nodiscard]] std::size_t capacity() const {
        std::size_t sum = 0;
        for (const Column& column : columns_) sum += column.bytes.capacity();
        return sum;
    }

    void clear() {
        for (Column& column : columns_) {
            column.bytes.shrink(0);
            (void)column.bytes.extend(header);
            column.has_null = false;
        }
        rows_ = bytes_ = next_ = 0;
    }

private:
    friend class ArrayRows;

    struct Column {
        ByteBuffer bytes{};
        bool has_null = false;
    };

    template <class Number>
    Fault add_number(Number value) {
        columns_[next_].bytes.put_number(value);
        return advance();
    }

    Fault advance() {
        if (++next_ == columns_.size()) {
            next_ = 0;
            ++rows_;
        }
        return Fault::none;
    }

    std::vector<Column> columns_{};
    std::size_t next_ = 0;
    std::size_t rows_ = 0;
    std::size_t bytes_ = 0;
};

/// The rows of arrays, as arrays of one row.
class ArrayRows {
public:
    /// `all` must outlive this, and not be filled meanwhile.
    explicit ArrayRows(const Arrays& all) : all_{all}, places_(all.columns(), Arrays::header) {}

    /// Makes `one` the next row, if there is one.
    [[nodiscard]] bool next(Arrays& one) {
        if (row_ == all_.rows_) return false;
        ++row_;
        one.columns_.resize(places_.size());
        one.clear();
        for (std::size_t i = 0; i != places_.size(); ++i) {
            const char* const begin = all_.columns_[i].bytes.data();
            const char* const field = begin + places_[i];
            const auto length = wire::load<std::int32_t>(field);
            const std::size_t size = 4 + (length < 0 ? 0 : static_cast<std::size_t>(length));
            std::memcpy(one.columns_[i].bytes.data(), begin, Arrays::header);
            std::memcpy(one.columns_[i].bytes.extend(size), field, size);
            one.columns_[i].has_null = length < 0;
            places_[i] += size;
        }
        one.rows_ = 1;
        return true;
    }

private:
    const Arrays& all_;
    std::vector<std::size_t> places_;
    std::size_t row_ = 0;
};

}  // namespace rowan::postgres
