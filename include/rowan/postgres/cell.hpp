#pragma once

#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/numeric.hpp>
#include <rowan/postgres/oids.hpp>
#include <rowan/postgres/wire.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/timestamp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace rowan::postgres {

/// A row of a result.
class ResultRow {
public:
    /// `scratch` holds the text of values that are not text on the wire.
    explicit ResultRow(std::string& scratch) : scratch_{&scratch} {}

    /// Goes in front of the first row of a result, which must outlive this. Others may follow.
    void enter(const PGresult* result, bool is_followed = false) {
        result_ = result;
        row_ = -1;
        // Every row would ask for the types again; the only one need not know them before.
        known_ = is_followed || PQntuples(result) > 1 ? PQnfields(result) : 0;
        if (known_ > most) known_ = most;
        for (int i = 0; i != known_; ++i) types_[i] = PQftype(result, i);
    }
    /// The same for one that follows, with columns of the same types.
    void go_on(const PGresult* result) {
        result_ = result;
        row_ = -1;
    }
    /// The number of the row, from 0.
    int advance() { return ++row_; }

    [[nodiscard]] const PGresult* result() const { return result_; }
    [[nodiscard]] int number() const { return row_; }
    [[nodiscard]] Oid type(int column) const { return column < known_ ? types_[column] : PQftype(result_, column); }
    [[nodiscard]] std::string& scratch() const { return *scratch_; }

private:
    static constexpr int most = 32;

    const PGresult* result_ = nullptr;
    std::string* scratch_;
    int row_ = -1;
    int known_ = 0;
    Oid types_[most];
};

/// One value of a row, read by the type that the column really has. Each question to libpq is a call, so none is asked
/// twice: what has a length is not NULL, and numbers and times always have one.
class Cell {
public:
    Cell(const ResultRow& row, int column) : row_{&row}, column_{column} {}

    [[nodiscard]] bool is_null() const { return PQgetisnull(row_->result(), row_->number(), column_) != 0; }

    Fault get(bool& value) const {
        if (size() == 0) return Fault::null_value;
        if (type() != oid::boolean) return Fault::type_mismatch;
        value = *bytes() != 0;
        return Fault::none;
    }

    Fault get(std::int64_t& value) const {
        if (const Oid stored = type(); stored != oid::int8) [[unlikely]]
            return widen(stored, value);
        if (size() == 0) return Fault::null_value;
        value = wire::load<std::int64_t>(bytes());
        return Fault::none;
    }

    Fault get(double& value) const {
        if (const Oid stored = type(); stored != oid::float8) [[unlikely]]
            return widen(stored, value);
        if (size() == 0) return Fault::null_value;
        value = wire::load_double(bytes());
        return Fault::none;
    }

    Fault get(std::string_view& value) const {
        const Oid stored = type();
        if (stored != oid::text && stored != oid::varchar) [[unlikely]]
            return as_text(stored, value);
        const std::size_t length = size();
        if (length == 0 && is_null()) return Fault::null_value;
        value = {bytes(), length};
        return Fault::none;
    }

    Fault get(std::span<const std::byte>& value) const {
        const std::size_t length = size();
        if (length == 0 && is_null()) return Fault::null_value;
        if (type() != oid::bytea) return Fault::type_mismatch;
        value = {reinterpret_cast<const std::byte*>(bytes()), length};
        return Fault::none;
    }

    /// A timestamp without a zone is taken as UTC.
    Fault get(Timestamp& value) const {
        if (size() == 0) return Fault::null_value;
        if (type() != oid::timestamptz && type() != oid::timestamp) return Fault::type_mismatch;
        return wire::to_timestamp(wire::load<std::int64_t>(bytes()), value);
    }

    Fault get(std::chrono::sys_days& value) const {
        if (size() == 0) return Fault::null_value;
        if (type() != oid::date) return Fault::type_mismatch;
        return wire::to_days(wire::load<std::int32_t>(bytes()), value);
    }

private:
    // Columns of other types than rowan makes. Apart, so that the functions above stay small.
    [[gnu::noinline]] Fault widen(Oid stored, std::int64_t& value) const {
        if (size() == 0) return Fault::null_value;
        switch (stored) {
            case oid::int4: value = wire::load<std::int32_t>(bytes()); return Fault::none;
            case oid::int2: value = wire::load<std::int16_t>(bytes()); return Fault::none;
            case oid::object: value = wire::load_unsigned<std::uint32_t>(bytes()); return Fault::none;
            case oid::numeric: return Numeric{bytes(), size()}.get(value);
            default: return Fault::type_mismatch;
        }
    }

    [[gnu::noinline]] Fault widen(Oid stored, double& value) const {
        if (size() == 0) return Fault::null_value;
        switch (stored) {
            case oid::float4: value = static_cast<double>(wire::load_float(bytes())); return Fault::none;
            case oid::int4: value = wire::load<std::int32_t>(bytes()); return Fault::none;
            case oid::int2: value = wire::load<std::int16_t>(bytes()); return Fault::none;
            default: return Fault::type_mismatch;
        }
    }

    [[gnu::noinline]] Fault as_text(Oid stored, std::string_view& value) const {
        const std::size_t length = size();
        if (length == 0 && is_null()) return Fault::null_value;
        switch (stored) {
            case oid::bpchar:
            case oid::name:
            case oid::json: value = {bytes(), length}; return Fault::none;
            // One byte tells the version of the format.
            case oid::jsonb: value = {bytes() + 1, length - 1}; return Fault::none;
            case oid::numeric: return from_scratch(Numeric{bytes(), length}.get(row_->scratch()), value);
            case oid::uuid: write_uuid(); return from_scratch(Fault::none, value);
            default: return Fault::type_mismatch;
        }
    }

    [[nodiscard]] Oid type() const { return row_->type(column_); }
    [[nodiscard]] const char* bytes() const { return PQgetvalue(row_->result(), row_->number(), column_); }
    [[nodiscard]] std::size_t size() const {
        return static_cast<std::size_t>(PQgetlength(row_->result(), row_->number(), column_));
    }

    Fault from_scratch(Fault fault, std::string_view& value) const {
        value = row_->scratch();
        return fault;
    }

    void write_uuid() const {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string& scratch = row_->scratch();
        scratch.clear();
        for (std::size_t i = 0; i != size(); ++i) {
            if (i == 4 || i == 6 || i == 8 || i == 10) scratch += '-';
            const auto byte = static_cast<unsigned char>(bytes()[i]);
            scratch += digits[byte >> 4];
            scratch += digits[byte & 15];
        }
    }

    const ResultRow* row_;
    int column_;
};

}  // namespace rowan::postgres
