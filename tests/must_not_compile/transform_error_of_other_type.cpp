#include <rowan/core/result.hpp>

#include <string>

// error: rowan: the function of transform_error gives a rowan::Error, which is what every Result holds.
bool works(const rowan::Result<int>& result) {
#ifndef ROWAN_CONTROL
    return result.transform_error([](const rowan::Error& error) { return error.to_string(); }).has_value();
#else
    return result.transform_error([](const rowan::Error& error) { return error; }).has_value();
#endif
}
