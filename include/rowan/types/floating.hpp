#pragma once

#include <rowan/core/inline.hpp>
#include <rowan/core/real.hpp>
#include <rowan/types/type.hpp>

#include <limits>

namespace rowan {

template <>
struct Type<double> {
    static constexpr ColumnType column = ColumnType::float64;

    template <class Sink>
    ROWAN_ALWAYS_INLINE static Fault write(Sink& sink, double value) {
        return sink.put(value);
    }

    template <class Cell>
    ROWAN_ALWAYS_INLINE static Fault read(const Cell& cell, double& value) {
        return cell.get(value);
    }
};

/// Reading a stored double that no float equals is refused: it would lose digits.
template <>
struct Type<float> {
    static constexpr ColumnType column = ColumnType::float32;

    template <class Sink>
    ROWAN_ALWAYS_INLINE static Fault write(Sink& sink, float value) {
        return sink.put(static_cast<double>(value));
    }

    template <class Cell>
    ROWAN_ALWAYS_INLINE static Fault read(const Cell& cell, float& value) {
        double wide{};
        if (const Fault fault = cell.get(wide); fault != Fault::none) return fault;
        constexpr double largest = static_cast<double>(std::numeric_limits<float>::max());
        if (detail::is_finite(wide) && (wide > largest || wide < -largest)) return Fault::out_of_range;
        value = static_cast<float>(wide);
        if (static_cast<double>(value) != wide && !detail::is_nan(wide)) return Fault::inexact;
        return Fault::none;
    }
};

}  // namespace rowan
