#pragma once

// The SQLite backend alone, with repositories.
#include <rowan/core/must.hpp>
#include <rowan/repository/repository.hpp>
#include <rowan/sqlite/connection.hpp>
#include <rowan/sqlite/url.hpp>
#include <rowan/types/all.hpp>
