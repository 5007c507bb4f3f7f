#pragma once

#include <rowan/core/time.hpp>

#if defined(_WIN32)
#include <winsock2.h>
#else
#include <poll.h>
#include <unistd.h>
#endif

namespace rowan::postgres::detail {

/// Waits until the socket is ready for what libpq wants; false when the time, or a minute, is
/// over.
inline bool wait_for(int socket, bool reading, std::chrono::milliseconds at_most) {
    const int slice = at_most.count() < 60'000 ? static_cast<int>(at_most.count()) : 60'000;
#if defined(_WIN32)
    WSAPOLLFD wanted{static_cast<SOCKET>(socket), static_cast<SHORT>(reading ? POLLRDNORM : POLLWRNORM), 0};
    return WSAPoll(&wanted, 1, slice) != 0;
#else
    pollfd wanted{socket, static_cast<short>(reading ? POLLIN : POLLOUT), 0};
    return ::poll(&wanted, 1, slice) != 0;
#endif
}

/// Has the other end closed the line, so that nothing that is sent from now on is heard? What it said before may still
/// be unread. Costs a system call. Where the system cannot tell, false.
inline bool is_closed_by_peer([[maybe_unused]] int socket) {
#if defined(POLLRDHUP)
    pollfd line{socket, POLLRDHUP, 0};
    return ::poll(&line, 1, 0) > 0 && (line.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
#else
    return false;
#endif
}

/// Closes this process's end of a line that another process goes on using.
inline void close_line([[maybe_unused]] int socket) {
#if !defined(_WIN32)
    if (socket >= 0) ::close(socket);
#endif
}

}  // namespace rowan::postgres::detail
