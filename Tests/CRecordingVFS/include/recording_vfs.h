// A SQLite VFS for tests: it passes everything on to the default VFS, keeps a log of what would have to
// reach the disk, and can make chosen calls fail.
//
// One log for the process. Only files below one directory are logged or failed, so that other tests may
// go on beside it. All functions may be called from any thread.
#pragma once
#include <stdint.h>

enum bp_operation_kind {
    BP_CREATE = 1,   // xOpen made the file; `length` is 1 if its first sync also syncs the directory
    BP_WRITE = 2,    // `length` bytes at `offset`
    BP_TRUNCATE = 4, // to `offset` bytes
    BP_SYNC = 8,
    BP_DELETE = 16,  // `length` is 1 if the directory was synced after it
    BP_MARK = 32,    // `offset` is the number that the test gave
};

typedef struct {
    enum bp_operation_kind kind;
    int file; // index for bp_recording_file, −1 for a mark
    int64_t offset;
    int64_t length;
    const uint8_t *bytes; // of a write, owned by the log
} bp_operation;

// Registers the VFS as the default one. `directory`: absolute, without symbolic links or a slash at its end.
int bp_recording_install(const char *directory);
// Makes the former default VFS the default again; files still open go on working. The log stays.
void bp_recording_uninstall(void);
// Empties the log and forgets all faults.
void bp_recording_clear(void);

// Adds a mark to the log, such as "iteration 7 has been acknowledged".
void bp_recording_mark(int64_t number);

int64_t bp_recording_count(void);
bp_operation bp_recording_operation(int64_t index);
// Name within the directory.
const char *bp_recording_file(int index);
int bp_recording_file_count(void);

// From now on, the `nth` call (from 1) of the kinds in `kinds` fails with `code`, an extended result code; with
// `persistent` all later ones too. A failed write is short: half of its bytes are written. 0 kinds: no faults.
void bp_recording_fail(int kinds, int64_t nth, int code, int persistent);
// Calls of those kinds since, and how many of them failed.
int64_t bp_recording_calls(void);
int64_t bp_recording_failures(void);
