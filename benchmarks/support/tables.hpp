#pragma once

#include <rowan/query/column.hpp>
#include <rowan/query/upsert.hpp>
#include <rowan/schema/table.hpp>
#include <rowan/types/all.hpp>

#include <support/candle.hpp>

template <>
inline constexpr auto rowan::table<bench::Candle> =
    rowan::describe<bench::Candle>("candle")
        .key<&bench::Candle::id>(rowan::generated)
        .unique<&bench::Candle::exchange, &bench::Candle::symbol, &bench::Candle::timeframe,
                &bench::Candle::start_time>();

template <>
inline constexpr auto rowan::table<bench::User> =
    rowan::describe<bench::User>("users").key<&bench::User::id>(rowan::generated);

template <>
inline constexpr auto rowan::table<bench::Post> =
    rowan::describe<bench::Post>("posts").key<&bench::Post::id>(rowan::generated);
