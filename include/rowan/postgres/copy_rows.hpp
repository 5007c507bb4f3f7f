#pragma once

#include <rowan/core/inline.hpp>
#include <rowan/core/time.hpp>
#include <rowan/core/view.hpp>
#include <rowan/postgres/byte_buffer.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/numeric.hpp>
#include <rowan/postgres/oids.hpp>
#include <rowan/postgres/wire.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/stored.hpp>
#include <rowan/types/timestamp.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

namespace rowan::postgres {

/// How a value is written for a column, as COPY converts nothing: it takes the bytes of the column's own type.
enum class CopyAs : std::uint8_t {
    impossible,
    itself,  ///< as a parameter would be
    int4,
    int2,
    float4,
    numeric,
};

/// What an INSERT would convert without losing a value, and an error for what is lost, is done here; other types are
/// the server's to convert.
constexpr CopyAs copy_as(Stored form, Oid column) {
    switch (form) {
        case Stored::integer:
            if (column == oid::int4) return CopyAs::int4;
            if (column == oid::int2) return CopyAs::int2;
            if (column == oid::numeric) return CopyAs::numeric;
            break;
        case Stored::real:
            if (column == oid::float4) return CopyAs::float4;
            break;
        case Stored::text:
            if (column == oid::varchar || column == oid::bpchar) return CopyAs::itself;
            break;
        default: break;
    }
    return column == oid::of(form) ? CopyAs::itself : CopyAs::impossible;
}

/// Rows in the binary format of COPY, one behind the other.
/// https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"
class CopyRows {
public:
    explicit CopyRows(rowan::detail::View<CopyAs> columns) : columns_{columns} { clear(); }

    Fault put_null() {
        bytes_.put_null();
        return advance();
    }
    Fault put(bool value) {
        bytes_.put_boolean(value);
        return advance();
    }
    Fault put(std::int64_t value) {
        switch (columns_[next_]) {
            case CopyAs::int4: return put_narrow<std::int32_t>(value);
            case CopyAs::int2: return put_narrow<std::int16_t>(value);
            case CopyAs::numeric: write_numeric(bytes_, value); return advance();
            default: bytes_.put_number(value); return advance();
        }
    }
    Fault put(double value) {
        if (columns_[next_] == CopyAs::float4) return put_float(value);
        bytes_.put_number(value);
        return advance();
    }
    Fault put(std::string_view value) {
        const Fault fault = bytes_.put_text(value);
        return fault == Fault::none ? advance() : fault;
    }
    Fault put(std::span<const std::byte> value) {
        const Fault fault = bytes_.put_bytes(reinterpret_cast<const char*>(value.data()), value.size());
        return fault == Fault::none ? advance() : fault;
    }
    Fault put(Timestamp value) {
        std::int64_t microseconds{};
        if (const Fault fault = wire::from_timestamp(value, microseconds); fault != Fault::none) return fault;
        bytes_.put_number(microseconds);
        return advance();
    }
    Fault put(std::chrono::sys_days value) {
        std::int32_t days{};
        if (const Fault fault = wire::from_days(value, days); fault != Fault::none) return fault;
        bytes_.put_number(days);
        return advance();
    }

    [[nodiscard]] bool is_empty() const { return bytes_.size() == header.size() + row_header; }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    [[nodiscard]] std::size_t rows() const { return rows_; }

    /// All rows, with their end; valid until they are cleared.
    [[nodiscard]] std::string_view finish() {
        // In the place of the next row's header.
        wire::store(bytes_.data() + bytes_.size() - row_header, std::int16_t{-1});
        return {bytes_.data(), bytes_.size()};
    }

    void clear() {
        rows_ = 0;
        bytes_.shrink(0);
        std::memcpy(bytes_.extend(header.size()), header.data(), header.size());
        begin_row();
    }

private:
    static constexpr std::string_view header{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
    static constexpr std::size_t row_header = 2;

    void begin_row() {
        next_ = 0;
        wire::store(bytes_.extend(row_header), static_cast<std::int16_t>(columns_.size()));
    }

    ROWAN_ALWAYS_INLINE Fault advance() {
        if (++next_ == columns_.size()) {
            ++rows_;
            begin_row();
        }
        return Fault::none;
    }

    template <class Number>
    Fault put_narrow(std::int64_t value) {
        if (!std::in_range<Number>(value)) return Fault::out_of_range;
        bytes_.put_number(static_cast<Number>(value));
        return advance();
    }

    /// The server refuses as well what would become infinite or zero by this.
    Fault put_float(double value) {
        // Halfway from the largest number to what would be the next one.
        constexpr double end = 0x1.ffffffp127;
        const bool finite = value - value == 0;
        if (finite && (value >= end || value <= -end)) return Fault::out_of_range;
        const auto narrow = static_cast<float>(value);
        if (narrow == 0 && value != 0) return Fault::out_of_range;
        bytes_.put_number(std::bit_cast<std::uint32_t>(narrow));
        return advance();
    }

    rowan::detail::View<CopyAs> columns_;
    ByteBuffer bytes_{};
    std::size_t next_ = 0;
    std::size_t rows_ = 0;
};

}  // namespace rowan::postgres
