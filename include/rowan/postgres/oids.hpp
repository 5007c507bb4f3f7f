#pragma once

#include <rowan/postgres/libpq.hpp>
#include <rowan/types/stored.hpp>

/// The types that every server knows by the same numbers:
/// https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat
namespace rowan::postgres::oid {

inline constexpr Oid boolean = 16;
inline constexpr Oid bytea = 17;
inline constexpr Oid name = 19;
inline constexpr Oid int8 = 20;
inline constexpr Oid int2 = 21;
inline constexpr Oid int4 = 23;
inline constexpr Oid text = 25;
inline constexpr Oid object = 26;
inline constexpr Oid json = 114;
inline constexpr Oid float4 = 700;
inline constexpr Oid float8 = 701;
inline constexpr Oid bpchar = 1042;
inline constexpr Oid varchar = 1043;
inline constexpr Oid date = 1082;
inline constexpr Oid timestamp = 1114;
inline constexpr Oid timestamptz = 1184;
inline constexpr Oid numeric = 1700;
inline constexpr Oid uuid = 2950;
inline constexpr Oid jsonb = 3802;

/// The type that a parameter is declared with.
constexpr Oid of(Stored form) {
    switch (form) {
        case Stored::boolean: return boolean;
        case Stored::integer: return int8;
        case Stored::real: return float8;
        case Stored::text: return text;
        case Stored::blob: return bytea;
        case Stored::timestamp: return timestamptz;
        case Stored::date: return date;
    }
    return text;
}

/// The type of an array of them.
constexpr Oid array_of(Stored form) {
    switch (form) {
        case Stored::boolean: return 1000;
        case Stored::integer: return 1016;
        case Stored::real: return 1022;
        case Stored::text: return 1009;
        case Stored::blob: return 1001;
        case Stored::timestamp: return 1185;
        case Stored::date: return 1182;
    }
    return 1009;
}

}  // namespace rowan::postgres::oid
