#pragma once

// Which backends are there. The CMake targets say which (ROWAN_WITH_…); without them, those whose client header is
// found. ROWAN_NO_SQLITE and ROWAN_NO_POSTGRES switch one off in any case.

#if defined(ROWAN_NO_SQLITE)
#define ROWAN_HAS_SQLITE 0
#elif defined(ROWAN_WITH_SQLITE)
#define ROWAN_HAS_SQLITE 1
#elif defined(ROWAN_WITH_POSTGRES)
#define ROWAN_HAS_SQLITE 0
#elif __has_include(<sqlite3.h>)
#define ROWAN_HAS_SQLITE 1
#else
#define ROWAN_HAS_SQLITE 0
#endif

#if defined(ROWAN_NO_POSTGRES)
#define ROWAN_HAS_POSTGRES 0
#elif defined(ROWAN_WITH_POSTGRES)
#define ROWAN_HAS_POSTGRES 1
#elif defined(ROWAN_WITH_SQLITE)
#define ROWAN_HAS_POSTGRES 0
#elif __has_include(<libpq-fe.h>) || __has_include(<postgresql/libpq-fe.h>)
#define ROWAN_HAS_POSTGRES 1
#else
#define ROWAN_HAS_POSTGRES 0
#endif

#if !ROWAN_HAS_SQLITE && !ROWAN_HAS_POSTGRES
#error "rowan: no database client found: install SQLite (sqlite3.h) or libpq (libpq-fe.h), or say where they are"
#endif
