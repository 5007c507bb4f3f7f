#pragma once

/// For the few functions that each value of each row goes through: part of their callers where the compiler optimizes.
/// Elsewhere that would only be the same code again and again.
#if defined(__OPTIMIZE__)
#define ROWAN_ALWAYS_INLINE [[gnu::always_inline]]
#else
#define ROWAN_ALWAYS_INLINE
#endif
