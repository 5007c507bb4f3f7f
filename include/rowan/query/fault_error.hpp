#pragma once

#include <rowan/core/error.hpp>
#include <rowan/schema/info.hpp>
#include <rowan/types/fault.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace rowan::detail {

/// Which value: a column's, or one that belongs to no column, where `table` is null.
struct Place {
    const TableInfo* table = nullptr;
    std::size_t column = 0;
};

/// The first value that could not be written or read, in the two registers that a function can give.
struct ValueFault {
    Fault fault = Fault::none;
    std::uint32_t column = 0;
    const TableInfo* table = nullptr;

    constexpr ValueFault() = default;
    constexpr ValueFault(Fault what, Place where)
        : fault{what}, column{static_cast<std::uint32_t>(where.column)}, table{where.table} {}

    [[nodiscard]] constexpr explicit operator bool() const { return fault != Fault::none; }
};

struct FaultText {
    Code code;
    std::string_view writing;
    std::string_view reading;
};

constexpr FaultText describe_fault(Fault fault) {
    switch (fault) {
        case Fault::none: break;
        case Fault::null_value:
            return {Code::null_value, "is NULL where none is allowed",
                    "is NULL, but the member is not a std::optional"};
        case Fault::type_mismatch:
            return {Code::type_mismatch, "cannot take a value of this type",
                    "holds a value of another type than the member, and none that can be widened exactly"};
        case Fault::out_of_range:
            return {Code::value_out_of_range, "cannot hold this value: it is outside the column's range",
                    "holds a value outside the member's range"};
        case Fault::inexact:
            return {Code::inexact_value, "cannot hold this value without losing digits",
                    "holds a value that the member cannot hold without losing digits"};
        case Fault::nul_byte:
            return {Code::invalid_text, "cannot hold text with a NUL byte in this database",
                    "holds text with a NUL byte"};
        case Fault::not_a_number:
            return {Code::not_a_number, "cannot hold NaN in this database: it would become NULL", "holds NaN"};
        case Fault::unknown_enumerator:
            return {Code::unknown_enumerator, "cannot hold this value: it is none of the enum's enumerators",
                    "holds a value that is none of the enum's enumerators"};
        case Fault::invalid_value:
            return {Code::invalid_value, "cannot hold this value: it is not valid for its type",
                    "holds a value that is not valid for the member's type"};
    }
    return {Code::internal_error, "failed without a reason", "failed without a reason"};
}

[[gnu::cold]] inline Error fault_error(ValueFault found, bool writing, std::string_view statement) {
    const FaultText text = describe_fault(found.fault);
    ErrorDetails details{.category = Category::data, .code = text.code};
    details.statement = statement;
    if (found.table != nullptr) {
        details.table = found.table->name;
        details.column = found.table->columns[found.column].name;
        details.message.append(details.table).append(".").append(details.column);
    } else {
        details.message = writing ? "a value in a condition" : "an expression";
    }
    details.message.append(" ").append(writing ? text.writing : text.reading);
    return Error{std::move(details)};
}

}  // namespace rowan::detail
