#include <rowan/core/result.hpp>

// error: rowan: the function of and_then gives a Result. One that gives a value goes to transform.
bool works(const rowan::Result<int>& result) {
#ifndef ROWAN_CONTROL
    return result.and_then([](int number) { return number + 1; }).has_value();
#else
    return result.transform([](int number) { return number + 1; }).has_value();
#endif
}
