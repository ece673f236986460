/* Makes the n-th call on files below a folder fail, in a process and all that it starts (LD_PRELOAD).

   A page that all of them share, the file named by FAULTS_PAGE, says when; FAULTS_FOLDER says
   where. Calls are counted while `armed`. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

struct page {
    int64_t armed;
    int64_t count;   /* calls so far */
    int64_t fail_at; /* the first that fails; 0 for none */
    int64_t last;    /* the last that fails */
    int64_t error;   /* what they say */
};

static struct page *page;
static const char *folder;

__attribute__((constructor)) static void begin(void) {
    const char *name = getenv("FAULTS_PAGE");
    int descriptor;
    folder = getenv("FAULTS_FOLDER");
    if (!name || !folder || (descriptor = open(name, O_RDWR)) < 0) return;
    page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (page == MAP_FAILED) page = NULL;
    close(descriptor);
}

static int fails(void) {
    int64_t number = __atomic_add_fetch(&page->count, 1, __ATOMIC_SEQ_CST);
    if (!page->fail_at || number < page->fail_at || number > page->last) return 0;
    errno = (int)page->error;
    return 1;
}

static int fails_at(const char *path) {
    return page && page->armed && path && !strncmp(path, folder, strlen(folder)) && fails();
}

static int fails_on(int descriptor) {
    char link[64], path[PATH_MAX];
    ssize_t size;
    int before = errno;
    if (!page || !page->armed || descriptor < 0) return 0;
    strcpy(link, "/proc/self/fd/");
    char digits[16], *at = digits + sizeof digits - 1;
    *at = 0;
    do *--at = (char)('0' + descriptor % 10); while (descriptor /= 10);
    strcat(link, at);
    size = readlink(link, path, sizeof path - 1);
    errno = before;
    if (size < 0) return 0;
    path[size] = 0;
    return fails_at(path);
}

#define REAL(name) __typeof__(name) *real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

#define OPENING(name) \
    int name(const char *path, int flags, ...) { \
        va_list more; \
        REAL(name); \
        va_start(more, flags); \
        mode_t mode = va_arg(more, mode_t); \
        va_end(more); \
        return fails_at(path) ? -1 : real(path, flags, mode); \
    }
OPENING(open)
OPENING(open64)

#define OPENING_AT(name) \
    int name(int at, const char *path, int flags, ...) { \
        va_list more; \
        REAL(name); \
        va_start(more, flags); \
        mode_t mode = va_arg(more, mode_t); \
        va_end(more); \
        return fails_at(path) ? -1 : real(at, path, flags, mode); \
    }
OPENING_AT(openat)
OPENING_AT(openat64)

#define ON_DESCRIPTOR(type, name, declared, given) \
    type name declared { \
        REAL(name); \
        return fails_on(descriptor) ? -1 : real given; \
    }
ON_DESCRIPTOR(ssize_t, read, (int descriptor, void *data, size_t size), (descriptor, data, size))
ON_DESCRIPTOR(ssize_t, write, (int descriptor, const void *data, size_t size), (descriptor, data, size))
ON_DESCRIPTOR(ssize_t, pread, (int descriptor, void *data, size_t size, off_t at), (descriptor, data, size, at))
ON_DESCRIPTOR(ssize_t, pwrite, (int descriptor, const void *data, size_t size, off_t at), (descriptor, data, size, at))
ON_DESCRIPTOR(ssize_t, pread64, (int descriptor, void *data, size_t size, off64_t at), (descriptor, data, size, at))
ON_DESCRIPTOR(ssize_t, pwrite64, (int descriptor, const void *data, size_t size, off64_t at), (descriptor, data, size, at))
ON_DESCRIPTOR(int, fsync, (int descriptor), (descriptor))
ON_DESCRIPTOR(int, fdatasync, (int descriptor), (descriptor))
ON_DESCRIPTOR(int, ftruncate, (int descriptor, off_t size), (descriptor, size))
ON_DESCRIPTOR(int, ftruncate64, (int descriptor, off64_t size), (descriptor, size))

#define ON_PATH(name, declared, path, given) \
    int name declared { \
        REAL(name); \
        return fails_at(path) ? -1 : real given; \
    }
ON_PATH(mkdir, (const char *path, mode_t mode), path, (path, mode))
ON_PATH(unlink, (const char *path), path, (path))
ON_PATH(rename, (const char *old, const char *new), new, (old, new))
ON_PATH(link, (const char *old, const char *new), new, (old, new))

#define MAPPING(name, offset) \
    void *name(void *at, size_t size, int kind, int flags, int descriptor, offset from) { \
        REAL(name); \
        return fails_on(descriptor) ? MAP_FAILED : real(at, size, kind, flags, descriptor, from); \
    }
MAPPING(mmap, off_t)
MAPPING(mmap64, off64_t)
