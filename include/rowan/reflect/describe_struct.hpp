#pragma once

// BOOST_DESCRIBE_STRUCT, for structs of rowan's own.
#include <boost/describe/class.hpp>
