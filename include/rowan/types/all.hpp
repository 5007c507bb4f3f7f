#pragma once

// Every type that can be a column.
#include <rowan/types/blob.hpp>
#include <rowan/types/boolean.hpp>
#include <rowan/types/date.hpp>
#include <rowan/types/enumeration.hpp>
#include <rowan/types/floating.hpp>
#include <rowan/types/integer.hpp>
#include <rowan/types/optimistic_lock.hpp>
#include <rowan/types/optional.hpp>
#include <rowan/types/row_times.hpp>
#include <rowan/types/text.hpp>
#include <rowan/types/timestamp.hpp>
#include <rowan/types/type.hpp>
#include <rowan/types/version.hpp>
