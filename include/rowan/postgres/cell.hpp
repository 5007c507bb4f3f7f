#pragma once

#include <rowan/core/inline.hpp>
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

/// A value as it came. The size of NULL is -1.
struct Field {
    const char* bytes;
    std::int32_t size;
    Oid type;
};

/// A row of a result, or of what comes without one.
class ResultRow {
public:
    /// `scratch` holds the text of values that are not text on the wire.
    explicit ResultRow(std::string& scratch) : scratch_{&scratch} {}

    /// Goes in front of the first row of a result, which must outlive this.
    void enter(const PGresult* result) {
        result_ = result;
        row_ = -1;
        // Every row would ask for the types again; the only one need not know them before.
        known_ = PQntuples(result) > 1 ? PQnfields(result) : 0;
        if (known_ > most) known_ = most;
        for (int i = 0; i != known_; ++i) types_[i] = PQftype(result, i);
    }
    /// Takes one that has no result of its own; its fields must outlive this.
    void take(const Field* fields) {
        fields_ = fields;
        row_ = -1;
    }
    /// The number of the row, from 0.
    int advance() { return ++row_; }

    [[nodiscard]] int number() const { return row_; }
    [[nodiscard]] Oid type(int column) const {
        if (fields_ != nullptr) return fields_[column].type;
        return type_in_result(column);
    }
    [[nodiscard]] bool is_null(int column) const {
        if (fields_ != nullptr) return fields_[column].size < 0;
        return PQgetisnull(result_, row_, column) != 0;
    }
    /// Of NULL 0.
    [[nodiscard]] std::size_t size(int column) const {
        if (fields_ != nullptr) return fields_[column].size < 0 ? 0 : static_cast<std::size_t>(fields_[column].size);
        return static_cast<std::size_t>(PQgetlength(result_, row_, column));
    }
    [[nodiscard]] const char* bytes(int column) const {
        if (fields_ != nullptr) return fields_[column].bytes;
        return PQgetvalue(result_, row_, column);
    }

    /// The value itself, of a row without a result; else null.
    [[nodiscard]] const Field* field(int column) const { return fields_ != nullptr ? fields_ + column : nullptr; }
    /// The bytes of a value in the result, if it is of that type and size, which NULL is not; else null.
    [[nodiscard]] const char* find_in_result(int column, Oid wanted, int size) const {
        if (type_in_result(column) != wanted || PQgetlength(result_, row_, column) != size) [[unlikely]]
            return nullptr;
        return PQgetvalue(result_, row_, column);
    }

    [[nodiscard]] std::string& scratch() const { return *scratch_; }

private:
    [[nodiscard]] Oid type_in_result(int column) const {
        return column < known_ ? types_[column] : PQftype(result_, column);
    }

    static constexpr int most = 32;

    const PGresult* result_ = nullptr;
    const Field* fields_ = nullptr;
    std::string* scratch_;
    int row_ = -1;
    int known_ = 0;
    Oid types_[most];
};

/// One value of a row, read by the type that the column really has. Each question to libpq is a call, so none is asked
/// twice: what has a length is not NULL, and numbers and times always have theirs.
class Cell {
public:
    Cell(const ResultRow& row, int column) : row_{&row}, column_{column} {}

    [[nodiscard]] bool is_null() const { return row_->is_null(column_); }

    ROWAN_ALWAYS_INLINE Fault get(bool& value) const { return get_known<oid::boolean>(value); }
    ROWAN_ALWAYS_INLINE Fault get(std::int64_t& value) const { return get_known<oid::int8>(value); }
    ROWAN_ALWAYS_INLINE Fault get(double& value) const { return get_known<oid::float8>(value); }

    ROWAN_ALWAYS_INLINE Fault get(std::string_view& value) const {
        const Field* const field = row_->field(column_);
        if (field == nullptr) return get_from_result(value);
        if (!is_text(field->type) || field->size < 0) [[unlikely]]
            return as_text(value);
        value = {field->bytes, static_cast<std::size_t>(field->size)};
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
        if (type() == oid::timestamp) [[unlikely]]
            return get_known<oid::timestamp>(value);
        return get_known<oid::timestamptz>(value);
    }
    Fault get(std::chrono::sys_days& value) const { return get_known<oid::date>(value); }

private:
    /// Of the type that rowan makes for such a value, which has a fixed size; others are the exception.
    template <Oid wanted, class Value>
    ROWAN_ALWAYS_INLINE Fault get_known(Value& value) const {
        const Field* const field = row_->field(column_);
        if (field == nullptr) return get_from_result<wanted>(value);
        if (field->type == wanted && field->size == size_of(value)) [[likely]]
            return load(field->bytes, value);
        return widen(value);
    }
    /// Apart, as calls of libpq need room on the stack.
    template <Oid wanted, class Value>
    [[gnu::noinline]] Fault get_from_result(Value& value) const {
        if (const char* const bytes = row_->find_in_result(column_, wanted, size_of(value))) [[likely]]
            return load(bytes, value);
        return widen(value);
    }

    static bool is_text(Oid type) { return type == oid::text || type == oid::varchar; }
    [[gnu::noinline]] Fault get_from_result(std::string_view& value) const {
        if (!is_text(type())) [[unlikely]]
            return as_text(value);
        const std::size_t length = size();
        if (length == 0 && is_null()) return Fault::null_value;
        value = {bytes(), length};
        return Fault::none;
    }

    static constexpr int size_of(bool) { return 1; }
    static constexpr int size_of(std::int64_t) { return 8; }
    static constexpr int size_of(double) { return 8; }
    static constexpr int size_of(Timestamp) { return 8; }
    static constexpr int size_of(std::chrono::sys_days) { return 4; }

    static Fault load(const char* bytes, bool& value) {
        value = *bytes != 0;
        return Fault::none;
    }
    static Fault load(const char* bytes, std::int64_t& value) {
        value = wire::load<std::int64_t>(bytes);
        return Fault::none;
    }
    static Fault load(const char* bytes, double& value) {
        value = wire::load_double(bytes);
        return Fault::none;
    }
    static Fault load(const char* bytes, Timestamp& value) {
        return wire::to_timestamp(wire::load<std::int64_t>(bytes), value);
    }
    static Fault load(const char* bytes, std::chrono::sys_days& value) {
        return wire::to_days(wire::load<std::int32_t>(bytes), value);
    }

    // Columns of other types than rowan makes. Apart, so that the functions above stay small.
    template <class Value>
    [[gnu::cold, gnu::noinline]] Fault widen(Value&) const {
        return size() == 0 ? Fault::null_value : Fault::type_mismatch;
    }
    [[gnu::noinline]] Fault widen(std::int64_t& value) const {
        if (size() == 0) return Fault::null_value;
        switch (type()) {
            case oid::int4: value = wire::load<std::int32_t>(bytes()); return Fault::none;
            case oid::int2: value = wire::load<std::int16_t>(bytes()); return Fault::none;
            case oid::object: value = wire::load_unsigned<std::uint32_t>(bytes()); return Fault::none;
            case oid::numeric: return Numeric{bytes(), size()}.get(value);
            default: return Fault::type_mismatch;
        }
    }

    [[gnu::noinline]] Fault widen(double& value) const {
        if (size() == 0) return Fault::null_value;
        switch (type()) {
            case oid::float4: value = static_cast<double>(wire::load_float(bytes())); return Fault::none;
            case oid::int4: value = wire::load<std::int32_t>(bytes()); return Fault::none;
            case oid::int2: value = wire::load<std::int16_t>(bytes()); return Fault::none;
            default: return Fault::type_mismatch;
        }
    }

    [[gnu::noinline]] Fault as_text(std::string_view& value) const {
        const std::size_t length = size();
        if (length == 0 && is_null()) return Fault::null_value;
        switch (type()) {
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
    [[nodiscard]] const char* bytes() const { return row_->bytes(column_); }
    [[nodiscard]] std::size_t size() const { return row_->size(column_); }

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
