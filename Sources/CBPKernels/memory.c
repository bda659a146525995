// Memory for the numbers of a network: zero at first, and in huge pages if it is large, because a step walks through all
// of it and small pages cost a few percent of the time.
#define _GNU_SOURCE
#include "CBPKernels.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BP_ALIGNMENT = 64, BP_LARGE = 1 << 20, BP_HUGE_PAGE = 2 << 20 };

// Whole vectors; SIZE_MAX stays what no system has.
static size_t whole(size_t bytes) {
    return bytes > SIZE_MAX - 2 * (size_t)BP_HUGE_PAGE ? SIZE_MAX : (bytes + BP_ALIGNMENT - 1) / BP_ALIGNMENT * BP_ALIGNMENT;
}

#if defined(__linux__) && defined(MADV_HUGEPAGE)
// The part that is worth huge pages: a last page that would be less than half full stays small.
static size_t huge_part(size_t bytes) { return (bytes + BP_HUGE_PAGE / 2) / BP_HUGE_PAGE * BP_HUGE_PAGE; }

static size_t mapped_size(size_t bytes) {
    size_t huge = huge_part(bytes);
    return huge > bytes ? huge : bytes;
}

// Pages of the system are zero, and take no memory before something is written or read there.
static void *map(size_t bytes) {
    size_t size = mapped_size(bytes), room = size + BP_HUGE_PAGE;
    char *start = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return NULL;
    size_t before = (BP_HUGE_PAGE - (uintptr_t)start % BP_HUGE_PAGE) % BP_HUGE_PAGE;
    size_t page = (size_t)sysconf(_SC_PAGESIZE), kept = (before + size + page - 1) / page * page;
    if (before) munmap(start, before);
    if (room > kept) munmap(start + kept, room - kept);
    // Without huge pages the same memory works too.
    (void)madvise(start + before, huge_part(bytes), MADV_HUGEPAGE);
    return start + before;
}
#endif

float *bp_allocate(size_t bytes) {
    bytes = whole(bytes);
    if (bytes == SIZE_MAX) return NULL;
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    if (bytes >= BP_LARGE) return map(bytes);
#endif
    void *memory;
    if (posix_memalign(&memory, BP_ALIGNMENT, bytes) != 0) return NULL;
    return memset(memory, 0, bytes);
}

void bp_release(float *memory, size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    bytes = whole(bytes);
    if (bytes >= BP_LARGE) {
        munmap(memory, mapped_size(bytes));
        return;
    }
#endif
    free(memory);
}
