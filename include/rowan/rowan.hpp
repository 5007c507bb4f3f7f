#pragma once

// Everything, with the backends whose client header is found: see backends.hpp.
#include <rowan/backends.hpp>

// What the backends share comes before them, so that either may be switched off alone, also in the single header.
// clang-format off
#include <rowan/core/must.hpp>
#include <rowan/core/url.hpp>
#include <rowan/core/violation.hpp>
#include <rowan/repository/repository.hpp>
#include <rowan/session/backend.hpp>
#include <rowan/session/deadline.hpp>
#include <rowan/session/read_only.hpp>
#include <rowan/session/observation.hpp>
#include <rowan/session/pipeline.hpp>
#include <rowan/types/all.hpp>
#include <rowan/types/iso8601.hpp>

#include <rowan/session/database.hpp>
#include <rowan/session/environment.hpp>
// clang-format on
