#pragma once

#include <rowan/core/error.hpp>

#include <new>
#include <utility>

namespace rowan::detail {

/// Holds the error of a Result aside while a value is made in its place, and puts it back if that throws.
class KeptError {
public:
    explicit KeptError(Error& place) noexcept : place_{&place}, error_{std::move(place)} { place_->~Error(); }
    KeptError(const KeptError&) = delete;
    KeptError& operator=(const KeptError&) = delete;
    ~KeptError() {
        if (place_ != nullptr) ::new (static_cast<void*>(place_)) Error(std::move(error_));
    }
    void drop() noexcept { place_ = nullptr; }

private:
    Error* place_;
    Error error_;
};

}  // namespace rowan::detail
