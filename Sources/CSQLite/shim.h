// SQLite's C API, with one-line wrappers for what Swift cannot call (variadic functions, cast macros).
#pragma once
#include <sqlite3.h>

static inline int bp_sqlite3_db_config_int(sqlite3 *db, int option, int value, int *result) {
    return sqlite3_db_config(db, option, value, result);
}

// SQLITE_TRANSIENT is a cast of −1 to a function pointer: SQLite copies the bytes before these return.
// Nothing is bound as an empty value; a null pointer would be bound as NULL.
static inline int bp_sqlite3_bind_text_copy(sqlite3_stmt *statement, int position, const char *text,
                                            sqlite3_uint64 length) {
    return sqlite3_bind_text64(statement, position, text ? text : "", length, SQLITE_TRANSIENT, SQLITE_UTF8);
}
static inline int bp_sqlite3_bind_blob_copy(sqlite3_stmt *statement, int position, const void *bytes,
                                            sqlite3_uint64 length) {
    return sqlite3_bind_blob64(statement, position, bytes ? bytes : "", length, SQLITE_TRANSIENT);
}
// SQLITE_STATIC: SQLite reads the caller's bytes in place; they must outlive the binding.
static inline int bp_sqlite3_bind_blob_borrow(sqlite3_stmt *statement, int position, const void *bytes,
                                              sqlite3_uint64 length) {
    return sqlite3_bind_blob64(statement, position, bytes ? bytes : "", length, SQLITE_STATIC);
}

static inline void bp_sqlite3_result_text_copy(sqlite3_context *context, const char *text, int length) {
    sqlite3_result_text(context, text, length, SQLITE_TRANSIENT);
}
static inline int bp_sqlite3_vtab_innocuous(sqlite3 *db) { return sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS); }

// The number of the file system that `path` lies on, or 0; on Linux alone, whose C library Swift imports without it.
#ifdef __linux__
#include <sys/vfs.h>
static inline unsigned int bp_file_system_number(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (unsigned int)status.f_type : 0;
}
#endif
