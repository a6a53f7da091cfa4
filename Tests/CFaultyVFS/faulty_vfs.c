// Signals and threads, also where the language standard is taken literally.
#define _POSIX_C_SOURCE 200809L

#include "faulty_vfs.h"

#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

enum { WATCHES = 64, KINDS = 5 };

struct watch {
    char text[512];
    struct faulty_plan plan;
    int64_t failures;
    int64_t calls[KINDS];
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct watch watches[WATCHES];
static sqlite3_vfs *system_vfs;
static sqlite3_vfs vfs;

// MARK: - Watches

int faulty_vfs_watch(const char *text) {
    int found = -1;
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < WATCHES && found < 0 && strlen(text) < sizeof watches[i].text; i++) {
        if (watches[i].text[0] != 0) continue;
        memset(&watches[i], 0, sizeof watches[i]);
        strcpy(watches[i].text, text);
        found = i;
    }
    pthread_mutex_unlock(&mutex);
    return found;
}

void faulty_vfs_plan(int watch, struct faulty_plan plan) {
    pthread_mutex_lock(&mutex);
    watches[watch].plan = plan;
    pthread_mutex_unlock(&mutex);
}

int64_t faulty_vfs_failures(int watch) {
    pthread_mutex_lock(&mutex);
    int64_t failures = watches[watch].failures;
    pthread_mutex_unlock(&mutex);
    return failures;
}

int64_t faulty_vfs_calls(int watch, uint32_t calls) {
    int64_t sum = 0;
    pthread_mutex_lock(&mutex);
    for (int kind = 0; kind < KINDS; kind++) {
        if (calls & (1u << kind)) sum += watches[watch].calls[kind];
    }
    pthread_mutex_unlock(&mutex);
    return sum;
}

void faulty_vfs_unwatch(int watch) {
    pthread_mutex_lock(&mutex);
    watches[watch].text[0] = 0;
    pthread_mutex_unlock(&mutex);
}

static int watch_of(const char *path) {
    int found = -1;
    if (path == NULL) return found;
    pthread_mutex_lock(&mutex);
    for (int i = 0; i < WATCHES && found < 0; i++) {
        if (watches[i].text[0] != 0 && strstr(path, watches[i].text) != NULL) found = i;
    }
    pthread_mutex_unlock(&mutex);
    return found;
}

/// Counts a call; true when it has to fail, with the plan that says how.
static bool fails(int watch, uint32_t call, struct faulty_plan *plan) {
    bool fails = false;
    pthread_mutex_lock(&mutex);
    struct watch *it = &watches[watch];
    it->calls[__builtin_ctz(call)] += 1;
    if (it->plan.calls & call) {
        if (it->plan.after > 0) {
            it->plan.after -= 1;
        } else if (it->plan.times > 0) {
            it->plan.times -= 1;
            it->failures += 1;
            fails = true;
        }
    }
    *plan = it->plan;
    pthread_mutex_unlock(&mutex);
    return fails;
}

/// Ends a call that fails: with the plan's code, or with the process.
static int failure(const struct faulty_plan *plan) {
    if (!plan->kills) return plan->code;
    kill(getpid(), SIGKILL);
    // The signal may take a moment; nothing may happen after it.
    while (true) pause();
}

// MARK: - Files

/// A watched file; the system's own file lies behind it in memory.
struct faulty_file {
    sqlite3_file base;
    int watch;
};

static struct faulty_file *ours(sqlite3_file *file) { return (struct faulty_file *)file; }
static sqlite3_file *real(sqlite3_file *file) { return (sqlite3_file *)(ours(file) + 1); }

static int close_file(sqlite3_file *file) { return real(file)->pMethods->xClose(real(file)); }

static int read_file(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset) {
    struct faulty_plan plan;
    if (fails(ours(file)->watch, FAULTY_READ, &plan)) return failure(&plan);
    return real(file)->pMethods->xRead(real(file), bytes, count, offset);
}

static int write_file(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset) {
    struct faulty_plan plan;
    if (fails(ours(file)->watch, FAULTY_WRITE, &plan)) {
        if (plan.tears) real(file)->pMethods->xWrite(real(file), bytes, count / 2, offset);
        return failure(&plan);
    }
    return real(file)->pMethods->xWrite(real(file), bytes, count, offset);
}

static int truncate_file(sqlite3_file *file, sqlite3_int64 size) {
    struct faulty_plan plan;
    if (fails(ours(file)->watch, FAULTY_TRUNCATE, &plan)) return failure(&plan);
    return real(file)->pMethods->xTruncate(real(file), size);
}

static int sync_file(sqlite3_file *file, int flags) {
    struct faulty_plan plan;
    if (fails(ours(file)->watch, FAULTY_SYNC, &plan)) return failure(&plan);
    return real(file)->pMethods->xSync(real(file), flags);
}

static int size_of_file(sqlite3_file *file, sqlite3_int64 *size) {
    return real(file)->pMethods->xFileSize(real(file), size);
}

static int lock_file(sqlite3_file *file, int level) {
    struct faulty_plan plan;
    if (fails(ours(file)->watch, FAULTY_LOCK, &plan)) return failure(&plan);
    return real(file)->pMethods->xLock(real(file), level);
}

static int unlock_file(sqlite3_file *file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }

static int check_lock(sqlite3_file *file, int *result) {
    return real(file)->pMethods->xCheckReservedLock(real(file), result);
}

static int control(sqlite3_file *file, int operation, void *argument) {
    return real(file)->pMethods->xFileControl(real(file), operation, argument);
}

static int sector_size(sqlite3_file *file) { return real(file)->pMethods->xSectorSize(real(file)); }

static int characteristics(sqlite3_file *file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }

static int map_shared(sqlite3_file *file, int region, int size, int extend, void volatile **memory) {
    return real(file)->pMethods->xShmMap(real(file), region, size, extend, memory);
}

static int lock_shared(sqlite3_file *file, int offset, int count, int flags) {
    struct faulty_plan plan;
    // Giving a lock back cannot fail.
    if ((flags & SQLITE_SHM_LOCK) && fails(ours(file)->watch, FAULTY_LOCK, &plan)) return failure(&plan);
    return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}

static void barrier(sqlite3_file *file) { real(file)->pMethods->xShmBarrier(real(file)); }

static int unmap_shared(sqlite3_file *file, int remove) { return real(file)->pMethods->xShmUnmap(real(file), remove); }

/// Version 2: SQLite then never maps the file itself into memory, which would go past the layer.
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = close_file,
    .xRead = read_file,
    .xWrite = write_file,
    .xTruncate = truncate_file,
    .xSync = sync_file,
    .xFileSize = size_of_file,
    .xLock = lock_file,
    .xUnlock = unlock_file,
    .xCheckReservedLock = check_lock,
    .xFileControl = control,
    .xSectorSize = sector_size,
    .xDeviceCharacteristics = characteristics,
    .xShmMap = map_shared,
    .xShmLock = lock_shared,
    .xShmBarrier = barrier,
    .xShmUnmap = unmap_shared,
};

static int open_file(sqlite3_vfs *self, const char *path, sqlite3_file *file, int flags, int *out) {
    (void)self;
    int watch = watch_of(path);
    if (watch < 0) return system_vfs->xOpen(system_vfs, path, file, flags, out);
    ours(file)->watch = watch;
    file->pMethods = NULL;
    int code = system_vfs->xOpen(system_vfs, path, real(file), flags, out);
    // A file that could not be opened may have to be closed all the same: it says so by having methods.
    if (real(file)->pMethods != NULL) file->pMethods = &methods;
    return code;
}

static void register_once(void) {
    system_vfs = sqlite3_vfs_find(NULL);
    // What concerns no open file is the system's: of its description these functions read only what is copied here.
    vfs = *system_vfs;
    vfs.pNext = NULL;
    vfs.zName = "faulty";
    vfs.szOsFile += (int)sizeof(struct faulty_file);
    vfs.xOpen = open_file;
    sqlite3_vfs_register(&vfs, 1);
}

int faulty_vfs_register(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int code = sqlite3_initialize();
    if (code == SQLITE_OK) pthread_once(&once, register_once);
    return code;
}
