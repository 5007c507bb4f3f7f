#include <rowan/core/result.hpp>

// error: rowan: a Result holds a value. Give a pointer or a std::array where you mean a reference or an array.
#ifndef ROWAN_CONTROL
using Wanted = int&;
#else
using Wanted = int*;
#endif

bool works(const rowan::Result<Wanted>& result) { return result.has_value(); }
