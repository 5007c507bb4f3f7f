#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <list>
#include <memory>
#include <optional>
#include <poll.h>
#include <postgres/delay.hpp>
#include <postgres/hand.hpp>
#include <string_view>
#include <support/subject.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sys/prctl.h>
#endif

namespace bench::postgres {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail_of(const std::string& what) {
    fail("the delaying proxy: " + what + ": " + std::strerror(errno));
}

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) fail("the delaying proxy: too long a path: " + path);
    std::memcpy(address.sun_path, path.c_str(), path.size());
    return address;
}

void do_not_block(int socket) { ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK); }

/// What goes from one socket to another, in order, and each piece when it is due.
class Way {
public:
    Way(int from, int to, std::chrono::microseconds delay) : from_{from}, to_{to}, delay_{delay} {}

    [[nodiscard]] bool wants_to_read() const { return !is_over_ && waiting_ < most_waiting; }
    [[nodiscard]] bool wants_to_write() const { return is_blocked_; }
    /// Nothing more will come out.
    [[nodiscard]] bool is_done() const { return is_done_; }
    [[nodiscard]] std::optional<Clock::time_point> next() const {
        if (pieces_.empty() || is_blocked_) return std::nullopt;
        return pieces_.front().due;
    }

    void read() {
        char bytes[1 << 16];
        const ssize_t count = ::recv(from_, bytes, sizeof bytes, 0);
        if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (count <= 0) is_over_ = true;
        const auto size = static_cast<std::size_t>(std::max<ssize_t>(count, 0));
        waiting_ += size;
        pieces_.push_back({Clock::now() + delay_, std::string(bytes, size)});
    }

    void write_what_is_due() {
        is_blocked_ = false;
        while (!is_done_ && !pieces_.empty() && pieces_.front().due <= Clock::now()) {
            std::string& bytes = pieces_.front().bytes;
            if (bytes.empty()) {
                ::shutdown(to_, SHUT_WR);
                is_done_ = true;
                return;
            }
            const ssize_t count = ::send(to_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (count < 0 && (errno == EAGAIN || errno == EINTR)) {
                is_blocked_ = true;
                return;
            }
            if (count < 0) {
                is_over_ = is_done_ = true;
                return;
            }
            waiting_ -= static_cast<std::size_t>(count);
            bytes.erase(0, static_cast<std::size_t>(count));
            if (bytes.empty()) pieces_.pop_front();
        }
    }

private:
    static constexpr std::size_t most_waiting = 1 << 24;

    struct Piece {
        Clock::time_point due;
        /// None: the end.
        std::string bytes;
    };

    int from_, to_;
    std::chrono::microseconds delay_;
    std::deque<Piece> pieces_{};
    std::size_t waiting_ = 0;
    bool is_over_ = false, is_blocked_ = false, is_done_ = false;
};

/// One connection: a client and the server.
class Call {
public:
    Call(int client, const std::string& server, std::chrono::microseconds delay)
        : client_{client},
          server_{::socket(AF_UNIX, SOCK_STREAM, 0)},
          there_{client_, server_, delay},
          back_{server_, client_, delay} {
        const sockaddr_un address = address_of(server);
        is_lost_ = ::connect(server_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0;
        do_not_block(client_);
        do_not_block(server_);
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call() {
        ::close(client_);
        ::close(server_);
    }

    [[nodiscard]] bool is_over() const { return is_lost_ || (there_.is_done() && back_.is_done()); }
    [[nodiscard]] pollfd client() const { return watched(client_, there_, back_); }
    [[nodiscard]] pollfd server() const { return watched(server_, back_, there_); }
    [[nodiscard]] std::optional<Clock::time_point> next() const {
        const auto there = there_.next(), back = back_.next();
        return there && back ? std::min(there, back) : there ? there : back;
    }

    void go_on(const pollfd& client, const pollfd& server) {
        if ((client.revents & ~POLLOUT) != 0 && there_.wants_to_read()) there_.read();
        if ((server.revents & ~POLLOUT) != 0 && back_.wants_to_read()) back_.read();
        there_.write_what_is_due();
        back_.write_what_is_due();
    }

private:
    static pollfd watched(int socket, const Way& from, const Way& to) {
        const int events = (from.wants_to_read() ? POLLIN : 0) | (to.wants_to_write() ? POLLOUT : 0);
        // A socket that nothing is wanted of would still be told of when it is closed.
        return {events == 0 ? -1 : socket, static_cast<short>(events), 0};
    }

    int client_, server_;
    Way there_, back_;
    bool is_lost_ = false;
};

void forward(int listener, int stop, const std::string& server, std::chrono::microseconds delay) {
#if defined(__linux__)
    // The kernel rounds times up by 50 µs unless it is told not to.
    ::prctl(PR_SET_TIMERSLACK, 1);
#endif
    std::list<Call> calls;
    std::vector<pollfd> watched;
    while (true) {
        watched.assign({{stop, POLLIN, 0}, {listener, POLLIN, 0}});
        std::optional<Clock::time_point> next;
        for (const Call& call : calls) {
            watched.push_back(call.client());
            watched.push_back(call.server());
            if (const auto due = call.next(); due && (!next || *due < *next)) next = due;
        }
        timespec wait{};
        if (next) {
            const auto left = std::max(*next - Clock::now(), Clock::duration::zero());
            wait.tv_sec = std::chrono::duration_cast<std::chrono::seconds>(left).count();
            wait.tv_nsec = std::chrono::nanoseconds{left % std::chrono::seconds{1}}.count();
        }
        if (::ppoll(watched.data(), static_cast<nfds_t>(watched.size()), next ? &wait : nullptr, nullptr) < 0) {
            if (errno == EINTR) continue;
            return;
        }
        if (watched[0].revents != 0) return;
        std::size_t place = 2;
        for (Call& call : calls) {
            call.go_on(watched[place], watched[place + 1]);
            place += 2;
        }
        calls.remove_if([](const Call& call) { return call.is_over(); });
        if (watched[1].revents != 0)
            if (const int client = ::accept(listener, nullptr, nullptr); client >= 0)
                calls.emplace_back(client, server, delay);
    }
}

struct FreeOptions {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

/// A part of a connection's URL, such as "host".
std::string part_of(const std::string& url, std::string_view name) {
    char* problem = nullptr;
    const std::unique_ptr<PQconninfoOption, FreeOptions> options{PQconninfoParse(url.c_str(), &problem)};
    if (!options) {
        const std::string message = problem != nullptr ? problem : "no memory";
        PQfreemem(problem);
        fail(message);
    }
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option)
        if (option->keyword == name && option->val != nullptr) return option->val;
    return {};
}

}  // namespace

DelayingProxy::DelayingProxy(const std::string& server, std::chrono::microseconds each_way) {
    const std::string host = part_of(server, "host"), port = part_of(server, "port"), file = "/.s.PGSQL." + port;
    if (!host.starts_with('/')) fail("the delaying proxy: the server has no Unix socket: " + server);
    // The path of a Unix socket has little room.
    char folder[] = "/tmp/rowan-delay.XXXXXX";
    if (::mkdtemp(folder) == nullptr) fail_of("no folder");
    folder_ = folder;
    socket_ = folder_ + file;
    const sockaddr_un address = address_of(socket_);
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_, 16) != 0 || ::pipe(stop_) != 0)
        fail_of(socket_);
    std::string encoded;
    for (const char c : folder_) encoded += c == '/' ? std::string{"%2F"} : std::string{c};
    url_ = "postgresql://" + part_of(server, "user") + '@' + encoded + ':' + port + '/' + part_of(server, "dbname");
    thread_ = std::thread{forward, listener_, stop_[0], host + file, each_way};
}

DelayingProxy::~DelayingProxy() {
    ::close(stop_[1]);
    thread_.join();
    ::close(stop_[0]);
    ::close(listener_);
    ::unlink(socket_.c_str());
    ::rmdir(folder_.c_str());
}

}  // namespace bench::postgres
