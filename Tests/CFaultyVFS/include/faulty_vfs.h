#ifndef FAULTY_VFS_H
#define FAULTY_VFS_H

#include <stdbool.h>
#include <stdint.h>

/// A layer between SQLite and the files of chosen folders, which fails as it is told: a full disk, a bad sector, a lock that somebody
/// else holds, or the death of the process in the middle of a write. All other files are left alone.

/// Calls that SQLite makes to a file, to be joined with `|`.
enum {
    FAULTY_READ = 1,
    FAULTY_WRITE = 2,
    FAULTY_SYNC = 4,
    FAULTY_TRUNCATE = 8,
    /// Taking a lock, of the file or of the shared memory beside it.
    FAULTY_LOCK = 16,
};

/// What befalls a folder's files.
struct faulty_plan {
    /// The calls that are counted and that fail.
    uint32_t calls;
    /// How many of them succeed first.
    int64_t after;
    /// How many of them fail then; after these all succeed again.
    int64_t times;
    /// What SQLite is told, as SQLITE_FULL.
    int32_t code;
    /// Whether a write that fails has written its first half.
    bool tears;
    /// Whether the process is killed instead.
    bool kills;
};

/// Puts the layer in front of the system's files, for databases that are opened from now on. Calling it again does nothing.
/// Returns SQLite's code.
int faulty_vfs_register(void);

/// Begins to watch the files whose path holds the text and that are opened from now on. Nothing fails before there is a plan.
/// Returns the number of the watch, or -1 when there are too many.
int faulty_vfs_watch(const char *text);

/// Replaces the plan of a watch; one without calls lets everything succeed.
void faulty_vfs_plan(int watch, struct faulty_plan plan);

/// How many calls have failed since the watch began.
int64_t faulty_vfs_failures(int watch);

/// How many of these calls were made since the watch began.
int64_t faulty_vfs_calls(int watch, uint32_t calls);

/// Ends a watch. All its files must be closed.
void faulty_vfs_unwatch(int watch);

#endif
