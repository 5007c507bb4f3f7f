#pragma once

// What can be done with the statements that an observer sees.
#include <rowan/observe/observers.hpp>
#include <rowan/observe/repeat_guard.hpp>
#include <rowan/observe/slow_queries.hpp>
#include <rowan/observe/statement_log.hpp>
#include <rowan/observe/statement_summary.hpp>
