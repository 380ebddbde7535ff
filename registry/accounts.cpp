// SPDX-License-Identifier: Apache-2.0
// The system's users and groups, asked in a way that threads bear.

#include "accounts.hpp"

#include <grp.h>
#include <pwd.h>

#include <cerrno>
#include <cstddef>

namespace patchbay::registry {
namespace {

// Calls getpwuid_r or getgrgid_r with a buffer that grows until the answer fits.
template <typename Record, typename Call>
bool read_account(Record& record, std::vector<char>& buffer, Call call) {
    constexpr std::size_t max_size = std::size_t{1} << 20U;
    for (buffer.resize(4096); buffer.size() <= max_size; buffer.resize(buffer.size() * 4)) {
        Record* found = nullptr;
        if (call(&record, buffer.data(), buffer.size(), &found) != ERANGE) return found != nullptr;
    }
    return false;
}

// The record's texts stand in the buffer.
bool read_user(uid_t user, passwd& record, std::vector<char>& buffer) {
    return read_account(record, buffer,
                        [user](passwd* into, char* text, std::size_t size, passwd** found) {
                            return ::getpwuid_r(user, into, text, size, found);
                        });
}

std::optional<std::string> find_user_name(uid_t user) {
    passwd record{};
    std::vector<char> buffer;
    if (!read_user(user, record, buffer)) return std::nullopt;
    return record.pw_name;
}

std::optional<Group> find_group(gid_t number) {
    group record{};
    std::vector<char> buffer;
    const bool found = read_account(
        record, buffer, [number](group* into, char* text, std::size_t size, group** answer) {
            return ::getgrgid_r(number, into, text, size, answer);
        });
    if (!found) return std::nullopt;
    Group group{record.gr_name, {}};
    for (char** member = record.gr_mem; *member != nullptr; ++member)
        group.members.emplace_back(*member);
    return group;
}

} // namespace

Accounts system_accounts() {
    return {find_user_name, find_group};
}

std::optional<std::filesystem::path> find_home_directory(uid_t user) {
    passwd record{};
    std::vector<char> buffer;
    if (!read_user(user, record, buffer)) return std::nullopt;
    return record.pw_dir;
}

} // namespace patchbay::registry
