#pragma once

#include <rowan/rowan.hpp>

#include <cstdlib>
#include <filesystem>
#include <pwd.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unistd.h>

#include "fresh.hpp"

/// A PostgreSQL server that belongs to one test, which may stop and start it. It lies in the folder of the server that
/// the other tests use, so that it goes with it whatever happens.
class OwnServer {
public:
    OwnServer() {
        auto connection = rowan::must(rowan::postgres::Connection::open(Postgres::server()));
        programs_ = rowan::must(connection.query<std::string>(
                                    rowan::sql<"SELECT setting FROM pg_config WHERE name = 'BINDIR'">))
                        .at(0);
        folder_ = rowan::must(connection.query<std::string>(rowan::sql<"SHOW unix_socket_directories">)).at(0) + "/" +
                  testing::unique_name();
        std::filesystem::create_directory(folder_);
        // The server refuses to run as root.
        if (::geteuid() == 0) {
            const passwd* account = ::getpwnam("postgres");
            if (account == nullptr) account = ::getpwnam("nobody");
            if (account == nullptr || ::chown(folder_.c_str(), account->pw_uid, account->pw_gid) != 0)
                throw std::runtime_error{"no account for a server"};
            as_ = "setpriv --reuid=" + std::to_string(account->pw_uid) + " --regid=" + std::to_string(account->pw_gid) +
                  " --clear-groups ";
        }
        run("initdb -D data -U rowan --auth=trust --encoding=UTF8 --locale=C --no-sync --no-instructions");
        run_shell("printf \"unix_socket_directories = '%s'\\nlisten_addresses = ''\\nfsync = off\\nlc_messages = "
                  "'C'\\nmax_connections = 40\\n\" '" +
                  folder_ + "' >> data/postgresql.conf");
        start();
    }
    OwnServer(const OwnServer&) = delete;
    OwnServer& operator=(const OwnServer&) = delete;
    ~OwnServer() {
        if (is_up_) (void)std::system(command("pg_ctl -D data -m immediate -w stop").c_str());
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    void start() {
        run("pg_ctl -D data -w -t 60 -l log start");
        is_up_ = true;
    }
    /// `mode` is fast (sessions are ended) or immediate (as after a crash).
    void stop(const std::string& mode) {
        run("pg_ctl -D data -w -t 60 -m " + mode + " stop");
        is_up_ = false;
    }

    [[nodiscard]] std::string url() const {
        std::string host;
        for (const char c : folder_) host += c == '/' ? "%2F" : std::string{c};
        return "postgresql://rowan@" + host + ":5432/postgres";
    }

private:
    [[nodiscard]] std::string command(const std::string& text) const {
        return "cd '" + folder_ + "' && " + as_ + "env LC_ALL=C HOME='" + folder_ + "' '" + programs_ + "/" +
               text.substr(0, text.find(' ')) + "'" + text.substr(text.find(' ')) + " >>output 2>&1 </dev/null";
    }
    void run(const std::string& text) const { run_whole(command(text)); }
    void run_shell(const std::string& text) const { run_whole("cd '" + folder_ + "' && " + text); }
    static void run_whole(const std::string& text) {
        if (std::system(text.c_str()) != 0) throw std::runtime_error{"failed: " + text};
    }

    std::string programs_;
    std::string folder_;
    std::string as_{};
    bool is_up_ = false;
};
