#pragma once

#include <chrono>
#include <string>
#include <thread>

namespace bench::postgres {

/// A way to a server on which everything takes longer, as through a network: a Unix socket of its own, and a thread
/// that forwards what comes in, in both directions at once, each piece `each_way` after it has come.
class DelayingProxy {
public:
    /// The server must be reached through a Unix socket.
    DelayingProxy(const std::string& server, std::chrono::microseconds each_way);
    DelayingProxy(const DelayingProxy&) = delete;
    DelayingProxy& operator=(const DelayingProxy&) = delete;
    ~DelayingProxy();

    /// Of the server, through here.
    [[nodiscard]] const std::string& url() const { return url_; }

private:
    std::string folder_{}, socket_{}, url_{};
    int listener_ = -1;
    int stop_[2] = {-1, -1};
    std::thread thread_{};
};

}  // namespace bench::postgres
