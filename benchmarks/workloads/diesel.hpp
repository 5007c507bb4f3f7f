#pragma once

#include <algorithm>
#include <cstdint>
#include <support/candle.hpp>
#include <support/subject.hpp>
#include <vector>

/// The work of diesel_bench, with its tables, rows and sizes, so that the figures can be laid beside those published
/// for Rust: https://github.com/diesel-rs/diesel/tree/main/diesel_bench
namespace bench {

/// trivial_query: all users.
template <class Client>
class DieselTrivial : public Subject {
public:
    template <class Place>
    DieselTrivial(const Place& place, std::size_t rows) : client_{place} {
        client_.keeper().load_users(make_users(rows, HairColor::none));
    }

    std::uint64_t work() override { return client_.users().size(); }
    std::uint64_t check() override {
        Digest digest;
        for (const User& user : client_.users()) {
            digest.add(user.id);
            digest.add(std::string_view{user.name});
            digest.add(user.hair_color);
        }
        return digest.value();
    }

private:
    Client client_;
};

/// medium_complex_query: black-haired users and their posts, of which there are none, as in diesel_bench.
template <class Client>
class DieselComplex : public Subject {
public:
    template <class Place>
    DieselComplex(const Place& place, std::size_t rows) : client_{place} {
        client_.keeper().load_users(make_users(rows, HairColor::black_or_brown));
    }

    std::uint64_t work() override { return client_.users_with_posts("black").size(); }
    std::uint64_t check() override {
        Digest digest;
        for (const auto& [user, post] : client_.users_with_posts("black")) {
            digest.add(user.id);
            digest.add(std::string_view{user.name});
            digest.add(user.hair_color);
            if (post) digest.add(post->id);
        }
        return digest.value();
    }

private:
    Client client_;
};

/// insert: a batch of users in one call.
template <class Client>
class DieselInsert : public Subject {
public:
    template <class Place>
    DieselInsert(const Place& place, std::size_t rows)
        : client_{place}, users_{make_users(rows, HairColor::constant)} {}

    void prepare() override { client_.keeper().load_users({}); }
    std::uint64_t work() override { return client_.insert_users(users_); }
    std::uint64_t check() override {
        prepare();
        const std::uint64_t sum = work();
        return sum ^ client_.keeper().digest_users();
    }

private:
    Client client_;
    std::vector<User> users_;
};

}  // namespace bench
