#pragma once

// The PostgreSQL backend alone, with repositories.
#include <rowan/core/must.hpp>
#include <rowan/postgres/connection.hpp>
#include <rowan/repository/repository.hpp>
#include <rowan/types/all.hpp>
