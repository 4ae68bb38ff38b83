/* Makes the n-th call of a kind fail. Loaded by LD_PRELOAD; does nothing until it is armed.

   A test's server reads and resets the counts, which lie in memory that it shares with the processes it forks. */

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { OPEN, READ, WRITE, FSYNC, RENAME, CLOSE, MMAP, UNLINK, MKDIR, CHMOD, STAT, LOCK, MEMORY, KINDS };
enum { SHORT = -1 }; /* in the place of an errno: less is read or written than was asked for */

struct state {
    int32_t armed;      /* a kind, or -1 */
    int32_t error;      /* an errno, or SHORT */
    int32_t lasting;    /* whether later calls fail as well; those on standard streams do not */
    int32_t fired;
    int64_t number;     /* of the call that fails, from 1 */
    int64_t least;      /* bytes that a piece of memory has if it is to count */
    int64_t counts[KINDS];
};
static struct state *state;

struct state *fault_state(void) { return state; }

__attribute__((constructor)) static void begin(void) {
    state = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    state->armed = -1;
}

/* Whether this call is to fail; counts it. */
static int fails(int kind, int descriptor) {
    if (!state || state->number == 0) return 0;
    int64_t count = __atomic_add_fetch(&state->counts[kind], 1, __ATOMIC_SEQ_CST);
    if (kind != state->armed) return 0;
    if (count < state->number || (count > state->number && !state->lasting)) return 0;
    if (state->lasting && descriptor >= 0 && descriptor <= 2) return 0;
    state->fired = 1;
    if (state->error == SHORT) return 1;
    errno = state->error;
    return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define WRAPPED(kind, result, failed, name, signature, arguments, descriptor) \
    result name signature {                                                 \
        static result(*real) signature;                                     \
        if (!real) real = (result(*) signature)dlsym(RTLD_NEXT, #name);     \
        if (fails(kind, descriptor)) return failed;                         \
        return real arguments;                                              \
    }
#define OPENED(name, first, given)                                          \
    int name(first const char *path, int flags, ...) {                      \
        static int (*real)(first const char *, int, ...);                   \
        if (!real) real = (int (*)(first const char *, int, ...))dlsym(RTLD_NEXT, #name); \
        va_list more;                                                       \
        va_start(more, flags);                                              \
        mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more);                                                       \
        if (fails(OPEN, -1)) return -1;                                     \
        return real(given path, flags, mode);                               \
    }
#define COMMA ,
OPENED(open, , )
OPENED(open64, , )
OPENED(openat, int folder COMMA, folder COMMA)
OPENED(openat64, int folder COMMA, folder COMMA)
WRAPPED(OPEN, DIR *, NULL, opendir, (const char *path), (path), -1)
WRAPPED(OPEN, DIR *, NULL, fdopendir, (int file), (file), -1)

#define PART(kind, name, signature, arguments, file, size)                  \
    ssize_t name signature {                                                \
        static ssize_t(*real) signature;                                    \
        if (!real) real = (ssize_t(*) signature)dlsym(RTLD_NEXT, #name);    \
        if (fails(kind, file)) {                                            \
            if (state->error != SHORT) return -1;                           \
            size = size > 1 ? size / 2 : size;                              \
        }                                                                   \
        return real arguments;                                              \
    }
PART(READ, read, (int file, void *data, size_t size), (file, data, size), file, size)
PART(READ, pread, (int file, void *data, size_t size, off_t place), (file, data, size, place), file, size)
PART(READ, pread64, (int file, void *data, size_t size, off64_t place), (file, data, size, place), file, size)
PART(WRITE, write, (int file, const void *data, size_t size), (file, data, size), file, size)
PART(WRITE, pwrite, (int file, const void *data, size_t size, off_t place), (file, data, size, place), file, size)
PART(WRITE, pwrite64, (int file, const void *data, size_t size, off64_t place), (file, data, size, place), file, size)

WRAPPED(WRITE, int, -1, ftruncate, (int file, off_t size), (file, size), file)
WRAPPED(WRITE, int, -1, ftruncate64, (int file, off64_t size), (file, size), file)
WRAPPED(FSYNC, int, -1, fsync, (int file), (file), file)
WRAPPED(FSYNC, int, -1, fdatasync, (int file), (file), file)
WRAPPED(RENAME, int, -1, rename, (const char *from, const char *to), (from, to), -1)
WRAPPED(RENAME, int, -1, renameat, (int a, const char *from, int b, const char *to), (a, from, b, to), -1)
WRAPPED(UNLINK, int, -1, unlink, (const char *path), (path), -1)
WRAPPED(UNLINK, int, -1, unlinkat, (int folder, const char *path, int flags), (folder, path, flags), -1)
WRAPPED(UNLINK, int, -1, rmdir, (const char *path), (path), -1)
WRAPPED(MKDIR, int, -1, mkdir, (const char *path, mode_t mode), (path, mode), -1)
WRAPPED(MKDIR, int, -1, mkdirat, (int folder, const char *path, mode_t mode), (folder, path, mode), -1)
WRAPPED(CHMOD, int, -1, chmod, (const char *path, mode_t mode), (path, mode), -1)
WRAPPED(CHMOD, int, -1, fchmod, (int file, mode_t mode), (file, mode), file)
WRAPPED(CHMOD, int, -1, fchmodat, (int folder, const char *path, mode_t mode, int flags), (folder, path, mode, flags), -1)
WRAPPED(CHMOD, int, -1, chown, (const char *path, uid_t user, gid_t group), (path, user, group), -1)
WRAPPED(CHMOD, int, -1, fchown, (int file, uid_t user, gid_t group), (file, user, group), file)
WRAPPED(STAT, int, -1, stat, (const char *path, struct stat *found), (path, found), -1)
WRAPPED(STAT, int, -1, stat64, (const char *path, struct stat64 *found), (path, found), -1)
WRAPPED(STAT, int, -1, lstat, (const char *path, struct stat *found), (path, found), -1)
WRAPPED(STAT, int, -1, lstat64, (const char *path, struct stat64 *found), (path, found), -1)
WRAPPED(STAT, int, -1, fstat, (int file, struct stat *found), (file, found), file)
WRAPPED(STAT, int, -1, fstat64, (int file, struct stat64 *found), (file, found), file)
WRAPPED(STAT, int, -1, fstatat, (int folder, const char *path, struct stat *found, int flags), (folder, path, found, flags), -1)
WRAPPED(STAT, int, -1, fstatat64, (int folder, const char *path, struct stat64 *found, int flags), (folder, path, found, flags), -1)
WRAPPED(STAT, int, -1, statx, (int folder, const char *path, int flags, unsigned mask, struct statx *found), (folder, path, flags, mask, found), -1)
WRAPPED(STAT, int, -1, access, (const char *path, int mode), (path, mode), -1)
WRAPPED(STAT, int, -1, faccessat, (int folder, const char *path, int mode, int flags), (folder, path, mode, flags), -1)
WRAPPED(LOCK, int, -1, flock, (int file, int how), (file, how), file)

/* A descriptor is free after close, whatever that says. */
int close(int file) {
    static int (*real)(int);
    if (!real) real = REAL(close);
    if (!fails(CLOSE, file)) return real(file);
    int error = errno;
    real(file);
    errno = error;
    return -1;
}

#define MAPPED(name, offset)                                                \
    void *name(void *place, size_t size, int rights, int flags, int file, offset from) { \
        static void *(*real)(void *, size_t, int, int, int, offset);        \
        if (!real) real = (void *(*)(void *, size_t, int, int, int, offset))dlsym(RTLD_NEXT, #name); \
        if (file >= 0 && fails(MMAP, file)) return MAP_FAILED;              \
        return real(place, size, rights, flags, file, from);                \
    }
MAPPED(mmap, off_t)
MAPPED(mmap64, off64_t)

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
static int lacks(size_t size) { return state && state->number && size >= (size_t)state->least && fails(MEMORY, -1); }
void *malloc(size_t size) { return lacks(size) ? NULL : __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return lacks(count * size) ? NULL : __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { return lacks(size) ? NULL : __libc_realloc(old, size); }
