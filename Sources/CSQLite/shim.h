// SQLite's C API, with one-line wrappers for what Swift cannot call (variadic functions).
#pragma once
#include <sqlite3.h>

static inline int bp_sqlite3_db_config_int(sqlite3 *db, int option, int value, int *result) {
    return sqlite3_db_config(db, option, value, result);
}
