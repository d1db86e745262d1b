// Preloaded into a service by a test: makes the disk below a journal fail as long as the file $DISK_TROUBLE says so.
//   full   writing finds no space                 (ENOSPC)
//   sync   syncing fails from now on              (EIO)
//   once   one sync fails, then the file is removed
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <fcntl.h>
#include <unistd.h>

static char trouble(int descriptor) {
    const char *control = getenv("DISK_TROUBLE");
    char link[64], path[4096], what = 0;
    int saved = errno;
    if (!control) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length > 0) {
        path[length] = 0;
        if (strstr(path, "/journal/")) {
            int file = (int)syscall(SYS_openat, AT_FDCWD, control, O_RDONLY | O_CLOEXEC);
            if (file >= 0) {
                if (syscall(SYS_read, file, &what, 1) != 1) what = 0;
                syscall(SYS_close, file);
            }
        }
    }
    errno = saved;
    return what;
}

static int is_full(int descriptor) {
    if (trouble(descriptor) != 'f') return 0;
    errno = ENOSPC;
    return 1;
}

static int cannot_sync(int descriptor) {
    char what = trouble(descriptor);
    if (what == 'o') unlink(getenv("DISK_TROUBLE"));
    if (what != 'o' && what != 's') return 0;
    errno = EIO;
    return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int descriptor, const void *bytes, size_t count) {
    return is_full(descriptor) ? -1 : REAL(write)(descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t at) {
    return is_full(descriptor) ? -1 : REAL(pwrite)(descriptor, bytes, count, at);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t at) {
    return is_full(descriptor) ? -1 : REAL(pwrite64)(descriptor, bytes, count, at);
}

int fsync(int descriptor) { return cannot_sync(descriptor) ? -1 : REAL(fsync)(descriptor); }

int fdatasync(int descriptor) { return cannot_sync(descriptor) ? -1 : REAL(fdatasync)(descriptor); }
