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

/// One value of a row, read by the type that the column really has.
class Cell {
public:
    /// `scratch` holds the text of values that are not text on the wire.
    Cell(const PGresult* result, int row, int column, std::string& scratch)
        : result_{result}, row_{row}, column_{column}, scratch_{&scratch} {}

    [[nodiscard]] bool is_null() const { return PQgetisnull(result_, row_, column_) != 0; }

    Fault get(bool& value) const {
        if (is_null()) return Fault::null_value;
        if (type() != oid::boolean) return Fault::type_mismatch;
        value = *bytes() != 0;
        return Fault::none;
    }

    Fault get(std::int64_t& value) const {
        if (is_null()) return Fault::null_value;
        switch (type()) {
            case oid::int8: value = wire::load<std::int64_t>(bytes()); return Fault::none;
            case oid::int4: value = wire::load<std::int32_t>(bytes()); return Fault::none;
            case oid::int2: value = wire::load<std::int16_t>(bytes()); return Fault::none;
            case oid::object: value = wire::load_unsigned<std::uint32_t>(bytes()); return Fault::none;
            case oid::numeric: return Numeric{bytes(), size()}.get(value);
            default: return Fault::type_mismatch;
        }
    }

    Fault get(double& value) const {
        if (is_null()) return Fault::null_value;
        switch (type()) {
            case oid::float8: value = wire::load_double(bytes()); return Fault::none;
            case oid::float4: value = static_cast<double>(wire::load_float(bytes())); return Fault::none;
            case oid::int4: value = wire::load<std::int32_t>(bytes()); return Fault::none;
            case oid::int2: value = wire::load<std::int16_t>(bytes()); return Fault::none;
            default: return Fault::type_mismatch;
        }
    }

    Fault get(std::string_view& value) const {
        if (is_null()) return Fault::null_value;
        switch (type()) {
            case oid::text:
            case oid::varchar:
            case oid::bpchar:
            case oid::name:
            case oid::json: value = {bytes(), size()}; return Fault::none;
            // One byte tells the version of the format.
            case oid::jsonb: value = {bytes() + 1, size() - 1}; return Fault::none;
            case oid::numeric: return from_scratch(Numeric{bytes(), size()}.get(*scratch_), value);
            case oid::uuid: write_uuid(); return from_scratch(Fault::none, value);
            default: return Fault::type_mismatch;
        }
    }

    Fault get(std::span<const std::byte>& value) const {
        if (is_null()) return Fault::null_value;
        if (type() != oid::bytea) return Fault::type_mismatch;
        value = {reinterpret_cast<const std::byte*>(bytes()), size()};
        return Fault::none;
    }

    /// A timestamp without a zone is taken as UTC.
    Fault get(Timestamp& value) const {
        if (is_null()) return Fault::null_value;
        if (type() != oid::timestamptz && type() != oid::timestamp) return Fault::type_mismatch;
        return wire::to_timestamp(wire::load<std::int64_t>(bytes()), value);
    }

    Fault get(std::chrono::sys_days& value) const {
        if (is_null()) return Fault::null_value;
        if (type() != oid::date) return Fault::type_mismatch;
        return wire::to_days(wire::load<std::int32_t>(bytes()), value);
    }

private:
    [[nodiscard]] Oid type() const { return PQftype(result_, column_); }
    [[nodiscard]] const char* bytes() const { return PQgetvalue(result_, row_, column_); }
    [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(PQgetlength(result_, row_, column_)); }

    Fault from_scratch(Fault fault, std::string_view& value) const {
        value = *scratch_;
        return fault;
    }

    void write_uuid() const {
        constexpr std::string_view digits = "0123456789abcdef";
        scratch_->clear();
        for (std::size_t i = 0; i != size(); ++i) {
            if (i == 4 || i == 6 || i == 8 || i == 10) *scratch_ += '-';
            const auto byte = static_cast<unsigned char>(bytes()[i]);
            *scratch_ += digits[byte >> 4];
            *scratch_ += digits[byte & 15];
        }
    }

    const PGresult* result_;
    int row_;
    int column_;
    std::string* scratch_;
};

}  // namespace rowan::postgres
