#pragma once

#include <rowan/postgres/arriving.hpp>
#include <rowan/postgres/libpq.hpp>
#include <rowan/postgres/may_write.hpp>
#include <rowan/postgres/oids.hpp>
#include <rowan/query/statement.hpp>
#include <rowan/types/stored.hpp>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace rowan::postgres {

/// The server-prepared statements of one connection, under the numbers of their Statements.
class PreparedStatements {
public:
    using Name = std::array<char, 24>;

    struct Entry {
        /// Empty until the server has prepared it.
        Name name{};
        /// Two shared libraries may number their statements alike: the text tells whose this is.
        const char* text = nullptr;
        bool may_write = true;
        /// How many rows it gave the last time, if they were very many, and it only reads.
        std::size_t rows = 0;

        [[nodiscard]] bool is_ready() const noexcept { return name[0] != '\0'; }
    };

    [[nodiscard]] Entry& entry(const Statement& statement) {
        const std::size_t slot = statement.slot();
        if (slot >= entries_.size()) entries_.resize(slot + 1);
        Entry& entry = entries_[slot];
        if (entry.text != statement.text().data()) [[unlikely]]
            entry = {{}, statement.text().data(), may_write(statement.text())};
        return entry;
    }

    /// The statement has given that many rows.
    void remember_rows(const Statement& statement, std::size_t rows) {
        if (!statement.is_kept()) return;
        Entry& its = entry(statement);
        its.rows = rows >= arriving::fewest && !its.may_write ? rows : 0;
    }

    /// Has the server prepare `statement`; a result with an error leaves `entry` as it was. Parameters are declared
    /// with the types of their forms, so that the server converts to the column's type.
    [[nodiscard]] OwnedResult prepare(PGconn* connection, const Statement& statement, Entry& entry) {
        const Name name = next_name();
        const std::vector<Oid>& types = types_of(statement);
        OwnedResult result{
            PQprepare(connection, name.data(), statement.text().data(), static_cast<int>(types.size()), types.data())};
        if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) entry.name = name;
        return result;
    }

    /// The same without waiting for the server: `entry` is ready, unless the answer says that it is not. False where it
    /// could not be sent.
    [[nodiscard]] bool send_prepare(PGconn* connection, const Statement& statement, Entry& entry) {
        const Name name = next_name();
        const std::vector<Oid>& types = types_of(statement);
        if (PQsendPrepare(connection, name.data(), statement.text().data(), static_cast<int>(types.size()),
                          types.data()) == 0)
            return false;
        entry.name = name;
        return true;
    }

    /// The types that a statement's parameters are declared with; valid until the next call.
    [[nodiscard]] const std::vector<Oid>& types_of(const Statement& statement) {
        types_.clear();
        for (const Form form : statement.parameters())
            types_.push_back(form.is_list ? oid::array_of(form.stored) : oid::of(form.stored));
        return types_;
    }

private:
    [[nodiscard]] Name next_name() {
        Name name{"rowan_"};
        std::to_chars(name.data() + 6, name.data() + name.size() - 1, ++last_);
        return name;
    }

    std::vector<Entry> entries_;
    std::vector<Oid> types_;
    std::uint64_t last_ = 0;
};

}  // namespace rowan::postgres
