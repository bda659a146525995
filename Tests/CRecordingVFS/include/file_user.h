// Permissions as another user meets them, for tests that run as root, whom no permission stops.
#pragma once
#include <sys/types.h>
#ifdef __linux__
#include <sys/fsuid.h>
#endif

// From now on this thread alone opens and makes files as `user`.
static inline void bp_act_on_files_as(uid_t user) {
#ifdef __linux__
    setfsuid(user);
#else
    (void)user;
#endif
}
