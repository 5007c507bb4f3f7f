#pragma once

#include <rowan/core/inline.hpp>
#include <rowan/core/time.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/numeric.hpp>
#include <rowan/postgres/oids.hpp>
#include <rowan/postgres/wire.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/timestamp.hpp>

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

/// A row of a result, or of what comes without one. Every value is asked for once, in a loop, as each question to libpq
/// is a call.
class ResultRow {
public:
    /// `scratch` holds the text of values that are not text on the wire.
    explicit ResultRow(std::string& scratch) : scratch_{&scratch} {}
    ResultRow(const ResultRow&) = delete;
    ResultRow& operator=(const ResultRow&) = delete;
    ~ResultRow() {
        if (fields_ != few_) [[unlikely]]
            delete[] fields_;
    }

    /// Goes in front of the first row of a result, which must outlive this.
    void enter(const PGresult* result) {
        result_ = result;
        row_ = -1;
        rows_ = PQntuples(result);
    }

    /// Goes to the next row of the result, if there is one.
    [[nodiscard]] bool advance() {
        if (++row_ >= rows_) return false;
        Field* field = row_ == 0 ? take_types() : fields_;
        // Else they are looked for at each value, as the calls might have changed them.
        const PGresult* const result = result_;
        const int row = row_;
        const int columns = columns_;
        for (int i = 0; i != columns; ++i, ++field) {
            const int size = PQgetlength(result, row, i);
            // What has a length is not NULL.
            field->size = size == 0 && PQgetisnull(result, row, i) != 0 ? -1 : size;
            field->bytes = PQgetvalue(result, row, i);
        }
        return true;
    }

    /// The fields of rows that have no result, but columns like those of the one that was entered: for others to fill.
    [[nodiscard]] Field* take_types() {
        const PGresult* const result = result_;
        const int columns = columns_ = PQnfields(result);
        // Results that follow each other have the same columns.
        if (columns > most && fields_ == few_) [[unlikely]]
            fields_ = new Field[static_cast<std::size_t>(columns)];
        Field* const fields = fields_;
        for (int i = 0; i != columns; ++i) fields[i].type = PQftype(result, i);
        return fields;
    }

    /// How many rows the result has, and the number of this one, from 0.
    [[nodiscard]] int rows() const { return rows_; }
    [[nodiscard]] int number() const { return row_; }

    [[nodiscard]] const Field& field(int column) const { return fields_[column]; }
    [[nodiscard]] std::string& scratch() const { return *scratch_; }

private:
    static constexpr int most = 32;

    const PGresult* result_ = nullptr;
    std::string* scratch_;
    Field* fields_ = few_;
    int row_ = -1;
    int rows_ = 0;
    int columns_ = 0;
    Field few_[most];
};

/// One value of a row, read by the type that the column really has.
class Cell {
public:
    Cell(const ResultRow& row, int column) : field_{&row.field(column)}, scratch_{&row.scratch()} {}

    [[nodiscard]] bool is_null() const { return field_->size < 0; }

    ROWAN_ALWAYS_INLINE Fault get(bool& value) const {
        if (!is(oid::boolean, 1)) [[unlikely]]
            return refusal();
        value = *field_->bytes != 0;
        return Fault::none;
    }

    ROWAN_ALWAYS_INLINE Fault get(std::int64_t& value) const {
        if (!is(oid::int8, 8)) [[unlikely]]
            return widen(value);
        value = wire::load<std::int64_t>(field_->bytes);
        return Fault::none;
    }

    ROWAN_ALWAYS_INLINE Fault get(double& value) const {
        if (!is(oid::float8, 8)) [[unlikely]]
            return widen(value);
        value = wire::load_double(field_->bytes);
        return Fault::none;
    }

    ROWAN_ALWAYS_INLINE Fault get(std::string_view& value) const {
        if ((field_->type != oid::text && field_->type != oid::varchar) || is_null()) [[unlikely]]
            return as_text(value);
        value = {field_->bytes, size()};
        return Fault::none;
    }

    Fault get(std::span<const std::byte>& value) const {
        if (field_->type != oid::bytea || is_null()) return refusal();
        value = {reinterpret_cast<const std::byte*>(field_->bytes), size()};
        return Fault::none;
    }

    /// A timestamp without a zone is taken as UTC.
    Fault get(Timestamp& value) const {
        if (!is(oid::timestamptz, 8) && !is(oid::timestamp, 8)) return refusal();
        return wire::to_timestamp(wire::load<std::int64_t>(field_->bytes), value);
    }

    Fault get(std::chrono::sys_days& value) const {
        if (!is(oid::date, 4)) return refusal();
        return wire::to_days(wire::load<std::int32_t>(field_->bytes), value);
    }

private:
    /// Is it a value of that type, which has that size? NULL is not.
    [[nodiscard]] ROWAN_ALWAYS_INLINE bool is(Oid type, std::int32_t size) const {
        return field_->type == type && field_->size == size;
    }
    [[nodiscard]] Fault refusal() const { return is_null() ? Fault::null_value : Fault::type_mismatch; }
    [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(field_->size); }

    // Columns of other types than rowan makes. Apart, so that the functions above stay small.
    [[gnu::noinline]] Fault widen(std::int64_t& value) const {
        const char* const bytes = field_->bytes;
        if (is(oid::int4, 4))
            value = wire::load<std::int32_t>(bytes);
        else if (is(oid::int2, 2))
            value = wire::load<std::int16_t>(bytes);
        else if (is(oid::object, 4))
            value = wire::load_unsigned<std::uint32_t>(bytes);
        else if (field_->type == oid::numeric && !is_null())
            return Numeric{bytes, size()}.get(value);
        else
            return refusal();
        return Fault::none;
    }

    [[gnu::noinline]] Fault widen(double& value) const {
        const char* const bytes = field_->bytes;
        if (is(oid::float4, 4))
            value = static_cast<double>(wire::load_float(bytes));
        else if (is(oid::int4, 4))
            value = wire::load<std::int32_t>(bytes);
        else if (is(oid::int2, 2))
            value = wire::load<std::int16_t>(bytes);
        else
            return refusal();
        return Fault::none;
    }

    [[gnu::noinline]] Fault as_text(std::string_view& value) const {
        if (is_null()) return Fault::null_value;
        switch (field_->type) {
            case oid::bpchar:
            case oid::name:
            case oid::json: value = {field_->bytes, size()}; return Fault::none;
            // One byte tells the version of the format.
            case oid::jsonb: value = {field_->bytes + 1, size() - 1}; return Fault::none;
            case oid::numeric: return from_scratch(Numeric{field_->bytes, size()}.get(*scratch_), value);
            case oid::uuid: write_uuid(); return from_scratch(Fault::none, value);
            default: return Fault::type_mismatch;
        }
    }

    Fault from_scratch(Fault fault, std::string_view& value) const {
        value = *scratch_;
        return fault;
    }

    void write_uuid() const {
        constexpr std::string_view digits = "0123456789abcdef";
        scratch_->clear();
        for (std::size_t i = 0; i != size(); ++i) {
            if (i == 4 || i == 6 || i == 8 || i == 10) *scratch_ += '-';
            const auto byte = static_cast<unsigned char>(field_->bytes[i]);
            *scratch_ += digits[byte >> 4];
            *scratch_ += digits[byte & 15];
        }
    }

    const Field* field_;
    std::string* scratch_;
};

}  // namespace rowan::postgres
