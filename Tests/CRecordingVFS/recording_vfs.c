#include "recording_vfs.h"
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sqlite3_vfs *real_vfs;
static sqlite3_vfs recording_vfs;
static char directory[1024];

// ---- The log

static struct {
    bp_operation *operations;
    int64_t count, capacity;
    char **files;
    int file_count;
} record;

static struct {
    int kinds, code, persistent;
    int64_t nth, calls, failures;
} fault;

// The part of `path` below the directory, or NULL if it lies elsewhere.
static const char *name_below(const char *path) {
    size_t length = strlen(directory);
    if (path == NULL || length == 0 || strncmp(path, directory, length) != 0 || path[length] != '/') return NULL;
    return path + length + 1;
}

static int file_index(const char *name) {
    for (int i = 0; i < record.file_count; i++)
        if (strcmp(record.files[i], name) == 0) return i;
    record.files = realloc(record.files, sizeof(char *) * (size_t)(record.file_count + 1));
    record.files[record.file_count] = strdup(name);
    return record.file_count++;
}

static void append(enum bp_operation_kind kind, int file, int64_t offset, int64_t length, const void *bytes) {
    if (record.count == record.capacity) {
        record.capacity = record.capacity ? record.capacity * 2 : 1024;
        record.operations = realloc(record.operations, sizeof(bp_operation) * (size_t)record.capacity);
    }
    uint8_t *copy = NULL;
    if (bytes != NULL && length > 0) {
        copy = malloc((size_t)length);
        memcpy(copy, bytes, (size_t)length);
    }
    record.operations[record.count++] = (bp_operation){kind, file, offset, length, copy};
}

// The code that this call must fail with, or SQLITE_OK.
static int fault_for(enum bp_operation_kind kind) {
    if ((fault.kinds & (int)kind) == 0) return SQLITE_OK;
    int64_t call = ++fault.calls;
    if (call != fault.nth && !(fault.persistent && call > fault.nth)) return SQLITE_OK;
    fault.failures++;
    return fault.code;
}

// ---- Files

typedef struct {
    sqlite3_file base;
    int file;           // −1: not logged
    sqlite3_file *real; // lies behind this struct
} recording_file;

static sqlite3_file *real(sqlite3_file *file) { return ((recording_file *)file)->real; }

static int rec_close(sqlite3_file *file) { return real(file)->pMethods->xClose(real(file)); }

static int rec_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int rec_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    int index = ((recording_file *)file)->file;
    if (index < 0) return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
    pthread_mutex_lock(&lock);
    int failure = fault_for(BP_WRITE);
    int written = failure == SQLITE_OK ? count : count / 2;
    int result = written == 0 ? SQLITE_OK : real(file)->pMethods->xWrite(real(file), bytes, written, offset);
    if (result == SQLITE_OK && written > 0) append(BP_WRITE, index, offset, written, bytes);
    pthread_mutex_unlock(&lock);
    return failure != SQLITE_OK ? failure : result;
}

static int rec_truncate(sqlite3_file *file, sqlite3_int64 size) {
    int index = ((recording_file *)file)->file;
    if (index < 0) return real(file)->pMethods->xTruncate(real(file), size);
    pthread_mutex_lock(&lock);
    int result = fault_for(BP_TRUNCATE);
    if (result == SQLITE_OK) {
        result = real(file)->pMethods->xTruncate(real(file), size);
        if (result == SQLITE_OK) append(BP_TRUNCATE, index, size, 0, NULL);
    }
    pthread_mutex_unlock(&lock);
    return result;
}

static int rec_sync(sqlite3_file *file, int flags) {
    int index = ((recording_file *)file)->file;
    if (index < 0) return real(file)->pMethods->xSync(real(file), flags);
    pthread_mutex_lock(&lock);
    int result = fault_for(BP_SYNC);
    if (result == SQLITE_OK) {
        // Not passed on: no power is cut while a test runs, and a real sync would only take time.
        append(BP_SYNC, index, 0, 0, NULL);
    }
    pthread_mutex_unlock(&lock);
    return result;
}

static int rec_size(sqlite3_file *file, sqlite3_int64 *size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}
static int rec_lock(sqlite3_file *file, int level) { return real(file)->pMethods->xLock(real(file), level); }
static int rec_unlock(sqlite3_file *file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
static int rec_check_lock(sqlite3_file *file, int *result) {
    return real(file)->pMethods->xCheckReservedLock(real(file), result);
}
static int rec_control(sqlite3_file *file, int operation, void *argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}
static int rec_sector_size(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }
static int rec_characteristics(sqlite3_file *file) {
    return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
static int rec_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **address) {
    return real(file)->pMethods->xShmMap(real(file), page, size, extend, address);
}
static int rec_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
static void rec_shm_barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }
static int rec_shm_unmap(sqlite3_file *file, int remove) {
    return real(file)->pMethods->xShmUnmap(real(file), remove);
}

// Version 2: without xFetch, since what is written through a mapping could not be logged.
static const sqlite3_io_methods methods = {
    2, rec_close, rec_read, rec_write, rec_truncate, rec_sync, rec_size, rec_lock, rec_unlock, rec_check_lock,
    rec_control, rec_sector_size, rec_characteristics, rec_shm_map, rec_shm_lock, rec_shm_barrier, rec_shm_unmap,
    NULL, NULL};

// ---- The file system

static int rec_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out_flags) {
    (void)vfs;
    recording_file *recording = (recording_file *)file;
    memset(recording, 0, sizeof *recording);
    recording->file = -1;
    recording->real = (sqlite3_file *)(recording + 1);
    pthread_mutex_lock(&lock);
    const char *name = name_below(path);
    int existed = 0;
    if (name != NULL) real_vfs->xAccess(real_vfs, path, SQLITE_ACCESS_EXISTS, &existed);
    int result = name != NULL && !existed && (flags & SQLITE_OPEN_CREATE) ? fault_for(BP_CREATE) : SQLITE_OK;
    if (result == SQLITE_OK) result = real_vfs->xOpen(real_vfs, path, recording->real, flags, out_flags);
    if (result == SQLITE_OK && name != NULL) {
        recording->file = file_index(name);
        int syncs_directory = (flags & (SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL)) != 0;
        if (!existed) append(BP_CREATE, recording->file, 0, syncs_directory, NULL);
    }
    if (recording->real->pMethods != NULL) file->pMethods = &methods;
    pthread_mutex_unlock(&lock);
    return result;
}

static int rec_delete(sqlite3_vfs *vfs, const char *path, int sync_directory) {
    (void)vfs;
    const char *name = name_below(path);
    if (name == NULL) return real_vfs->xDelete(real_vfs, path, sync_directory);
    pthread_mutex_lock(&lock);
    int result = fault_for(BP_DELETE);
    if (result == SQLITE_OK) {
        result = real_vfs->xDelete(real_vfs, path, 0);
        if (result == SQLITE_OK) append(BP_DELETE, file_index(name), 0, sync_directory, NULL);
    }
    pthread_mutex_unlock(&lock);
    return result;
}

static int rec_access(sqlite3_vfs *vfs, const char *path, int flags, int *result) {
    (void)vfs;
    return real_vfs->xAccess(real_vfs, path, flags, result);
}
static int rec_full_path(sqlite3_vfs *vfs, const char *path, int size, char *out) {
    (void)vfs;
    return real_vfs->xFullPathname(real_vfs, path, size, out);
}
static int rec_randomness(sqlite3_vfs *vfs, int count, char *out) {
    (void)vfs;
    return real_vfs->xRandomness(real_vfs, count, out);
}
static int rec_sleep(sqlite3_vfs *vfs, int microseconds) {
    (void)vfs;
    return real_vfs->xSleep(real_vfs, microseconds);
}
static int rec_current_time(sqlite3_vfs *vfs, double *time) {
    (void)vfs;
    return real_vfs->xCurrentTime(real_vfs, time);
}
static int rec_last_error(sqlite3_vfs *vfs, int size, char *out) {
    (void)vfs;
    return real_vfs->xGetLastError(real_vfs, size, out);
}
static int rec_current_time_64(sqlite3_vfs *vfs, sqlite3_int64 *time) {
    (void)vfs;
    return real_vfs->xCurrentTimeInt64(real_vfs, time);
}

// ---- What tests call

int bp_recording_install(const char *path) {
    pthread_mutex_lock(&lock);
    if (real_vfs == NULL) {
        real_vfs = sqlite3_vfs_find(NULL);
        recording_vfs = (sqlite3_vfs){
            .iVersion = 2,
            .szOsFile = (int)sizeof(recording_file) + real_vfs->szOsFile,
            .mxPathname = real_vfs->mxPathname,
            .zName = "bp-recording",
            .xOpen = rec_open,
            .xDelete = rec_delete,
            .xAccess = rec_access,
            .xFullPathname = rec_full_path,
            .xRandomness = rec_randomness,
            .xSleep = rec_sleep,
            .xCurrentTime = rec_current_time,
            .xGetLastError = rec_last_error,
            .xCurrentTimeInt64 = rec_current_time_64,
        };
    }
    strncpy(directory, path, sizeof directory - 1);
    pthread_mutex_unlock(&lock);
    return sqlite3_vfs_register(&recording_vfs, 1);
}

void bp_recording_uninstall(void) {
    pthread_mutex_lock(&lock);
    directory[0] = 0;
    pthread_mutex_unlock(&lock);
    sqlite3_vfs_register(real_vfs, 1);
}

void bp_recording_clear(void) {
    pthread_mutex_lock(&lock);
    for (int64_t i = 0; i < record.count; i++) free((void *)record.operations[i].bytes);
    free(record.operations);
    for (int i = 0; i < record.file_count; i++) free(record.files[i]);
    free(record.files);
    memset(&record, 0, sizeof record);
    memset(&fault, 0, sizeof fault);
    pthread_mutex_unlock(&lock);
}

void bp_recording_mark(int64_t number) {
    pthread_mutex_lock(&lock);
    if (directory[0] != 0) append(BP_MARK, -1, number, 0, NULL);
    pthread_mutex_unlock(&lock);
}

void bp_recording_fail(int kinds, int64_t nth, int code, int persistent) {
    pthread_mutex_lock(&lock);
    memset(&fault, 0, sizeof fault);
    fault.kinds = kinds;
    fault.nth = nth;
    fault.code = code;
    fault.persistent = persistent;
    pthread_mutex_unlock(&lock);
}

int64_t bp_recording_count(void) { return record.count; }
bp_operation bp_recording_operation(int64_t index) { return record.operations[index]; }
const char *bp_recording_file(int index) { return record.files[index]; }
int bp_recording_file_count(void) { return record.file_count; }
int64_t bp_recording_calls(void) { return fault.calls; }
int64_t bp_recording_failures(void) { return fault.failures; }
