#pragma once

#include <rowan/core/real.hpp>
#include <rowan/core/time.hpp>
#include <rowan/types/fault.hpp>
#include <rowan/types/iso8601.hpp>
#include <rowan/types/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <sqlite3.h>

namespace rowan::sqlite {

/// One value that a table-valued function of rowan's gives. Text and bytes are not copied.
struct Value {
    /// A date is text that has a place in the value itself.
    static constexpr int date = -1;

    struct Bytes {
        const char* data;
        std::size_t size;
    };
    union {
        std::int64_t integer;
        double real;
        Bytes bytes;
        char day[rowan::detail::date_length];
    };
    int type;

    void give(sqlite3_context* context) const {
        switch (type) {
            case SQLITE_INTEGER: return sqlite3_result_int64(context, integer);
            case SQLITE_FLOAT: return sqlite3_result_double(context, real);
            case SQLITE_TEXT: return sqlite3_result_text64(context, bytes.data, bytes.size, SQLITE_STATIC, SQLITE_UTF8);
            case SQLITE_BLOB: return sqlite3_result_blob64(context, bytes.data, bytes.size, SQLITE_STATIC);
            case date: return sqlite3_result_text(context, day, sizeof day, SQLITE_TRANSIENT);
            default: return sqlite3_result_null(context);
        }
    }
};

/// Takes values in their stored forms (see ParameterSink) into the places that `Self::place()` gives.
template <class Self>
class ValueSink {
public:
    Fault put_null() {
        place_of_next().type = SQLITE_NULL;
        return Fault::none;
    }
    Fault put(bool value) { return put(std::int64_t{value}); }
    Fault put(std::int64_t value) {
        Value& to = place_of_next();
        to.integer = value;
        to.type = SQLITE_INTEGER;
        return Fault::none;
    }
    Fault put(double value) {
        // SQLite would take it for NULL.
        if (rowan::detail::is_nan(value)) return Fault::not_a_number;
        Value& to = place_of_next();
        to.real = value;
        to.type = SQLITE_FLOAT;
        return Fault::none;
    }
    Fault put(std::string_view value) { return put_bytes(value.data(), value.size(), SQLITE_TEXT); }
    Fault put(std::span<const std::byte> value) {
        return put_bytes(reinterpret_cast<const char*>(value.data()), value.size(), SQLITE_BLOB);
    }
    Fault put(Timestamp value) { return put(std::int64_t{value.time_since_epoch().count()}); }
    Fault put(std::chrono::sys_days value) {
        char day[rowan::detail::date_length];
        if (!rowan::detail::format_date(value, day)) return Fault::out_of_range;
        Value& to = place_of_next();
        for (std::size_t i = 0; i != sizeof day; ++i) to.day[i] = day[i];
        to.type = Value::date;
        return Fault::none;
    }

protected:
    ValueSink() = default;
    ~ValueSink() = default;
    ValueSink(const ValueSink&) = default;
    ValueSink& operator=(const ValueSink&) = default;

private:
    Value& place_of_next() { return static_cast<Self*>(this)->place(); }

    Fault put_bytes(const char* data, std::size_t size, int type) {
        Value& to = place_of_next();
        // A null pointer would mean NULL.
        to.bytes = {data != nullptr ? data : "", size};
        to.type = type;
        return Fault::none;
    }
};

}  // namespace rowan::sqlite
