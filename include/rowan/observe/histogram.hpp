#pragma once

#include <rowan/core/time.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace rowan {

/// How durations are spread, in bounded memory: each power of two nanoseconds has 16 buckets, so a quantile is right
/// within 3.2 % (`relative_error`), and below 32 ns exact. It takes 8 bytes a bucket between the shortest and the
/// longest duration: 1.3 KB from 10 µs to 10 ms, never more than 8 KB. Used by one thread at a time.
class Histogram {
public:
    static constexpr double relative_error = 1.0 / 32;

    void add(std::chrono::nanoseconds duration) {
        const std::uint64_t value = duration.count() > 0 ? static_cast<std::uint64_t>(duration.count()) : 0;
        ++at(bucket_of(value));
        ++count_;
        total_ += value;
        if (value > max_) max_ = value;
        if (value < min_) min_ = value;
    }

    /// Adds what another one has counted.
    void merge(const Histogram& other) {
        if (other.count_ == 0) return;
        // Both ends first, so that the buckets move once at most.
        (void)at(other.first_ + other.counts_.size() - 1);
        (void)at(other.first_);
        for (std::size_t i = 0; i != other.counts_.size(); ++i) counts_[other.first_ + i - first_] += other.counts_[i];
        count_ += other.count_;
        total_ += other.total_;
        if (other.max_ > max_) max_ = other.max_;
        if (other.min_ < min_) min_ = other.min_;
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    [[nodiscard]] std::chrono::nanoseconds total() const noexcept { return nanoseconds(total_); }
    [[nodiscard]] std::chrono::nanoseconds max() const noexcept { return nanoseconds(max_); }
    [[nodiscard]] std::chrono::nanoseconds mean() const noexcept {
        return nanoseconds(count_ == 0 ? 0 : total_ / count_);
    }

    /// The shortest duration that at least this part of all does not exceed: 0.5 gives the median, 1 the maximum.
    /// 0 ns where nothing was counted.
    [[nodiscard]] std::chrono::nanoseconds quantile(double part) const noexcept {
        if (count_ == 0) return {};
        if (part >= 1) return max();
        // Rounded up, and at least the first; also where part is no number.
        const double wanted = part > 0 ? part * static_cast<double>(count_) : 0;
        auto rank = static_cast<std::uint64_t>(wanted);
        if (rank == 0 || static_cast<double>(rank) < wanted) ++rank;
        if (rank >= count_) return max();
        std::uint64_t seen = 0;
        std::size_t i = 0;
        while ((seen += counts_[i]) < rank) ++i;
        const std::uint64_t middle = middle_of(first_ + i);
        return nanoseconds(middle < min_ ? min_ : middle > max_ ? max_ : middle);
    }

private:
    static constexpr int step_bits = 4;
    static constexpr std::uint64_t steps = std::uint64_t{1} << step_bits;
    static constexpr std::uint64_t exact = 2 * steps;

    static constexpr std::size_t bucket_of(std::uint64_t value) {
        if (value < exact) return value;
        const int shift = static_cast<int>(std::bit_width(value)) - 1 - step_bits;
        return static_cast<std::size_t>(static_cast<std::uint64_t>(shift) * steps + (value >> shift));
    }

    static constexpr std::uint64_t middle_of(std::size_t bucket) {
        if (bucket < exact) return bucket;
        const std::uint64_t shift = bucket / steps - 1;
        const std::uint64_t lowest = (steps + bucket % steps) << shift;
        return lowest + ((std::uint64_t{1} << shift) >> 1);
    }

    static constexpr std::chrono::nanoseconds nanoseconds(std::uint64_t count) {
        return std::chrono::nanoseconds{static_cast<std::chrono::nanoseconds::rep>(count)};
    }

    std::uint64_t& at(std::size_t bucket) {
        if (counts_.empty()) first_ = bucket;
        if (bucket < first_) {
            counts_.insert(counts_.begin(), first_ - bucket, 0);
            first_ = bucket;
        }
        if (bucket - first_ >= counts_.size()) counts_.resize(bucket - first_ + 1);
        return counts_[bucket - first_];
    }

    /// Of the buckets from `first_` on.
    std::vector<std::uint64_t> counts_{};
    std::size_t first_ = 0;
    std::uint64_t count_ = 0;
    std::uint64_t total_ = 0;
    std::uint64_t max_ = 0;
    std::uint64_t min_ = ~std::uint64_t{0};
};

}  // namespace rowan
