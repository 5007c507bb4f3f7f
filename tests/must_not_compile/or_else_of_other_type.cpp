#include <rowan/core/result.hpp>

// error: rowan: the function of or_else gives a Result of the same type as it is called for.
bool works(const rowan::Result<int>& result) {
#ifndef ROWAN_CONTROL
    return result.or_else([](const rowan::Error&) { return rowan::Result<long>{1}; }).has_value();
#else
    return result.or_else([](const rowan::Error&) { return rowan::Result<int>{1}; }).has_value();
#endif
}
