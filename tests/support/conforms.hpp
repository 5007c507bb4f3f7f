#pragma once

#include <rowan/testing/conformance.hpp>

#include <vector>

#include <doctest/doctest.h>

/// No case has failed, and just as many as expected were skipped.
inline void check_conforms(const std::vector<rowan::testing::ConformanceCase>& results, int skipped = 0) {
    for (const auto& result : results) {
        CHECK_MESSAGE(!result.failed(), result.to_string());
        if (result.outcome == rowan::testing::ConformanceCase::Outcome::skipped)
            CHECK_MESSAGE(--skipped >= 0, result.to_string());
    }
    CHECK(skipped == 0);
    CHECK(results.size() > 40);
}
