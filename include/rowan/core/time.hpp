#pragma once

#include <mutex>

// GCC's <mutex> has all of <chrono> but calendars, time zones and what formats them: these, with the streams that they
// bring along, take a twentieth of what rowan costs to include with GCC 12, and more since GCC 13.
// https://gnu.googlesource.com/gcc/+/7f78718b7958f603d50d5c30fd8735d73900bd1f
#if !defined(_GLIBCXX_RELEASE) || _GLIBCXX_RELEASE > 16
#include <chrono>
#endif
